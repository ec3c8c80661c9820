"""What it takes to apply any news: what it waits for, the invoices and the money it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import singledispatch

from sqlmodel import Session, select

from models.billing import News, Share
from models.tables import CashReceipt, Customer, Invoice, Payment
from models.vocabulary import CashState
from store import cash, register


@dataclass
class Applying:
    """News about to be applied: from which system, at what time of ours.

    `awaits` collects the names of what must come first; `made_news` is True once anything changed.
    """

    session: Session
    source: str
    at: datetime
    awaits: list[str] = field(default_factory=list)
    made_news: bool = False


@singledispatch
def apply_one(news: News, applying: Applying) -> None:
    """Apply one piece of news; each kind says how in the file of its kind."""
    del applying
    raise TypeError(f"nobody applies {type(news).__name__}")


def booked_as(payment_id: str, invoice: Invoice, shares: int) -> str:
    """A payment for one invoice keeps its id, so that a signal about it counts no second time."""
    return payment_id if shares == 1 else f"{payment_id}/{invoice.id}"


def shares_of(shares: Sequence[Share], applying: Applying) -> list[tuple[Invoice, Decimal]]:
    """The invoices that are known, each with what is for it; the others are awaited."""
    found = []
    for share in shares:
        invoice = register.named(applying.session, share.invoice)
        if invoice is None:
            applying.awaits.extend(share.invoice)
        else:
            found.append((invoice, share.amount))
    return found


def customer_of(
    said: str, shares: Sequence[tuple[Invoice, Decimal]], session: Session
) -> str | None:
    if shares:
        return shares[0][0].customer_id
    return said if said and session.get(Customer, said) is not None else None


def stood_on(session: Session, payment_id: str) -> list[tuple[Invoice, Decimal]]:
    found = session.exec(select(Payment).where(Payment.receipt_key == payment_id)).all()
    return [(session.get_one(Invoice, one.invoice_id), one.amount) for one in found]


def about(applying: Applying, payment_id: str, other_ids: Sequence[str] = ()) -> CashReceipt | None:
    """The money that the news is about; awaited where it has not come yet.

    One that was reported by a signal is taken for what it is: money for one invoice.
    """
    session = applying.session
    for name in (payment_id, *other_ids):
        receipt = session.get(CashReceipt, name)
        if receipt is not None:
            # What it is for comes first: until then nothing stands that could be taken back.
            applying.awaits.extend(receipt.awaits)
            return None if receipt.awaits else receipt
        payment = session.get(Payment, name)
        if payment is not None:
            return _receipt_for(session, payment)
    applying.awaits.extend((payment_id, *other_ids))
    return None


def _receipt_for(session: Session, payment: Payment) -> CashReceipt:
    if payment.receipt_key is not None:
        return session.get_one(CashReceipt, payment.receipt_key)
    invoice = session.get_one(Invoice, payment.invoice_id)
    receipt = CashReceipt(
        key=payment.id,
        source=payment.source,
        customer_id=invoice.customer_id,
        currency=payment.currency,
        amount=payment.amount,
        placed=payment.applied,
        received_on=payment.received_on,
        method=payment.method,
        state=CashState.PLACED,
        recorded_at=payment.recorded_at,
        returned_on=payment.reversed_on,
    )
    payment.receipt_key, payment.amount = receipt.key, payment.applied
    session.add_all((receipt, payment))
    cash.recount(session, receipt)
    return receipt
