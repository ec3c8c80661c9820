"""Payment plans: chased by their instalments, warned once, and ended by the second one missed."""

import re
from datetime import date
from decimal import Decimal

import pytest

from models import acts, events
from models.acts import InstalmentTerm
from models.errors import Refused
from models.tables import Plan
from models.vocabulary import Outcome, PlanState, Status, TaskKind
from tests.harness import Harness

THREE = tuple(
    InstalmentTerm(due_on=day, amount=Decimal(amount))
    for day, amount in (
        (date(2026, 3, 16), "2000.00"),
        (date(2026, 4, 15), "2000.00"),
        (date(2026, 5, 15), "1000.00"),
    )
)


async def _on_plan(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 3, 3))
    await firm.decide(acts.AgreePaymentPlan, instalments=THREE)
    await firm.pass_days(0.1)


async def test_three_instalments_the_second_paid_late_end_paid(firm: Harness) -> None:
    await _on_plan(firm)
    assert (await firm.state()).status is Status.ON_PLAN
    before = len(firm.sent)

    await firm.pass_until(date(2026, 3, 15))
    await firm.pay(amount="2000.00")
    await firm.pass_until(date(2026, 4, 20))  # the second is missed
    sent = firm.sent[before:]
    assert [one.partition("-")[2].partition("-")[2] for one in sent] == [
        "confirmation",
        "1-reminder",
        "2-reminder",
        "2-missed",
    ]
    assert "April 15" in firm.outbox.sent[-1].letter.text

    await firm.pay(amount="2000.00")
    await firm.pass_until(date(2026, 5, 14))
    await firm.pay(amount="1000.00")

    assert await firm.outcome() is Outcome.PAID
    [plan] = await firm.rows(Plan)
    assert plan.state is PlanState.KEPT
    assert firm.sent[-1].endswith("3-reminder")


async def test_two_missed_instalments_end_the_plan_with_a_person_and_the_chase_of_its_age(
    firm: Harness,
) -> None:
    await _on_plan(firm)
    await firm.pass_until(date(2026, 4, 20))

    [plan] = await firm.rows(Plan)
    assert plan.state is PlanState.BROKEN
    assert firm.sent[-1] == "final-notice"  # what 60 days call for, not where it stood
    calls = [one for one in await firm.tasks() if "plan" in one.key]
    assert [one.kind for one in calls] == [TaskKind.CALL]
    assert "plan" in firm.outbox.sent[-1].letter.text


async def test_while_a_plan_runs_the_invoices_own_cadence_is_silent(firm: Harness) -> None:
    await _on_plan(firm)
    await firm.pass_until(date(2026, 3, 15))
    await firm.pay(amount="2000.00")

    await firm.pass_until(date(2026, 4, 8))

    assert [one for one in firm.sent if not one.startswith("plan-")] == [
        "due-notice",
        "first-notice",
    ]


@pytest.mark.parametrize(
    ("instalments", "problem"),
    [
        (THREE[:2], "add up to 4,000.00; 5,000.00 is open"),
        (tuple(reversed(THREE)), "after the one before"),
        (
            (
                InstalmentTerm(due_on=date(2026, 3, 2), amount=Decimal(2500)),
                InstalmentTerm(due_on=date(2026, 4, 2), amount=Decimal(2500)),
            ),
            "has passed",
        ),
        ((InstalmentTerm(due_on=date(2026, 4, 2), amount=Decimal(5000)),), "2 to 12 instalments"),
    ],
)
async def test_a_plan_that_does_not_fit_is_refused_and_changes_nothing(
    firm: Harness, instalments: tuple[InstalmentTerm, ...], problem: str
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 3, 3))

    with pytest.raises(Refused, match=problem):
        await firm.decide(acts.AgreePaymentPlan, instalments=instalments)

    assert await firm.rows(Plan) == []
    assert (await firm.state()).status is Status.ACTIVE


async def test_a_credit_note_counts_like_money_and_nobody_is_asked_for_nothing(
    firm: Harness,
) -> None:
    await firm.add_customer()
    invoice = await firm.add_invoice(due=date(2026, 2, 16))
    await firm.follow_up(invoice)
    await firm.pass_until(date(2026, 3, 3))
    await firm.decide(acts.AgreePaymentPlan, instalments=THREE)
    await firm.pass_until(date(2026, 3, 10))
    await firm.credit(invoice, left="4000.00")
    await firm.pass_until(date(2026, 3, 15))

    await firm.pay(amount="2000.00")
    await firm.pass_until(date(2026, 4, 14))
    await firm.pay(amount="2000.00")

    assert await firm.outcome() is Outcome.PAID
    [plan] = await firm.rows(Plan)
    assert plan.state is PlanState.KEPT
    asked = re.compile(r"Instalment \d of \d[^.]*\$0\.00")
    assert not any(asked.search(one.letter.text) for one in firm.outbox.sent)


async def test_a_promise_holds_a_plan_that_nothing_else_may_break_meanwhile(
    firm: Harness,
) -> None:
    await _on_plan(firm)
    await firm.pass_until(date(2026, 4, 10))
    await firm.tell(events.PromiseMade, pay_on=date(2026, 4, 27), amount=Decimal(4000))
    await firm.pass_until(date(2026, 4, 20))
    await firm.tell(events.CustomerReplied, received_at=await firm.now())
    await firm.pass_days(0.1)
    [plan] = await firm.rows(Plan)
    assert plan.state is PlanState.RUNNING

    await firm.pass_until(date(2026, 4, 24))
    await firm.pay(amount="4000.00")
    await firm.pass_until(date(2026, 4, 29))

    [plan] = await firm.rows(Plan)
    assert plan.state is PlanState.RUNNING


async def test_a_plan_breaks_although_one_of_its_letters_waits_for_a_signature(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount="250000.00", due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 3, 3))
    thirds = tuple(
        InstalmentTerm(due_on=day, amount=Decimal(amount))
        for day, amount in (
            (date(2026, 3, 16), 100_000),
            (date(2026, 4, 15), 100_000),
            (date(2026, 5, 15), 50_000),
        )
    )
    await firm.decide(acts.AgreePaymentPlan, instalments=thirds)
    await firm.pass_until(date(2026, 4, 24))

    [plan] = await firm.rows(Plan)
    assert plan.state is PlanState.BROKEN
    assert TaskKind.CALL in {task.kind for task in await firm.tasks()}


async def test_an_owner_is_not_asked_about_what_was_agreed(firm: Harness) -> None:
    await firm.add_customer(owner_email="mara@harbour.example")
    await firm.flag(renewal_under_way=True)
    await firm.follow_up(await firm.add_invoice(due=date(2026, 1, 20)))
    await firm.pass_until(date(2026, 2, 16), hour=16)
    assert [task.kind for task in await firm.tasks()] == [TaskKind.OWNER_FIRST]

    await firm.decide(acts.AgreePaymentPlan, instalments=THREE)
    await firm.pass_until(date(2026, 2, 18))

    assert await firm.tasks() == []
    assert [one.partition("-")[2].partition("-")[2] for one in firm.sent] == ["confirmation"]
