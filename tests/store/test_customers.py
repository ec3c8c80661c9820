"""A customer is found as people name them, and shown with all that is known of them."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from domain.customer_context import STAFF
from models.context import CustomerContext, KnownContact
from models.errors import CustomerUnknown, WrongUse
from models.tables import Customer, FollowUpRow
from models.vocabulary import Reason, Role, Status, Tier
from store import contexts, customers
from tests.store.chase import flag
from tests.store.rows import MORNING, TUESDAY, acme, add_customer, add_invoice, follow

HUBSPOT = "hubspot"


@pytest.fixture
def session(blank: Session) -> Session:
    acme(blank)
    return blank


def shown(session: Session, connected: str = "") -> dict[str, Any]:
    session.flush()
    session.expire_all()
    known = session.get_one(Customer, "ACME")
    return customers.overview(session, known, connected, MORNING)


def answer(session: Session, **said: Any) -> None:
    """The connected system says something of ACME."""
    known = session.get_one(Customer, "ACME")
    contexts.keep(session, known, HUBSPOT, CustomerContext(**said), MORNING)
    session.flush()


class TestFinding:
    @pytest.mark.parametrize("named", ["ACME", "Acme Inc.", "acme inc.", "ACME INC."])
    def test_a_customer_is_found_by_id_or_by_name_in_capitals_or_not(
        self, session: Session, named: str
    ) -> None:
        add_customer(session, "BOLT")

        assert customers.find(session, named).id == "ACME"

    @pytest.mark.parametrize(
        "named", ["ÖKO-Strom AG", "ÖKO-STROM AG", "Öko-Strom AG", "öko-strom ag"]
    )
    def test_a_name_in_any_language_is_found_like_another(
        self, session: Session, named: str
    ) -> None:
        add_customer(session, "OEKO", name="ÖKO-Strom AG")

        assert customers.find(session, named).id == "OEKO"

    def test_an_id_goes_before_a_name(self, session: Session) -> None:
        add_customer(session, "BOLT", name="ACME")

        assert customers.find(session, "ACME").id == "ACME"

    def test_a_name_of_several_asks_for_an_id(self, session: Session) -> None:
        add_customer(session, "BRANCH", name="Acme Inc.")

        with pytest.raises(WrongUse, match="several; name one by its id: ACME, BRANCH"):
            customers.find(session, "acme inc.")

    def test_an_unknown_name_is_said_to_be(self, session: Session) -> None:
        with pytest.raises(CustomerUnknown, match="There is no customer Bolt"):
            customers.find(session, "Bolt")


class TestOverview:
    def test_of_who_nothing_is_known_the_register_is_shown(self, session: Session) -> None:
        told = shown(session)

        assert (told["id"], told["name"], told["as_of"]) == ("ACME", "Acme Inc.", TUESDAY)
        assert (told["country"], told["zone"], told["language"]) == (
            "US",
            "America/New_York",
            "en",
        )
        assert told["owner"] == {"name": "", "email": ""}
        assert (told["insolvent"], told["strategic"]) == (False, False)
        assert (told["arr"], told["renewal_on"], told["backup"]) == (None, None, None)
        assert (told["relationship"], told["said"]) == ([], {})
        assert told["behaviour"] == {
            "USD": "Too few settled invoices (0) to know how they pay.",
        }
        [contact] = told["contacts"]
        assert (contact["email"], contact["role"], contact["source"]) == (
            "ap@acme.example",
            Role.AP,
            "",
        )

    def test_what_our_people_like_to_know_is_shown_without_any_system_connected(
        self, session: Session
    ) -> None:
        flag(session, arr=120_000, renewal_on=date(2026, 6, 30), csm_name="Tess Ray")

        told = shown(session)

        assert (told["arr"], told["renewal_on"]) == (Decimal(120_000), date(2026, 6, 30))
        assert told["csm"] == {"name": "Tess Ray", "email": None}

    def test_what_the_contract_allows_is_shown_as_it_counts(self, session: Session) -> None:
        session.get_one(Customer, "ACME").contract_clauses = ["late_fee"]
        assert shown(session)["contract_clauses"] == ["late_fee"]

        flag(session, contract_clauses="suspension, late_fee")
        assert shown(session)["contract_clauses"] == ["suspension", "late_fee"]

    def test_what_counts_is_shown_with_who_says_it_and_until_when(self, session: Session) -> None:
        until = {"renewal_under_way": date(2026, 4, 30)}
        flag(session, renewal_under_way=True, segment="enterprise", until=until)
        answer(session, segment="saas", severe_tickets=2, backup_email="ben@harbour.example")

        told = shown(session, HUBSPOT)

        assert told["segment"] == "enterprise"
        assert told["backup"] == "ben@harbour.example"
        assert told["relationship"] == [
            {
                "condition": Reason.RENEWAL_UNDER_WAY,
                "by": STAFF,
                "until": date(2026, 4, 30),
            },
            {"condition": Reason.SEVERE_TICKET, "by": HUBSPOT, "until": None},
        ]
        assert told["said"]["segment"] == {"value": "enterprise", "by": STAFF, "until": None}

    def test_what_has_lapsed_is_not_shown(self, session: Session) -> None:
        yesterday = TUESDAY - timedelta(days=1)
        flag(session, paused_by_sales=True, until={"paused_by_sales": yesterday})

        told = shown(session)

        assert (told["relationship"], told["said"]) == ([], {})

    def test_how_the_connected_system_is_is_shown(self, session: Session) -> None:
        answer(session, segment="saas")
        later = MORNING + timedelta(hours=1)
        contexts.keep_failure(session, "ACME", HUBSPOT, "503", later)

        assert shown(session, HUBSPOT)["connected"] == {
            "system": HUBSPOT,
            "answered_at": MORNING,
            "away_since": later,
            "problem": "503",
        }
        assert shown(session)["connected"]["system"] == ""

    def test_what_they_owe_is_shown_by_currency_and_age_and_never_added_across(
        self, session: Session
    ) -> None:
        for invoice_id, amount, late, currency in (
            ("INV-2", "100.00", -5, "USD"),
            ("INV-3", "10.00", 50, "EUR"),
            ("INV-4", "30.00", 9, "USD"),
        ):
            due = TUESDAY - timedelta(days=late)
            add_invoice(session, invoice_id, amount, due=due, currency=currency)

        assert shown(session)["open"] == [
            {"currency": "EUR", "age": Tier.CRITICAL, "amount": Decimal(10), "invoices": 1},
            {"currency": "USD", "age": Tier.CURRENT, "amount": Decimal(100), "invoices": 1},
            {"currency": "USD", "age": Tier.EARLY, "amount": Decimal(5030), "invoices": 2},
        ]

    def test_each_open_invoice_is_shown_with_how_it_stands(self, session: Session) -> None:
        add_invoice(session, "INV-2", due=date(2026, 3, 20))
        session.get_one(FollowUpRow, "INV-1").status = Status.DISPUTED

        first, second = shown(session)["invoices"]
        assert (first["number"], first["days_past_due"], first["status"]) == (
            "INV-1",
            8,
            Status.DISPUTED,
        )
        assert (second["number"], second["days_past_due"], second["status"]) == (
            "INV-2",
            -10,
            "not_followed_up",
        )

    def test_the_customers_day_is_the_day_it_is_shown_for(self, session: Session) -> None:
        session.get_one(Customer, "ACME").zone = "Pacific/Auckland"

        assert shown(session)["as_of"] == date(2026, 3, 11)


class TestContacts:
    def revision(self, session: Session) -> int:
        session.flush()
        return session.get_one(Customer, "ACME").context_revision

    def put(self, session: Session, email: str, **more: Any) -> None:
        values: dict[str, Any] = {"name": "", "phone": "", "role": None}
        known = session.get_one(Customer, "ACME")
        customers.put_contact(session, known, email, **(values | more))
        session.flush()

    def test_a_contact_is_added_behind_those_who_are_there(self, session: Session) -> None:
        self.put(session, "cfo@acme.example", name="Kim Ode", phone="+1 617", role=Role.CFO)

        first, second = customers.contacts(session, "ACME")
        assert first.email == "ap@acme.example"
        assert (second.name, second.phone, second.role) == ("Kim Ode", "+1 617", Role.CFO)
        assert self.revision(session) == 1

    def test_what_is_left_empty_stays_as_it_is(self, session: Session) -> None:
        self.put(session, "AP@acme.example", phone="+1 212")

        [known] = customers.contacts(session, "ACME")
        assert (known.email, known.name, known.phone, known.role) == (
            "ap@acme.example",
            "Sam Lee",
            "+1 212",
            Role.AP,
        )

    def test_an_address_that_was_refused_is_tried_again_once_somebody_names_it(
        self, session: Session
    ) -> None:
        customers.contacts(session, "ACME")[0].rejected_at = MORNING

        self.put(session, "ap@acme.example")

        assert customers.contacts(session, "ACME")[0].rejected_at is None
        assert self.revision(session) == 1

    def test_a_contact_of_the_connected_system_that_is_changed_is_ours_from_then_on(
        self, session: Session
    ) -> None:
        answer(session, contacts=(KnownContact(email="cfo@acme.example"),))

        self.put(session, "cfo@acme.example", name="Kim Ode")

        known = customers.contacts(session, "ACME")[-1]
        assert (known.name, known.source) == ("Kim Ode", "")

    def test_a_contact_is_taken_away_and_one_that_is_not_there_cannot_be(
        self, session: Session
    ) -> None:
        add_customer(session, "BOLT")  # with the same address
        known = session.get_one(Customer, "ACME")

        assert customers.drop_contact(session, known, "AP@ACME.example") is True
        session.flush()
        assert customers.drop_contact(session, known, "ap@acme.example") is False

        assert customers.contacts(session, "ACME") == []
        assert len(customers.contacts(session, "BOLT")) == 1
        assert self.revision(session) == 1

    def test_whom_to_write_to_is_told_in_full(self, session: Session) -> None:
        [known] = customers.contacts(session, "ACME")

        assert customers.plain(known) == {
            "email": "ap@acme.example",
            "name": "Sam Lee",
            "role": Role.AP,
            "phone": "",
            "rejected_at": None,
            "source": "",
        }


def test_a_customer_that_is_followed_up_in_two_currencies_has_two_habits(session: Session) -> None:
    follow(session, add_invoice(session, "EUR-1", currency="EUR"))

    assert list(shown(session)["behaviour"]) == ["EUR", "USD"]
