"""The ids of payments, and the names by which news may mean money that came in."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from sqlmodel import Session, select

from models.tables import CashName, CashReceipt, CashShare, Invoice, Payment, Refund, Reversal

_ZERO = Decimal(0)
_LONGEST = 180


def payment_id(session: Session, receipt: CashReceipt, invoice: Invoice, *, is_whole: bool) -> str:
    """A payment that is for one invoice as a whole keeps its id, so that a signal about it counts
    no second time."""
    if is_whole and session.get(Payment, receipt.key) is None:
        return receipt.key
    return short(f"{receipt.key}/{invoice.id}")


def short(text: str) -> str:
    """The text, or what stands for one that is too long for an id."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST - 33]}/{sha256(text.encode()).hexdigest()[:32]}"


def known(session: Session, names: Sequence[str]) -> list[CashReceipt]:
    """The money that goes by any of these names, the first named first."""
    found: dict[str, CashReceipt] = {}
    for name in names:
        by_name = session.get(CashName, name)
        if by_name is not None and by_name.receipt_key not in found:
            found[by_name.receipt_key] = session.get_one(CashReceipt, by_name.receipt_key)
    return list(found.values())


def name(session: Session, receipt: CashReceipt, names: Sequence[str]) -> None:
    """Keep by which names later news may mean this money."""
    session.add(receipt)
    session.flush()
    for one in names:
        by_name = session.get(CashName, one) or CashName(name=one, receipt_key=receipt.key)
        by_name.receipt_key = receipt.key
        session.add(by_name)
    session.flush()


def merge(session: Session, receipt: CashReceipt, other: CashReceipt) -> None:
    """Two receipts turn out to be one: all that is known of `other` is known of `receipt`."""
    theirs = session.exec(select(CashShare).where(CashShare.receipt_key == other.key)).all()
    for share in theirs:
        if session.get(CashShare, (receipt.key, share.name)) is None:
            session.add(CashShare(**(share.model_dump() | {"receipt_key": receipt.key})))
        session.delete(share)
    session.flush()
    for reversal in session.exec(select(Reversal).where(Reversal.receipt_key == other.key)):
        reversal.receipt_key = receipt.key
        session.add(reversal)
    for refund in session.exec(select(Refund).where(Refund.receipt_key == other.key)):
        refund.receipt_key = receipt.key
        session.add(refund)
    for by_name in session.exec(select(CashName).where(CashName.receipt_key == other.key)):
        by_name.receipt_key = receipt.key
        session.add(by_name)
    receipt.settled_at = _later(receipt.settled_at, other.settled_at)
    receipt.under_way_at = _later(receipt.under_way_at, other.under_way_at)
    receipt.declined_at = _later(receipt.declined_at, other.declined_at)
    receipt.told_amount = receipt.told_amount or other.told_amount
    receipt.customer_id = receipt.customer_id or other.customer_id
    other.same_as, other.amount, other.told_amount = receipt.key, _ZERO, _ZERO
    session.add_all((receipt, other))
    session.flush()


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
