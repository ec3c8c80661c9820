"""The ledger's arithmetic: payments lower what is open, reversals raise it again."""

from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from models.events import PaymentReceived
from models.tables import Invoice, Payment
from models.vocabulary import InvoiceStatus


def book_payment(
    session: Session, invoice: Invoice, payment: PaymentReceived, at: datetime
) -> Payment | None:
    """Book `payment` on `invoice`; None when that payment was booked before.

    Money in another currency, or beyond what is open, is kept as a payment but not applied: a
    person has to place it.
    """
    if session.get(Payment, payment.payment_id) is not None:
        return None
    fits = payment.currency == invoice.currency
    applied = min(payment.amount, invoice.amount_open) if fits else Decimal(0)
    booked = Payment(
        id=payment.payment_id,
        invoice_id=invoice.id,
        currency=payment.currency,
        amount=payment.amount,
        applied=applied,
        received_on=payment.received_on,
        method=payment.method,
        source=payment.source,
        recorded_at=at,
    )
    session.add(booked)
    _set_open(invoice, invoice.amount_open - applied)
    session.add(invoice)
    return booked


def reverse_payment(
    session: Session, invoice: Invoice, payment_id: str, reversed_on: date
) -> Payment | None:
    """Take a booked payment back; None when it is unknown or was reversed before."""
    payment = session.get(Payment, payment_id)
    if payment is None or payment.reversed_on is not None or payment.invoice_id != invoice.id:
        return None
    payment.reversed_on = reversed_on
    session.add(payment)
    _set_open(invoice, invoice.amount_open + payment.applied)
    session.add(invoice)
    return payment


def _set_open(invoice: Invoice, amount_open: Decimal) -> None:
    invoice.amount_open = amount_open
    if invoice.status in (InvoiceStatus.OPEN, InvoiceStatus.PAID):
        invoice.status = InvoiceStatus.OPEN if amount_open > 0 else InvoiceStatus.PAID
