"""What is said of a customer: by whom, until when, and what it does to letters on their way."""

import threading
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from domain.customer_context import STAFF
from models.context import CustomerContext, KnownContact
from models.facts import ContextFreshness
from models.ledger import ContactRow
from models.tables import Contact, ContextRow, Customer, FollowUpRow
from models.vocabulary import Channel, Role, Status
from store import contexts, customers, register
from store.contexts import Known
from store.database import Database
from tests.store.rows import MORNING, TUESDAY, acme, add_customer, add_invoice, follow

HUBSPOT = "hubspot"
LATER = MORNING + timedelta(hours=5)
CFO = KnownContact(email="cfo@acme.example", name="Kim Ode", phone="+1 617", role=Role.CFO)


class Desk:
    """ACME as several sources know it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        acme(session)

    def say(self, source: str, at: datetime = MORNING, **said: Any) -> bool:
        changed = contexts.keep(self.session, self.acme, source, CustomerContext(**said), at)
        self.session.flush()
        self.session.expire_all()
        return changed

    def fail(self, at: datetime = MORNING, problem: str = "503") -> bool:
        is_news = contexts.keep_failure(self.session, "ACME", HUBSPOT, problem, at)
        self.session.flush()
        self.session.expire_all()
        return is_news

    def known(self, connected: str = HUBSPOT, today: date = TUESDAY) -> Known:
        return contexts.known(self.session, self.acme, connected, today)

    @property
    def acme(self) -> Customer:
        return self.session.get_one(Customer, "ACME")

    @property
    def context(self) -> CustomerContext:
        return self.known().context

    @property
    def revision(self) -> int:
        return self.acme.context_revision

    @property
    def contacts(self) -> dict[str, str]:
        """Who brought each address."""
        rows = self.session.exec(select(Contact).order_by(col(Contact.id)))
        return {one.email: one.source for one in rows if one.customer_id == "ACME"}


@pytest.fixture
def desk(blank: Session) -> Desk:
    return Desk(blank)


def test_our_own_peoples_word_goes_before_the_connected_systems(desk: Desk) -> None:
    desk.say(HUBSPOT, segment="saas", language="de", paused_by_sales=True)
    desk.say(STAFF, segment="enterprise", paused_by_sales=False)

    context = desk.context
    assert (context.segment, context.language) == ("enterprise", "de")
    assert context.paused_by_sales is False  # to say no is to say something


def test_what_our_people_take_back_leaves_the_systems_word(desk: Desk) -> None:
    desk.say(HUBSPOT, owner_email="mara@harbour.example")
    desk.say(STAFF, owner_email="jon@harbour.example")

    assert desk.say(STAFF) is True

    assert desk.context.owner_email == "mara@harbour.example"


@pytest.mark.parametrize(
    ("day", "applies"),
    [(date(2026, 3, 30), True), (date(2026, 3, 31), True), (date(2026, 4, 1), False)],
    ids=["before", "on the day", "after it"],
)
def test_what_is_said_until_a_day_counts_through_that_day(
    desk: Desk, day: date, *, applies: bool
) -> None:
    until = {"renewal_under_way": date(2026, 3, 31)}
    desk.say(STAFF, renewal_under_way=True, strategic=True, until=until)

    context = desk.known(today=day).context
    assert context.renewal_under_way is (True if applies else None)
    assert context.strategic is True


def test_what_has_lapsed_leaves_the_word_of_the_next_source(desk: Desk) -> None:
    desk.say(HUBSPOT, paused_by_sales=True)
    desk.say(STAFF, paused_by_sales=False, until={"paused_by_sales": TUESDAY})

    assert desk.known(today=TUESDAY).context.paused_by_sales is False
    assert desk.known(today=TUESDAY + timedelta(days=1)).context.paused_by_sales is True


def test_a_system_that_is_connected_no_more_is_not_heard(desk: Desk) -> None:
    desk.say(HUBSPOT, segment="saas")
    desk.say(STAFF, strategic=True)

    after = desk.known(connected="salesforce")
    alone = desk.known(connected="")

    assert after.context == alone.context == CustomerContext(strategic=True)
    assert after.freshness == ContextFreshness("salesforce")
    assert alone.freshness == ContextFreshness()


def test_what_is_said_of_one_customer_is_not_said_of_another(desk: Desk) -> None:
    bolt = add_customer(desk.session, "BOLT")
    desk.say(HUBSPOT, insolvent=True)

    assert contexts.known(desk.session, bolt, HUBSPOT, TUESDAY) == Known(
        CustomerContext(), ContextFreshness(HUBSPOT)
    )
    assert bolt.context_revision == 0


@pytest.mark.parametrize(
    "said",
    [
        {"owner_name": "Mara Voss"},
        {"owner_email": "mara@harbour.example"},
        {"backup_email": "ben@harbour.example"},
        {"manager_email": "ines@harbour.example"},
        {"segment": "saas"},
        {"language": "de"},
        {"channel": Channel.CALL},
        {"contract_clauses": ("suspension",)},
        {"strategic": False},
        {"insolvent": True},
        {"legal_hold": True},
        {"do_not_contact": True},
        {"paused_by_sales": True},
        {"renewal_under_way": True},
        {"expansion_under_way": True},
        {"severe_tickets": 1},
        {"health_at_risk": True},
    ],
    ids=lambda said: str(*said),
)
def test_what_letters_depend_on_has_them_looked_at_again(desk: Desk, said: dict[str, Any]) -> None:
    desk.say(HUBSPOT, segment="trade")
    before = desk.revision

    assert desk.say(HUBSPOT, **({"segment": "trade"} | said)) is True
    assert desk.revision == before + 1

    assert desk.say(HUBSPOT, segment="trade") is True  # and so does taking it back
    assert desk.revision == before + 2


_BY_THE_WAY: list[dict[str, Any]] = [
    {"arr": 120_000},
    {"nps": 9},
    {"health": "green"},
    {"csm_name": "Tess Ray"},
    {"csm_email": "tess@harbour.example"},
    {"renewal_on": date(2026, 6, 30)},
]


@pytest.mark.parametrize("said", _BY_THE_WAY, ids=lambda said: str(*said))
def test_what_people_merely_like_to_know_leaves_letters_alone(
    desk: Desk, said: dict[str, Any]
) -> None:
    desk.say(HUBSPOT, segment="trade")
    before = desk.revision

    assert desk.say(HUBSPOT, segment="trade", **said) is False

    assert desk.revision == before
    assert all(getattr(desk.context, name) == value for name, value in said.items())


def test_a_first_answer_that_says_nothing_of_weight_leaves_letters_alone(desk: Desk) -> None:
    assert desk.say(HUBSPOT) is False
    assert desk.say("salesforce", arr=120_000, health="green") is False

    assert desk.revision == 0


def test_the_day_until_which_something_merely_good_to_know_counts_leaves_letters_alone(
    desk: Desk,
) -> None:
    desk.say(HUBSPOT, segment="trade", health="green")

    until = {"health": date(2026, 3, 31)}
    assert desk.say(HUBSPOT, segment="trade", health="green", until=until) is False


def test_to_say_the_same_again_changes_nothing_but_the_time_it_was_said(desk: Desk) -> None:
    desk.say(HUBSPOT, segment="saas", contacts=(CFO,))
    before = desk.revision

    assert desk.say(HUBSPOT, at=LATER, segment="saas", contacts=(CFO,)) is False

    assert desk.revision == before
    assert desk.known().freshness == ContextFreshness(HUBSPOT, LATER, LATER)


def test_two_changes_at_once_both_count(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)
    both_have_read = threading.Barrier(2)

    def change(source: str) -> None:
        with any_database.writing() as session:
            customer = session.get_one(Customer, "ACME")
            if not any_database.is_sqlite:  # where one waits for the other anyway
                both_have_read.wait(timeout=10)
            context = CustomerContext(strategic=True)
            contexts.keep(session, customer, source, context, MORNING)

    threads = [threading.Thread(target=change, args=[source]) for source in (STAFF, HUBSPOT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with any_database.reading() as session:
        assert session.get_one(Customer, "ACME").context_revision == 2


class TestContacts:
    def test_whom_a_system_names_is_taken_over_beside_those_who_are_there(self, desk: Desk) -> None:
        assert desk.say(HUBSPOT, contacts=(CFO,)) is True

        [there, taken] = customers.contacts(desk.session, "ACME")
        assert (there.email, there.source) == ("ap@acme.example", "")
        assert (taken.email, taken.name, taken.phone, taken.role, taken.source) == (
            "cfo@acme.example",
            "Kim Ode",
            "+1 617",
            Role.CFO,
            HUBSPOT,
        )
        assert desk.revision == 1

    def test_whom_it_names_no_more_leaves_again(self, desk: Desk) -> None:
        desk.say(HUBSPOT, contacts=(CFO, KnownContact(email="two@acme.example")))

        assert desk.say(HUBSPOT, contacts=(CFO,)) is True

        assert desk.contacts == {"ap@acme.example": "", "cfo@acme.example": HUBSPOT}
        assert desk.revision == 2

    def test_a_system_that_is_not_asked_for_contacts_leaves_them_as_they_are(
        self, desk: Desk
    ) -> None:
        desk.say(HUBSPOT, contacts=(CFO,))

        assert desk.say(HUBSPOT) is False

        assert "cfo@acme.example" in desk.contacts

    def test_the_registers_own_contacts_are_neither_changed_nor_taken_away(
        self, desk: Desk
    ) -> None:
        desk.say(HUBSPOT, segment="trade")
        as_elsewhere = KnownContact(email="AP@Acme.example", name="Somebody Else", role=Role.CFO)
        assert desk.say(HUBSPOT, segment="trade", contacts=(as_elsewhere,)) is False
        assert desk.say(HUBSPOT, segment="trade", contacts=()) is False

        [there] = customers.contacts(desk.session, "ACME")
        assert (there.email, there.name, there.role) == ("ap@acme.example", "Sam Lee", Role.AP)

    def test_what_a_system_corrects_of_its_own_contacts_counts(self, desk: Desk) -> None:
        desk.say(HUBSPOT, contacts=(CFO,))
        corrected = CFO.model_copy(update={"role": Role.FINANCE_LEAD, "phone": "+1 212"})

        assert desk.say(HUBSPOT, contacts=(corrected,)) is True

        known = customers.contacts(desk.session, "ACME")[-1]
        assert (known.role, known.phone, known.source) == (Role.FINANCE_LEAD, "+1 212", HUBSPOT)
        assert desk.revision == 2

    def test_each_system_takes_away_only_whom_it_brought(self, desk: Desk) -> None:
        desk.say(HUBSPOT, contacts=(CFO,))
        desk.say("salesforce", contacts=(CFO, KnownContact(email="two@acme.example")))

        desk.say("salesforce", contacts=())

        assert "cfo@acme.example" in desk.contacts
        assert "two@acme.example" not in desk.contacts

    def test_whom_our_people_put_right_stays_though_the_system_forgets_them(
        self, desk: Desk
    ) -> None:
        desk.say(HUBSPOT, contacts=(CFO,))
        customers.put_contact(
            desk.session, desk.acme, "CFO@acme.example", name="Kim A. Ode", phone="", role=None
        )

        desk.say(HUBSPOT, contacts=())

        known = customers.contacts(desk.session, "ACME")[-1]
        assert (known.email, known.name, known.source) == ("cfo@acme.example", "Kim A. Ode", "")

    def test_whom_the_register_names_too_stays_though_the_system_forgets_them(
        self, desk: Desk
    ) -> None:
        desk.say(HUBSPOT, contacts=(CFO,))
        row = ContactRow(customer_id="ACME", email="cfo@acme.example", name="Kim", role=Role.CFO)
        register.take_contacts(desk.session, [row])

        desk.say(HUBSPOT, contacts=())

        assert "cfo@acme.example" in desk.contacts

    def test_an_address_that_was_refused_stays_refused_however_often_it_is_named(
        self, desk: Desk
    ) -> None:
        desk.say(HUBSPOT, contacts=(CFO,))
        customers.contacts(desk.session, "ACME")[-1].rejected_at = MORNING

        desk.say(HUBSPOT, contacts=(CFO.model_copy(update={"name": "Kim Ode-Lee"}),))

        known = customers.contacts(desk.session, "ACME")[-1]
        assert (known.name, known.rejected_at) == ("Kim Ode-Lee", MORNING)

    @pytest.mark.parametrize("again", ["cfo@acme.example", "CFO@Acme.example"])
    def test_an_address_that_a_system_names_twice_is_one_contact(
        self, any_database: Database, again: str
    ) -> None:
        """Two people of a customer may share a mailbox, each with a record of their own."""
        with any_database.writing() as session:
            desk = Desk(session)
            desk.say(HUBSPOT, contacts=(CFO, CFO.model_copy(update={"email": again, "name": "A"})))

            assert [email.casefold() for email in desk.contacts] == [
                "ap@acme.example",
                "cfo@acme.example",
            ]


class TestFailures:
    def test_while_a_system_is_away_what_it_said_last_counts(self, desk: Desk) -> None:
        desk.say(HUBSPOT, segment="saas", contacts=(CFO,))
        before = desk.revision

        desk.fail(at=LATER)

        known = desk.known()
        assert known.context.segment == "saas"
        assert known.freshness == ContextFreshness(HUBSPOT, MORNING, LATER, LATER)
        assert "cfo@acme.example" in desk.contacts
        assert desk.revision == before

    def test_that_it_is_away_is_news_once_until_it_has_answered(self, desk: Desk) -> None:
        assert desk.fail(problem="503") is True
        assert desk.fail(at=LATER, problem="timed out") is False
        row = desk.session.get_one(ContextRow, ("ACME", HUBSPOT))
        assert (row.failing_since, row.tried_at, row.problem) == (MORNING, LATER, "timed out")

        desk.say(HUBSPOT, at=LATER, segment="saas")
        row = desk.session.get_one(ContextRow, ("ACME", HUBSPOT))
        assert (row.failing_since, row.fetched_at, row.problem) == (None, LATER, "")

        assert desk.fail(at=LATER) is True

    def test_of_a_system_that_never_answered_nothing_is_known(self, desk: Desk) -> None:
        desk.fail()

        assert desk.known() == Known(
            CustomerContext(), ContextFreshness(HUBSPOT, None, MORNING, MORNING)
        )
        assert desk.revision == 0

    def test_it_is_counted_of_how_many_customers_it_does_not_answer(self, desk: Desk) -> None:
        add_customer(desk.session, "BOLT")
        desk.fail()
        desk.fail(at=LATER)
        contexts.keep_failure(desk.session, "BOLT", HUBSPOT, "503", MORNING)
        contexts.keep_failure(desk.session, "BOLT", "salesforce", "503", MORNING)
        desk.session.flush()
        assert contexts.failing_count(desk.session, HUBSPOT) == 2

        desk.say(HUBSPOT, segment="saas")
        assert contexts.failing_count(desk.session, HUBSPOT) == 1


def test_a_field_that_this_version_does_not_know_is_left_and_the_rest_is_read(desk: Desk) -> None:
    desk.say(HUBSPOT, segment="saas", severe_tickets=2)
    row = desk.session.get_one(ContextRow, ("ACME", HUBSPOT))
    row.body = row.body | {"mood": "sunny", "strategic": "perhaps"}
    desk.session.add(row)
    desk.session.flush()

    assert desk.context == CustomerContext(segment="saas", severe_tickets=2)
    assert contexts.said_by(desk.session, "ACME", HUBSPOT).segment == "saas"


def test_each_source_is_asked_for_what_it_said_alone_ours_first(desk: Desk) -> None:
    desk.say("salesforce", segment="trade")
    desk.say(HUBSPOT, segment="saas")
    desk.say(STAFF, strategic=True)

    rows = contexts.rows_of(desk.session, "ACME")
    assert [row.source for row in rows] == [STAFF, HUBSPOT, "salesforce"]
    assert contexts.said_by(desk.session, "ACME", STAFF) == CustomerContext(strategic=True)
    assert contexts.said_by(desk.session, "ACME", "nobody") == CustomerContext()


def test_who_is_told_of_a_change_are_the_customers_running_follow_ups(desk: Desk) -> None:
    add_customer(desk.session, "BOLT")
    for invoice_id, customer_id in (("INV-3", "ACME"), ("INV-2", "ACME"), ("B-1", "BOLT")):
        follow(desk.session, add_invoice(desk.session, invoice_id, customer_id=customer_id))
    add_invoice(desk.session, "UNFOLLOWED")
    desk.session.get_one(FollowUpRow, "INV-3").status = Status.CLOSED
    desk.session.flush()

    assert contexts.running_invoices(desk.session, "ACME") == ["INV-1", "INV-2"]
