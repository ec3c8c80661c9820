"""What was agreed is noted as kept or broken, once, when it is found to be."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, col, select

from models import acts, events
from models.acts import InstalmentTerm
from models.tables import Customer, FollowUpRow, Invoice, Plan, Promise
from models.vocabulary import (
    Disposition,
    InvoiceStatus,
    Method,
    PlanState,
    Reason,
    TaskKind,
)
from store import outcomes, tasks, timeline
from tests.store.chase import check, look, pay, put, tell
from tests.store.rows import MORNING, acme, add_invoice, follow

MARA = "mara@harbour.example"
FRIDAY, NEXT_MONDAY, NEXT_TUESDAY = (date(2026, 3, day) for day in (13, 16, 17))


def at(day: date) -> datetime:
    """That day at the same hour as on Tuesday, the 10th."""
    return datetime.combine(day, MORNING.timetz())


class Story:
    """One invoice over 5,000 dollars, 8 days past due, and what is agreed about it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        acme(session)
        session.get_one(Customer, "ACME").owner_email = MARA

    def promise(self, pay_on: date = FRIDAY, made: datetime = MORNING, **more: Any) -> None:
        event = events.PromiseMade(
            **{"event_id": f"{pay_on}", "pay_on": pay_on, "method": Method.CARD} | more
        )
        tell(self.session, event, at=made)
        check(self.session, at=made)

    def agree(self, *days: date, each: int = 1000) -> None:
        """A plan whose last instalment is whatever is left."""
        amounts = [each] * (len(days) - 1)
        amounts.append(5000 - sum(amounts))
        act = acts.AgreePaymentPlan(
            event_id="plan",
            by="Robin Vale",
            instalments=[
                InstalmentTerm(due_on=day, amount=Decimal(amount))
                for day, amount in zip(days, amounts, strict=True)
            ],
        )
        put(self.session, act)
        check(self.session)

    @property
    def row(self) -> FollowUpRow:
        return self.session.get_one(FollowUpRow, "INV-1")

    @property
    def promises(self) -> list[str]:
        return [one.state for one in self.session.exec(select(Promise).order_by(col(Promise.id)))]

    @property
    def plans(self) -> list[PlanState]:
        return [one.state for one in self.session.exec(select(Plan).order_by(col(Plan.id)))]

    def lines(self, kind: str) -> list[str]:
        entries = timeline.entries(self.session, "INV-1")
        return [line.text for line in entries if line.kind == kind]


@pytest.fixture
def story(blank: Session) -> Story:
    return Story(blank)


class TestPromises:
    def test_one_that_is_broken_is_noted_once_however_often_it_is_looked_at(
        self, story: Story
    ) -> None:
        story.promise()

        for day in (NEXT_MONDAY, NEXT_MONDAY, NEXT_TUESDAY):
            check(story.session, at=at(day))

        assert story.promises == ["broken"]
        assert story.lines("promise") == ["The promise to pay on 2026-03-13 was broken."]
        row = story.row
        assert (row.promise_id, row.broken_promises, row.broken_on) == (None, 1, FRIDAY)

    def test_one_is_not_broken_while_the_money_can_still_arrive(self, story: Story) -> None:
        story.promise()

        check(story.session, at=at(FRIDAY))

        assert story.promises == ["open"]
        assert story.lines("promise") == []

    def test_a_part_that_came_in_time_keeps_it(self, story: Story) -> None:
        story.promise(amount=900)
        pay(story.session, 900, at=at(date(2026, 3, 12)))

        for day in (date(2026, 3, 12), NEXT_TUESDAY):
            check(story.session, at=at(day))

        assert story.promises == ["kept"]
        assert story.lines("promise") == ["The promise to pay on 2026-03-13 was kept."]
        assert story.row.broken_promises == 0
        assert story.row.broken_on is None

    def test_all_of_it_keeps_whatever_was_promised_and_closes_the_invoice(
        self, story: Story
    ) -> None:
        story.promise()
        pay(story.session, 5000, at=at(date(2026, 3, 12)))

        assert check(story.session, at=at(date(2026, 3, 12))).closes

        assert story.promises == ["kept"]

    def test_a_part_of_a_promise_of_everything_does_not_keep_it(self, story: Story) -> None:
        story.promise()
        pay(story.session, 4999, at=at(date(2026, 3, 12)))

        check(story.session, at=at(NEXT_MONDAY))

        assert story.promises == ["broken"]

    @pytest.mark.parametrize(
        "what",
        [events.Pause(event_id="1"), events.DisputeOpened(event_id="1")],
        ids=["a pause", "a dispute"],
    )
    def test_what_holds_before_it_leaves_it_open(self, story: Story, what: events.Event) -> None:
        story.promise()
        tell(story.session, what, at=at(FRIDAY))

        check(story.session, at=at(NEXT_TUESDAY))

        assert story.promises == ["open"]
        assert story.row.promise_id is not None

    def test_one_that_was_replaced_is_neither_kept_nor_broken(self, story: Story) -> None:
        story.promise()
        story.promise(date(2026, 3, 27))

        check(story.session, at=at(NEXT_TUESDAY))

        assert story.promises == ["replaced", "open"]
        assert story.lines("promise") == []

    def test_a_broken_promise_is_mentioned_by_the_next_letter_alone(self, story: Story) -> None:
        follow(story.session, add_invoice(story.session, "INV-2"))
        story.promise()
        check(story.session, at=at(NEXT_MONDAY))
        other = story.session.get_one(FollowUpRow, "INV-2")
        other.broken_on, other.dispute_settled, other.plan_broken = FRIDAY, True, True
        story.session.flush()

        outcomes.mentioned(story.session, ["INV-1"])
        story.session.expire_all()

        assert look(story.session).facts.progress.broken_on is None
        others = look(story.session, "INV-2").facts.progress
        assert (others.broken_on, others.settled, others.plan_broken) == (FRIDAY, True, True)


class TestPlans:
    """Instalments on the 16th, the 23rd and the 30th of March; two missed ones end it."""

    DAYS = (NEXT_MONDAY, date(2026, 3, 23), date(2026, 3, 30))

    def test_one_that_is_kept_so_far_goes_on(self, story: Story) -> None:
        story.agree(*self.DAYS)
        pay(story.session, 1000, at=at(NEXT_MONDAY))

        check(story.session, at=at(date(2026, 3, 20)))

        assert story.plans == [PlanState.RUNNING]
        assert story.row.plan_id is not None

    def test_one_missed_instalment_does_not_end_it(self, story: Story) -> None:
        story.agree(*self.DAYS)

        check(story.session, at=at(date(2026, 3, 20)))

        assert story.plans == [PlanState.RUNNING]

    def test_two_end_it_and_that_is_noted_once_and_somebody_is_to_call(self, story: Story) -> None:
        story.agree(*self.DAYS)

        for day in (date(2026, 3, 24), date(2026, 3, 24), date(2026, 3, 25)):
            check(story.session, at=at(day))

        assert story.plans == [PlanState.BROKEN]
        says = "The payment plan of 2026-03-10 has ended: 2 instalments were missed."
        assert story.lines("plan") == [says]
        row = story.row
        assert (row.plan_id, row.plan_broken) == (None, True)
        calls = [task for task in tasks.open_tasks(story.session) if task.kind is TaskKind.CALL]
        [call] = [task for task in calls if "plan" in task.key]
        assert (call.why, call.owner) == (says, MARA)
        assert call.escalate_at is not None

    def test_one_that_is_paid_to_its_end_was_kept(self, story: Story) -> None:
        story.agree(*self.DAYS)
        for amount, day in zip((1000, 1000, 3000), self.DAYS, strict=True):
            pay(story.session, amount, at=at(day))

        assert check(story.session, at=at(self.DAYS[-1])).closes

        assert story.plans == [PlanState.KEPT]
        assert story.row.plan_id is None
        assert story.lines("plan") == []

    def test_one_whose_invoice_is_written_off_was_not(self, story: Story) -> None:
        story.agree(*self.DAYS)
        decided = acts.DecideDisposition(
            event_id="d", by="Robin Vale", choice=Disposition.WRITE_OFF, why="They are bankrupt."
        )
        put(story.session, decided)

        assert check(story.session).closes

        assert story.plans == [PlanState.BROKEN]

    def test_one_whose_invoice_the_register_calls_paid_was_kept(self, story: Story) -> None:
        story.agree(*self.DAYS)
        invoice = story.session.get_one(Invoice, "INV-1")
        invoice.status, invoice.amount_open = InvoiceStatus.PAID, Decimal(0)
        story.session.flush()

        assert check(story.session).reason is Reason.PAID

        assert story.plans == [PlanState.KEPT]

    def test_once_it_has_ended_another_may_be_agreed(self, story: Story) -> None:
        story.agree(*self.DAYS)
        check(story.session, at=at(date(2026, 3, 24)))
        again = acts.AgreePaymentPlan(
            event_id="again",
            by="Robin Vale",
            instalments=[
                InstalmentTerm(due_on=date(2026, 4, day), amount=Decimal(2500)) for day in (10, 20)
            ],
        )

        put(story.session, again, at=at(date(2026, 3, 25)))

        assert story.plans == [PlanState.BROKEN, PlanState.RUNNING]
        assert story.row.plan_broken is False
        assert check(story.session, at=at(date(2026, 3, 25))).reason in {
            Reason.ON_PLAN,
            Reason.INSTALMENT_DUE,
        }


def test_who_is_to_decide_after_a_plan_that_ended_decides_anew(story: Story) -> None:
    decided = acts.DecideDisposition(
        event_id="d", by="Robin Vale", choice=Disposition.PLAN, why="They are honest."
    )
    put(story.session, decided)
    story.agree(*TestPlans.DAYS)
    assert look(story.session).facts.progress.disposition is Disposition.PLAN

    check(story.session, at=at(date(2026, 3, 24)))

    assert look(story.session).facts.progress.disposition is None
