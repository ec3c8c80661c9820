"""Chargebee: what invoices, transactions, credit notes and customers say."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.billing import (
    ChargeContested,
    CreditIssued,
    MeansStated,
    News,
    ObjectChanged,
    ObjectKind,
    PaymentDeclined,
    PaymentReturned,
    PaymentSettled,
    PaymentUnderWay,
    Share,
)
from models.vocabulary import InvoiceStatus, Method
from tests.registers.conftest import Open
from tests.registers.fake_chargebee import FakeChargebee, Thing
from tests.registers.firm import NOW, Firm, ids, invoices, read_all

SINCE = NOW - timedelta(hours=1)


@pytest.fixture
async def firm(open_at: Open) -> Firm:
    return await open_at("chargebee")


@pytest.fixture
def books(firm: Firm) -> FakeChargebee:
    assert isinstance(firm.books, FakeChargebee)
    return firm.books


def transaction(books: FakeChargebee, **said: Any) -> Thing:
    whole = {
        "id": "txn_1",
        "type": "payment",
        "status": "success",
        "amount": 5000,
        "customer_id": "harbour",
        "payment_method": "bank_transfer",
        "linked_invoices": [{"invoice_id": "22", "applied_amount": 4000}],
    }
    return books.put("transactions", **whole | said)


async def told(firm: Firm) -> News:
    [news] = await read_all(firm.source, SINCE)
    return news


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"status": "posted"}, InvoiceStatus.OPEN),
        ({"status": "payment_due"}, InvoiceStatus.OPEN),
        ({"status": "not_paid"}, InvoiceStatus.OPEN),
        ({"status": "paid", "amount_paid": 1}, InvoiceStatus.PAID),
        ({"status": "paid", "credits_applied": 10_001}, InvoiceStatus.CREDITED),
        ({"status": "paid", "write_off_amount": 1}, InvoiceStatus.WRITTEN_OFF),
        ({"status": "voided"}, InvoiceStatus.VOIDED),
        ({"status": "posted", "deleted": True}, InvoiceStatus.VOIDED),
    ],
)
async def test_an_invoice_by_its_status(
    firm: Firm, books: FakeChargebee, said: dict[str, Any], status: InvoiceStatus
) -> None:
    books.open_invoice(1, **said)

    [stated] = invoices(await read_all(firm.source, SINCE))

    assert stated.invoice.status is status


async def test_charges_that_are_still_collected_are_no_invoice(
    firm: Firm, books: FakeChargebee
) -> None:
    books.open_invoice(1, status="pending")

    assert ids(await read_all(firm.source, SINCE)) == []


async def test_an_invoice_with_what_its_customer_pays_by(firm: Firm, books: FakeChargebee) -> None:
    books.customer(
        primary_payment_source_id="pm_1", payment_method={"type": "card", "status": "expiring"}
    )
    books.cards["harbour"] = {"expiry_month": 4, "expiry_year": 2026}
    books.open_invoice(1, po_number="PO-9", currency_code="JPY")

    stated, means = await read_all(firm.source)

    [invoice] = invoices([stated])
    assert invoice.invoice.amount == Decimal(10_001)
    assert invoice.invoice.purchase_order == "PO-9"
    assert invoice.invoice.due_on == date(2026, 4, 4)
    assert invoice.customer is not None
    assert invoice.customer.language == "de"
    assert isinstance(means, MeansStated)
    assert (means.reference, means.method, means.state) == ("pm_1", Method.CARD, "usable")
    assert means.expires_on == date(2026, 4, 30)


async def test_a_payment_with_what_of_it_is_for_an_invoice(
    firm: Firm, books: FakeChargebee
) -> None:
    transaction(books)

    settled = await told(firm)

    assert isinstance(settled, PaymentSettled)
    assert settled.payment_id == "txn_1"
    assert (settled.amount, settled.method) == (Decimal(50), Method.WIRE)
    assert settled.shares == (Share(invoice=("22",), amount=Decimal(40)),)


@pytest.mark.parametrize("status", ["in_progress", "needs_attention"])
async def test_a_payment_under_way_is_open_and_told(
    firm: Firm, books: FakeChargebee, status: str
) -> None:
    transaction(books, status=status)

    assert [type(one) for one in await read_all(firm.source)] == [PaymentUnderWay]


@pytest.mark.parametrize("status", ["failure", "timeout"])
async def test_a_payment_that_failed(firm: Firm, books: FakeChargebee, status: str) -> None:
    transaction(books, status=status, error_code="3001")

    declined = await told(firm)

    assert isinstance(declined, PaymentDeclined)
    assert declined.code == "3001"


async def test_a_late_failure_and_what_reverses_it_are_one_return(
    firm: Firm, books: FakeChargebee
) -> None:
    transaction(books, status="late_failure", reversal_transaction_id="txn_2")
    transaction(
        books,
        id="txn_2",
        type="payment_reversal",
        reference_transaction_id="txn_1",
        linked_invoices=[],
    )

    returned = await read_all(firm.source, SINCE)

    assert [type(one) for one in returned] == [PaymentReturned] * 2
    assert {(one.return_id, one.payment_id) for one in returned} == {  # type: ignore[union-attr]
        ("txn_2", "txn_1")
    }


async def test_a_payment_deleted_at_chargebee_is_taken_back(
    firm: Firm, books: FakeChargebee
) -> None:
    transaction(books, deleted=True)

    returned = await told(firm)

    assert isinstance(returned, PaymentReturned)
    assert returned.payment_id == "txn_1"


async def test_a_chargeback_is_recorded_as_a_refund_and_told_as_what_it_is(
    firm: Firm, books: FakeChargebee
) -> None:
    transaction(
        books, id="txn_3", type="refund", payment_method="chargeback", refunded_txn_id="txn_1"
    )

    contested = await told(firm)

    assert isinstance(contested, ChargeContested)
    assert (contested.payment_id, contested.takes_money) == ("txn_1", True)


async def test_a_payment_moved_to_another_invoice_names_none_rather_than_too_much(
    firm: Firm, books: FakeChargebee
) -> None:
    linked = [{"invoice_id": name, "applied_amount": 4000} for name in ("22", "23")]
    transaction(books, linked_invoices=linked)

    settled = await told(firm)

    assert isinstance(settled, PaymentSettled)
    assert settled.shares == ()


async def test_a_credit_note_with_what_it_was_set_against(firm: Firm, books: FakeChargebee) -> None:
    books.put(
        "credit_notes",
        id="CN-1",
        customer_id="harbour",
        type="refundable",
        status="refund_due",
        total=1000,
        amount_available=300,
        amount_refunded=200,
        reference_invoice_id="21",
        allocations=[{"invoice_id": "22", "allocated_amount": 500}],
    )

    [issued] = await read_all(firm.source)

    assert isinstance(issued, CreditIssued)
    assert issued.amount == Decimal(10)
    assert {one.invoice[0]: one.amount for one in issued.shares} == {
        "22": Decimal(5),
        "21": Decimal(2),
    }


async def test_an_adjustment_is_for_the_invoice_that_it_adjusts(
    firm: Firm, books: FakeChargebee
) -> None:
    books.put(
        "credit_notes",
        id="CN-2",
        customer_id="harbour",
        type="adjustment",
        status="adjusted",
        total=1000,
        reference_invoice_id="21",
    )

    issued = await told(firm)

    assert isinstance(issued, CreditIssued)
    assert issued.shares == (Share(invoice=("21",), amount=Decimal(10)),)


@pytest.mark.parametrize("kind", [ObjectKind.PAYMENT, ObjectKind.REFUND])
async def test_a_transaction_is_fetched_by_its_id(
    firm: Firm, books: FakeChargebee, kind: ObjectKind
) -> None:
    transaction(books)
    changed = ObjectChanged(object=kind, id="txn_1", happened_at=NOW)

    assert [type(one) for one in await firm.source.fetch(changed)] == [PaymentSettled]
