"""Bodies of requests, one and more for every kind of event that tells something."""

from typing import Any

from integrations.provider_objects.stripe_events import MEANINGS
from integrations.webhooks.chargebee_news import _MEANINGS as CHARGEBEE
from integrations.webhooks.generic_news import TYPES
from tests.webhooks import chargebee_events, generic_events, gocardless_events, stripe_events
from tests.webhooks.books_events import cloud_event, notification, xero

_STRIPE = [
    stripe_events.event("invoice.payment_failed", stripe_events.invoice(charge="ch_1")),
    stripe_events.event("invoice.paid", stripe_events.invoice(status="paid", amount_paid=12_000)),
    stripe_events.event(
        "invoice.paid",
        stripe_events.invoice(
            status="paid",
            payment_intent=None,
            payments={"data": [stripe_events.invoice_payment()]},
        ),
    ),
    stripe_events.event("invoice_payment.paid", stripe_events.invoice_payment()),
    stripe_events.event("payment_intent.succeeded", stripe_events.intent()),
    stripe_events.event("payment_intent.processing", stripe_events.intent()),
    stripe_events.event("payment_intent.payment_failed", stripe_events.failed_intent()),
    stripe_events.event("charge.failed", stripe_events.failed_charge()),
    stripe_events.event("charge.succeeded", stripe_events.charge()),
    stripe_events.event("refund.created", stripe_events.refund()),
    stripe_events.event(
        "charge.refunded", stripe_events.charge(refunds={"data": [stripe_events.refund()]})
    ),
    stripe_events.event("charge.dispute.created", stripe_events.dispute()),
    stripe_events.event(
        "charge.dispute.updated", stripe_events.dispute(), {"status": "warning_needs_response"}
    ),
    stripe_events.event("charge.dispute.closed", stripe_events.dispute(status="lost")),
    stripe_events.event("credit_note.created", stripe_events.credit_note()),
    stripe_events.event("credit_note.voided", stripe_events.credit_note(status="void")),
    stripe_events.event("payment_method.attached", stripe_events.card()),
    stripe_events.event(
        "payment_method.detached", stripe_events.card(customer=None), {"customer": "cus_1"}
    ),
    stripe_events.event(
        "customer.updated",
        stripe_events.customer(),
        {"invoice_settings": {"default_payment_method": None}},
    ),
    stripe_events.event("checkout.session.completed", stripe_events.checkout()),
]

_CHARGEBEE = [
    chargebee_events.event(
        "payment_succeeded",
        invoice=chargebee_events.invoice(),
        transaction=chargebee_events.transaction(),
        customer=chargebee_events.customer(),
    ),
    chargebee_events.event(
        "payment_failed", transaction=chargebee_events.transaction(status="failure")
    ),
    chargebee_events.event(
        "payment_refunded",
        transaction=chargebee_events.refund(),
        credit_note=chargebee_events.credit_note(amount_refunded=2_000),
    ),
    chargebee_events.event(
        "payment_source_added",
        payment_source=chargebee_events.source(),
        customer=chargebee_events.customer(),
    ),
    chargebee_events.event("card_expired", customer=chargebee_events.customer()),
]
_GOCARDLESS = [
    gocardless_events.request(
        gocardless_events.event("payments", "failed", cause="bank_account_closed"),
        gocardless_events.event("payments", "charged_back"),
        gocardless_events.event("mandates", "replaced"),
        gocardless_events.event("refunds", "paid"),
    ),
]

BY_SOURCE: dict[str, list[Any]] = {
    "stripe": _STRIPE,
    "generic": generic_events.all_types(),
    "chargebee": _CHARGEBEE,
    "gocardless": _GOCARDLESS,
    "quickbooks": [
        notification("Customer", "Merge", deletedId="99"),
        cloud_event("qbo.invoice.updated.v1"),
    ],
    "xero": [xero("CREDITNOTE", data={"Type": "ACCRECCREDIT", "Status": "DELETED"})],
}
KINDS = {*MEANINGS, *TYPES, *CHARGEBEE, "payments.failed", "mandates.replaced"}
