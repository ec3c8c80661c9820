"""A task is opened once, closed with a reason, and may come again."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from models import events
from models.decision import TaskRequest
from models.tables import FollowUpRow, Task
from models.vocabulary import TaskKind
from store import alerts, escalation, tasks
from tests.store.chase import check, flag, tell
from tests.store.rows import MORNING, acme, add_invoice, follow, unplaced

LATER = MORNING + timedelta(days=3)
MARA, JON = "mara@harbour.example", "jon@harbour.example"


def request(kind: TaskKind = TaskKind.FINANCE, why: str = "place the money") -> TaskRequest:
    return TaskRequest(kind=kind, why=why)


@pytest.fixture
def session(blank: Session) -> Session:
    acme(blank)
    return blank


@pytest.fixture
def row(session: Session) -> FollowUpRow:
    return session.get_one(FollowUpRow, "INV-1")


def keys(session: Session, kind: TaskKind | None = None) -> list[str]:
    return [task.key for task in tasks.open_tasks(session, kind)]


def test_a_task_without_a_key_is_one_per_follow_up_kind_and_round(
    session: Session, row: FollowUpRow
) -> None:
    assert tasks.open_task(session, row, request(), MORNING) is True
    assert tasks.open_task(session, row, request(why="again"), LATER) is False
    assert tasks.open_task(session, row, request(TaskKind.CALL), MORNING) is True
    row.round = 2
    assert tasks.open_task(session, row, request(), MORNING) is True

    assert sorted(keys(session)) == ["INV-1/call/1", "INV-1/finance/1", "INV-1/finance/2"]
    assert session.get_one(Task, "INV-1/finance/1").why == "place the money"


def test_a_task_remembers_whose_it_is_and_how_pressing(session: Session, row: FollowUpRow) -> None:
    tasks.open_task(
        session,
        row,
        request(),
        MORNING,
        key="mine",
        owner="robin@harbour.example",
        priority=Decimal("12.50"),
    )
    session.flush()
    session.expire_all()

    task = session.get_one(Task, "mine")
    assert (task.invoice_id, task.customer_id, task.owner) == (
        "INV-1",
        "ACME",
        "robin@harbour.example",
    )
    assert (task.priority, task.opened_at, task.closed_at) == (Decimal("12.50"), MORNING, None)


def test_a_closed_task_says_when_and_why(session: Session, row: FollowUpRow) -> None:
    tasks.open_task(session, row, request(), MORNING)

    assert tasks.close_tasks(session, "INV-1", LATER, "paid") == 1
    assert tasks.close_tasks(session, "INV-1", LATER, "paid twice") == 0

    session.expire_all()
    task = session.get_one(Task, "INV-1/finance/1")
    assert (task.closed_at, task.closed_because) == (LATER, "paid")
    assert keys(session) == []


def test_closing_goes_by_invoice_kind_and_key(session: Session, row: FollowUpRow) -> None:
    _, other = follow(session, add_invoice(session, "INV-2"))
    for owner_row in (row, other):
        for kind in (TaskKind.CALL, TaskKind.FINANCE):
            tasks.open_task(session, owner_row, request(kind), MORNING)
    tasks.open_task(session, row, request(TaskKind.CALL), MORNING, key="second call")

    assert tasks.close_tasks(session, "INV-1", LATER, "", key="second call") == 1
    assert tasks.close_tasks(session, "INV-1", LATER, "", kind=TaskKind.CALL) == 1
    assert sorted(keys(session)) == ["INV-1/finance/1", "INV-2/call/1", "INV-2/finance/1"]
    assert tasks.close_tasks(session, "INV-2", LATER, "") == 2
    assert keys(session) == ["INV-1/finance/1"]


def test_what_was_closed_and_comes_again_is_open_again_for_a_new_reason(
    session: Session, row: FollowUpRow
) -> None:
    tasks.open_task(session, row, request(why="first"), MORNING)
    tasks.close_tasks(session, "INV-1", MORNING, "done")
    session.expire_all()

    assert tasks.open_task(session, row, request(why="second"), LATER) is True

    session.flush()
    session.expire_all()
    task = session.get_one(Task, "INV-1/finance/1")
    assert (task.why, task.opened_at, task.closed_at, task.closed_because) == (
        "second",
        LATER,
        None,
        "",
    )


def test_what_comes_again_goes_to_its_owner_of_today_with_its_priority_of_today(
    session: Session, row: FollowUpRow
) -> None:
    tasks.open_task(
        session, row, request(), MORNING, owner="robin@harbour.example", priority=Decimal(100)
    )
    tasks.close_tasks(session, "INV-1", MORNING, "done")
    session.expire_all()

    tasks.open_task(
        session, row, request(), LATER, owner="kim@harbour.example", priority=Decimal(900)
    )

    [task] = tasks.open_tasks(session)
    assert (task.owner, task.priority) == ("kim@harbour.example", Decimal(900))


def test_what_waits_is_listed_by_invoice_and_counted_by_kind(
    session: Session, row: FollowUpRow
) -> None:
    _, other = follow(session, add_invoice(session, "INV-2"))
    tasks.open_task(session, row, request(), LATER)
    tasks.open_task(session, row, request(TaskKind.CALL), MORNING)
    tasks.open_task(session, other, request(TaskKind.CALL), MORNING)
    tasks.open_task(session, row, request(TaskKind.MEND), MORNING)
    tasks.close_tasks(session, "INV-1", LATER, "mended", kind=TaskKind.MEND)

    assert [task.kind for task in tasks.of_invoice(session, "INV-1")] == ["call", "finance"]
    assert tasks.of_invoice(session, "INV-9") == []
    assert tasks.counted(session) == {"call": 2, "finance": 1}


def test_the_queue_begins_with_the_most_pressing_then_the_oldest(
    session: Session, row: FollowUpRow
) -> None:
    for key, priority, at in (
        ("small", "9.99", MORNING),
        ("young", "1000", LATER),
        ("old", "1000", MORNING),
        ("large", "20000", LATER),
    ):
        tasks.open_task(
            session, row, request(TaskKind.CALL), at, key=key, priority=Decimal(priority)
        )
    tasks.open_task(session, row, request(), MORNING, key="other", priority=Decimal(5))

    assert keys(session, TaskKind.CALL) == ["large", "old", "young", "small"]
    assert keys(session)[-1] == "other"


def test_the_queue_of_one_owner_holds_their_calls_alone_and_so_many_as_are_asked_for(
    session: Session, row: FollowUpRow
) -> None:
    for key, owner, priority in (("1", MARA, 5), ("2", JON, 9), ("3", MARA, 7), ("4", MARA, 7)):
        tasks.open_task(
            session,
            row,
            request(TaskKind.CALL),
            MORNING,
            key=key,
            owner=owner,
            priority=Decimal(priority),
        )
    tasks.open_task(session, row, request(), MORNING, key="other", owner=MARA)

    def queued(most: int = 10, **more: str) -> list[str]:
        return [task.key for task in tasks.queue(session, TaskKind.CALL, most=most, **more)]

    assert queued() == ["2", "3", "4", "1"]
    assert queued(owner=MARA) == ["3", "4", "1"]
    assert queued(owner=MARA, most=2) == ["3", "4"]


def test_what_comes_again_begins_with_a_clean_sheet(session: Session, row: FollowUpRow) -> None:
    tasks.open_task(session, row, request(TaskKind.CALL), MORNING, key="call", escalate_at=LATER)
    task = session.get_one(Task, "call")
    task.escalated, task.attempts, task.not_before = 2, 2, LATER
    task.acknowledged_at, task.acknowledged_by = MORNING, "mara"
    session.flush()
    tasks.close_tasks(session, "INV-1", MORNING, "done")
    session.expire_all()
    assert session.get_one(Task, "call").escalate_at is None

    tasks.open_task(session, row, request(TaskKind.CALL), LATER, key="call", escalate_at=LATER)

    session.flush()
    session.expire_all()
    again = session.get_one(Task, "call")
    assert (again.escalate_at, again.escalated) == (LATER, 0)
    assert (again.attempts, again.not_before) == (0, None)
    assert (again.acknowledged_at, again.acknowledged_by) == (None, "")


def test_whoever_gets_a_task_is_told_of_it_once_each_time_it_comes(
    session: Session, row: FollowUpRow
) -> None:
    for _ in range(2):
        tasks.open_task(session, row, request(TaskKind.CALL), MORNING, key="call", owner=MARA)
    [first] = alerts.untold(session)
    assert (first.key, first.text) == (
        "call/opened/20260310152500",
        "Acme Inc., invoice INV-1, 5,000.00 USD open: a call to make",
    )
    assert (first.recipient, first.detail, first.urgent) == (MARA, "place the money", False)

    tasks.close_tasks(session, "INV-1", MORNING, "done", kind=TaskKind.CALL)
    session.expire_all()
    tasks.open_task(session, row, request(TaskKind.CALL, "again"), LATER, key="call", owner=MARA)

    [again] = alerts.untold(session)
    assert (again.detail, again.raised_at) == ("again", LATER)


def test_work_of_nobody_in_particular_is_told_to_the_staff(
    session: Session, row: FollowUpRow
) -> None:
    tasks.open_task(session, row, request(), MORNING)

    assert [one.recipient for one in alerts.untold(session)] == [""]


def test_work_that_is_done_is_told_to_nobody_any_more(session: Session, row: FollowUpRow) -> None:
    tasks.open_task(session, row, request(TaskKind.CALL), MORNING, key="call", owner=MARA)
    tasks.open_task(session, row, request(), MORNING)

    tasks.close_tasks(session, "INV-1", LATER, "done", key="call")

    assert [one.task_key for one in alerts.untold(session)] == ["INV-1/finance/1"]


def test_who_is_asked_before_a_letter_leaves_is_told_at_once(
    session: Session, row: FollowUpRow
) -> None:
    tasks.open_task(session, row, request(TaskKind.OWNER_FIRST), MORNING, owner=MARA)

    assert [one.recipient for one in alerts.untold(session, urgent=True)] == [MARA]


def test_a_kind_of_work_is_open_for_one_invoice_and_not_for_another(
    session: Session, row: FollowUpRow
) -> None:
    follow(session, add_invoice(session, "INV-2"))
    assert not tasks.is_open(session, "INV-1", TaskKind.CALL)

    tasks.open_task(session, row, request(TaskKind.CALL), MORNING)
    assert tasks.is_open(session, "INV-1", TaskKind.CALL)
    assert not tasks.is_open(session, "INV-1", TaskKind.FINANCE)
    assert not tasks.is_open(session, "INV-2", TaskKind.CALL)

    tasks.close_tasks(session, "INV-1", LATER, "done")
    assert not tasks.is_open(session, "INV-1", TaskKind.CALL)


class TestCallsAboutWhatIsHeld:
    @pytest.fixture
    def called(self, session: Session, row: FollowUpRow) -> Session:
        tasks.open_task(
            session, row, request(TaskKind.CALL), MORNING, key="call", escalate_at=MORNING
        )
        check(session)
        return session

    @staticmethod
    def queued(session: Session) -> list[str]:
        return [one.key for one in tasks.queue(session, TaskKind.CALL, most=9)]

    @pytest.mark.parametrize(
        "hold",
        [
            events.Pause(event_id="1"),
            events.DisputeOpened(event_id="1"),
            events.PromiseMade(event_id="1", pay_on=(MORNING + timedelta(days=9)).date()),
        ],
        ids=["paused", "disputed", "promised"],
    )
    def test_nobody_makes_them_and_nobody_is_told_that_they_wait(
        self, called: Session, hold: events.Event
    ) -> None:
        assert self.queued(called) == ["call"]

        tell(called, hold)
        check(called)

        assert self.queued(called) == []
        much_later = LATER + timedelta(days=99)
        assert "call" not in [one.key for one in escalation.overdue(called, much_later)]

    def test_what_is_contested_in_part_is_called_about_all_the_same(self, called: Session) -> None:
        tell(called, events.DisputeOpened(event_id="1", amount=80))
        check(called)

        assert self.queued(called) == ["call"]

    def test_they_come_back_with_the_time_that_a_call_has(self, called: Session) -> None:
        tell(called, events.Pause(event_id="1"))
        check(called)

        tell(called, events.Resume(event_id="2"), at=LATER)
        check(called, at=LATER)

        assert self.queued(called) == ["call"]
        assert escalation.overdue(called, LATER) == []
        deadline = escalation.next_deadline(called)
        assert deadline is not None
        assert deadline > LATER

    def test_the_queue_of_an_owner_is_theirs_however_they_write_their_address(
        self, session: Session, row: FollowUpRow
    ) -> None:
        for key, owner in (("a", MARA), ("b", JON)):
            tasks.open_task(session, row, request(TaskKind.CALL), MORNING, key=key, owner=owner)

        theirs = tasks.queue(session, TaskKind.CALL, owner=MARA.title(), most=9)
        assert [one.key for one in theirs] == ["a"]


class TestWhatAHoldAsksFor:
    def test_two_matters_for_finance_are_two_tasks(self, session: Session) -> None:
        tell(
            session,
            events.PaymentReversed(event_id="1", payment_id="P", reversed_on=MORNING.date()),
        )
        flag(session, insolvent=True)
        check(session)

        assert keys(session, TaskKind.FINANCE) == [
            "INV-1/finance/1",
            "INV-1/finance/1/insolvency",
        ]

    def test_it_is_over_with_its_hold_and_no_other_is(self, session: Session) -> None:
        unplaced(session, 499)
        tell(
            session,
            events.PaymentReversed(event_id="1", payment_id="P", reversed_on=MORNING.date()),
        )
        unplaced(session, 5000)
        check(session)
        assert len(keys(session, TaskKind.FINANCE)) == 2

        unplaced(session, 0)
        check(session)

        assert keys(session, TaskKind.FINANCE) == ["INV-1/finance/1"]
        closed = session.exec(select(Task).where(col(Task.closed_at).is_not(None))).one()
        assert closed.closed_because == "no longer needed"
