"""A follow-up's rounds: each is opened once, closed once, and begins with a clean sheet."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, select

from models.decision import Decision, TaskRequest, Verb
from models.tables import Dispute, FollowUpRow, Invoice
from models.vocabulary import Disposition, Outcome, OwnerWord, Reason, Status, TaskKind
from store import follow_ups, tasks, timeline
from store.database import Database
from tests.store.rows import MORNING, TUESDAY, acme, add_customer, add_invoice, follow

LATER = MORNING + timedelta(days=3)
PAID = Decision(
    verb=Verb.CLOSE,
    reason=Reason.PAID,
    says="The register says it is paid.",
    status=Status.CLOSED,
    outcome=Outcome.PAID,
)


def codes(session: Session) -> list[str]:
    session.flush()
    return [line.code for line in timeline.entries(session, "INV-1")]


def test_a_round_is_opened_once_however_often_it_is_asked_for(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)
        invoice = add_invoice(session)
        for at in (MORNING, LATER, LATER):
            _, row = follow(session, invoice, at=at, not_before=date(2026, 3, 12))

        assert (row.status, row.round, row.opened_at) == (Status.ACTIVE, 1, MORNING)
        assert (row.policy, row.not_before) == ("standard", date(2026, 3, 12))
        assert codes(session) == ["opened"]


def test_a_later_round_begins_with_a_clean_sheet(any_database: Database) -> None:
    with any_database.writing() as session:
        invoice, row = acme(session)
        row.shift_days, row.held_step, row.not_before = 9, "first-notice", date(2026, 3, 12)
        row.paused, row.paused_until, row.pause_note = True, date(2026, 3, 20), "why"
        row.dispute_id, row.promise_id = 7, 8
        row.plan_id, row.draft_id, row.broken_on = 9, None, date(2026, 3, 6)
        row.dispute_settled = row.plan_broken = True
        row.asked_step, row.answer_by, row.owner_word = "first-notice", LATER, OwnerWord.HOLD
        row.disposition, row.disposed_on = Disposition.CONTINUE, date(2026, 3, 6)
        row.broken_promises = 2
        follow_ups.close(session, row, PAID, MORNING)
        session.flush()

        _, again = follow(session, invoice, "saas", at=LATER, round=2)

        session.flush()
        session.expire_all()
        assert (again.round, again.policy, again.status) == (2, "saas", Status.ACTIVE)
        assert (again.opened_at, again.closed_at, again.outcome) == (LATER, None, None)
        assert (again.shift_days, again.held_step, again.not_before) == (0, None, None)
        assert (again.paused, again.paused_until, again.pause_note) == (False, None, "")
        assert (again.dispute_id, again.promise_id, again.plan_id) == (None, None, None)
        assert (again.broken_on, again.dispute_settled, again.plan_broken) == (None, False, False)
        assert (again.asked_step, again.answer_by, again.owner_word) == (None, None, None)
        assert (again.disposition, again.disposed_on) == (None, None)
        assert again.broken_promises == 2  # what somebody's word is worth is not forgotten
        assert codes(session) == ["opened", "paid", "reopened"]


def test_an_earlier_round_that_asks_late_changes_nothing(any_database: Database) -> None:
    with any_database.writing() as session:
        invoice, _ = acme(session)
        follow(session, invoice, round=3)

        _, row = follow(session, invoice, "saas", round=2)

        assert (row.round, row.policy) == (3, "standard")


def test_an_invoice_marked_as_disputed_begins_with_its_dispute(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)
        invoice = add_invoice(session, disputed=True)
        for _ in range(2):
            _, row = follow(session, invoice)

        [dispute] = session.exec(select(Dispute))
        assert row.dispute_id == dispute.id
        assert (dispute.invoice_id, dispute.opened_on, dispute.amount) == (
            "INV-1",
            MORNING.date(),
            None,
        )
        assert codes(session) == ["opened", "dispute_opened"]


def test_the_dispute_of_the_register_begins_on_the_customers_day(any_database: Database) -> None:
    late_in_new_york = datetime(2026, 3, 11, 2, tzinfo=UTC)
    with any_database.writing() as session:
        add_customer(session)
        follow(session, add_invoice(session, disputed=True), at=late_in_new_york)

        assert session.exec(select(Dispute)).one().opened_on == TUESDAY


def test_a_round_is_closed_once_and_with_it_what_waited_for_it(any_database: Database) -> None:
    with any_database.writing() as session:
        _, row = acme(session)
        row.step, row.next_at, row.held_step = "first-notice", LATER, "first-notice"
        for kind in (TaskKind.CALL, TaskKind.FINANCE, TaskKind.PLACE_MONEY):
            tasks.open_task(session, row, TaskRequest(kind=kind, why="why"), MORNING)

        follow_ups.close(session, row, PAID, LATER)
        follow_ups.close(session, row, PAID, LATER + timedelta(days=1))

        session.flush()
        session.expire_all()
        closed = session.get_one(FollowUpRow, "INV-1")
        assert (closed.status, closed.outcome, closed.closed_at) == (
            Status.CLOSED,
            Outcome.PAID,
            LATER,
        )
        assert (closed.step, closed.next_at, closed.held_step) == (None, None, None)
        assert (closed.reason, closed.says) == (Reason.PAID, PAID.says)
        assert codes(session).count("paid") == 1
        # Money that came too much is there all the same.
        assert [task.kind for task in tasks.open_tasks(session)] == [TaskKind.PLACE_MONEY]
        assert session.get_one(Invoice, "INV-1").amount_open == 5000
