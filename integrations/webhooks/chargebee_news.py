"""Which events of Chargebee mean what."""

from collections.abc import Callable

from integrations.provider_objects.chargebee_credits import credit_deleted, credit_news
from integrations.provider_objects.chargebee_invoices import customer_news, invoice_news
from integrations.provider_objects.chargebee_means import source_news, usual_means
from integrations.provider_objects.chargebee_refunds import is_chargeback
from integrations.provider_objects.chargebee_transactions import transaction_news
from integrations.webhooks.chargebee_event import ChargebeeEvent
from models.billing import News

Meaning = Callable[[ChargebeeEvent], list[News]]


def _nothing(_: ChargebeeEvent) -> list[News]:
    return []


def _invoice(event: ChargebeeEvent, *, is_deleted: bool = False) -> list[News]:
    """The invoice, where the event has one, with the customer, where the event has theirs."""
    invoice, customer = event.content.maybe("invoice"), event.customer
    if invoice is None:
        return []
    is_theirs = customer is not None and customer.text("id") == invoice.text("customer_id")
    return invoice_news(invoice, customer if is_theirs else None, event.at, is_deleted=is_deleted)


def _invoice_deleted(event: ChargebeeEvent) -> list[News]:
    """It is no more, so nothing of it is to be paid."""
    return _invoice(event, is_deleted=True)


def _transaction(event: ChargebeeEvent) -> list[News]:
    """The invoice stands in events about its payments too, newer than before."""
    return [*_invoice(event), *transaction_news(event.content.child("transaction"), event.at)]


def _refunded(event: ChargebeeEvent) -> list[News]:
    """The credit comes first: it stands against the refund, which so leaves nothing open."""
    note, refund = event.content.maybe("credit_note"), event.content.child("transaction")
    is_taken = is_chargeback(refund)
    credit = credit_news(note, event.at, is_chargeback=is_taken) if note else []
    return [*_invoice(event), *credit, *transaction_news(refund, event.at)]


def _transaction_deleted(event: ChargebeeEvent) -> list[News]:
    """Something that somebody had entered by hand, and that there never was."""
    return transaction_news(event.content.child("transaction"), event.at, is_deleted=True)


def _credit(event: ChargebeeEvent) -> list[News]:
    return credit_news(event.content.child("credit_note"), event.at)


def _credit_deleted(event: ChargebeeEvent) -> list[News]:
    return credit_deleted(event.content.child("credit_note"), event.at)


def _customer(event: ChargebeeEvent) -> list[News]:
    return customer_news(event.content.child("customer"), event.at)


def _means(event: ChargebeeEvent) -> list[News]:
    """A card or mandate: the event's own, else the one that the customer is charged by. Older
    versions bring the customer only, with the kind and state of that one."""
    source, customer = event.content.maybe("payment_source"), event.customer
    if source is not None:
        return source_news(source, customer, event.at)
    return usual_means(customer, event.content.maybe("card"), event.at) if customer else []


def _means_deleted(event: ChargebeeEvent) -> list[News]:
    """A card or mandate that is gone, where the event says which."""
    source = event.content.maybe("payment_source")
    return source_news(source, event.customer, event.at, is_deleted=True) if source else []


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
    **dict.fromkeys(_INVOICE, _invoice),
    **dict.fromkeys(_CREDIT, _credit),
    **dict.fromkeys(_MEANS, _means),
    "invoice_deleted": _invoice_deleted,
    "payment_succeeded": _transaction,
    "payment_failed": _transaction,
    "payment_initiated": _transaction,
    "payment_refunded": _refunded,
    "refund_initiated": _invoice,
    "transaction_created": _nothing,
    "transaction_updated": _nothing,
    "transaction_deleted": _transaction_deleted,
    "credit_note_deleted": _credit_deleted,
    "card_deleted": _means_deleted,
    "payment_source_deleted": _means_deleted,
    "payment_source_locally_deleted": _means_deleted,
    "customer_created": _customer,
    "customer_changed": _customer,
    "customer_moved_in": _customer,
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
