"""Which events of Stripe mean what, whether a webhook brings them or the list of events does."""

from collections.abc import Callable

from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_credits import credit_news, credit_voided
from integrations.provider_objects.stripe_customers import customer_news, customer_updated
from integrations.provider_objects.stripe_declines import (
    intent_canceled,
    intent_declined,
    invoice_declined,
)
from integrations.provider_objects.stripe_disputes import (
    dispute_gave_back,
    dispute_news,
    dispute_took,
)
from integrations.provider_objects.stripe_event import StripeEvent, event_of
from integrations.provider_objects.stripe_invoices import invoice_news, invoice_paid
from integrations.provider_objects.stripe_means import mandate_news, means_news, means_set_up
from integrations.provider_objects.stripe_payments import (
    charge_news,
    checkout_settled,
    intent_settled,
    intent_under_way,
    invoice_payment_news,
    latest_charge,
)
from integrations.provider_objects.stripe_refunds import charge_refunds, refund_news
from models.billing import News

Meaning = Callable[[StripeEvent], list[News]]
_Tell = Callable[..., list[News]]

_OF_NO_USE = frozenset(
    {
        "invoice.upcoming",
        *("invoiceitem.created", "invoiceitem.deleted", "invoiceitem.updated"),
        *("payment_intent.created", "payment_intent.requires_action"),
        *("payment_intent.amount_capturable_updated", "payment_intent.partially_funded"),
        *("charge.expired", "charge.updated", "credit_note.updated", "customer.deleted"),
        *("checkout.session.expired", "checkout.session.async_payment_failed"),
        *("setup_intent.created", "setup_intent.canceled", "setup_intent.setup_failed"),
        *("setup_intent.requires_action", "balance.available", "payout.created", "payout.paid"),
        *("payout.updated", "payout.failed", "payout.canceled", "transfer.created"),
        *("payout.reconciliation_completed", "transfer.updated", "transfer.paid"),
        *("transfer.failed", "transfer.reversed"),
    }
)
_INVOICE = (
    *("created", "finalized", "finalization_failed", "updated", "sent", "overdue", "will_be_due"),
    *("overpaid", "payment_action_required", "payment_attempt_required", "voided"),
    *("marked_uncollectible", "deleted"),
)


def _of(tell: _Tell) -> Meaning:
    """What the object tells, as of the event."""
    return lambda event: tell(event.object, event.at)


def _invoice_failed(event: StripeEvent) -> list[News]:
    declined = invoice_declined(event.object, event.at)
    return [*invoice_news(event.object, event.at), *declined]


def _intent_failed(event: StripeEvent) -> list[News]:
    return intent_declined(event.object, event.at, latest_charge(event.object))


def _dispute_moved(event: StripeEvent) -> list[News]:
    """A change of a dispute's status; one of its evidence tells nothing."""
    is_moved = event.before is not None and event.before.has("status")
    return dispute_news(event.object, event.at) if is_moved else []


def _customer_updated(event: StripeEvent) -> list[News]:
    return customer_updated(event.object, event.at, event.before)


def _means_detached(event: StripeEvent) -> list[News]:
    """Whose it was stands in what was before."""
    was_of = event.before.maybe_id("customer") if event.before else ""
    return means_news(event.object, event.at, was_of=was_of)


MEANINGS: dict[str, Meaning] = {
    **dict.fromkeys((f"invoice.{kind}" for kind in _INVOICE), _of(invoice_news)),
    "invoice.paid": _of(invoice_paid),
    "invoice.payment_succeeded": _of(invoice_paid),
    "invoice.payment_failed": _invoice_failed,
    "invoice_payment.paid": _of(invoice_payment_news),
    "payment_intent.succeeded": _of(intent_settled),
    "payment_intent.processing": _of(intent_under_way),
    "payment_intent.payment_failed": _intent_failed,
    "payment_intent.canceled": _of(intent_canceled),
    "charge.succeeded": _of(charge_news),
    "charge.captured": _of(charge_news),
    "charge.pending": _of(charge_news),
    "charge.failed": _of(charge_news),
    "charge.refunded": _of(charge_refunds),
    "charge.refund.updated": _of(refund_news),
    "refund.created": _of(refund_news),
    "refund.updated": _of(refund_news),
    "refund.failed": _of(refund_news),
    "charge.dispute.created": _of(dispute_news),
    "charge.dispute.funds_withdrawn": _of(dispute_took),
    "charge.dispute.updated": _dispute_moved,
    "charge.dispute.funds_reinstated": _of(dispute_gave_back),
    "charge.dispute.closed": _of(dispute_news),
    "checkout.session.completed": _of(checkout_settled),
    "checkout.session.async_payment_succeeded": _of(checkout_settled),
    "credit_note.created": _of(credit_news),
    "credit_note.voided": _of(credit_voided),
    "customer.created": _of(customer_news),
    "customer.updated": _customer_updated,
    "payment_method.attached": _of(means_news),
    "payment_method.updated": _of(means_news),
    "payment_method.automatically_updated": _of(means_news),
    "payment_method.detached": _means_detached,
    "setup_intent.succeeded": _of(means_set_up),
    "mandate.updated": _of(mandate_news),
}
"""What to make of an event by its type, where it tells something."""


def event_news(said: JsonPart) -> list[News] | None:
    """What an event tells; None where its type is not known."""
    kind = said.text("type")
    if kind in _OF_NO_USE:
        return []
    meaning = MEANINGS.get(kind)
    return meaning(event_of(said)) if meaning else None
