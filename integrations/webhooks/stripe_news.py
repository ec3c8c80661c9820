"""Which events of Stripe mean what."""

from collections.abc import Callable

from integrations.webhooks.stripe_credit import credit_issued, credit_voided
from integrations.webhooks.stripe_customer import customer_stated, customer_updated
from integrations.webhooks.stripe_decline import charge_declined, intent_declined, invoice_declined
from integrations.webhooks.stripe_dispute import (
    dispute_closed,
    dispute_moved,
    dispute_opened,
    dispute_won_back,
)
from integrations.webhooks.stripe_event import StripeEvent
from integrations.webhooks.stripe_invoice import invoice_paid, invoice_stated
from integrations.webhooks.stripe_means import (
    mandate_stated,
    means_detached,
    means_set_up,
    means_stated,
)
from integrations.webhooks.stripe_payment import (
    charge_settled,
    charge_under_way,
    checkout_settled,
    intent_settled,
    intent_under_way,
    invoice_payment_settled,
)
from integrations.webhooks.stripe_refund import charge_refunded, refund_told
from models.billing import News

Meaning = Callable[[StripeEvent], list[News]]


def _nothing(_: StripeEvent) -> list[News]:
    return []


_INVOICE = (
    *("created", "finalized", "finalization_failed", "updated", "sent", "overdue", "will_be_due"),
    *("overpaid", "payment_action_required", "payment_attempt_required", "voided"),
    *("marked_uncollectible", "deleted"),
)
_OF_NO_USE = (
    "invoice.upcoming",
    *("invoiceitem.created", "invoiceitem.deleted", "invoiceitem.updated"),
    *("payment_intent.created", "payment_intent.canceled", "payment_intent.requires_action"),
    *("payment_intent.amount_capturable_updated", "payment_intent.partially_funded"),
    *("charge.expired", "charge.updated", "credit_note.updated", "customer.deleted"),
    *("checkout.session.expired", "checkout.session.async_payment_failed"),
    *("setup_intent.created", "setup_intent.canceled", "setup_intent.setup_failed"),
    *("setup_intent.requires_action", "balance.available", "payout.created", "payout.paid"),
    *("payout.updated", "payout.failed", "payout.canceled", "payout.reconciliation_completed"),
    *("transfer.created", "transfer.updated", "transfer.paid", "transfer.failed"),
    "transfer.reversed",
)

MEANINGS: dict[str, Meaning] = {
    **dict.fromkeys(_OF_NO_USE, _nothing),
    **{f"invoice.{kind}": invoice_stated for kind in _INVOICE},
    "invoice.paid": invoice_paid,
    "invoice.payment_succeeded": invoice_paid,
    "invoice.payment_failed": lambda event: [*invoice_stated(event), *invoice_declined(event)],
    "invoice_payment.paid": invoice_payment_settled,
    "payment_intent.succeeded": intent_settled,
    "payment_intent.processing": intent_under_way,
    "payment_intent.payment_failed": intent_declined,
    "charge.succeeded": charge_settled,
    "charge.captured": charge_settled,
    "charge.pending": charge_under_way,
    "charge.failed": charge_declined,
    "charge.refunded": charge_refunded,
    "charge.refund.updated": refund_told,
    "refund.created": refund_told,
    "refund.updated": refund_told,
    "refund.failed": refund_told,
    "charge.dispute.created": dispute_opened,
    "charge.dispute.funds_withdrawn": dispute_opened,
    "charge.dispute.updated": dispute_moved,
    "charge.dispute.funds_reinstated": dispute_won_back,
    "charge.dispute.closed": dispute_closed,
    "checkout.session.completed": checkout_settled,
    "checkout.session.async_payment_succeeded": checkout_settled,
    "credit_note.created": credit_issued,
    "credit_note.voided": credit_voided,
    "customer.created": customer_stated,
    "customer.updated": customer_updated,
    "payment_method.attached": means_stated,
    "payment_method.updated": means_stated,
    "payment_method.automatically_updated": means_stated,
    "payment_method.detached": means_detached,
    "setup_intent.succeeded": means_set_up,
    "mandate.updated": mandate_stated,
}
"""What to make of an event by its type; a type that is not here is not known."""
