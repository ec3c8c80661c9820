"""Which of Stripe's events tell something, and what."""

from collections.abc import Callable
from datetime import datetime

from integrations.registers import stripe_means as means
from integrations.registers import stripe_money as money
from integrations.registers import stripe_objects as objects
from integrations.registers.parts import Part
from integrations.registers.stripe_links import named
from models.billing import News

_Tell = Callable[[Part, datetime], list[News]]

# Stripe takes twenty at most. What is said of an invoice that is still open is left out: the list
# of open invoices says it as of a later moment, and two events of one second have no order.
TELLING: dict[str, tuple[str, _Tell]] = {
    "invoice.paid": ("invoice", objects.invoice_news),
    "invoice.voided": ("invoice", objects.invoice_news),
    "invoice.marked_uncollectible": ("invoice", objects.invoice_news),
    "invoice_payment.paid": ("invoice payment", money.invoice_payment_news),
    "charge.succeeded": ("charge", money.charge_news),
    "charge.pending": ("charge", money.charge_news),
    "charge.failed": ("charge", money.charge_news),
    "refund.created": ("refund", money.refund_news),
    "refund.updated": ("refund", money.refund_news),
    "charge.dispute.created": ("dispute", money.dispute_news),
    "charge.dispute.updated": ("dispute", money.dispute_news),
    "charge.dispute.closed": ("dispute", money.dispute_news),
    "credit_note.created": ("credit note", objects.credit_news),
    "credit_note.voided": ("credit note", objects.credit_news),
    "customer.updated": ("customer", objects.customer_news),
    "payment_method.attached": ("payment method", means.means_news),
    "payment_method.updated": ("payment method", means.means_news),
    "payment_method.automatically_updated": ("payment method", means.means_news),
    "payment_method.detached": ("payment method", means.means_news),
    "mandate.updated": ("mandate", means.mandate_news),
}


def event_news(said: Part) -> list[News]:
    """What an event tells, as of the moment it happened."""
    known = TELLING.get(said.text("type"))
    if known is None:
        return []
    kind, tell = known
    as_of, data = said.seconds("created"), said.child("data")
    told = data.child("object").as_kind(kind)
    before = data.maybe("previous_attributes")
    if kind == "payment method" and before is not None:
        # It no longer says whose it was.
        return means.means_news(told, as_of, customer_id=named(before, "customer"))
    return tell(told, as_of)
