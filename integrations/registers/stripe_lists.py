"""Which of Stripe's lists are read, and how far back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.registers import stripe_money as money
from integrations.registers import stripe_objects as objects
from integrations.registers.parts import Part
from models.billing import InvoiceStated, News
from models.vocabulary import InvoiceStatus

# Events are to be had for 30 days.
_REMEMBERS = timedelta(days=29)

# Lists go by when an object was made. What changed since may have been made this much before.
_LONGEST_OPEN = timedelta(days=730)

_LONGEST_DISPUTE = timedelta(days=180)

WHOLE_INVOICE = (
    "customer",
    "customer.invoice_settings.default_payment_method",
    "default_payment_method",
)

Tell = Callable[[Part, datetime], list[News]]


def _closed(said: Part, as_of: datetime) -> list[News]:
    """An invoice that is not open; the open ones are read from their own list."""
    told = objects.invoice_news(said, as_of)
    first = told[0] if told else None
    is_open = isinstance(first, InvoiceStated) and first.invoice.status is InvoiceStatus.OPEN
    return [] if is_open else told


@dataclass(frozen=True, slots=True)
class StripeList:
    path: str
    kind: str
    tell: Tell
    status: str = ""
    expand: tuple[str, ...] = ()
    reach: timedelta | None = None  # how long before `since` what changed may have been made


LISTS = {
    "open": StripeList("invoices", "invoice", objects.invoice_news, "open", WHOLE_INVOICE),
    "closed": StripeList("invoices", "invoice", _closed, reach=_LONGEST_OPEN),
    "paid": StripeList(
        "invoice_payments",
        "invoice payment",
        money.invoice_payment_news,
        "paid",
        reach=_LONGEST_OPEN,
    ),
    "refunds": StripeList("refunds", "refund", money.refund_news, reach=_LONGEST_DISPUTE),
    "disputes": StripeList("disputes", "dispute", money.dispute_news, reach=_LONGEST_DISPUTE),
    "credit notes": StripeList(
        "credit_notes", "credit note", objects.credit_news, reach=_LONGEST_OPEN
    ),
}

EVENTS = "events"


def kinds(since: datetime | None, watermark: datetime) -> Sequence[str]:
    """Events before the open invoices: what they say of one is older."""
    if since is None:
        return ("open",)
    if watermark - since > _REMEMBERS:
        return tuple(LISTS)
    return (EVENTS, "open")
