"""What the payer's bank took back is owed again and contested, whatever is read again later."""

from decimal import Decimal

import pytest
from sqlmodel import Session, select

from models.billing import ObjectKind
from models.tables import Credit, Invoice
from models.vocabulary import InvoiceStatus
from tests.providers_agree.roads import by_asking
from tests.providers_agree.telling import hear, kinds, owed
from tests.registers.conftest import Open
from tests.registers.fake_chargebee import FakeChargebee
from tests.registers.fake_stripe import FakeStripe
from tests.webhooks import chargebee_events, stripe_events
from tests.webhooks.telling import told

AT = stripe_events.AT
DAY = 86_400


def of_chargebee(version: int, **changes: object) -> dict[str, object]:
    return {
        "deleted": False,
        "updated_at": version // 1000,
        "resource_version": version,
        **changes,
    }


@pytest.mark.parametrize("is_asked", [False, True])
async def test_after_a_chargeback_at_chargebee_the_invoice_is_owed_and_contested(
    open_at: Open, blank: Session, is_asked: bool
) -> None:
    """Although Chargebee calls it paid, and its credit note says that it was refunded."""
    applied = [{"invoice_id": "19", "applied_amount": 12_000}]
    payment = chargebee_events.transaction(linked_invoices=applied, **of_chargebee(AT * 1000 + 20))
    paid = chargebee_events.invoice(
        status="paid", amount_paid=12_000, amount_due=0, **of_chargebee(AT * 1000 + 20)
    )
    later = (AT + 9 * DAY) * 1000
    taken = chargebee_events.refund(
        amount=12_000,
        payment_method="chargeback",
        date=AT + 9 * DAY,
        **of_chargebee(later + 300),
    )
    note = chargebee_events.credit_note(
        status="refunded",
        total=12_000,
        amount_refunded=12_000,
        amount_available=0,
        reason_code="chargeback",
        **of_chargebee(later + 310),
    )
    stated = paid | of_chargebee(later + 900)
    books = FakeChargebee(
        things={"transactions": [payment, taken], "credit_notes": [note], "invoices": [stated]}
    )
    firm = await open_at("chargebee", books=books)
    hear(
        blank,
        "chargebee",
        told(
            "chargebee",
            chargebee_events.event("payment_succeeded", transaction=payment, invoice=paid),
        ),
    )
    assert blank.get_one(Invoice, "19").status is InvoiceStatus.PAID

    if is_asked:
        news = [
            *await by_asking(firm, ObjectKind.INVOICE, "19"),
            *await by_asking(firm, ObjectKind.PAYMENT, "txn_2"),
            *await by_asking(firm, ObjectKind.CREDIT_NOTE, "CN-1"),
        ]
    else:
        content = {"transaction": taken, "credit_note": note, "invoice": stated}
        news = told("chargebee", chargebee_events.event("payment_refunded", **content))
    hear(blank, "chargebee", news)
    # The payment is read again long after, and has been changed meanwhile.
    payment |= of_chargebee((AT + 60 * DAY) * 1000)
    hear(blank, "chargebee", await by_asking(firm, ObjectKind.PAYMENT, "txn_1"))

    invoice = blank.get_one(Invoice, "19")
    assert (invoice.status, invoice.amount_open) == (InvoiceStatus.OPEN, Decimal(120))
    assert blank.exec(select(Credit)).all() == []
    assert kinds(blank).index("dispute_opened") < kinds(blank).index("payment_reversed")


async def test_a_settlement_read_again_at_stripe_undoes_no_chargeback(
    open_at: Open, blank: Session
) -> None:
    ours = {"dunlin_invoice_id": "INV-7"}
    owed(blank, "INV-7", "120", "EUR")
    charge = stripe_events.charge(metadata=ours, created=AT)
    contested = stripe_events.event("charge.dispute.created", stripe_events.dispute())
    books = FakeStripe(
        things={"payment_intents": [stripe_events.intent(latest_charge=charge, metadata=ours)]}
    )
    firm = await open_at("stripe", books=books)
    hear(blank, "stripe", told("stripe", stripe_events.event("charge.succeeded", charge)))
    hear(blank, "stripe", told("stripe", contested | {"created": AT + DAY}))

    hear(blank, "stripe", await by_asking(firm, ObjectKind.PAYMENT, "pi_1"))

    assert blank.get_one(Invoice, "INV-7").amount_open == Decimal(120)
