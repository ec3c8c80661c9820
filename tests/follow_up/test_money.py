"""Money stops the chase: at once, once, and for the invoice it was meant for."""

import asyncio
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlmodel import Session
from temporalio.testing import ActivityEnvironment

from activities.correspondence import Correspondence
from activities.letter_desk import LetterDesk
from domain.letter_writing import Stationery
from integrations.letters import Letters
from models import events
from models.follow_up import Checked, FollowUp, LetterOrder
from models.letter import Letter, LetterFacts
from models.tables import FollowUpRow, Invoice, Payment
from models.vocabulary import Outcome, TaskKind, TouchOutcome
from store import ledger
from tests.harness import FIRM, ROOT, Harness


async def test_a_payment_ends_the_chase(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 12))
    sent = list(firm.sent)

    await firm.pay()

    assert await firm.outcome() is Outcome.PAID
    await firm.pass_days(60)
    assert firm.sent == sent == ["reminder", "due-notice", "first-notice"]


async def test_a_payment_between_the_wake_up_and_the_letter_stops_it(
    quick_firm: Harness,
) -> None:
    firm = quick_firm
    await firm.stop_worker()
    await firm.start_worker(no_remote_activities=True)  # wakes up, but cannot send
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice("BETWEEN-1"))
    await firm.pass_until(date(2026, 3, 1))
    described = await firm.client.get_workflow_handle("invoice/BETWEEN-1").describe()
    pending = described.raw_description.pending_activities
    assert [one.activity_type.name for one in pending] == ["send_message"]

    await firm.pay("BETWEEN-1")
    await firm.pass_days(1)
    await firm.stop_worker()
    await firm.start_worker()

    assert await firm.outcome("BETWEEN-1") is Outcome.PAID
    assert firm.sent == []
    assert await firm.touches("BETWEEN-1") == []


class _SlowPen(Letters):
    """Letters that take so long to write that a payment is booked meanwhile."""

    def __init__(self, firm: Harness, invoice_id: str) -> None:
        super().__init__(ROOT / "templates")
        self._firm, self._invoice_id = firm, invoice_id

    def render(self, facts: LetterFacts) -> Letter:
        with self._firm.database.writing() as session:
            invoice = session.get_one(Invoice, self._invoice_id)
            payment = events.PaymentReceived(
                event_id="while writing",
                payment_id="while writing",
                amount=invoice.amount_open or Decimal(1),
                currency=invoice.currency,
                received_on=date(2026, 3, 12),
            )
            ledger.book_payment(session, invoice, payment, datetime(2026, 3, 12, tzinfo=UTC))
        return super().render(facts)


async def test_the_facts_are_compared_once_more_just_before_the_letter_leaves(
    firm: Harness,
) -> None:
    await firm.add_customer()
    paid, unpaid = [await firm.add_invoice(name) for name in ("INV-1", "INV-2")]
    follow_up = await firm.follow_up(paid)
    await firm.follow_up(unpaid)
    await firm.pass_until(date(2026, 3, 9))
    await firm.stop_worker()
    sent = list(firm.sent)
    now = datetime(2026, 3, 10, 15, 25, tzinfo=UTC)  # 11:25 in New York: the first notice is up
    checked = await firm.database.write(lambda s: firm.rulebook.check(s, follow_up, now))
    assert checked.decision.touch is not None
    desk = LetterDesk(_SlowPen(firm, "INV-1"), Stationery(FIRM))
    correspondence = Correspondence(firm.database, firm.rulebook, desk, firm.outbox)

    touched = await ActivityEnvironment().run(
        correspondence.send_message,
        LetterOrder(follow_up=follow_up, step=checked.decision.touch.step, now=now),
    )

    assert touched.outcome is TouchOutcome.SKIPPED
    assert touched.next.decision.outcome is Outcome.PAID
    assert firm.sent == sent


def _look(firm: Harness, follow_up: FollowUp, now: datetime, session: Session) -> Checked:
    return firm.rulebook.check(session, follow_up, now)


async def test_what_comes_after_a_letter_is_what_a_fresh_look_would_say(firm: Harness) -> None:
    """The next decision is worked out without reading the facts again; they must agree."""
    await firm.add_customer(owner_email="mara@harbour.example")
    follow_up = await firm.follow_up(await firm.add_invoice(due=date(2026, 1, 30)))
    for day in (date(2026, 2, 17), date(2026, 2, 19), date(2026, 3, 5)):
        await firm.pass_until(day)
        now = await firm.now()
        [row] = await firm.rows(FollowUpRow)

        checked = await firm.database.write(partial(_look, firm, follow_up, now))

        decision = checked.decision
        assert (row.reason, row.step, row.next_at) == (
            decision.reason,
            decision.step,
            decision.at,
        )
        assert (row.shift_days, row.held_step) == (decision.shift_days, decision.held_step)
    assert firm.sent == ["second-notice", "final-notice"]


async def test_the_same_payment_delivered_five_times_counts_once(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    event: dict[str, Any] = {"event_id": "bank-77", "payment_id": "P-77", "amount": Decimal(2000)}

    await asyncio.gather(*(firm.pay(**event) for _ in range(5)))
    await firm.pass_days(1)

    assert (await firm.state()).amount_open == Decimal(3000)
    assert len(await firm.rows(Payment)) == 1
    assert (await firm.story()).count("payment_received") == 1


async def test_what_a_part_payment_leaves_is_not_chased_when_it_is_too_small(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount="5000.00"))
    await firm.pass_until(date(2026, 3, 4))
    sent = list(firm.sent)

    await firm.pay(amount="4999.40")
    await firm.pass_days(40)

    assert firm.sent == sent
    assert (await firm.state()).reason == "small_balance"


async def test_a_part_payment_below_the_call_threshold_spares_the_call(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount="5000.00"))
    await firm.pass_until(date(2026, 3, 12))

    await firm.pay(amount="4500.00")
    await firm.pass_until(date(2026, 3, 20))

    assert firm.sent[-1] == "second-notice"
    assert await firm.tasks() == []
    assert "$500.00" in firm.outbox.sent[-1].letter.text


async def test_a_payment_reversed_after_closing_starts_a_new_round(firm: Harness) -> None:
    await firm.add_customer()
    follow_up = await firm.follow_up(await firm.add_invoice())
    await firm.pass_until(date(2026, 3, 12))
    payment_id = await firm.pay()
    assert await firm.outcome() is Outcome.PAID

    reversal = events.PaymentReversed(
        event_id="returned", payment_id=payment_id, reversed_on=date(2026, 3, 16)
    )
    await firm.pass_days(4)
    await firm.follow_ups.tell_or_start(follow_up.next_round(), reversal)
    await firm.pass_days(2)

    state = await firm.state()
    assert (state.round, state.amount_open) == (2, Decimal("5000.0000"))
    assert [one.message_id.rpartition("/")[2][0] for one in firm.outbox.sent][-1] == "2"
    assert "reopened" in await firm.story()


async def test_a_reversal_that_crosses_the_closing_is_not_lost(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())
    payment_id = await firm.pay(payment_id="P-1")
    await firm.tell(events.PaymentReversed, payment_id=payment_id, reversed_on=date(2026, 2, 16))
    await firm.pass_until(date(2026, 3, 1))

    assert (await firm.state()).amount_open == Decimal(5000)
    assert firm.sent == ["reminder"]


async def test_more_money_than_was_owed_closes_and_leaves_the_rest_to_finance(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(amount="100.00"))

    await firm.pay(amount="150.00")

    assert await firm.outcome() is Outcome.PAID
    [payment] = await firm.rows(Payment)
    assert (payment.amount, payment.applied) == (Decimal(150), Decimal(100))
    assert [task.kind for task in await firm.tasks()] == [TaskKind.PLACE_MONEY]


async def test_money_in_another_currency_is_kept_but_not_applied(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice())

    await firm.pay(currency="EUR")
    await firm.pass_days(1)

    assert (await firm.state()).amount_open == Decimal(5000)
    assert [task.kind for task in await firm.tasks()] == [TaskKind.PLACE_MONEY]


async def test_the_carrying_invoice_paid_mid_sequence_lets_its_siblings_go_on(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice("OLD", due=date(2026, 2, 20)))
    await firm.follow_up(await firm.add_invoice("NEW", due=date(2026, 2, 27)))
    await firm.pass_until(date(2026, 3, 3))
    carried = firm.outbox.sent[-1]
    assert (await firm.messages())[-1].plan["invoice_id"] == "OLD"

    await firm.pay("OLD")
    await firm.pass_until(date(2026, 4, 20))

    assert await firm.outcome("OLD") is Outcome.PAID
    after = firm.outbox.sent[firm.outbox.sent.index(carried) + 1 :]
    assert after
    assert all("OLD" not in one.letter.text for one in after)
    assert [one.message_id.split("/")[1] for one in after][-1] == "final-notice"


async def test_money_that_came_too_much_is_there_for_what_is_open_again(firm: Harness) -> None:
    await firm.add_customer()
    follow_up = await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
    await firm.pass_until(date(2026, 2, 20))
    first = await firm.pay(amount="3000.00")
    await firm.pay(amount="5000.00")
    await firm.outcome()
    before = len(firm.sent)

    back = events.PaymentReversed(event_id="r", payment_id=first, reversed_on=date(2026, 2, 23))
    await firm.follow_ups.tell_or_start(follow_up.next_round(), back)

    assert await firm.outcome() is Outcome.PAID
    await firm.pass_until(date(2026, 3, 30))
    assert len(firm.sent) == before
    assert await firm.tasks() == []
