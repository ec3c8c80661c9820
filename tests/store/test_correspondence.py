"""Letters in the database: claimed, given up, handed over, recorded; never two on one day."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from models.decision import TouchPlan
from models.letter import Envelope, Letter, Remark
from models.tables import Contact, Customer, Dispute, FollowUpRow, Invoice, Message, Touch
from models.vocabulary import (
    Action,
    Channel,
    Disposition,
    InvoiceStatus,
    OwnerWord,
    Stage,
    Status,
    Tone,
    TouchOutcome,
)
from store import correspondence, timeline
from store.correspondence import Claim, Withdrawn
from store.database import Database
from store.followed import Followed
from tests.store.chase import look
from tests.store.rows import MORNING, RULEBOOK, TUESDAY, acme, add_customer, add_invoice, follow

LATER = MORNING + timedelta(days=4)


class Desk:
    """ACME owes INV-1 (5,000, first notice) and INV-2 (700, due notice); both are followed up."""

    def __init__(self, session: Session) -> None:
        self.session = session
        acme(session)
        follow(session, add_invoice(session, "INV-2", "700.00", due=date(2026, 3, 9)))

    def look(self, invoice_id: str) -> Followed:
        return look(self.session, invoice_id)

    def plan(self, invoice_id: str, step: str, stage: Stage, *actions: Action) -> TouchPlan:
        return TouchPlan(
            invoice_id=invoice_id,
            round=self.session.get_one(FollowUpRow, invoice_id).round,
            step=step,
            stage=stage,
            tone=Tone.NEUTRAL,
            channel=Channel.MAIL,
            template="first_notice",
            actions=actions,
        )

    @property
    def due(self) -> list[tuple[Followed, TouchPlan]]:
        return [
            (
                self.look("INV-2"),
                self.plan("INV-2", "due-notice", Stage.DUE, Action.CC_OWNER),
            ),
            (
                self.look("INV-1"),
                self.plan("INV-1", "first-notice", Stage.EARLY, Action.CALL_AP_CONTACT),
            ),
        ]

    def claim(
        self,
        claimer: str = "INV-1",
        at: datetime = MORNING,
        former: Withdrawn | None = None,
        due: list[tuple[Followed, TouchPlan]] | None = None,
    ) -> Claim:
        found = self.look(claimer)
        decision = RULEBOOK.decide(self.session, found, MORNING)
        claimed = correspondence.claim(self.session, found, decision, due or self.due, at, former)
        self.session.flush()
        return claimed

    def touches(self) -> dict[str, TouchOutcome]:
        self.session.flush()
        self.session.expire_all()
        return {one.key: one.outcome for one in self.session.exec(select(Touch))}

    def messages(self) -> list[Message]:
        self.session.flush()
        self.session.expire_all()
        return list(self.session.exec(select(Message)))

    def lines(self, invoice_id: str) -> list[str]:
        self.session.flush()
        entries = timeline.entries(self.session, invoice_id)
        return [line.text for line in entries if line.kind == "touch"]


@pytest.fixture
def desk(blank: Session) -> Desk:
    return Desk(blank)


def envelope(message_id: str = "INV-1/first-notice/1@harbour.example") -> Envelope:
    return Envelope(
        letter=Letter("Your invoice", "text", "<p>html</p>", "en/first_notice@1"),
        sender_name="Robin Vale",
        sender_email="ar@harbour.example",
        reply_to="ar@harbour.example",
        to="ap@acme.example",
        to_name="Sam Lee",
        message_id=message_id,
        dated=MORNING,
        cc=("robin@harbour.example",),
        language="en",
    )


def test_a_claim_is_one_letter_carried_by_the_invoice_furthest_along(desk: Desk) -> None:
    claimed = desk.claim(claimer="INV-2")

    assert claimed.key == "INV-2/due-notice/1"
    assert claimed.invoice_ids == ["INV-1", "INV-2"]
    assert claimed.plan.actions == (Action.CALL_AP_CONTACT, Action.CC_OWNER)
    assert (claimed.attempts, claimed.references) == (0, ())
    [message] = desk.messages()
    assert (message.key, message.claimed_by, message.day) == (claimed.key, "INV-2", TUESDAY)
    assert (message.total, message.currency, message.stage) == (Decimal(5700), "USD", Stage.EARLY)
    assert message.sent_at is None
    assert TouchPlan.model_validate(message.plan) == claimed.plan
    assert desk.touches() == {
        "INV-1/first-notice/1": TouchOutcome.COVERED,
        "INV-2/due-notice/1": TouchOutcome.CLAIMED,
    }


def test_a_second_letter_to_the_customer_on_that_day_is_refused(any_database: Database) -> None:
    with any_database.writing() as session:
        desk = Desk(session)
        desk.claim(due=desk.due[1:])

    def claim_another(at: datetime) -> None:
        with any_database.writing() as session:
            desk.session = session
            desk.claim("INV-2", due=desk.due[:1], at=at)

    with pytest.raises(IntegrityError):
        claim_another(MORNING)
    claim_another(MORNING + timedelta(days=1))


def test_letters_in_two_currencies_may_leave_on_one_day(desk: Desk) -> None:
    desk.claim()
    follow(desk.session, add_invoice(desk.session, "EUR-1", currency="EUR"))

    desk.claim("EUR-1", due=[(desk.look("EUR-1"), desk.plan("EUR-1", "reminder", Stage.DUE))])

    assert sorted(message.currency for message in desk.messages()) == ["EUR", "USD"]


def test_the_disputed_part_is_not_asked_for(desk: Desk) -> None:
    dispute = Dispute(invoice_id="INV-1", amount=Decimal(80), opened_on=TUESDAY)
    desk.session.add(dispute)
    desk.session.flush()
    desk.session.get_one(FollowUpRow, "INV-1").dispute_id = dispute.id

    desk.claim()

    assert desk.messages()[0].total == 5620


def test_a_claim_given_up_is_as_if_it_had_never_been(desk: Desk) -> None:
    desk.claim()

    withdrawn = correspondence.withdraw(desk.session, "INV-1")

    assert withdrawn == Withdrawn(key="INV-1/first-notice/1", attempts=0, others=("INV-2",))
    assert desk.touches() == {}
    assert desk.messages() == []
    assert correspondence.withdraw(desk.session, "INV-1") is None


def test_only_the_claimer_gives_a_claim_up_and_only_before_it_has_left(desk: Desk) -> None:
    claimed = desk.claim()
    assert correspondence.withdraw(desk.session, "INV-2") is None

    correspondence.record_sent(desk.session, claimed, envelope(), LATER, "")
    desk.session.flush()

    assert correspondence.withdraw(desk.session, "INV-1") is None
    assert len(desk.messages()) == 1


def test_a_letter_claimed_again_keeps_its_key_and_counts_its_attempts(desk: Desk) -> None:
    first = desk.claim()
    assert correspondence.hand_over(desk.session, first)
    former = correspondence.withdraw(desk.session, "INV-1")
    assert former is not None
    assert former.attempts == 1

    # INV-2 was paid meanwhile; the letter comes under the name it may have left with.
    again = desk.claim("INV-1", former=former, due=desk.due[1:])

    assert (again.key, again.attempts) == (first.key, 1)
    assert again.left_out == ("INV-2",)
    assert desk.messages()[0].attempts == 1


def test_the_letter_of_another_step_begins_anew(desk: Desk) -> None:
    assert correspondence.hand_over(desk.session, desk.claim())
    former = correspondence.withdraw(desk.session, "INV-1")
    second = desk.plan("INV-1", "second-notice", Stage.EARLY)

    again = desk.claim("INV-1", former=former, due=[(desk.look("INV-1"), second)])

    assert (again.key, again.attempts) == ("INV-1/second-notice/1", 0)
    assert again.left_out == ("INV-2",)


def test_a_letter_is_handed_over_while_nothing_has_changed(desk: Desk) -> None:
    claimed = desk.claim()

    assert correspondence.hand_over(desk.session, claimed) is True
    assert desk.messages()[0].attempts == 1

    correspondence.not_handed_over(desk.session, claimed)
    assert desk.messages()[0].attempts == 0


@pytest.mark.parametrize(
    ("table", "key", "change"),
    [
        (Invoice, "INV-1", {"amount_open": Decimal(4999)}),
        (Invoice, "INV-2", {"amount_open": Decimal(1)}),
        (Invoice, "INV-2", {"status": InvoiceStatus.PAID}),
        (Invoice, "INV-1", {"revision": 2}),
        (FollowUpRow, "INV-2", {"paused": True}),
        (FollowUpRow, "INV-1", {"dispute_id": 7}),
        (FollowUpRow, "INV-1", {"promise_id": 7}),
        (FollowUpRow, "INV-2", {"plan_id": 7}),
        (FollowUpRow, "INV-1", {"disposition": Disposition.LEGAL}),
        (FollowUpRow, "INV-2", {"owner_word": OwnerWord.HOLD}),
        (Customer, "ACME", {"insolvent": True}),
        (Customer, "ACME", {"legal_hold": True}),
        (Customer, "ACME", {"do_not_contact": True}),
        (Invoice, "INV-1", {"under_way": Decimal("0.01")}),
        (Customer, "ACME", {"context_revision": 1}),
    ],
)
def test_a_letter_about_facts_that_changed_is_not_handed_over(
    any_database: Database, table: type[Any], key: str, change: dict[str, object]
) -> None:
    with any_database.writing() as session:
        claimed = Desk(session).claim()
    with any_database.writing() as session:
        row = session.get_one(table, key)
        for name, value in change.items():
            setattr(row, name, value)

    with any_database.writing() as session:
        assert correspondence.hand_over(session, claimed) is False
        assert session.exec(select(Message)).one().attempts == 0


def test_what_concerns_others_does_not_stop_a_letter(any_database: Database) -> None:
    with any_database.writing() as session:
        claimed = Desk(session).claim()
        add_customer(session, "BOLT", insolvent=True)
        follow(session, add_invoice(session, "BOLT-1", customer_id="BOLT"))
    with any_database.writing() as session:
        session.get_one(Invoice, "BOLT-1").amount_open = Decimal(1)
        session.get_one(FollowUpRow, "INV-1").says = "in other words"
        session.get_one(Customer, "ACME").segment = "saas"

    with any_database.writing() as session:
        assert correspondence.hand_over(session, claimed) is True


def test_a_letter_that_left_is_on_record_for_every_invoice_it_covers(desk: Desk) -> None:
    claimed = desk.claim()

    correspondence.record_sent(desk.session, claimed, envelope(), LATER, " A copy was refused.")

    [message] = desk.messages()
    assert (message.sent_at, message.message_id) == (LATER, envelope().message_id)
    assert (message.recipient, message.cc) == ("ap@acme.example", ["robin@harbour.example"])
    assert (message.subject, message.template, message.language) == (
        "Your invoice",
        "en/first_notice@1",
        "en",
    )
    assert desk.touches() == {
        "INV-1/first-notice/1": TouchOutcome.SENT,
        "INV-2/due-notice/1": TouchOutcome.COVERED,
    }
    assert {one.at for one in desk.session.exec(select(Touch))} == {LATER}
    [carries], [covered] = desk.lines("INV-1"), desk.lines("INV-2")
    assert carries == "first-notice: letter en/first_notice@1 sent. A copy was refused."
    assert covered == (
        "due-notice: covered by the letter about INV-1, en/first_notice@1 sent. A copy was refused."
    )


def test_a_letter_that_will_not_leave_frees_the_day(desk: Desk) -> None:
    claimed = desk.claim()

    correspondence.record_failed(
        desk.session, claimed, TouchOutcome.FAILED, LATER, "not sent: 554 refused"
    )

    assert set(desk.touches().values()) == {TouchOutcome.FAILED}
    assert desk.messages() == []
    assert desk.lines("INV-2") == ["due-notice: not sent: 554 refused"]
    third = desk.plan("INV-1", "second-notice", Stage.EARLY)
    assert desk.claim(due=[(desk.look("INV-1"), third)]).key == "INV-1/second-notice/1"


def test_a_letter_refers_to_those_before_it_oldest_first(desk: Desk) -> None:
    for number, step in enumerate(("reminder", "due-notice", "first-notice")):
        plan = desk.plan("INV-1", step, Stage.EARLY)
        sent_at = MORNING + timedelta(days=number)
        claimed = desk.claim(at=sent_at, due=[(desk.look("INV-1"), plan)])
        assert claimed.references == tuple(f"{n}@harbour.example" for n in range(number))
        correspondence.record_sent(
            desk.session, claimed, envelope(f"{number}@harbour.example"), sent_at, ""
        )
        desk.session.flush()


def test_all_letters_to_a_customer_in_one_currency_are_one_thread(desk: Desk) -> None:
    follow(desk.session, add_invoice(desk.session, "EUR-1", currency="EUR"))
    reminder = desk.plan("INV-1", "reminder", Stage.PRE_DUE)
    claimed = desk.claim(due=[(desk.look("INV-1"), reminder)])
    correspondence.record_sent(desk.session, claimed, envelope("1@harbour.example"), MORNING, "")
    desk.session.add(
        Message(
            key="INV-1/thank-you/1",
            customer_id="ACME",
            currency="USD",
            day=TUESDAY,
            stage=Stage.PRE_DUE,
            message_id="2@harbour.example",
            total=Decimal(0),
            chases=False,
            claimed_by="INV-1",
            claimed_at=MORNING,
            sent_at=MORNING,
        )
    )

    about_another = desk.claim("INV-2", at=LATER, due=desk.due[:1])
    in_euros = desk.plan("EUR-1", "reminder", Stage.DUE)
    elsewhere = desk.claim("EUR-1", due=[(desk.look("EUR-1"), in_euros)])

    assert about_another.references == ("1@harbour.example",)
    assert elsewhere.references == ()


def test_a_letter_knows_which_invoices_are_left_out_because_they_are_being_clarified(
    desk: Desk,
) -> None:
    for invoice_id, status in (
        ("CONTESTED", Status.DISPUTED),
        ("PROMISED", Status.PROMISED),
        ("ASLEEP", Status.ACTIVE),
    ):
        follow(desk.session, add_invoice(desk.session, invoice_id))
        desk.session.get_one(FollowUpRow, invoice_id).status = status
    euros = add_invoice(desk.session, "EUR-1", currency="EUR")
    follow(desk.session, euros)
    desk.session.get_one(FollowUpRow, "EUR-1").status = Status.DISPUTED

    assert desk.claim().set_aside == ("CONTESTED", "PROMISED")


def test_a_letter_that_warns_is_a_warning_of_every_invoice_it_covers(desk: Desk) -> None:
    plan = desk.plan("INV-1", "final-notice", Stage.FINAL).model_copy(update={"warns": True})

    desk.claim(due=[(desk.look("INV-1"), plan), desk.due[0]])

    assert {one.invoice_id: one.warned for one in desk.session.exec(select(Touch))} == {
        "INV-1": True,
        "INV-2": True,
    }


def test_what_a_letter_mentioned_is_not_mentioned_again(desk: Desk) -> None:
    for row in desk.session.exec(select(FollowUpRow)):
        row.broken_on, row.dispute_settled, row.plan_broken = TUESDAY, True, True
    desk.session.flush()
    silent = desk.claim(due=desk.due[:1], claimer="INV-2")
    correspondence.record_sent(desk.session, silent, envelope("1@harbour.example"), MORNING, "")
    assert desk.look("INV-2").facts.progress.settled

    says = desk.plan("INV-1", "first-notice", Stage.EARLY).model_copy(
        update={"remarks": (Remark.DISPUTE_SETTLED,)}
    )
    told = desk.claim(at=LATER, due=[(desk.look("INV-1"), says)])
    correspondence.record_sent(desk.session, told, envelope("2@harbour.example"), LATER, "")

    progress = desk.look("INV-1").facts.progress
    assert (progress.broken_on, progress.settled, progress.plan_broken) == (None, False, False)
    assert desk.look("INV-2").facts.progress.settled  # it was not in that letter


def test_a_refused_address_has_every_letter_on_its_way_looked_at_again(desk: Desk) -> None:
    claimed = desk.claim()
    row = desk.session.get_one(FollowUpRow, "INV-1")

    correspondence.reject_address(desk.session, row, "ap@acme.example", LATER)

    assert correspondence.still_holds(desk.session, claimed) is False


def test_a_refused_address_is_remembered_for_that_customer_alone(desk: Desk) -> None:
    add_customer(desk.session, "BOLT")  # with the same address

    row = desk.session.get_one(FollowUpRow, "INV-1")
    correspondence.reject_address(desk.session, row, "ap@acme.example", LATER)

    desk.session.flush()
    desk.session.expire_all()
    rejected = {one.customer_id: one.rejected_at for one in desk.session.exec(select(Contact))}
    assert rejected == {"ACME": LATER, "BOLT": None}
    assert "ap@acme.example" not in " ".join(desk.lines("INV-1"))
    assert [not address.rejected for address in desk.look("INV-1").facts.customer.addresses] == [
        False
    ]
