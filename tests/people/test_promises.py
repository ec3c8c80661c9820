"""Promises: by date, amount and method; broken ones cost something."""

from datetime import date
from decimal import Decimal

from models import events
from models.letter import Remark
from models.tables import FollowUpRow, Promise
from models.vocabulary import Method, Reason, Status, TaskKind
from tests.harness import Harness


async def test_a_broken_promise_resumes_at_the_same_step_with_a_higher_priority(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 3, 5))  # the second notice has left, and queued a call
    [call] = await firm.tasks()
    sent, before = list(firm.sent), call.priority

    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 10), method=Method.CARD)
    await firm.pass_until(date(2026, 3, 19))

    [call] = await firm.tasks()
    assert call.priority > before
    assert firm.sent == sent  # the final notice keeps its distance
    assert "promise_broken" in await firm.story()


async def test_the_letter_after_a_broken_promise_says_so_without_accusing(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 2, 20))

    await firm.tell(events.PromiseMade, pay_on=date(2026, 2, 27), method=Method.CARD)
    await firm.pass_until(date(2026, 3, 6))

    [message] = [one for one in await firm.messages() if "first-notice" in one.key]
    assert message.plan["remarks"] == [Remark.PROMISE_MISSED]
    assert "February 27, 2026" in firm.outbox.sent[-1].letter.text


async def test_a_kept_part_lets_the_rest_be_chased(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 2, 20))

    part = Decimal("2000.00")
    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 6), amount=part, method=Method.WIRE)
    await firm.pass_days(0.1)
    assert (await firm.state()).status is Status.PROMISED
    await firm.pay(amount="2000.00")
    await firm.pass_days(1)

    assert [one.state for one in await firm.rows(Promise)] == ["kept"]
    assert (await firm.state()).status is Status.ACTIVE
    assert (await firm.state()).amount_open == Decimal("3000.00")


async def test_the_third_promise_after_two_broken_ones_needs_a_person(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    for day in (date(2026, 2, 20), date(2026, 2, 27)):
        await firm.tell(events.PromiseMade, pay_on=day, method=Method.CARD)
        await firm.pass_until(day.replace(day=day.day + 1) if day.month == 2 else day)
        await firm.pass_days(3)
    [row] = await firm.rows(FollowUpRow)
    assert row.broken_promises == 2

    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 20), method=Method.CARD)
    await firm.pass_days(0.2)
    assert (await firm.state()).status is not Status.PROMISED
    assert TaskKind.CONFIRM_PROMISE in [task.kind for task in await firm.tasks()]

    await firm.tell(
        events.PromiseMade, pay_on=date(2026, 3, 20), method=Method.CARD, confirmed=True
    )
    await firm.pass_days(0.2)
    assert (await firm.state()).reason is Reason.PROMISED
    assert TaskKind.CONFIRM_PROMISE not in [task.kind for task in await firm.tasks()]


async def test_a_promise_that_was_none_can_be_taken_back(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 20))
    await firm.pass_days(0.1)
    assert (await firm.state()).status is Status.PROMISED

    await firm.tell(events.Resume, note="it was another invoice")
    await firm.pass_days(0.1)

    assert (await firm.state()).status is Status.ACTIVE
    [promise] = await firm.rows(Promise)
    assert promise.state == "withdrawn"
