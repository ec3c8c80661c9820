"""The ledger's arithmetic: open = amount - settled elsewhere - payments applied, never below 0."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from models.events import PaymentReceived
from models.ledger import InvoiceRow
from models.tables import Invoice, Payment
from models.vocabulary import InvoiceStatus

_ZERO = Decimal(0)


def book_payment(
    session: Session, invoice: Invoice, payment: PaymentReceived, at: datetime
) -> Payment | None:
    """Book `payment` on `invoice`; None when that payment was booked before.

    Money in another currency, or beyond what is open, is kept as a payment but not applied: a
    person has to place it.
    """
    _lock(session, invoice)
    if session.get(Payment, payment.payment_id) is not None:
        return None
    fits = payment.currency == invoice.currency
    applied = min(payment.amount, invoice.amount_open) if fits else _ZERO
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
    _settle(session, invoice)
    return booked


def reverse_payment(
    session: Session, invoice: Invoice, payment_id: str, reversed_on: date
) -> Payment | None:
    """Take a booked payment back; None when it is unknown or was reversed before."""
    _lock(session, invoice)
    payment = session.get(Payment, payment_id, populate_existing=True)
    if payment is None or payment.reversed_on is not None or payment.invoice_id != invoice.id:
        return None
    payment.reversed_on = reversed_on
    session.add(payment)
    _settle(session, invoice)
    return payment


def apply_rest(session: Session, invoice: Invoice, payment: Payment) -> bool:
    """Apply what is left of a payment for this invoice to what is open; True when nothing is left.

    Money in another currency, or of another invoice, stays as it is.
    """
    if (payment.invoice_id, payment.currency) != (invoice.id, invoice.currency):
        return False
    if payment.reversed_on is None:
        payment.applied += min(payment.amount - payment.applied, invoice.amount_open)
        session.add(payment)
        _settle(session, invoice)
    return payment.applied == payment.amount


def settle(session: Session, invoice: Invoice, paid: PaymentReceived, at: datetime) -> bool:
    """Book what the register calls settled and no payment here explains; False when that is
    nothing.

    `paid` sums up all that it saw paid, so that only the difference is new money; what is open
    beyond that was settled elsewhere: a discount, a credit. What was taken back after that day
    stays open.
    """
    _lock(session, invoice)
    if invoice.amount_open == _ZERO:
        return False
    left = invoice.amount_open - _taken_back_since(session, invoice, paid.received_on)
    if left <= 0:
        return False
    money = min(left, max(_ZERO, paid.amount - _applied(session, invoice)))
    new = paid.model_copy(update={"amount": money})
    is_booked = money > 0 and book_payment(session, invoice, new, at) is not None
    invoice.settled_elsewhere += left - money
    _settle(session, invoice)
    return is_booked or left > money


def restate(session: Session, invoice: Invoice, row: InvoiceRow) -> bool:
    """Take over what the register newly says of amount, balance and status; False when it says
    what it said before.

    A balance never reopens what the payments booked here have settled.
    """
    said_before = (invoice.amount, invoice.register_open, invoice.register_status)
    if (row.amount, row.amount_open, row.status) == said_before:
        return False
    _lock(session, invoice)
    invoice.amount, invoice.status = row.amount, row.status
    invoice.register_open, invoice.register_status = row.amount_open, row.status
    unpaid = max(_ZERO, row.amount - _applied(session, invoice))
    if row.status is InvoiceStatus.PAID:
        invoice.settled_elsewhere = unpaid
    elif row.amount_open is None:
        invoice.settled_elsewhere = _ZERO
    else:
        invoice.settled_elsewhere = max(_ZERO, unpaid - row.amount_open)
    _settle(session, invoice)
    return True


def write_off(session: Session, invoice: Invoice) -> None:
    """Nothing of it is asked for any more. Money that comes all the same waits to be placed."""
    _lock(session, invoice)
    invoice.status = InvoiceStatus.WRITTEN_OFF
    _settle(session, invoice)


def _lock(session: Session, invoice: Invoice) -> None:
    """Let one change of this invoice through at a time. SQLite does so anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.flush()
        session.refresh(invoice, with_for_update=True)


def _settle(session: Session, invoice: Invoice) -> None:
    """Work out anew what is open, and whether the invoice is."""
    if invoice.status not in (InvoiceStatus.OPEN, InvoiceStatus.PAID):
        invoice.amount_open = _ZERO
    else:
        left = invoice.amount - invoice.settled_elsewhere - _applied(session, invoice)
        invoice.amount_open = max(_ZERO, left)
        invoice.status = InvoiceStatus.OPEN if left > 0 else InvoiceStatus.PAID
    session.add(invoice)


def _applied(session: Session, invoice: Invoice) -> Decimal:
    return _sum_applied(session, invoice, col(Payment.reversed_on).is_(None))


def _taken_back_since(session: Session, invoice: Invoice, day: date) -> Decimal:
    return _sum_applied(session, invoice, col(Payment.reversed_on) > day)


def _sum_applied(session: Session, invoice: Invoice, which: ColumnElement[bool]) -> Decimal:
    session.flush()
    applied = session.exec(
        select(func.sum(Payment.applied)).where(Payment.invoice_id == invoice.id, which)
    ).one()
    return applied or _ZERO
