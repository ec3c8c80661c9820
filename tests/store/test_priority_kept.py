"""What to do first follows the facts: open work is as pressing as its invoice is now."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from models import acts, events
from models.acts import InstalmentTerm
from models.decision import TaskRequest
from models.tables import FollowUpRow, Task
from models.vocabulary import Method, TaskKind
from store import tasks
from store.database import Database
from tests.store.chase import check, pay, put, tell
from tests.store.rows import MORNING, acme, add_invoice, follow


def at(day: date) -> datetime:
    """That day at the same hour as on Tuesday, the 10th of March."""
    return datetime.combine(day, MORNING.timetz())


class Queue:
    """A call about INV-1, over 5,000 dollars, 8 days past due: early, and so worth 5,000."""

    def __init__(self, session: Session) -> None:
        self.session = session
        acme(session)
        self.open("call")
        check(session)

    def open(self, key: str, invoice_id: str = "INV-1", at: datetime = MORNING) -> None:
        row = self.session.get_one(FollowUpRow, invoice_id)
        request = TaskRequest(kind=TaskKind.CALL, why="ring")
        tasks.open_task(self.session, row, request, at, key=key, priority=row.priority)
        self.session.flush()

    def priority(self, key: str = "call") -> Decimal:
        self.session.expire_all()
        return self.session.get_one(Task, key).priority


@pytest.fixture
def queue(blank: Session) -> Queue:
    return Queue(blank)


def test_work_is_worth_the_cash_at_stake_from_the_first_decision_on(queue: Queue) -> None:
    assert queue.priority() == 5000
    assert queue.session.get_one(FollowUpRow, "INV-1").priority == 5000


def test_a_part_payment_makes_it_less_pressing(queue: Queue) -> None:
    pay(queue.session, 4000)
    check(queue.session)

    assert queue.priority() == 1000


@pytest.mark.parametrize(
    ("day", "worth"),
    [(date(2026, 3, 16), 5000), (date(2026, 3, 17), 7500), (date(2026, 4, 17), 10_000)],
    ids=["14 days late", "15 days late", "46 days late"],
)
def test_it_becomes_more_pressing_with_age(queue: Queue, day: date, worth: int) -> None:
    check(queue.session, at=at(day))

    assert queue.priority() == worth


def test_what_is_contested_is_not_at_stake(queue: Queue) -> None:
    tell(queue.session, events.DisputeOpened(event_id="1", amount=Decimal(2000), line="1"))
    check(queue.session)
    assert queue.priority() == 3000

    tell(queue.session, events.DisputeResolved(event_id="2", line="1"))
    check(queue.session)
    assert queue.priority() == 5000


def test_a_broken_promise_makes_it_half_as_pressing_again(queue: Queue) -> None:
    promise = events.PromiseMade(event_id="1", pay_on=date(2026, 3, 11), method=Method.CARD)
    tell(queue.session, promise)
    check(queue.session)
    assert queue.priority() == 5000

    check(queue.session, at=at(date(2026, 3, 12)))

    assert queue.priority() == 7500


def test_all_open_work_about_the_invoice_follows_and_no_other(queue: Queue) -> None:
    queue.open("second")
    queue.open("done")
    tasks.close_tasks(queue.session, "INV-1", MORNING, "done", key="done")
    follow(queue.session, add_invoice(queue.session, "INV-2", "700.00"))
    queue.open("other", "INV-2")

    pay(queue.session, 4000)
    check(queue.session)

    assert [queue.priority(key) for key in ("call", "second", "done", "other")] == [
        1000,
        1000,
        5000,
        0,
    ]


def test_what_is_asked_for_by_an_event_is_as_pressing_as_the_rest(queue: Queue) -> None:
    tell(queue.session, events.CustomerReplied(event_id="1", received_at=MORNING))

    assert queue.priority("INV-1/read_reply/1") == 5000


def test_a_currency_is_compared_by_its_worth_in_ours(any_database: Database) -> None:
    with any_database.writing() as session:
        queue = Queue(session)
        follow(session, add_invoice(session, "EUR-1", "5000.00", currency="EUR"))
        queue.open("in euros", "EUR-1")

        check(session, "EUR-1")

        assert queue.priority("in euros") == 5500
        assert [task.key for task in tasks.queue(session, TaskKind.CALL, most=1)] == ["in euros"]


def test_the_call_after_a_plan_that_ended_is_as_pressing_as_any_other_about_the_invoice(
    queue: Queue,
) -> None:
    plan = acts.AgreePaymentPlan(
        event_id="plan",
        by="Robin Vale",
        instalments=[
            InstalmentTerm(due_on=date(2026, 3, 16), amount=Decimal(1000)),
            InstalmentTerm(due_on=date(2026, 3, 23), amount=Decimal(4000)),
        ],
    )
    put(queue.session, plan)
    queue.open("call")
    check(queue.session, at=at(date(2026, 3, 20)))
    assert queue.priority() == 7500

    check(queue.session, at=at(date(2026, 3, 24)))

    [after] = [one for one in queue.session.exec(select(Task)) if "plan-" in one.key]
    assert after.priority == queue.priority() == 7500
