"""Which of Stripe's lists are read, and how far back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.provider_objects.stripe_credits import credit_news
from integrations.provider_objects.stripe_disputes import dispute_news
from integrations.provider_objects.stripe_invoices import invoice_news
from integrations.provider_objects.stripe_payments import invoice_payment_news
from integrations.provider_objects.stripe_refunds import refund_news
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
"""Tells of an object that was read by itself, as of the moment of reading."""


def by_its_own_moment(tell: Callable[[Part], list[News]]) -> Tell:
    """Money has a moment of its own, whenever it is read."""
    return lambda said, _: tell(said)


def _closed(said: Part, as_of: datetime) -> list[News]:
    """An invoice that is not open; the open ones are read from their own list."""
    told = invoice_news(said, as_of)
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
    "open": StripeList("invoices", "invoice", invoice_news, "open", WHOLE_INVOICE),
    "closed": StripeList("invoices", "invoice", _closed, reach=_LONGEST_OPEN),
    "paid": StripeList(
        "invoice_payments",
        "invoice payment",
        by_its_own_moment(invoice_payment_news),
        "paid",
        # As a whole, a copy of an invoice says which of ours it copies.
        ("invoice",),
        _LONGEST_OPEN,
    ),
    "refunds": StripeList(
        "refunds", "refund", by_its_own_moment(refund_news), reach=_LONGEST_DISPUTE
    ),
    "disputes": StripeList(
        "disputes", "dispute", by_its_own_moment(dispute_news), reach=_LONGEST_DISPUTE
    ),
    "credit notes": StripeList("credit_notes", "credit note", credit_news, reach=_LONGEST_OPEN),
}

EVENTS = "events"
# Stripe takes twenty at most. What is said of an invoice that is still open, and of its customer,
# is left out: the list of open invoices says it as of a later moment, and two events of one second
# have no order.
TELLING = (
    *("invoice.paid", "invoice.voided", "invoice.marked_uncollectible", "invoice_payment.paid"),
    *("charge.succeeded", "charge.pending", "charge.failed", "payment_intent.canceled"),
    *("refund.created", "refund.updated"),
    *("charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"),
    *("credit_note.created", "credit_note.voided", "mandate.updated"),
    *("payment_method.attached", "payment_method.updated", "payment_method.detached"),
    "payment_method.automatically_updated",
)


def kinds(since: datetime | None, watermark: datetime) -> Sequence[str]:
    """Events before the open invoices: what they say of one is older."""
    if since is None:
        return ("open",)
    if watermark - since > _REMEMBERS:
        return tuple(LISTS)
    return (EVENTS, "open")
