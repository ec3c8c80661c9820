"""A dispute holds what it is about, and nothing is threatened over it."""

from datetime import date
from decimal import Decimal

from models import events
from models.vocabulary import Reason, Status, TaskKind
from tests.harness import Harness


async def test_a_line_contested_on_day_8_brings_no_pause_warning_and_the_rest_is_chased(
    firm: Harness,
) -> None:
    await firm.add_customer(contract_clauses=["suspension"])
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)), policy="saas")
    await firm.pass_until(date(2026, 2, 24))
    await firm.tell(
        events.DisputeOpened,
        amount=Decimal("1200.00"),
        line="3",
        code="quality",
        owner="quinn@harbour.example",
    )

    await firm.pass_until(date(2026, 3, 24))  # the pause warning of day 30 would have left

    warning = firm.outbox.sent[-1].letter
    assert firm.sent[-1] == "pause-warning"
    assert warning.template_version.startswith("en/final_notice@")
    assert "$3,800.00" in warning.text
    assert "$1,200.00" in warning.text  # and is said to be in dispute
    [task] = [one for one in await firm.tasks() if one.kind is TaskKind.RESOLVE_DISPUTE]
    assert task.owner == "quinn@harbour.example"
    assert "line 3" in task.why

    await firm.pass_until(date(2026, 4, 10))
    assert "service.suspend" not in await firm.story()


async def test_a_dispute_settled_for_us_resumes_at_the_same_step_with_a_courteous_letter(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 3, 2))
    await firm.tell(events.DisputeOpened, code="price")
    await firm.pass_until(date(2026, 3, 10))
    assert (await firm.state()).status is Status.DISPUTED

    await firm.tell(events.DisputeResolved, in_favour_of="us")
    await firm.pass_until(date(2026, 3, 11))

    assert firm.sent[-1] == "second-notice"
    letter = firm.outbox.sent[-1].letter
    assert letter.template_version.startswith("en/gentle_reminder@")
    assert (await firm.state()).status is Status.ACTIVE
    assert [one for one in await firm.tasks() if one.kind is TaskKind.RESOLVE_DISPUTE] == []
    assert any("dispute" in line.text for line in await firm.lines() if line.kind == "touch") or (
        "clear" in letter.text
    )


async def test_two_lines_contested_hold_both_until_each_is_settled(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 2, 18))
    for line, amount in (("1", "500.00"), ("2", "700.00")):
        await firm.tell(events.DisputeOpened, amount=Decimal(amount), line=line)

    await firm.tell(events.DisputeResolved, in_favour_of="us", line="1")
    await firm.pass_until(date(2026, 2, 25))

    assert "$4,300.00" in firm.outbox.sent[-1].letter.text
    tasks = [one for one in await firm.tasks() if one.kind is TaskKind.RESOLVE_DISPUTE]
    assert len(tasks) == 1
    assert (await firm.state()).reason is Reason.NOT_YET


async def test_what_was_contested_before_they_paid_is_contested_no_more(firm: Harness) -> None:
    await firm.add_customer()
    follow_up = await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 2, 20))
    await firm.tell(events.DisputeOpened, code="quality")
    await firm.pass_days(0.1)
    paid = await firm.pay()
    await firm.outcome()
    back = events.PaymentReversed(event_id="r", payment_id=paid, reversed_on=date(2026, 2, 23))
    await firm.follow_ups.tell_or_start(follow_up.next_round(), back)

    await firm.tell(events.DisputeOpened, line="3", amount=Decimal(80))
    await firm.pass_days(0.1)

    assert (await firm.state()).status is Status.ACTIVE
    await firm.tell(events.DisputeResolved, line="3", in_favour_of="us")
    await firm.pass_days(0.1)
    assert (await firm.state()).status is Status.ACTIVE


async def test_a_credit_note_that_came_before_the_dispute_was_settled_is_the_one_that_is_due(
    firm: Harness,
) -> None:
    await firm.add_customer()
    invoice = await firm.add_invoice(due=date(2026, 2, 16))
    await firm.follow_up(invoice)
    await firm.pass_until(date(2026, 2, 20))
    await firm.tell(events.DisputeOpened, amount=Decimal(80), line="3")
    await firm.pass_days(0.1)
    await firm.credit(invoice, left="4920.00")

    await firm.tell(events.DisputeResolved, in_favour_of="customer", line="3")
    await firm.pass_until(date(2026, 3, 4))

    assert "$4,920.00" in firm.outbox.sent[-1].letter.text
    assert TaskKind.FINANCE not in {task.kind for task in await firm.tasks()}


async def test_a_dispute_that_awaits_its_credit_note_is_not_asked_about_again(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 2, 20))
    await firm.tell(events.DisputeOpened, code="quality")
    await firm.pass_days(0.1)
    await firm.tell(events.DisputeResolved, in_favour_of="customer")

    await firm.pass_until(date(2026, 4, 1))

    assert [task.kind for task in await firm.tasks()] == [TaskKind.FINANCE]
    assert "credit note" in (await firm.state()).says
