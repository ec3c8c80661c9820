"""Disputes, promises and pauses hold the chase, and it resumes where it stood."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from integrations.mail.transport import Accepted, GoAhead
from models import events
from models.letter import Envelope
from models.vocabulary import Method, Outcome, Reason, Status, TaskKind
from tests.harness import Harness


async def test_a_promise_holds_the_chase_until_the_money_can_have_arrived(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 23)))
    await firm.pass_until(date(2026, 3, 4))
    assert firm.sent == ["reminder", "due-notice", "first-notice"]

    # A Friday; 14 days to clear end on Friday 20 March, a banking day of grace on the 23rd.
    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 6), method=Method.CHEQUE)
    await firm.pass_until(date(2026, 3, 22))

    assert firm.sent == ["reminder", "due-notice", "first-notice"]
    assert (await firm.state()).status is Status.PROMISED


class TestABankHoliday:
    @pytest.fixture
    def country(self) -> str:
        return "GB"

    @pytest.fixture
    def begins(self) -> date:
        return date(2026, 3, 16)

    async def test_a_promise_by_cheque_waits_over_a_bank_holiday(self, firm: Harness) -> None:
        await firm.add_customer(country="GB", zone="Europe/London")
        await firm.follow_up(await firm.add_invoice(due=date(2026, 3, 16)))
        await firm.pass_until(date(2026, 3, 18))
        sent = list(firm.sent)

        # 14 days to clear end on Good Friday, 3 April; the next banking day is Tuesday the 7th,
        # after Easter Monday, and one more of grace makes it Wednesday.
        await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 20), method=Method.CHEQUE)
        await firm.pass_until(date(2026, 4, 7))
        assert firm.sent == sent

        await firm.pass_until(date(2026, 4, 8))
        assert firm.sent == [*sent, "due-notice"]
        assert "promise_broken" in await firm.story()


async def test_a_broken_promise_resumes_at_the_same_step_and_keeps_the_distances(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 23)))
    await firm.pass_until(date(2026, 3, 4))

    await firm.tell(events.PromiseMade, pay_on=date(2026, 4, 10), method=Method.CARD)
    await firm.pass_until(date(2026, 5, 15))

    after = [
        (step, day)
        for step, day in zip(firm.sent, firm.sent_on, strict=True)
        if day > date(2026, 3, 4)
    ]
    assert after == [
        ("second-notice", date(2026, 4, 13)),
        ("final-notice", date(2026, 4, 29)),
    ]


async def test_a_promise_kept_closes_the_invoice(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 12))
    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 18), method=Method.WIRE)
    await firm.pass_until(date(2026, 3, 18))

    await firm.pay()

    assert await firm.outcome() is Outcome.PAID
    assert "promise_kept" in await firm.story()


async def test_a_partial_promise_kept_leaves_the_rest_to_be_chased(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 12))
    await firm.tell(
        events.PromiseMade, pay_on=date(2026, 3, 25), amount=Decimal(2000), method=Method.WIRE
    )
    await firm.pass_until(date(2026, 3, 20))
    assert (await firm.state()).status is Status.PROMISED

    await firm.pay(amount="2000.00")
    await firm.pass_until(date(2026, 3, 24))

    assert firm.sent[-1] == "second-notice"
    assert "$3,000.00" in firm.outbox.sent[-1].letter.text


async def test_a_second_promise_replaces_the_first(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 4))

    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 9), method=Method.CARD)
    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 23), method=Method.CARD)
    await firm.pass_until(date(2026, 3, 22))

    assert (await firm.state()).status is Status.PROMISED
    assert "promise_broken" not in await firm.story()


async def test_a_dispute_and_then_a_promise_hold_one_after_the_other(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 4))
    sent = list(firm.sent)

    await firm.tell(events.DisputeOpened, code="quality")
    await firm.pass_until(date(2026, 3, 10))
    await firm.tell(events.PromiseMade, pay_on=date(2026, 3, 20), method=Method.WIRE)
    await firm.pass_until(date(2026, 3, 12))
    assert (await firm.state()).status is Status.DISPUTED

    await firm.tell(events.DisputeResolved, in_favour_of="us")
    await firm.pass_until(date(2026, 3, 13))
    assert (await firm.state()).status is Status.PROMISED
    # 20 March, two days to clear: Sunday, so Monday the 23rd, and a day of grace.
    await firm.pass_until(date(2026, 3, 23))
    assert firm.sent == sent

    await firm.pass_until(date(2026, 3, 24))
    assert firm.sent == [*sent, "first-notice"]


async def test_a_dispute_of_a_part_leaves_the_rest_to_be_chased(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 4))

    await firm.tell(events.DisputeOpened, amount=Decimal(1500), code="price")
    await firm.pass_until(date(2026, 3, 12))

    assert firm.sent[-1] == "first-notice"
    assert "$3,500.00" in firm.outbox.sent[-1].letter.text


async def test_a_dispute_nobody_settles_is_put_before_a_person(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 4))

    await firm.tell(events.DisputeOpened, code="quality")
    await firm.pass_until(date(2026, 3, 20))

    assert [task.kind for task in await firm.tasks()] == [TaskKind.RESOLVE_DISPUTE]


async def test_a_dispute_settled_for_the_customer_waits_for_the_credit_note(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 4))
    sent = list(firm.sent)

    await firm.tell(events.DisputeOpened, code="quality")
    await firm.tell(events.DisputeResolved, in_favour_of="customer")
    await firm.pass_until(date(2026, 4, 30))

    assert firm.sent == sent
    assert TaskKind.FINANCE in [task.kind for task in await firm.tasks()]


async def test_a_pause_ends_on_its_day_and_the_chase_takes_the_step_it_stood_at(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 4))

    await firm.tell(events.Pause, until=date(2026, 3, 25), note="the CFO asked")
    await firm.pass_until(date(2026, 3, 24))
    assert (await firm.state()).status is Status.PAUSED
    assert firm.sent[-1] == "due-notice"

    await firm.pass_until(date(2026, 3, 26))
    assert (firm.sent[-1], firm.sent_on[-1]) == ("first-notice", date(2026, 3, 25))


async def test_a_pause_without_a_date_lasts_until_somebody_resumes_it(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.tell(events.Pause)
    await firm.pass_days(90)
    assert firm.sent == []

    await firm.tell(events.Resume)
    await firm.pass_days(5)
    assert firm.sent == ["due-notice"]


async def test_nothing_leaves_to_an_insolvent_customer_and_finance_is_told(firm: Harness) -> None:
    await firm.add_customer(insolvent=True)
    await firm.follow_up(await firm.add_invoice())

    await firm.pass_days(60)

    assert firm.sent == []
    assert (await firm.state()).reason is Reason.INSOLVENCY
    assert [task.kind for task in await firm.tasks()] == [TaskKind.FINANCE]


async def test_a_draft_that_needs_a_signature_waits_for_it(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount="250000.00"))

    await firm.pass_days(40)

    assert firm.sent == []
    state = await firm.state()
    assert (state.status, state.reason) == (Status.AWAITING_APPROVAL, Reason.NEEDS_APPROVAL)
    assert [task.kind for task in await firm.tasks()] == [TaskKind.APPROVE]


async def test_a_hold_does_not_come_and_go_with_the_hour(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount="250000.00"))
    await firm.pass_until(date(2026, 3, 6), hour=15)

    await firm.pass_until(date(2026, 3, 7), hour=15)  # a Saturday
    await firm.tell(events.ContextChanged)
    await firm.pass_days(0.1)

    assert (await firm.state()).status is Status.AWAITING_APPROVAL
    assert [task.kind for task in await firm.tasks()] == [TaskKind.APPROVE]


async def test_a_second_pause_stops_a_letter_that_is_being_written(
    firm: Harness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 20)))
    await firm.tell(events.Pause, until=date(2026, 2, 18))
    await firm.pass_until(date(2026, 2, 22))
    before, send = len(firm.sent), firm.outbox.send

    async def slowly(envelope: Envelope, go_ahead: GoAhead) -> Accepted:
        monkeypatch.setattr(firm.outbox, "send", send)
        await firm.tell(events.Pause, until=date(2026, 3, 20), note="CFO asked")
        for _ in range(100):
            if any("CFO asked" in line.text for line in await firm.lines()):
                break
            await asyncio.sleep(0.1)
        return await send(envelope, go_ahead=go_ahead)

    monkeypatch.setattr(firm.outbox, "send", slowly)
    await firm.pass_until(date(2026, 2, 25))

    assert len(firm.sent) == before
    assert (await firm.state()).status is Status.PAUSED
