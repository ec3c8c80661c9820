"""The ledger's arithmetic: open = amount - settled elsewhere - credits - payments, at least 0."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, bindparam, func
from sqlalchemy import select as sa_select
from sqlmodel import Session, col, select

from domain.statements import is_same_money, supersedes
from models.events import PaymentReceived
from models.ledger import InvoiceRow
from models.tables import Credit, Invoice, Payment, table_of
from models.vocabulary import CreditKind, InvoiceStatus, Method

_ZERO = Decimal(0)
_payments, _credits, _invoices = (table_of(one).c for one in (Payment, Credit, Invoice))
_STANDS = (_payments.invoice_id == bindparam("invoice_id")) & _payments.reversed_on.is_(None)
_SUMS = sa_select(
    sa_select(func.sum(_payments.applied)).where(_STANDS).scalar_subquery(),
    sa_select(func.sum(_credits.applied))
    .where(_credits.invoice_id == bindparam("invoice_id"), _credits.voided_on.is_(None))
    .scalar_subquery(),
    sa_select(func.sum(_payments.amount))
    .join(table_of(Invoice), _invoices.id == _payments.invoice_id)
    .where(_STANDS, _payments.is_under_way, _payments.currency == _invoices.currency)
    .scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the news of a payment or credit comes from: which system, the moment it is true of, and
    the money that it is a part of. `is_news` when the invoice's follow-up has not heard of it."""

    source: str = ""
    happened_at: datetime | None = None
    receipt_key: str | None = None
    is_news: bool = False


OWN = Origin()


def book_payment(
    session: Session, invoice: Invoice, payment: PaymentReceived, at: datetime, origin: Origin = OWN
) -> Payment | None:
    """Book `payment` on `invoice`; None when that payment was booked before.

    One that was under way has arrived now. Money that the register has counted among what it calls
    settled lowers nothing a second time. Money in another currency, or beyond what is open, is
    kept as a payment but not applied: a person has to place it.
    """
    lock(session, invoice)
    known = session.get(Payment, payment.payment_id)
    if known is not None and not (known.is_under_way and known.invoice_id == invoice.id):
        return None
    applied, is_counted = _ZERO, False
    if payment.currency == invoice.currency:
        is_counted = _recognise(session, invoice, payment.amount, payment.received_on, origin)
        applied = min(payment.amount, invoice.amount_open)
    booked = _payment(invoice, payment, at, origin, applied=applied)
    booked.in_register = is_counted
    booked = session.merge(booked) if known else booked
    session.add(booked)
    settle(session, invoice)
    return booked


def note_under_way(
    session: Session, invoice: Invoice, payment: PaymentReceived, at: datetime, origin: Origin
) -> bool:
    """Note that this payment travels; False when it is known already, whatever became of it."""
    lock(session, invoice)
    if session.get(Payment, payment.payment_id) is not None:
        return False
    session.add(_payment(invoice, payment, at, origin, is_under_way=True))
    settle(session, invoice)
    return True


def _payment(
    invoice: Invoice,
    payment: PaymentReceived,
    at: datetime,
    origin: Origin,
    *,
    applied: Decimal = _ZERO,
    is_under_way: bool = False,
) -> Payment:
    return Payment(
        id=payment.payment_id,
        invoice_id=invoice.id,
        currency=payment.currency,
        amount=payment.amount,
        applied=applied,
        received_on=payment.received_on,
        method=payment.method,
        source=payment.source or origin.source,
        recorded_at=at,
        receipt_key=origin.receipt_key,
        is_under_way=is_under_way,
        is_news=origin.is_news,
        happened_at=origin.happened_at,
    )


def _recognise(
    session: Session, invoice: Invoice, amount: Decimal, day: date, origin: Origin
) -> bool:
    """Take out of what the register calls settled what is now known to be this very money; True
    when its statement has counted it."""
    is_counted = is_same_money(
        amount=amount,
        day=day,
        moment=origin.happened_at if origin.source == invoice.source else None,
        settled=invoice.settled_elsewhere,
        as_of=invoice.register_as_of,
    )
    if is_counted and invoice.settled_elsewhere > 0:
        invoice.settled_elsewhere -= min(amount, invoice.settled_elsewhere)
        settle(session, invoice)
    return is_counted


def reverse_payment(
    session: Session,
    invoice: Invoice,
    payment_id: str,
    reversed_on: date,
    moment: datetime | None = None,
) -> Payment | None:
    """Take a payment back, or call off one that is under way; None when it is unknown or was
    reversed before."""
    lock(session, invoice)
    payment = session.get(Payment, payment_id, populate_existing=True)
    if payment is None or payment.reversed_on is not None or payment.invoice_id != invoice.id:
        return None
    payment.reversed_on, payment.reversed_at = reversed_on, moment
    session.add(payment)
    _look_back(session, invoice, payment.source, moment)
    settle(session, invoice)
    return payment


def restore_payment(session: Session, invoice: Invoice, payment_id: str) -> Payment | None:
    """A payment that was taken back is ours again, as far as its amount is open; None when it was
    not taken back."""
    lock(session, invoice)
    payment = session.get(Payment, payment_id, populate_existing=True)
    if payment is None or payment.reversed_on is None or payment.invoice_id != invoice.id:
        return None
    payment.reversed_on = payment.reversed_at = None
    payment.is_under_way = False
    payment.applied = min(payment.amount, invoice.amount_open)
    session.add(payment)
    settle(session, invoice)
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
        settle(session, invoice)
    return payment.applied == payment.amount


@dataclass(frozen=True, slots=True)
class CreditNote:
    """What lowers an invoice without money; `id` is that of this share of it, `issued_id` that of
    the whole."""

    id: str
    issued_id: str
    kind: CreditKind
    amount: Decimal
    currency: str
    issued_on: date
    note: str = ""


def book_credit(
    session: Session, invoice: Invoice, note: CreditNote, at: datetime, origin: Origin = OWN
) -> Credit | None:
    """Lower `invoice` by a credit, as far as it is open; None when that was booked before, or is in
    another currency."""
    lock(session, invoice)
    if session.get(Credit, note.id) is not None or note.currency != invoice.currency:
        return None
    is_counted = _recognise(session, invoice, note.amount, note.issued_on, origin)
    booked = Credit(
        id=note.id,
        invoice_id=invoice.id,
        kind=note.kind,
        currency=note.currency,
        amount=note.amount,
        applied=min(note.amount, invoice.amount_open),
        issued_on=note.issued_on,
        issued_id=note.issued_id,
        note=note.note,
        source=origin.source,
        recorded_at=at,
        happened_at=origin.happened_at,
        in_register=is_counted,
    )
    session.add(booked)
    settle(session, invoice)
    return booked


def void_credit(
    session: Session,
    invoice: Invoice,
    credit: Credit,
    voided_on: date,
    moment: datetime | None = None,
) -> bool:
    """Take a credit back; False when that was done before."""
    lock(session, invoice)
    if credit.voided_on is not None:
        return False
    credit.voided_on, credit.voided_at = voided_on, moment
    session.add(credit)
    _look_back(session, invoice, credit.source, moment)
    settle(session, invoice)
    return True


def restore_credit(session: Session, invoice: Invoice, credit: Credit) -> None:
    """A credit that was taken back counts again, as far as its amount is open."""
    lock(session, invoice)
    if credit.voided_on is not None:
        credit.voided_on = credit.voided_at = None
        credit.applied = min(credit.amount, invoice.amount_open)
        session.add(credit)
        settle(session, invoice)


def call_settled(session: Session, invoice: Invoice, paid: PaymentReceived, at: datetime) -> bool:
    """Book what the register calls settled and no payment here explains; False when that is
    nothing.

    `paid` sums up all that it saw paid, so that only the difference is new money; what is open
    beyond that was settled elsewhere: a discount, a credit. What was taken back after that day
    stays open.
    """
    lock(session, invoice)
    if invoice.amount_open == _ZERO:
        return False
    left = invoice.amount_open - _taken_back_since(session, invoice, paid.received_on)
    if left <= 0:
        return False
    money = min(left, max(_ZERO, paid.amount - _applied(session, invoice)))
    new = paid.model_copy(update={"amount": money})
    is_booked = money > 0 and book_payment(session, invoice, new, at) is not None
    invoice.settled_elsewhere += left - money
    settle(session, invoice)
    return is_booked or left > money


def restate(
    session: Session,
    invoice: Invoice,
    row: InvoiceRow,
    *,
    source: str = "",
    as_of: datetime | None = None,
) -> bool:
    """Take over what the register newly says of amount, balance and status; False when it says
    what it said before, or the statement is older than what is known.

    A balance never reopens what the payments booked here have settled.
    """
    if is_outdated(invoice, row.status, source, as_of):
        return False
    said_before = (invoice.amount, invoice.register_open, invoice.register_status)
    invoice.source, invoice.register_as_of = source, as_of
    session.add(invoice)
    if (row.amount, row.amount_open, row.status) == said_before:
        return False
    lock(session, invoice)
    invoice.source, invoice.register_as_of = source, as_of
    invoice.amount, invoice.status = row.amount, row.status
    invoice.register_open, invoice.register_status = row.amount_open, row.status
    _count_in(session, invoice)
    settle(session, invoice)
    return True


def _count_in(session: Session, invoice: Invoice) -> None:
    """Tell what of the payments and credits here the register's statement has counted; what else it
    calls settled was settled elsewhere."""
    counted = _ZERO
    for payment in session.exec(select(Payment).where(Payment.invoice_id == invoice.id)):
        payment.in_register = not payment.is_under_way and _was_counted(
            invoice, payment.source, payment.happened_at, payment.reversed_on, payment.reversed_at
        )
        counted += payment.applied if payment.in_register else _ZERO
        session.add(payment)
    for credit in session.exec(select(Credit).where(Credit.invoice_id == invoice.id)):
        credit.in_register = _was_counted(
            invoice, credit.source, credit.happened_at, credit.voided_on, credit.voided_at
        )
        counted += credit.applied if credit.in_register else _ZERO
        session.add(credit)
    if invoice.register_status is InvoiceStatus.PAID:
        left: Decimal | None = _ZERO
    else:
        left = invoice.register_open
    unpaid = max(_ZERO, invoice.amount - counted)
    invoice.settled_elsewhere = _ZERO if left is None else max(_ZERO, unpaid - left)


def _was_counted(
    invoice: Invoice,
    source: str,
    moment: datetime | None,
    ended_on: date | None,
    ended_at: datetime | None,
) -> bool:
    """Of its own system the moments tell; whatever else stands here is taken as known there."""
    as_of = invoice.register_as_of
    if source != invoice.source or moment is None or as_of is None:
        return ended_on is None
    has_ended = ended_on is not None and (ended_at is None or ended_at <= as_of)
    return moment <= as_of and not has_ended


def _look_back(session: Session, invoice: Invoice, source: str, moment: datetime | None) -> None:
    """What ended before the register's statement was not counted by it, although it was taken for
    that until now."""
    as_of = invoice.register_as_of
    if moment is not None and as_of is not None and source == invoice.source and moment <= as_of:
        session.flush()
        _count_in(session, invoice)


def is_outdated(
    invoice: Invoice, status: InvoiceStatus, source: str, as_of: datetime | None
) -> bool:
    """True when `source` has told of a later moment already; statements of different systems are
    taken in the order in which they come."""
    known = invoice.register_as_of, invoice.register_status
    return invoice.source == source and not supersedes((as_of, status), known)


def write_off(session: Session, invoice: Invoice) -> None:
    """Nothing of it is asked for any more. Money that comes all the same waits to be placed."""
    lock(session, invoice)
    invoice.status = InvoiceStatus.WRITTEN_OFF
    settle(session, invoice)


def lock(session: Session, invoice: Invoice) -> None:
    """Let one change of this invoice through at a time. SQLite does so anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.flush()
        session.refresh(invoice, with_for_update=True)


def settle(session: Session, invoice: Invoice) -> None:
    """Work out anew what is open, credited and under way, and whether the invoice is open."""
    session.flush()
    applied, credited, under_way = (
        one or _ZERO for one in session.execute(_SUMS, {"invoice_id": invoice.id}).one()
    )
    invoice.credited = credited
    if under_way != invoice.under_way:
        _look_for_what_travels(session, invoice)
    if invoice.status not in (InvoiceStatus.OPEN, InvoiceStatus.PAID):
        invoice.amount_open = _ZERO
    else:
        left = invoice.owed - applied
        invoice.amount_open = max(_ZERO, left)
        invoice.status = InvoiceStatus.OPEN if left > 0 else InvoiceStatus.PAID
    session.add(invoice)


def _look_for_what_travels(session: Session, invoice: Invoice) -> None:
    travelling = session.exec(
        select(Payment)
        .where(Payment.invoice_id == invoice.id, Payment.currency == invoice.currency)
        .where(col(Payment.is_under_way), col(Payment.reversed_on).is_(None))
        .order_by(col(Payment.received_on))
    ).all()
    invoice.under_way = sum((one.amount for one in travelling), _ZERO)
    invoice.under_way_since = travelling[0].received_on if travelling else None
    invoice.under_way_by = travelling[0].method if travelling else Method.OTHER


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
