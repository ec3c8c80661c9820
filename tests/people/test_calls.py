"""Calls are queued, taken up in time or passed on, and closed by what happens."""

from datetime import date
from decimal import Decimal

import pytest

from models import acts, events
from models.errors import Refused
from models.vocabulary import CallResult, Outcome, Reason, Status, TaskKind
from tests.harness import Harness

MARA, BEN, INES = (f"{name}@harbour.example" for name in ("mara", "ben", "ines"))


async def _called(firm: Harness, begins: date = date(2026, 3, 5)) -> str:
    """A call about an invoice due on 16 February is queued on 4 March; its key."""
    await firm.add_customer(owner_email=MARA)
    await firm.flag(backup_email=BEN, manager_email=INES)
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(begins, hour=0)
    [task] = await firm.tasks()
    assert task.kind is TaskKind.CALL
    return task.key


async def test_a_call_nobody_takes_up_reaches_backup_and_manager_in_order_and_on_time(
    firm: Harness,
) -> None:
    await firm.start_rounds()
    await _called(firm)

    await firm.pass_until(date(2026, 3, 12))  # over the end of a quarter's month for many

    urgent = [one for one in firm.outbox.alerts if "urgent" in one.letter.subject]
    assert [one.to for one in urgent] == [BEN, INES]
    # Queued at 10:26 in New York on Wednesday; a business day of eight hours each.
    assert [f"{one.dated:%m-%d}" for one in urgent] == ["03-05", "03-06"]
    story = [line.text for line in await firm.lines() if line.kind == "escalation"]
    assert "the backup is told" in story[0]
    assert "the manager is told" in story[1]
    assert "with the day's digest" in story[2]
    assert await firm.told_of_the_day(INES), "nothing buries it"


async def test_a_call_that_is_taken_up_is_nobody_elses(firm: Harness) -> None:
    await firm.start_rounds()
    key = await _called(firm)

    says = await firm.decide(acts.AcknowledgeCall, task_key=key, by=MARA)
    await firm.pass_until(date(2026, 3, 12))

    assert says == "Taken up: call."
    assert [one.to for one in firm.outbox.alerts if "urgent" in one.letter.subject] == []
    with pytest.raises(Refused, match="taken up already, by mara"):
        await firm.decide(acts.AcknowledgeCall, task_key=key, by=BEN)


async def test_a_payment_closes_the_call(firm: Harness) -> None:
    await _called(firm)

    await firm.pay()

    assert await firm.outcome() is Outcome.PAID
    assert await firm.tasks() == []


async def test_an_owner_has_one_message_a_day_for_many_invoices(firm: Harness) -> None:
    await firm.start_rounds()
    await firm.add_customer(owner_email=MARA)
    await firm.add_customer("BOLT", "ap@bolt.example", owner_email=MARA)
    for customer in ("ACME", "BOLT"):
        for number in (1, 2):
            invoice = await firm.add_invoice(
                f"{customer}-{number}", due=date(2026, 2, 16), customer_id=customer
            )
            await firm.follow_up(invoice, policy="saas")

    await firm.pass_until(date(2026, 3, 6))

    days = await firm.told_of_the_day(MARA)
    assert len(days) == len(set(days))
    assert any("matters for 2026-03-0" in one for one in days)


async def test_everybody_has_a_digest_on_the_first_day_of_the_week(firm: Harness) -> None:
    await firm.start_rounds()
    await _called(firm)

    await firm.pass_until(date(2026, 3, 10))

    assert [one for one in await firm.told(MARA) if "The week" in one][-1] == (
        "Receivables: The week 2026-W11"
    )
    leaders = [one for one in firm.outbox.alerts if one.to.startswith("leaders")]
    assert "Acme Inc.: 5,000.00 USD open" in leaders[-1].letter.text


class TestHowItWent:
    async def test_nobody_answers_three_times(self, firm: Harness) -> None:
        key = await _called(firm)
        for _ in range(2):
            await firm.tell(events.CallLogged, task_key=key, result=CallResult.NO_ANSWER)
            await firm.pass_days(1)
        [task] = [one for one in await firm.tasks() if one.kind is TaskKind.CALL]
        assert (task.attempts, task.not_before is not None) == (2, True)

        await firm.tell(events.CallLogged, task_key=key, result=CallResult.NO_ANSWER)
        await firm.pass_days(0.1)

        assert [one.kind for one in await firm.tasks()] == [TaskKind.FIX_CONTACT]

    async def test_they_promise(self, firm: Harness) -> None:
        key = await _called(firm)

        await firm.tell(
            events.CallLogged,
            task_key=key,
            result=CallResult.PROMISED,
            pay_on=date(2026, 3, 20),
            by="Robin Vale",
        )
        await firm.pass_days(0.1)

        assert (await firm.state()).status is Status.PROMISED
        assert await firm.tasks() == []

    async def test_they_contest_a_part(self, firm: Harness) -> None:
        key = await _called(firm)

        await firm.tell(
            events.CallLogged,
            task_key=key,
            result=CallResult.DISPUTED,
            amount=Decimal(900),
            code="price",
        )
        await firm.pass_days(0.1)

        assert [one.kind for one in await firm.tasks()] == [TaskKind.RESOLVE_DISPUTE]

    async def test_they_say_they_have_paid(self, firm: Harness) -> None:
        key = await _called(firm)
        sent = list(firm.sent)

        await firm.tell(events.CallLogged, task_key=key, result=CallResult.SAYS_PAID)
        await firm.pass_days(4)

        assert (await firm.state()).reason is Reason.PAUSED
        assert [one.kind for one in await firm.tasks()] == [TaskKind.FIND_PAYMENT]
        assert firm.sent == sent

    async def test_they_refuse(self, firm: Harness) -> None:
        await firm.start_rounds()
        key = await _called(firm)

        await firm.tell(events.CallLogged, task_key=key, result=CallResult.REFUSES)
        await firm.pass_days(0.2)

        assert [one.kind for one in await firm.tasks()] == [TaskKind.DISPOSITION]
        told = await firm.told(MARA)
        assert any("invoice INV-1" in one and "refuse to pay" in one for one in told)

    async def test_they_want_a_plan(self, firm: Harness) -> None:
        key = await _called(firm)

        await firm.tell(events.CallLogged, task_key=key, result=CallResult.PLAN_WANTED)
        await firm.pass_days(0.1)

        assert [one.kind for one in await firm.tasks()] == [TaskKind.AGREE_PLAN]

    async def test_it_is_the_wrong_contact(self, firm: Harness) -> None:
        key = await _called(firm)

        await firm.tell(events.CallLogged, task_key=key, result=CallResult.WRONG_CONTACT)
        await firm.pass_days(0.1)

        assert [one.kind for one in await firm.tasks()] == [TaskKind.FIX_CONTACT]
