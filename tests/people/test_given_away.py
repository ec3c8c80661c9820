"""What is theirs stays theirs: an agency, the lawyers, whoever must not be contacted."""

from datetime import date
from decimal import Decimal

from models import acts, events
from models.acts import InstalmentTerm
from models.vocabulary import Disposition, Outcome, Status, TaskKind
from tests.harness import Harness


async def _late(firm: Harness, amount: str = "5000.00") -> None:
    await firm.add_customer(owner_email="mara@harbour.example")
    await firm.follow_up(await firm.add_invoice(amount=amount, due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 3, 3))


async def test_a_payment_taken_back_from_what_an_agency_has_is_theirs_to_collect(
    firm: Harness,
) -> None:
    await firm.add_customer()
    follow_up = await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 3, 3))
    part = await firm.pay(amount="1000.00")
    await firm.decide(acts.DecideDisposition, choice=Disposition.AGENCY, why="no answer")
    assert await firm.outcome() is Outcome.AGENCY
    before = len(firm.sent)

    back = events.PaymentReversed(event_id="r", payment_id=part, reversed_on=date(2026, 3, 4))
    await firm.follow_ups.tell_or_start(follow_up.next_round(), back)
    assert await firm.outcome() is Outcome.AGENCY
    await firm.pass_until(date(2026, 4, 28))

    assert len(firm.sent) == before


async def test_a_plan_comes_after_the_lawyers_and_after_a_pause(firm: Harness) -> None:
    await _late(firm)
    halves = tuple(
        InstalmentTerm(due_on=day, amount=Decimal(2500))
        for day in (date(2026, 3, 16), date(2026, 4, 15))
    )
    await firm.decide(acts.DecideDisposition, choice=Disposition.PLAN, why="they asked")
    await firm.decide(acts.DecideDisposition, choice=Disposition.LEGAL, why="they went silent")
    await firm.pass_days(0.1)
    assert TaskKind.AGREE_PLAN not in {task.kind for task in await firm.tasks()}
    await firm.tell(events.Pause, note="until we have talked")

    says = await firm.decide(acts.AgreePaymentPlan, instalments=halves)
    await firm.pass_days(0.1)

    assert says.endswith("What held the invoice is over.")
    assert (await firm.state()).status is Status.ON_PLAN


async def test_an_owner_need_not_answer_about_a_letter_that_can_leave_no_more(
    firm: Harness,
) -> None:
    await firm.add_customer(owner_email="mara@harbour.example")
    await firm.flag(renewal_under_way=True)
    await firm.follow_up(await firm.add_invoice(due=date(2026, 1, 20)))
    await firm.pass_until(date(2026, 2, 16), hour=16)
    assert [task.kind for task in await firm.tasks()] == [TaskKind.OWNER_FIRST]

    await firm.flag(insolvent=True)
    await firm.pass_days(0.1)

    assert [task.kind for task in await firm.tasks()] == [TaskKind.FINANCE]
