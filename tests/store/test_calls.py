"""How a call went closes it, has it made again, or asks somebody for what follows from it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError
from sqlmodel import Session, select

from models import events
from models.decision import TaskRequest
from models.tables import Alert, Customer, Dispute, FollowUpRow, Promise, Task
from models.vocabulary import CallResult, Method, Reason, TaskKind
from store import tasks, timeline
from tests.store.chase import check, happening, look, tell
from tests.store.rows import MORNING, RULEBOOK, STAFF, TUESDAY, acme, add_invoice, follow

MARA = "mara@harbour.example"
CALL = "INV-1/second-notice/1/call_ap_contact"
# Our office is open from 9 to 17 UTC.
WEDNESDAY_AT_9 = datetime(2026, 3, 11, 9, tzinfo=UTC)


class Phone:
    """A call about INV-1 that waits to be made."""

    def __init__(self, session: Session) -> None:
        self.session = session
        acme(session)
        session.get_one(Customer, "ACME").owner_email = MARA
        self.queue(CALL)
        self._calls = 0

    def queue(self, key: str, invoice_id: str = "INV-1", kind: TaskKind = TaskKind.CALL) -> None:
        about = happening(self.session, invoice_id)
        tasks.open_task(
            self.session,
            about.row,
            TaskRequest(kind=kind, why="ring"),
            MORNING,
            key=key,
            owner=MARA,
            escalate_at=about.terms.escalate_at(kind, MORNING),
        )
        self.session.flush()

    def log(self, result: CallResult, key: str = CALL, at: datetime = MORNING, **more: Any) -> None:
        self._calls += 1
        call = events.CallLogged(
            event_id=f"call-{self._calls}", task_key=key, result=result, by="Mara Voss", **more
        )
        tell(self.session, call, at=at)

    def task(self, key: str = CALL) -> Task:
        return self.session.get_one(Task, key)

    @property
    def waiting(self) -> list[TaskKind]:
        return sorted(task.kind for task in tasks.open_tasks(self.session))

    def only(self, kind: TaskKind) -> Task:
        [task] = tasks.open_tasks(self.session, kind)
        return task

    @property
    def row(self) -> FollowUpRow:
        return self.session.get_one(FollowUpRow, "INV-1")


@pytest.fixture
def phone(blank: Session) -> Phone:
    return Phone(blank)


@pytest.mark.parametrize("result", [one for one in CallResult if one is not CallResult.NO_ANSWER])
def test_whoever_was_spoken_with_need_not_be_called_again(phone: Phone, result: CallResult) -> None:
    phone.log(result, pay_on=date(2026, 3, 20))

    task = phone.task()
    assert (task.closed_at, task.closed_because) == (MORNING, f"call logged: {result}")
    assert task.escalate_at is None


def test_to_have_reached_somebody_asks_for_nothing_more(phone: Phone) -> None:
    phone.log(CallResult.REACHED)

    assert phone.waiting == []


class TestNobodyAnswers:
    def test_the_call_is_made_again_on_the_next_day_of_business(self, phone: Phone) -> None:
        phone.log(CallResult.NO_ANSWER)

        task = phone.task()
        assert (task.closed_at, task.attempts, task.not_before) == (None, 1, WEDNESDAY_AT_9)
        # Nobody else is told before the next attempt is a day's work overdue.
        assert task.escalate_at == datetime(2026, 3, 11, 17, tzinfo=UTC)
        assert timeline.entries(phone.session, "INV-1")[-1].text == (
            "Nobody answered; call again from 2026-03-11 09:00 UTC."
        )

    def test_a_weekend_is_no_day_to_call_again(self, phone: Phone) -> None:
        friday = MORNING + timedelta(days=3)

        phone.log(CallResult.NO_ANSWER, at=friday)

        assert phone.task().not_before == datetime(2026, 3, 16, 9, tzinfo=UTC)

    def test_after_the_third_time_another_way_is_looked_for(self, phone: Phone) -> None:
        for days in range(2):
            phone.log(CallResult.NO_ANSWER, at=MORNING + timedelta(days=days))
            assert phone.waiting == [TaskKind.CALL]

        phone.log(CallResult.NO_ANSWER, at=MORNING + timedelta(days=2))

        assert phone.waiting == [TaskKind.FIX_CONTACT]
        task = phone.task()
        assert (task.attempts, task.closed_because) == (3, "nobody answered 3 times")
        assert phone.only(TaskKind.FIX_CONTACT).why == (
            "Nobody answered 3 calls: find another contact, or another way."
        )

    def test_the_third_time_closes_that_call_alone(self, phone: Phone) -> None:
        phone.queue("INV-1/final-notice/1/call_finance")

        for days in range(3):
            phone.log(CallResult.NO_ANSWER, at=MORNING + timedelta(days=days))

        assert phone.waiting == [TaskKind.CALL, TaskKind.FIX_CONTACT]
        assert phone.only(TaskKind.CALL).attempts == 0

    def test_who_answers_the_third_time_ends_it(self, phone: Phone) -> None:
        phone.log(CallResult.NO_ANSWER)
        phone.log(CallResult.NO_ANSWER)

        phone.log(CallResult.REACHED)

        assert phone.waiting == []

    def test_a_call_that_is_not_named_is_the_one_that_waits(self, phone: Phone) -> None:
        phone.log(CallResult.NO_ANSWER, key="")

        assert phone.task().attempts == 1

    def test_a_call_that_nobody_asked_for_is_noted_and_asks_for_nothing(self, phone: Phone) -> None:
        phone.log(CallResult.REACHED)

        phone.log(CallResult.NO_ANSWER, key="")

        assert phone.waiting == []
        assert timeline.entries(phone.session, "INV-1")[-1].code == "call_logged"

    def test_a_call_that_is_closed_already_is_not_to_be_made_again(self, phone: Phone) -> None:
        phone.log(CallResult.REACHED)

        phone.log(CallResult.NO_ANSWER)

        assert phone.waiting == []
        assert phone.task().escalate_at is None
        assert "call_again" not in [one.code for one in timeline.entries(phone.session, "INV-1")]

    def test_a_call_cannot_put_off_other_work(self, phone: Phone) -> None:
        phone.queue("INV-1/approve", kind=TaskKind.APPROVE)
        due = phone.task("INV-1/approve").escalate_at

        phone.log(CallResult.NO_ANSWER, key="INV-1/approve")

        task = phone.task("INV-1/approve")
        assert (task.attempts, task.not_before, task.escalate_at) == (0, None, due)


@pytest.mark.parametrize("result", [CallResult.NO_ANSWER, CallResult.REACHED])
def test_a_call_about_another_invoice_is_left_as_it_is(phone: Phone, result: CallResult) -> None:
    follow(phone.session, add_invoice(phone.session, "INV-2"))
    phone.queue("INV-2/call", "INV-2")

    phone.log(result, key="INV-2/call")

    other = phone.task("INV-2/call")
    assert (other.attempts, other.closed_at) == (0, None)
    assert phone.task().closed_at is None


def test_a_call_that_is_named_closes_alone_and_one_that_is_not_closes_all(phone: Phone) -> None:
    phone.queue("another")
    phone.log(CallResult.REACHED, key="another")
    assert phone.waiting == [TaskKind.CALL]

    phone.queue("another")
    phone.log(CallResult.REACHED, key="")
    assert phone.waiting == []


class TestAPromise:
    def test_it_holds_the_chase(self, phone: Phone) -> None:
        phone.log(CallResult.PROMISED, pay_on=date(2026, 3, 20), amount=900, method=Method.CHEQUE)

        made = phone.session.exec(select(Promise)).one()
        assert (made.pay_on, made.amount, made.method) == (
            date(2026, 3, 20),
            Decimal(900),
            Method.CHEQUE,
        )
        assert (made.made_by, made.state) == ("Mara Voss", "open")
        assert check(phone.session).reason is Reason.PROMISED

    def test_it_needs_its_day(self) -> None:
        with pytest.raises(ValidationError, match="a promise needs the day it is for"):
            events.CallLogged(event_id="1", result=CallResult.PROMISED)

    def test_after_two_that_were_broken_it_is_to_be_confirmed(self, phone: Phone) -> None:
        phone.row.broken_promises = 2

        phone.log(CallResult.PROMISED, pay_on=date(2026, 3, 20))

        assert phone.waiting == [TaskKind.CONFIRM_PROMISE]
        assert check(phone.session).reason is not Reason.PROMISED


def test_a_dispute_holds_what_it_is_about_and_is_to_be_settled(phone: Phone) -> None:
    phone.log(CallResult.DISPUTED, amount=500, code="price", note="the price of the pallets")

    opened = phone.session.exec(select(Dispute)).one()
    assert (opened.amount, opened.code, opened.note) == (
        Decimal(500),
        "price",
        "the price of the pallets",
    )
    assert (opened.opened_by, opened.opened_on) == ("Mara Voss", TUESDAY)
    assert phone.only(TaskKind.RESOLVE_DISPUTE).owner == MARA


def test_the_wrong_contact_is_to_be_put_right(phone: Phone) -> None:
    phone.log(CallResult.WRONG_CONTACT, note="She left in May.")

    assert phone.only(TaskKind.FIX_CONTACT).why == (
        "The contact is the wrong one: find out whom to call. She left in May."
    )


class TestTheySayTheyHavePaid:
    def test_they_are_left_in_peace_for_some_days_while_it_is_looked_for(
        self, phone: Phone
    ) -> None:
        phone.log(CallResult.SAYS_PAID, note="On Monday, by wire.")

        assert phone.only(TaskKind.FIND_PAYMENT).why == (
            "The customer says they have paid: ask for proof and look for it. On Monday, by wire."
        )
        # Five banking days after Tuesday is the Tuesday after.
        assert look(phone.session).facts.progress.pause is not None
        assert check(phone.session).reason is Reason.PAUSED
        a_week_later = MORNING + timedelta(days=7)
        assert check(phone.session, at=a_week_later - timedelta(days=1)).reason is Reason.PAUSED
        assert check(phone.session, at=a_week_later).reason is not Reason.PAUSED
        assert TaskKind.FIND_PAYMENT in phone.waiting

    @pytest.mark.parametrize("until", [None, date(2026, 6, 30)], ids=["open-ended", "to June"])
    def test_a_longer_pause_of_the_staff_stands(self, phone: Phone, until: date | None) -> None:
        pause = events.Pause(event_id="p", until=until, note="in talks with their CFO")
        tell(phone.session, pause)

        phone.log(CallResult.SAYS_PAID)

        assert phone.row.paused
        assert phone.row.paused_until == until

    def test_a_shorter_pause_of_the_staff_gives_way(self, phone: Phone) -> None:
        tell(phone.session, events.Pause(event_id="p", until=date(2026, 3, 12)))

        phone.log(CallResult.SAYS_PAID)

        assert phone.row.paused_until == date(2026, 3, 17)


class TestTheyRefuse:
    def test_somebody_is_to_decide_and_the_owner_is_told_at_once(self, phone: Phone) -> None:
        phone.log(CallResult.REFUSES, note="They say the goods never came.")

        decision = phone.only(TaskKind.DISPOSITION)
        assert decision.why == (
            "The customer refuses to pay: decide what is to become of it. "
            "They say the goods never came."
        )
        alert = phone.session.get_one(Alert, "INV-1/refuses/call-1")
        assert (alert.recipient, alert.urgent, alert.kind) == (MARA, True, "refuses")
        assert alert.text == "Acme Inc., invoice INV-1, 5,000.00 USD open: they refuse to pay."

    def test_without_an_owner_the_staff_are_told(self, phone: Phone) -> None:
        phone.session.get_one(Customer, "ACME").owner_email = ""

        phone.log(CallResult.REFUSES)

        assert phone.session.get_one(Alert, "INV-1/refuses/call-1").recipient == STAFF


def test_a_plan_that_is_wanted_is_to_be_agreed(phone: Phone) -> None:
    phone.log(CallResult.PLAN_WANTED, note="Over six months.")

    task = phone.only(TaskKind.AGREE_PLAN)
    assert task.why == "The customer asks for a payment plan. Over six months."
    terms = RULEBOOK.terms(phone.session, look(phone.session))
    assert task.escalate_at == terms.escalate_at(TaskKind.AGREE_PLAN, MORNING)
