"""What it takes to apply any news: what it waits for, the invoices and the money it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import singledispatch

from sqlmodel import Session

from models.billing import News, Share
from models.tables import CashName, CashReceipt, Customer, Invoice, Payment
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


def booked_as(payment_id: str, invoice: Invoice, *, is_whole: bool) -> str:
    """A payment that is for one invoice as a whole keeps its id, so that a signal about it counts
    no second time."""
    return payment_id if is_whole else f"{payment_id}/{invoice.id}"


def shares_of(
    shares: Sequence[Share], applying: Applying
) -> tuple[list[tuple[Invoice, Decimal]], list[str]]:
    """The invoices that are known, each with what is for it, and the names of the others, which are
    awaited."""
    found, missing = [], list[str]()
    for share in shares:
        invoice = register.named(applying.session, share.invoice)
        if invoice is None:
            missing.extend(share.invoice)
        else:
            found.append((invoice, share.amount))
    applying.awaits.extend(missing)
    return found, missing


def customer_of(
    said: str, shares: Sequence[tuple[Invoice, Decimal]], session: Session
) -> str | None:
    """Whose money it is: the customer of its invoices, or the one it names if we know them."""
    if shares:
        return shares[0][0].customer_id
    return said if said and session.get(Customer, said) is not None else None


def stood_on(session: Session, receipt: CashReceipt) -> list[tuple[Invoice, Decimal]]:
    """The invoices that the money stands on, or stood on, each with how much."""
    found = cash.payments_of(session, receipt)
    return [(session.get_one(Invoice, one.invoice_id), one.amount) for one in found]


def known_receipt(
    session: Session, payment_id: str, other_ids: Sequence[str] = ()
) -> CashReceipt | None:
    """The money that goes by one of these names, if it has come."""
    for name in (payment_id, *other_ids):
        known = session.get(CashName, name)
        if known is not None:
            return session.get_one(CashReceipt, known.receipt_key)
    return None


def name_receipt(session: Session, receipt: CashReceipt, names: Sequence[str]) -> None:
    """Keep by which names later news may mean this money."""
    session.add(receipt)
    session.flush()
    for name in names:
        if session.get(CashName, name) is None:
            session.add(CashName(name=name, receipt_key=receipt.key))
    session.flush()


def about(applying: Applying, payment_id: str, other_ids: Sequence[str] = ()) -> CashReceipt | None:
    """The money that the news is about; awaited where it has not come yet.

    One that was reported by a signal is taken for what it is: money for one invoice.
    """
    session = applying.session
    receipt = known_receipt(session, payment_id, other_ids)
    if receipt is not None:
        # What it is for comes first: until then nothing stands that could be taken back.
        applying.awaits.extend(receipt.awaits)
        return None if receipt.awaits else receipt
    for name in (payment_id, *other_ids):
        payment = session.get(Payment, name)
        if payment is not None:
            return _receipt_for(session, payment)
    applying.awaits.extend((payment_id, *other_ids))
    return None


def _receipt_for(session: Session, payment: Payment) -> CashReceipt:
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
    session.add(payment)
    name_receipt(session, receipt, (payment.id,))
    cash.recount(session, receipt)
    return receipt
