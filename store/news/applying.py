"""What it takes to apply any news: what it waits for, the invoices and the money it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import singledispatch

from sqlmodel import Session

from models.billing import News
from models.tables import CashReceipt, Customer, Invoice, InvoiceName, Payment
from store import cash, register
from store.cash import naming


@dataclass
class Applying:
    """News about to be applied: from which system, at what time of ours.

    `awaits` collects the names of what must come first; `made_news` counts the news that changed
    anything.
    """

    session: Session
    source: str
    at: datetime
    awaits: list[str] = field(default_factory=list)
    made_news: int = 0


@singledispatch
def apply_one(news: News, applying: Applying) -> None:
    """Apply one piece of news; each kind says how in the file of its kind."""
    del applying
    raise TypeError(f"nobody applies {type(news).__name__}")


def invoice_named(session: Session, source: str, names: Sequence[str]) -> Invoice | None:
    """The invoice that goes by the first of these names that any goes by: its id, the id that the
    system knows it by, or a number that only one has."""
    for name in names:
        known = session.get(InvoiceName, (source, name))
        if known is not None:
            return session.get_one(Invoice, known.invoice_id)
    return register.named(session, names)


def customer_known(session: Session, said: str) -> str | None:
    """The customer of that id, if we know them."""
    return said if said and session.get(Customer, said) is not None else None


def about(applying: Applying, payment_id: str, other_ids: Sequence[str] = ()) -> CashReceipt | None:
    """The money that the news is about; awaited where it has not come yet."""
    session = applying.session
    names = (payment_id, *other_ids)
    receipts = naming.known(session, names)
    if receipts:
        return receipts[0]
    for name in names:
        payment = session.get(Payment, name)
        if payment is not None:
            return cash.of_payment(session, payment)
    applying.awaits.extend(names)
    return None
