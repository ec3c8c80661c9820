"""The ledger's arithmetic: open = amount - settled elsewhere - credits - payments, at least 0.

Payments and credits say how much of an invoice they are for (`amount`); what of that is `applied`
follows from what is left, credits first, then payments in the order in which they came. So the
order in which news of them arrives makes no difference.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from domain.statements import is_same_money, supersedes
from models.events import PaymentReceived
from models.ledger import InvoiceRow
from models.tables import CashName, Credit, Invoice, Payment
from models.vocabulary import CreditKind, InvoiceStatus, Method

_ZERO = Decimal(0)
_MAY_BE_PAID = (InvoiceStatus.OPEN, InvoiceStatus.PAID)


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
    """Book `payment` on `invoice`; None when that payment was booked before, or came in by another
    road.

    Money that the register has counted among what it calls settled lowers nothing a second time.
    Money in another currency, or beyond what is open, is kept as a payment but not applied: a
    person has to place it.
    """
    lock(session, invoice)
    if session.get(Payment, payment.payment_id) or session.get(CashName, payment.payment_id):
        return None
    booked = Payment(
        id=payment.payment_id,
        invoice_id=invoice.id,
        currency=payment.currency,
        amount=payment.amount,
        applied=_ZERO,
        received_on=payment.received_on,
        method=payment.method,
        source=payment.source or origin.source,
        recorded_at=at,
        receipt_key=origin.receipt_key,
        is_news=origin.is_news,
        happened_at=origin.happened_at,
    )
    session.add(booked)
    recognise(session, invoice, booked)
    settle(session, invoice)
    return booked


def recognise(session: Session, invoice: Invoice, new: Payment | Credit) -> None:
    """Take out of what the register calls settled what is now known to be this very money."""
    if new.currency != invoice.currency:
        return
    if new.source == invoice.source and new.happened_at is not None:
        if invoice.register_as_of is not None:
            session.flush()
            _count_in(session, invoice, is_new=False)
        return
    day = new.received_on if isinstance(new, Payment) else new.issued_on
    if is_same_money(new.amount, day, invoice.settled_elsewhere, invoice.register_as_of):
        new.in_register = True
        invoice.settled_elsewhere -= new.amount


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
    look_back(session, invoice, payment.source, moment)
    settle(session, invoice)
    return payment


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
) -> bool:
    """Lower `invoice` by a credit, as far as there is something to lower; told again, it is what it
    was told last. False when nothing has changed, or it is in another currency."""
    lock(session, invoice)
    known = session.get(Credit, note.id)
    if note.currency != invoice.currency:
        return False
    if known is not None:
        is_older = (
            known.happened_at and origin.happened_at and origin.happened_at < known.happened_at
        )
        if is_older or known.amount == note.amount or known.voided_on is not None:
            return False
        known.amount = note.amount
        session.add(known)
        look_back(session, invoice, known.source, known.happened_at)
    else:
        new = Credit(
            id=note.id,
            invoice_id=invoice.id,
            kind=note.kind,
            currency=note.currency,
            amount=note.amount,
            applied=_ZERO,
            issued_on=note.issued_on,
            issued_id=note.issued_id,
            note=note.note,
            source=origin.source,
            recorded_at=at,
            happened_at=origin.happened_at,
        )
        session.add(new)
        recognise(session, invoice, new)
    settle(session, invoice)
    return True


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
    look_back(session, invoice, credit.source, moment)
    settle(session, invoice)
    return True


def restore_credit(session: Session, invoice: Invoice, credit: Credit) -> bool:
    """A credit that was taken back counts again; False when it was not."""
    lock(session, invoice)
    if credit.voided_on is None:
        return False
    credit.voided_on = credit.voided_at = None
    session.add(credit)
    settle(session, invoice)
    return True


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
    """Take over what the register says of amount, balance and status; False when it says what it
    said before, or the statement is older than what is known.

    A balance never reopens what the payments booked here have settled.
    """
    if as_of is not None:
        lock(session, invoice)
    said_before = (invoice.amount, invoice.register_open, invoice.register_status)
    is_new = (row.amount, row.amount_open, row.status) != said_before
    before = invoice.amount_open
    if is_outdated(invoice, row.status, as_of):
        return not is_new and _said_since(session, invoice, as_of)
    if not is_new and as_of is None:
        return False
    if is_new:
        lock(session, invoice)
        invoice.status, invoice.register_since = row.status, as_of
    invoice.source, invoice.register_as_of = source, as_of
    invoice.amount = row.amount
    invoice.register_open, invoice.register_status = row.amount_open, row.status
    session.add(invoice)
    session.flush()
    _count_in(session, invoice, is_new=is_new)
    settle(session, invoice)
    return is_new or invoice.amount_open != before


def _said_since(session: Session, invoice: Invoice, as_of: datetime | None) -> bool:
    """An older statement that says the same: it has been so for longer than was known."""
    since = invoice.register_since
    if since is None or as_of is None or as_of >= since:
        return False
    before = invoice.amount_open
    invoice.register_since = as_of
    _count_in(session, invoice, is_new=False)
    settle(session, invoice)
    return invoice.amount_open != before


def is_outdated(invoice: Invoice, status: InvoiceStatus, as_of: datetime | None) -> bool:
    """True when a system has told of a later moment already. A statement without a moment is taken
    as it comes."""
    return not supersedes((as_of, status), (invoice.register_as_of, invoice.register_status))


def _count_in(session: Session, invoice: Invoice, *, is_new: bool) -> None:
    """Tell what of the payments and credits here the register's statement has counted; what else it
    calls settled was settled elsewhere."""
    counted = _ZERO
    for payment in _payments(session, invoice):
        payment.in_register = not payment.is_under_way and _was_counted(
            invoice, payment, payment.reversed_on, payment.reversed_at, is_new=is_new
        )
        is_counted = payment.in_register and payment.currency == invoice.currency
        counted += _as_counted(invoice, payment) if is_counted else _ZERO
        session.add(payment)
    for credit in _credits(session, invoice):
        credit.in_register = _was_counted(
            invoice, credit, credit.voided_on, credit.voided_at, is_new=is_new
        )
        counted += credit.amount if credit.in_register else _ZERO
        session.add(credit)
    if invoice.register_status is InvoiceStatus.PAID:
        left: Decimal | None = _ZERO
    else:
        left = invoice.register_open
    unpaid = max(_ZERO, invoice.amount - counted)
    invoice.settled_elsewhere = _ZERO if left is None else max(_ZERO, unpaid - left)


def _as_counted(invoice: Invoice, payment: Payment) -> Decimal:
    """With how much: the register does not know what went after it began to say so."""
    since = invoice.register_since
    if payment.claimed is None or payment.source != invoice.source:
        return payment.amount
    is_known = payment.lowered_at is not None and since is not None and payment.lowered_at <= since
    return payment.amount if is_known else payment.claimed


def _was_counted(
    invoice: Invoice,
    one: Payment | Credit,
    ended_on: date | None,
    ended_at: datetime | None,
    *,
    is_new: bool,
) -> bool:
    """Of its own system the moments tell: what had ended before the register began to say so was
    not counted, and saying the same again later counts nothing anew. Whatever else stands here is
    taken as known there as soon as the register says something new."""
    as_of, since = invoice.register_as_of, invoice.register_since
    if one.source != invoice.source or one.happened_at is None or as_of is None or since is None:
        return ended_on is None if is_new else one.in_register
    has_ended = ended_on is not None and (ended_at is None or ended_at <= since)
    return one.happened_at <= as_of and not has_ended


def look_back(session: Session, invoice: Invoice, source: str, moment: datetime | None) -> None:
    """What ended, or changed, before the register's statement was counted otherwise by it than it
    was taken for until now."""
    as_of = invoice.register_as_of
    if moment is not None and as_of is not None and source == invoice.source and moment <= as_of:
        session.flush()
        _count_in(session, invoice, is_new=False)


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
    """Work out anew what of every payment and credit is applied, what is open, and whether the
    invoice is. Of one that was voided or given up, what was applied stays."""
    session.flush()
    payments = [one for one in _payments(session, invoice) if one.currency == invoice.currency]
    standing = [one for one in payments if one.reversed_on is None]
    credits_ = [one for one in _credits(session, invoice) if one.voided_on is None]
    if invoice.status in _MAY_BE_PAID:
        left = max(_ZERO, invoice.amount - invoice.settled_elsewhere)
        claims: list[Payment | Credit] = [*credits_]
        claims += [one for one in standing if not one.is_under_way]
        for one in claims:
            applied = min(one.amount, left)
            if one.applied != applied:
                one.applied = applied
                session.add(one)
            left -= applied
        invoice.amount_open = left
        invoice.status = InvoiceStatus.OPEN if left > 0 else InvoiceStatus.PAID
    else:
        invoice.amount_open = _ZERO
    invoice.credited = sum((one.applied for one in credits_), _ZERO)
    _note_under_way(invoice, [one for one in standing if one.is_under_way])
    session.add(invoice)
    session.flush()


def _note_under_way(invoice: Invoice, travelling: Sequence[Payment]) -> None:
    invoice.under_way = sum((one.amount for one in travelling), _ZERO)
    first = min(travelling, key=lambda one: one.received_on, default=None)
    invoice.under_way_since = first.received_on if first else None
    invoice.under_way_by = first.method if first else Method.OTHER


def _payments(session: Session, invoice: Invoice) -> list[Payment]:
    found = session.exec(select(Payment).where(Payment.invoice_id == invoice.id)).all()
    return sorted(found, key=lambda one: (one.happened_at or one.recorded_at, one.id))


def _credits(session: Session, invoice: Invoice) -> list[Credit]:
    found = session.exec(select(Credit).where(Credit.invoice_id == invoice.id)).all()
    return sorted(found, key=lambda one: (one.happened_at or one.recorded_at, one.id))


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
