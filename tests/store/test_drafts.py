"""A draft is one letter that a person has read: it leaves as it was signed, or not at all."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, col, select

from activities.due_together import due_siblings, signed_siblings
from activities.rulebook import Rulebook
from domain.banking_days import Place
from models import acts, events
from models.context import CustomerContext
from models.decision import Verb
from models.errors import Refused
from models.letter import Envelope, Letter
from models.tables import (
    Customer,
    Draft,
    FollowUpRow,
    Invoice,
    Message,
    Touch,
)
from models.vocabulary import (
    Disposition,
    DraftState,
    InvoiceStatus,
    OwnerWord,
    Reason,
    Status,
    TaskKind,
    TouchOutcome,
)
from store import contexts, correspondence, drafts, tasks, timeline
from store.database import Database
from tests.store.chase import look, pay, tell
from tests.store.rows import FILES, MORNING, RULEBOOK, add_customer, add_invoice, follow
from tests.store.signing import ROBIN, Office

LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def office(blank: Session, shared_database: Database) -> Office:
    return Office(blank, shared_database)


@pytest.fixture
def two(office: Office) -> Office:
    """INV-1 and INV-2 wait in one draft, which INV-1 carries."""
    office.owe("INV-2", "120000.00")
    office.write()
    return office


def every(session: Session) -> list[tuple[str, int, DraftState]]:
    rows = session.exec(select(Draft).order_by(col(Draft.id)))
    return [(one.key, one.version, one.state) for one in rows]


def waiting(session: Session, kind: TaskKind = TaskKind.APPROVE) -> list[str]:
    return [task.key for task in tasks.open_tasks(session, kind)]


def is_current(session: Session, invoice_id: str = "INV-1") -> bool:
    facts = look(session, invoice_id).facts.progress.draft
    return facts is not None and facts.is_current


def send(office: Office, invoice_id: str = "INV-1") -> None:
    """The letter of the invoice leaves, with whatever is signed to leave with it."""
    session, followed = office.session, look(office.session, invoice_id)
    decision = RULEBOOK.decide(session, followed, MORNING)
    assert decision.touch is not None
    draft = drafts.current(session, invoice_id)
    siblings = signed_siblings(session, RULEBOOK, draft, MORNING) if draft else []
    assert siblings is not None
    due = [(followed, decision.touch)]
    due += [(one, its.touch) for one, its in siblings if its.touch is not None]
    claimed = correspondence.claim(session, followed, decision, due, MORNING, None, draft)
    envelope = Envelope(
        letter=Letter("Your invoice", "text", "<p>html</p>", "en/first_notice@1"),
        sender_name=ROBIN,
        sender_email="ar@harbour.example",
        reply_to="ar@harbour.example",
        to="ap@acme.example",
        to_name="Sam Lee",
        message_id="1@harbour.example",
        dated=MORNING,
    )
    correspondence.record_sent(session, claimed, envelope, LATER, "")
    session.flush()
    session.expire_all()


def keep(session: Session, at: datetime) -> None:
    """The connected system answers, and says nothing."""
    contexts.keep(session, session.get_one(Customer, "ACME"), "hubspot", CustomerContext(), at)
    session.flush()


class TestOneIsWritten:
    def test_it_is_put_before_a_person_as_it_would_leave(self, office: Office) -> None:
        draft = office.write()

        assert (draft.key, draft.version, draft.state) == (
            "INV-1/first-notice/1",
            1,
            DraftState.OPEN,
        )
        assert (draft.step, draft.recipient, draft.language) == (
            "first-notice",
            "ap@acme.example",
            "en",
        )
        assert (draft.total, draft.currency) == (Decimal(250_000), "USD")
        assert draft.reason == "The letter first-notice needs a signature: the amount is large."
        assert "$250,000.00" in draft.body
        assert draft.subject
        assert draft.source
        assert waiting(office.session) == ["INV-1/first-notice/1/approve/1"]
        says = [line.text for line in timeline.entries(office.session, "INV-1")]
        assert "Version 1 of the draft of first-notice waits for a signature." in says

    def test_until_it_is_signed_nothing_leaves(self, office: Office) -> None:
        office.write()

        checked = office.check(at=MORNING + timedelta(days=30))

        assert checked.decision.reason is Reason.NEEDS_APPROVAL
        assert checked.decision.status is Status.AWAITING_APPROVAL
        assert checked.draft == 1

    def test_it_is_about_all_that_is_due_beside_it(self, two: Office) -> None:
        own, beside = (look(two.session, f"INV-{n}").facts.progress.draft for n in (1, 2))

        assert own is not None
        assert beside is not None
        assert (own.own, beside.own) == (True, False)
        assert (own.version, beside.version, beside.step) == (1, 1, "first-notice")
        draft = two.draft("INV-2")
        assert draft is not None
        assert (draft.invoice_id, draft.total) == ("INV-1", Decimal(370_000))
        assert drafts.members(two.session, draft) == ["INV-1", "INV-2"]
        assert len(waiting(two.session)) == 1
        assert two.check("INV-2").draft is None  # its carrier's is to be signed
        for invoice_id in ("INV-1", "INV-2"):
            codes = [line.code for line in timeline.entries(two.session, invoice_id)]
            assert codes.count("open") == 1

    def test_what_needs_no_signature_stays_out_of_it(self, office: Office) -> None:
        office.owe("SMALL", "700.00")

        draft = office.write()

        assert drafts.members(office.session, draft) == ["INV-1"]

    def test_who_signs_sees_what_waits_the_oldest_first(self, two: Office) -> None:
        add_customer(two.session, "BOLT")
        bolts = add_invoice(two.session, "BOLT-1", "900000.00", customer_id="BOLT")
        follow(two.session, bolts)
        two.write("BOLT-1", at=LATER)

        listed = drafts.waiting(two.session)

        assert [(one.number, one.invoices) for one in listed] == [("INV-1", 2), ("BOLT-1", 1)]

        two.put(acts.ApproveMessage, version=1)
        assert [one.number for one in drafts.waiting(two.session)] == ["BOLT-1"]


class TestTheFactsChange:
    @pytest.mark.parametrize(
        ("table", "key", "change"),
        [
            (Invoice, "INV-1", {"amount_open": Decimal(249_999)}),
            (Invoice, "INV-2", {"amount_open": Decimal(1)}),
            (Invoice, "INV-2", {"status": InvoiceStatus.PAID}),
            (Invoice, "INV-2", {"revision": 2}),
            (FollowUpRow, "INV-1", {"paused": True}),
            (FollowUpRow, "INV-2", {"dispute_id": 7}),
            (FollowUpRow, "INV-2", {"promise_id": 7}),
            (FollowUpRow, "INV-1", {"plan_id": 7}),
            (FollowUpRow, "INV-2", {"disposition": Disposition.LEGAL}),
            (FollowUpRow, "INV-1", {"owner_word": OwnerWord.HOLD}),
            (Customer, "ACME", {"insolvent": True}),
            (Customer, "ACME", {"legal_hold": True}),
            (Customer, "ACME", {"do_not_contact": True}),
            (Invoice, "INV-1", {"under_way": Decimal("0.01")}),
            (Customer, "ACME", {"context_revision": 9}),
        ],
        ids=lambda value: str(*value) if isinstance(value, dict) else None,
    )
    @pytest.mark.parametrize("is_signed", [False, True], ids=["unsigned", "signed"])
    def test_a_draft_is_out_of_date_once_anything_of_any_of_its_invoices_changes(
        self, two: Office, table: type[Any], key: str, change: dict[str, Any], *, is_signed: bool
    ) -> None:
        if is_signed:
            two.put(acts.ApproveMessage, version=1)
        assert is_current(two.session, "INV-1")
        assert is_current(two.session, "INV-2")
        row = two.session.get_one(table, key)
        before = row.model_dump(include=set(change))
        for name, value in change.items():
            setattr(row, name, value)
        two.session.add(row)
        two.session.flush()

        now, noted = two.session, drafts.draft_facts
        of = {n: now.get_one(FollowUpRow, f"INV-{n}") for n in (1, 2)}
        assert [getattr(noted(now, of[n]), "is_current", None) for n in (1, 2)] == [False, False]

        for name, value in before.items():
            setattr(row, name, value)
        two.session.flush()
        assert [getattr(noted(now, of[n]), "is_current", None) for n in (1, 2)] == [True, True]

    def test_what_it_does_not_state_leaves_it_as_it_is(self, two: Office) -> None:
        add_customer(two.session, "BOLT", insolvent=True)
        two.owe("INV-3", "300000.00")
        row = two.session.get_one(FollowUpRow, "INV-1")
        row.says, row.broken_promises, row.priority = "in other words", 3, Decimal(7)
        two.session.get_one(Customer, "ACME").tags = ["vip"]

        assert is_current(two.session)

    @pytest.mark.parametrize("line", ["1", "2"])
    def test_to_settle_one_of_two_disputes_is_a_change(self, office: Office, line: str) -> None:
        """What may be asked for is more than the draft says, whichever of them it was."""
        for number in ("1", "2"):
            opened = events.DisputeOpened(event_id=number, amount=Decimal(500), line=number)
            tell(office.session, opened)
        draft = office.write()
        assert "$249,000.00" in draft.body

        tell(office.session, events.DisputeResolved(event_id="3", line=line))

        assert not is_current(office.session)

    def test_to_settle_another_after_one_was_settled_is_a_change_too(self, office: Office) -> None:
        for number in ("1", "2", "3"):
            opened = events.DisputeOpened(event_id=number, amount=Decimal(500), line=number)
            tell(office.session, opened)
        tell(office.session, events.DisputeResolved(event_id="4", line="1"))
        draft = office.write()
        assert "$249,000.00" in draft.body

        tell(office.session, events.DisputeResolved(event_id="5", line="2"))

        assert not is_current(office.session)

    def test_the_next_version_takes_its_place(self, office: Office) -> None:
        office.write()
        pay(office.session, 50_000)

        new = office.write(at=LATER)

        assert every(office.session) == [
            ("INV-1/first-notice/1", 1, DraftState.VOID),
            ("INV-1/first-notice/1", 2, DraftState.OPEN),
        ]
        assert "$200,000.00" in new.body
        assert waiting(office.session) == ["INV-1/first-notice/1/approve/2"]
        old = office.session.exec(select(Draft).where(Draft.version == 1)).one()
        assert (old.decided_at, old.note) == (LATER, "The facts have changed.")
        says = [line.text for line in timeline.entries(office.session, "INV-1")]
        assert "Version 1 of the draft of first-notice is void. The facts have changed." in says

    def test_the_draft_of_the_next_step_is_no_version_that_was_read_before(
        self, office: Office
    ) -> None:
        """Whoever signs version 1 has read the reminder, and signs no notice by it."""
        office.write()
        office.put(acts.RejectMessage, version=1, why="I spoke with their CFO.")
        office.check()
        next_week = MORNING + timedelta(days=7)

        notice = office.write(at=next_week)

        assert notice.step == "second-notice"
        with pytest.raises(Refused):
            office.put(acts.ApproveMessage, version=1, at=next_week)
        assert notice.state is DraftState.OPEN

    def test_a_draft_that_no_new_one_replaces_is_void_too(self, office: Office) -> None:
        office.write()
        tell(office.session, events.Pause(event_id="p"))

        office.check(at=LATER)

        assert [state for _, _, state in every(office.session)] == [DraftState.VOID]
        assert office.draft() is None
        assert waiting(office.session) == []

    def test_who_waited_in_it_is_to_look_again(self, two: Office) -> None:
        pay(two.session, 250_000)

        checked = two.check("INV-1", at=LATER)

        assert checked.decision.reason is Reason.PAID
        assert checked.nudge == ("INV-2",)
        assert two.draft("INV-2") is None
        again = two.write("INV-2", at=LATER)
        assert (again.key, again.version, again.total) == (
            "INV-2/first-notice/1",
            1,
            Decimal(120_000),
        )

    def test_whoever_looks_first_gives_it_up_for_all(self, two: Office) -> None:
        pay(two.session, 20_000, "INV-2")

        checked = two.ask("INV-2", at=LATER)

        assert checked.nudge == ("INV-1",)
        assert every(two.session)[0] == ("INV-1/first-notice/1", 1, DraftState.VOID)
        assert waiting(two.session) == ["INV-2/first-notice/1/approve/1"]

    def test_an_answer_that_merely_looks_at_the_customer_again_leaves_it_to_be_signed(
        self, any_database: Database
    ) -> None:
        """The connected system is asked before anything is decided: that settles nothing."""
        asked = Rulebook(FILES, Place("US"), connected="hubspot")
        with any_database.writing() as session:
            office = Office(session, any_database, asked)
            keep(session, at=MORNING)
            office.write()
            assert office.check().decision.reason is Reason.NEEDS_APPROVAL
            two_days_on = MORNING + timedelta(days=2)

            assert office.check(at=two_days_on).decision.verb is Verb.GATHER
            keep(session, at=two_days_on)
            assert office.check(at=two_days_on).decision.reason is Reason.NEEDS_APPROVAL

            assert waiting(session) == ["INV-1/first-notice/1/approve/1"]


class TestItIsSigned:
    def test_it_leaves_and_is_what_was_sent(self, two: Office) -> None:
        two.put(acts.ApproveMessage, version=1)

        send(two)

        assert every(two.session) == [("INV-1/first-notice/1", 1, DraftState.SENT)]
        assert two.draft("INV-1") is None
        assert two.draft("INV-2") is None
        assert waiting(two.session) == []
        touches = {one.key: one.outcome for one in two.session.exec(select(Touch))}
        assert touches["INV-1/first-notice/1"] is TouchOutcome.SENT
        assert touches["INV-2/first-notice/1"] is TouchOutcome.COVERED

    def test_a_letter_that_left_unsigned_leaves_no_draft_behind_to_be_signed(
        self, office: Office
    ) -> None:
        """An invoice may cease to need a signature while its draft waits for one."""
        office.write()

        others = drafts.left(office.session, ["INV-1"], "INV-1/first-notice/1", LATER)
        office.session.expire_all()

        assert others == ()

        assert drafts.waiting(office.session) == []
        assert office.draft() is None

    def test_who_waited_in_a_draft_that_is_void_with_this_is_to_look_again(
        self, two: Office
    ) -> None:
        two.write()

        assert drafts.left(two.session, ["INV-1"], "INV-1/first-notice/1", LATER) == ("INV-2",)

    def test_it_leaves_as_it_was_signed_and_not_in_the_letter_of_another(
        self, office: Office
    ) -> None:
        office.owe("SMALL", "700.00")
        office.write()
        office.put(acts.ApproveMessage, version=1)
        assert office.check().decision.acts  # both are up at the same moment of the morning
        small = look(office.session, "SMALL")
        decision = RULEBOOK.decide(office.session, small, MORNING)
        assert decision.acts

        with_it = due_siblings(office.session, RULEBOOK, small, decision, MORNING)

        assert [one.invoice.id for one, _ in with_it] == []

    def test_while_it_has_not_left_no_other_letter_is_claimed_for_it(self, two: Office) -> None:
        two.put(acts.ApproveMessage, version=1)

        decision = two.check("INV-2").decision

        assert decision.reason is Reason.COVERED
        assert two.session.exec(select(Message)).all() == []


class TestItIsRejected:
    def test_none_of_its_invoices_takes_the_step(self, two: Office) -> None:
        two.put(acts.RejectMessage, version=1, why="I spoke with their CFO.")

        assert every(two.session) == [("INV-1/first-notice/1", 1, DraftState.REJECTED)]
        touches = {one.key: one.outcome for one in two.session.exec(select(Touch))}
        assert touches["INV-1/first-notice/1"] is TouchOutcome.REJECTED
        assert touches["INV-2/first-notice/1"] is TouchOutcome.REJECTED
        assert two.draft("INV-1") is None
        assert two.draft("INV-2") is None
        assert waiting(two.session) == []
        for invoice_id in ("INV-1", "INV-2"):
            last = timeline.entries(two.session, invoice_id)
            assert any("rejected the draft. I spoke with their CFO." in one.text for one in last)

    def test_the_cadence_goes_on_with_the_next_step(self, two: Office) -> None:
        two.put(acts.RejectMessage, version=1, why="I spoke with their CFO.")

        decision = two.check("INV-2").decision

        assert (decision.reason, decision.step) == (Reason.NOT_YET, "second-notice")

    def test_an_invoice_of_another_policy_takes_its_own_step_no_more(self, office: Office) -> None:
        """Of one customer, invoices may be followed up under different policies."""
        office.owe("INV-2", "120000.00", policy="saas", due=date(2026, 2, 20))
        draft = office.write()
        steps = {one.invoice_id: one.step for one in drafts.rows_of(office.session, draft)}
        assert steps == {"INV-1": "first-notice", "INV-2": "firm-notice"}

        office.put(acts.RejectMessage, draft.invoice_id, version=1, why="Not now.")

        touches = {one.invoice_id: one.stage for one in office.session.exec(select(Touch))}
        assert touches["INV-2"] == "late"
