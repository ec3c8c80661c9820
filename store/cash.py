"""Money that came in: kept once, placed on invoices, taken back, given back.

At every step `amount = placed + refunded + rest`, and what is placed stands as payments on
invoices. What of a customer's money is not placed yet is counted in `CustomerCash`, for the rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.events import PaymentReceived, PaymentReversed
from models.tables import CashReceipt, Credit, Customer, CustomerCash, Invoice, Payment, Refund
from models.vocabulary import CashState, CreditKind
from store import contexts, ledger, tellings
from store.ledger import CreditNote, Origin

_ZERO = Decimal(0)
_WAITS = (CashState.NEW, CashState.REVIEW, CashState.PLACED)
# What a ledger file calls overpaid is its own system's to place.
_TAKEN_IN = "ledger"


@dataclass(frozen=True, slots=True)
class Placing:
    """What of a receipt goes to one invoice; `payment_id` is the id that it is booked under."""

    invoice: Invoice
    amount: Decimal
    payment_id: str


def lock(session: Session, receipt: CashReceipt) -> None:
    """Let one change of this receipt through at a time. SQLite does so anyway."""
    if session.get_bind().dialect.name != "sqlite":
        session.flush()
        session.refresh(receipt, with_for_update=True)


def place(
    session: Session,
    receipt: CashReceipt,
    placings: Sequence[Placing],
    at: datetime,
    happened_at: datetime | None = None,
) -> list[Payment]:
    """Book what of the receipt is for these invoices; what stood there before is left as it is.

    No more is taken than the receipt has left and than the invoice has open: the rest stays with
    the receipt. An invoice in another currency takes nothing.
    """
    booked = []
    here = {
        one.invoice_id
        for one in payments_of(session, receipt)
        if not one.is_under_way and one.reversed_on is None
    }
    for placing in placings:
        known = session.get(Payment, placing.payment_id)
        if placing.invoice.id in here or (known is not None and not known.is_under_way):
            continue
        payment = _book(session, receipt, placing, at, happened_at)
        if payment is not None:
            booked.append(payment)
    recount(session, receipt)
    return booked


def _book(
    session: Session,
    receipt: CashReceipt,
    placing: Placing,
    at: datetime,
    happened_at: datetime | None,
) -> Payment | None:
    invoice = placing.invoice
    if receipt.currency != invoice.currency or receipt.rest <= 0:
        return None
    said = PaymentReceived(
        event_id=placing.payment_id,
        payment_id=placing.payment_id,
        amount=min(placing.amount, receipt.rest),
        currency=receipt.currency,
        received_on=receipt.received_on,
        method=receipt.method,
        source=receipt.source,
    )
    origin = Origin(receipt.source, happened_at, receipt.key, is_news=True)
    payment = ledger.book_payment(session, invoice, said, at, origin)
    if payment is None:
        return None
    if payment.applied == 0:
        session.delete(payment)
        ledger.settle(session, invoice)
        return None
    payment.amount = payment.applied
    receipt.placed += payment.amount
    session.add_all((payment, receipt))
    tellings.tell(session, invoice, said.model_copy(update={"amount": payment.amount}), at)
    return payment


def payments_of(session: Session, receipt: CashReceipt) -> Sequence[Payment]:
    """What of the receipt stands on invoices, the latest last; what was taken back too."""
    return session.exec(
        select(Payment).where(Payment.receipt_key == receipt.key).order_by(col(Payment.recorded_at))
    ).all()


@dataclass(frozen=True, slots=True)
class TakenBack:
    """That money went back: on which day, by which event, and the moment of the system that told
    of it. Not `by_bank`: it is still here, and was only placed wrongly."""

    on: date
    event_id: str
    note: str = ""
    moment: datetime | None = None
    by_bank: bool = True


def take_back(
    session: Session, receipt: CashReceipt, back: TakenBack, at: datetime
) -> list[Invoice]:
    """The payer's bank took the money back: every invoice it stood on is open again by as much.

    Nothing when that was done before.
    """
    lock(session, receipt)
    if receipt.returned_on is not None:
        return []
    receipt.returned_on, receipt.returned_at = back.on, back.moment
    receipt.state = CashState.RETURNED
    session.add(receipt)
    reversed_ = [_reverse(session, payment, back, at) for payment in payments_of(session, receipt)]
    _give_up_nothing(session, receipt, back.on, at)
    recount(session, receipt)
    return [invoice for invoice in reversed_ if invoice is not None]


def _give_up_nothing(session: Session, receipt: CashReceipt, on: date, at: datetime) -> None:
    """The discounts, fees and small rests that were given up with the money are owed again."""
    for credit in _given_up(session, receipt):
        invoice = session.get_one(Invoice, credit.invoice_id)
        if ledger.void_credit(session, invoice, credit, on):
            tellings.tell_of_change(session, invoice, at)


def _given_up(session: Session, receipt: CashReceipt) -> Sequence[Credit]:
    return session.exec(select(Credit).where(Credit.issued_id == receipt.key)).all()


def _reverse(session: Session, payment: Payment, back: TakenBack, at: datetime) -> Invoice | None:
    invoice = session.get_one(Invoice, payment.invoice_id)
    was_under_way = payment.is_under_way
    if ledger.reverse_payment(session, invoice, payment.id, back.on, back.moment) is None:
        return None
    if was_under_way or not back.by_bank:
        tellings.tell_of_change(session, invoice, at)
        return None
    payment.is_news = True
    session.add(payment)
    said = PaymentReversed(
        event_id=f"{back.event_id}/back/{payment.id}",
        payment_id=payment.id,
        reversed_on=back.on,
        note=back.note,
    )
    tellings.tell(session, invoice, said, at)
    return invoice


def come_back(session: Session, receipt: CashReceipt, at: datetime) -> None:
    """Money that was taken back is ours after all, on the invoices that it stood on."""
    lock(session, receipt)
    if receipt.returned_on is None:
        return
    receipt.returned_on = receipt.returned_at = None
    for payment in payments_of(session, receipt):
        invoice = session.get_one(Invoice, payment.invoice_id)
        if ledger.restore_payment(session, invoice, payment.id) is not None:
            # What was open for less by now leaves the difference with the receipt.
            payment.amount = payment.applied
            session.add(payment)
            tellings.tell_of_change(session, invoice, at)
    for credit in _given_up(session, receipt):
        ledger.restore_credit(session, session.get_one(Invoice, credit.invoice_id), credit)
    recount(session, receipt)


def unplace(session: Session, receipt: CashReceipt, back: TakenBack, at: datetime) -> None:
    """Take a placing back that was wrong: the money stays with us, to be placed anew."""
    lock(session, receipt)
    for payment in payments_of(session, receipt):
        if payment.reversed_on is None:
            _reverse(session, payment, back, at)
    _give_up_nothing(session, receipt, back.on, at)
    recount(session, receipt)


def give_back(session: Session, receipt: CashReceipt, refund: Refund, at: datetime) -> bool:
    """We gave money back: what is not placed first, then of what is placed, the latest first.

    Of an invoice that it is taken from, as much is credited: giving money back is our own act, and
    asking for it again would be absurd. False when that refund is known, or known to be undone.
    """
    lock(session, receipt)
    known = session.get(Refund, refund.id)
    if known is not None:
        return refund.is_undone and not known.is_undone and _keep(session, receipt, known, at)
    session.add(refund)
    session.flush()
    if refund.is_undone:
        return False  # told before it was given: then it never was
    given = min(refund.amount, receipt.amount - receipt.refunded)
    left = given - min(given, receipt.amount - receipt.placed - receipt.refunded)
    receipt.refunded += given
    for payment in reversed(payments_of(session, receipt)):
        left -= _credit_refund(session, payment, refund, left, at)
    recount(session, receipt)
    return True


def _keep(session: Session, receipt: CashReceipt, refund: Refund, at: datetime) -> bool:
    """A refund that did not reach the payer: the money stands where it stood before."""
    refund.is_undone = True
    receipt.refunded -= min(refund.amount, receipt.refunded)
    credited = session.exec(select(Credit).where(Credit.issued_id == refund.id)).all()
    for credit in (one for one in credited if one.voided_on is None):
        invoice = session.get_one(Invoice, credit.invoice_id)
        ledger.void_credit(session, invoice, credit, refund.refunded_on)
        for payment in payments_of(session, receipt):
            if payment.invoice_id == invoice.id and payment.reversed_on is None:
                payment.amount += credit.amount
                payment.applied += credit.amount
                session.add(payment)
        ledger.settle(session, invoice)
        tellings.tell_of_change(session, invoice, at)
    session.add_all((refund, receipt))
    recount(session, receipt)
    return True


def _credit_refund(
    session: Session, payment: Payment, refund: Refund, left: Decimal, at: datetime
) -> Decimal:
    if left <= 0 or payment.reversed_on is not None:
        return _ZERO
    part = min(left, payment.applied)
    invoice = session.get_one(Invoice, payment.invoice_id)
    ledger.lock(session, invoice)
    payment.applied -= part
    payment.amount -= part
    session.add(payment)
    ledger.settle(session, invoice)
    note = CreditNote(
        id=f"{refund.id}/{invoice.id}",
        issued_id=refund.id,
        kind=CreditKind.REFUND,
        amount=part,
        currency=invoice.currency,
        issued_on=refund.refunded_on,
        note="money given back",
    )
    ledger.book_credit(session, invoice, note, at)
    tellings.tell_of_change(session, invoice, at)
    return part


def recount(session: Session, receipt: CashReceipt) -> None:
    """Bring `placed` and the state in line with what stands, and the customer's cash with both."""
    session.flush()
    placed = session.exec(
        select(func.sum(Payment.amount)).where(
            Payment.receipt_key == receipt.key,
            col(Payment.reversed_on).is_(None),
            col(Payment.is_under_way).is_(False),
        )
    ).one()
    receipt.placed = placed or _ZERO
    receipt.state = _state(receipt)
    session.add(receipt)
    if receipt.customer_id is not None:
        refresh(session, receipt.customer_id, receipt.currency)


def _state(receipt: CashReceipt) -> CashState:
    if receipt.returned_on is not None:
        return CashState.RETURNED
    if receipt.state is CashState.SET_ASIDE:
        return receipt.state
    if receipt.amount - receipt.placed - receipt.refunded <= 0:
        return CashState.PLACED
    if receipt.state in (CashState.PLACED, CashState.RETURNED):
        return CashState.REVIEW
    return receipt.state


def refresh(session: Session, customer_id: str, currency: str) -> None:
    """Count anew what of the customer's money waits; a letter on its way is looked at again when
    that has changed."""
    session.flush()
    unapplied = _receipts(session, customer_id, currency, _WAITS) + _surplus(
        session, customer_id, currency
    )
    on_account = _receipts(session, customer_id, currency, (CashState.ON_ACCOUNT,))
    under_way = _receipts(session, customer_id, currency, (CashState.UNDER_WAY,))
    cash = session.get(CustomerCash, (customer_id, currency)) or CustomerCash(
        customer_id=customer_id, currency=currency
    )
    counted = (unapplied, on_account, under_way)
    if (cash.unapplied, cash.on_account, cash.under_way) == counted:
        return
    cash.unapplied, cash.on_account, cash.under_way = counted
    session.add(cash)
    contexts.touch(session, session.get_one(Customer, customer_id))


def _receipts(
    session: Session, customer_id: str, currency: str, states: Sequence[CashState]
) -> Decimal:
    left = func.sum(CashReceipt.amount - CashReceipt.placed - CashReceipt.refunded)
    found = session.exec(
        select(left).where(
            CashReceipt.customer_id == customer_id,
            CashReceipt.currency == currency,
            col(CashReceipt.state).in_(states),
            col(CashReceipt.is_reversal).is_(False),
            col(CashReceipt.returned_on).is_(None),
        )
    ).one()
    return found or _ZERO


def _surplus(session: Session, customer_id: str, currency: str) -> Decimal:
    """What was too much of payments that were reported for an invoice as they were."""
    found = session.exec(
        select(func.sum(Payment.amount - Payment.applied))
        .join(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .where(
            Invoice.customer_id == customer_id,
            Payment.currency == currency,
            col(Payment.receipt_key).is_(None),
            col(Payment.reversed_on).is_(None),
            col(Payment.is_under_way).is_(False),
            Payment.amount > Payment.applied,
            Payment.source != _TAKEN_IN,
        )
    ).one()
    return found or _ZERO
