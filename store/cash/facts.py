"""What is known of a receipt: its shares, its reversals and refunds, the payments it stands as."""

from collections.abc import Sequence
from decimal import Decimal

from sqlmodel import Session, col, select

from models.tables import (
    CashName,
    CashReceipt,
    CashShare,
    Invoice,
    Payment,
    Refund,
    Reversal,
)
from models.vocabulary import CashState

_ZERO = Decimal(0)
_DECIDED = ("person", "matched")


def lock(session: Session, receipt: CashReceipt) -> None:
    """Let one change of this receipt through at a time. SQLite does so anyway."""
    session.flush()
    if session.get_bind().dialect.name != "sqlite":
        session.refresh(receipt, with_for_update=True)


def payments_of(session: Session, receipt: CashReceipt) -> Sequence[Payment]:
    """What of the receipt stands on invoices, or stood; one for each invoice."""
    query = select(Payment).where(Payment.receipt_key == receipt.key)
    return session.exec(query.order_by(col(Payment.invoice_id))).all()


def shares_of(session: Session, receipt: CashReceipt) -> Sequence[CashShare]:
    """What it is for, in the order in which it is filled. What a rule or a person decided counts
    instead of what its system told."""
    query = select(CashShare).where(CashShare.receipt_key == receipt.key)
    found = session.exec(query.order_by(col(CashShare.rank), col(CashShare.name))).all()
    decided = [one for one in found if one.origin in _DECIDED]
    return decided or found


def reversals_of(session: Session, receipt: CashReceipt) -> Sequence[Reversal]:
    """What the payer's bank took back, and what of it came back again."""
    return session.exec(select(Reversal).where(Reversal.receipt_key == receipt.key)).all()


def refunds_of(session: Session, receipt: CashReceipt) -> Sequence[Refund]:
    """What we gave back, and what of it did not reach the payer."""
    return session.exec(select(Refund).where(Refund.receipt_key == receipt.key)).all()


def gone(receipt: CashReceipt, reversals: Sequence[Reversal]) -> Decimal:
    """What of the money the payer's bank has, at most all of it. Returned money is here again once
    a later attempt has settled; contested money only when the bank decides so."""
    taken = _ZERO
    for one in reversals:
        if one.taken_on is None or one.undone_on is not None:
            continue
        is_over = (
            not one.is_contest
            and one.taken_at is not None
            and receipt.settled_at is not None
            and receipt.settled_at > one.taken_at
        )
        if not is_over:
            taken += receipt.amount if one.amount is None else one.amount
    return min(receipt.amount, taken)


def of_payment(session: Session, payment: Payment) -> CashReceipt:
    """The receipt of a payment. One that was reported for an invoice by itself is taken for what it
    is: money for that invoice."""
    if payment.receipt_key is not None:
        return session.get_one(CashReceipt, payment.receipt_key)
    invoice = session.get_one(Invoice, payment.invoice_id)
    receipt = CashReceipt(
        key=payment.id,
        source=payment.source,
        customer_id=invoice.customer_id,
        currency=payment.currency,
        amount=payment.amount,
        told_amount=payment.amount,
        received_on=payment.received_on,
        method=payment.method,
        state=CashState.REVIEW,
        recorded_at=payment.recorded_at,
        settled_at=payment.happened_at or payment.recorded_at,
    )
    session.add(receipt)
    session.flush()
    session.add(CashName(name=payment.id, receipt_key=receipt.key))
    session.add(
        CashShare(
            receipt_key=receipt.key,
            name=invoice.id,
            names=[invoice.id],
            invoice_id=invoice.id,
            amount=payment.amount,
        )
    )
    if payment.reversed_on is not None:
        session.add(
            Reversal(
                id=f"signal/{payment.id}",
                receipt_key=receipt.key,
                taken_on=payment.reversed_on,
                taken_at=payment.reversed_at,
            )
        )
    payment.receipt_key = receipt.key
    session.add(payment)
    session.flush()
    return receipt
