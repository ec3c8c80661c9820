"""Which events of Chargebee mean what."""

from collections.abc import Callable

from integrations.webhooks.chargebee_credit import credit_deleted, credit_stated
from integrations.webhooks.chargebee_customer import customer_stated
from integrations.webhooks.chargebee_event import ChargebeeEvent
from integrations.webhooks.chargebee_invoice import invoice_deleted, invoice_stated
from integrations.webhooks.chargebee_means import means_deleted, means_stated
from integrations.webhooks.chargebee_payment import (
    payment_deleted,
    payment_failed,
    payment_initiated,
    payment_refunded,
    payment_succeeded,
)
from models.billing import News

Meaning = Callable[[ChargebeeEvent], list[News]]


def _nothing(_: ChargebeeEvent) -> list[News]:
    return []


def _with_invoice(meaning: Meaning) -> Meaning:
    """The invoice stands in events about its payments too, newer than before."""
    return lambda event: [*invoice_stated(event), *meaning(event)]


def _refunded(event: ChargebeeEvent) -> list[News]:
    """The credit comes first: it stands against the refund, which so leaves nothing open."""
    credit = credit_stated(event) if "credit_note" in event.content else []
    return [*credit, *payment_refunded(event)]


_INVOICE = (
    *("invoice_generated", "invoice_generated_with_backdating", "invoice_updated"),
    *("invoice_updated_with_backdating", "dunning_updated"),
)
_CREDIT = (
    *("credit_note_created", "credit_note_created_with_backdating", "credit_note_updated"),
    "credit_note_updated_with_backdating",
)
_MEANS = (
    *("card_added", "card_updated", "card_expired", "card_expiry_reminder"),
    *("payment_source_added", "payment_source_updated", "payment_source_expiring"),
    "payment_source_expired",
)
_MEANINGS: dict[str, Meaning] = {
    **dict.fromkeys(_INVOICE, invoice_stated),
    **dict.fromkeys(_CREDIT, credit_stated),
    **dict.fromkeys(_MEANS, means_stated),
    "invoice_deleted": invoice_deleted,
    "payment_succeeded": _with_invoice(payment_succeeded),
    "payment_failed": _with_invoice(payment_failed),
    "payment_initiated": _with_invoice(payment_initiated),
    "payment_refunded": _with_invoice(_refunded),
    "refund_initiated": invoice_stated,
    "transaction_created": _nothing,
    "transaction_updated": _nothing,
    "transaction_deleted": payment_deleted,
    "credit_note_deleted": credit_deleted,
    "card_deleted": means_deleted,
    "payment_source_deleted": means_deleted,
    "payment_source_locally_deleted": means_deleted,
    "customer_created": customer_stated,
    "customer_changed": customer_stated,
    "customer_moved_in": customer_stated,
    "customer_moved_out": _nothing,
    "customer_deleted": _nothing,
    "payment_due_reminder": _nothing,
}
# Whole families that tell nothing of what is owed. A pending invoice is none yet; what a
# subscription bills has an event of its own.
_OF_NO_USE = (
    *("pending_invoice_", "subscription_", "authorization_", "payment_intent_", "quote_"),
    *("promotional_credits_", "unbilled_charges_", "plan_", "addon_", "coupon_", "item_", "order_"),
    *("gift_", "hierarchy_", "usage_", "mrr_"),
)


def meaning_of(kind: str) -> Meaning | None:
    """What to make of an event by its type; None where the type is not known."""
    return _MEANINGS.get(kind) or (_nothing if kind.startswith(_OF_NO_USE) else None)
