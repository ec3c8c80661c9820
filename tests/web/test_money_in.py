"""From a provider's request to the follow-up: paid is known at once, whatever else goes on."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from models.tables import CashReceipt, Credit, InboundEvent, Invoice, Payment
from models.vocabulary import InboundState, InvoiceStatus, Outcome, Status
from tests.harness import Harness
from tests.web.serving import Caller, until

SOON = timedelta(seconds=15)


async def _followed(firm: Harness, *invoice_ids: str) -> None:
    await firm.add_customer()
    for invoice_id in invoice_ids:
        await firm.follow_up(await firm.add_invoice(invoice_id))
    await firm.pass_until(date(2026, 3, 4))


async def _open(firm: Harness, invoice_id: str = "INV-1") -> Decimal:
    [invoice] = await firm.rows(Invoice, id=invoice_id)
    amount: Decimal = invoice.amount_open
    return amount


async def _reads(firm: Harness, **where: Any) -> None:
    async def all_read() -> bool:
        return not await firm.rows(InboundEvent, state=InboundState.STORED)

    await until(all_read, SOON)


async def _hears(firm: Harness, code: str, times: int = 1, invoice_id: str = "INV-1") -> None:
    async def has_heard() -> bool:
        return (await firm.story(invoice_id)).count(code) >= times

    await until(has_heard, SOON)


async def test_a_payment_by_webhook_ends_the_chase(firm: Harness, billing: Caller) -> None:
    await _followed(firm, "INV-1")

    await billing.pay("INV-1", "5000.00")

    assert await firm.outcome() is Outcome.PAID
    assert await _open(firm) == 0


async def test_the_same_event_five_times_at_once_is_applied_once(
    firm: Harness, billing: Caller
) -> None:
    await _followed(firm, "INV-1")

    await asyncio.gather(*(billing.pay("INV-1", "1000.00", "P-1", "evt_a") for _ in range(5)))
    await _hears(firm, "payment_received")

    assert await _open(firm) == 4000
    assert (await firm.story()).count("payment_received") == 1


async def test_two_payments_for_one_invoice_at_once_leave_the_rest_for_a_person(
    firm: Harness, billing: Caller
) -> None:
    await _followed(firm, "INV-1")

    await asyncio.gather(
        billing.pay("INV-1", "5000.00", "P-1"), billing.pay("INV-1", "5000.00", "P-2")
    )
    assert await firm.outcome() is Outcome.PAID
    await _reads(firm)

    receipts = await firm.rows(CashReceipt)
    assert sorted(one.rest for one in receipts) == [0, 5000]


async def test_a_payment_and_a_dispute_that_cross_end_it_paid(
    firm: Harness, billing: Caller
) -> None:
    await _followed(firm, "INV-1")

    await asyncio.gather(
        billing.send("dispute.opened", {"dispute_id": "D-1", "invoice": "INV-1"}),
        billing.pay("INV-1", "5000.00"),
    )

    assert await firm.outcome() is Outcome.PAID


async def test_an_unknown_type_is_kept_and_counted(firm: Harness, billing: Caller) -> None:
    assert (await billing.send("parcel.delivered", {})).status_code == 200
    await _reads(firm)

    [event] = await firm.rows(InboundEvent)
    assert event.state is InboundState.UNKNOWN


async def test_one_that_makes_no_sense_is_put_aside_and_holds_up_no_other(
    firm: Harness, billing: Caller
) -> None:
    await _followed(firm, "INV-1")
    await billing.send("payment.succeeded", {"payment_id": "P-9"})

    await billing.pay("INV-1", "5000.00")

    assert await firm.outcome() is Outcome.PAID
    [aside] = await firm.rows(InboundEvent, state=InboundState.REFUSED)
    assert aside.problem


async def test_a_payment_for_an_invoice_we_do_not_know_waits_for_the_register(
    firm: Harness, billing: Caller
) -> None:
    await billing.pay("INV-7", "250.00")
    await _reads(firm)
    [event] = await firm.rows(InboundEvent)
    assert event.state is InboundState.WAITING

    await billing.send(
        "invoice.created",
        {
            "invoice_id": "INV-7",
            "number": "INV-7",
            "customer_id": "C-7",
            "currency": "USD",
            "amount": "250.00",
            "issued_on": "2026-02-02",
            "due_on": "2026-03-04",
            "customer": {"name": "Late Inc.", "country": "US"},
        },
    )

    async def is_paid() -> bool:
        return [one.status for one in await firm.rows(Invoice)] == [InvoiceStatus.PAID]

    await until(is_paid, SOON)


async def test_money_that_goes_back_two_days_later_resumes_the_chase_without_accusing(
    firm: Harness, billing: Caller
) -> None:
    await _followed(firm, "INV-1")
    await billing.pay("INV-1", "5000.00", "P-1")
    assert await firm.outcome() is Outcome.PAID
    await firm.pass_days(2)
    before = len(firm.sent)

    await billing.send("payment.returned", {"return_id": "R-1", "payment_id": "P-1"})
    await _hears(firm, "payment_reversed")
    await firm.pass_days(8)

    assert (await firm.state()).status is Status.ACTIVE
    letter = firm.outbox.sent[before].letter
    assert "5,000.00" in letter.text
    assert "returned by the bank" in letter.text
    assert "no reproach" in letter.text


async def test_a_refund_after_the_payment_asks_for_nothing_again(
    firm: Harness, billing: Caller
) -> None:
    await _followed(firm, "INV-1")
    await billing.pay("INV-1", "5000.00", "P-1")
    assert await firm.outcome() is Outcome.PAID
    before = len(firm.sent)

    await billing.send(
        "payment.refunded",
        {"refund_id": "F-1", "payment_id": "P-1", "amount": "5000.00", "currency": "USD"},
    )
    await _reads(firm)
    await firm.pass_days(10)

    assert await _open(firm) == 0
    assert [one.amount for one in await firm.rows(Credit)] == [5000]
    assert len(firm.sent) == before


async def test_a_chargeback_is_a_dispute_and_is_not_chased(firm: Harness, billing: Caller) -> None:
    await _followed(firm, "INV-1")
    await billing.pay("INV-1", "5000.00", "P-1")
    assert await firm.outcome() is Outcome.PAID
    before = len(firm.sent)

    await billing.send(
        "payment.charged_back",
        {
            "chargeback_id": "B-1",
            "payment_id": "P-1",
            "amount": "5000.00",
            "currency": "USD",
            "code": "fraudulent",
        },
    )
    await _hears(firm, "dispute_opened")
    await _hears(firm, "payment_reversed")
    await firm.pass_days(5)

    assert await _open(firm) == 5000
    assert (await firm.state()).status is Status.DISPUTED
    assert len(firm.sent) == before


async def test_one_payment_for_three_invoices_ends_all_three(
    firm: Harness, billing: Caller
) -> None:
    names = ("INV-1", "INV-2", "INV-3")
    await _followed(firm, *names)

    await billing.pay(
        "INV-1",
        "15000.00",
        invoices=[{"invoice": name, "amount": "5000.00"} for name in names],
    )

    for name in names:
        assert await firm.outcome(name) is Outcome.PAID
    assert [one.amount for one in await firm.rows(Payment)] == [5000] * 3


async def test_a_charge_that_failed_is_told_to_the_follow_up(
    firm: Harness, billing: Caller
) -> None:
    await _followed(firm, "INV-1")

    await billing.send(
        "payment.failed",
        {
            "attempt_id": "A-1",
            "payment_id": "P-1",
            "invoices": [{"invoice": "INV-1", "amount": "5000.00"}],
            "code": "insufficient_funds",
        },
    )

    await _hears(firm, "payment_failed")
