"""Events of Stripe, as small as they can be."""

from typing import Any

AT = 1_772_442_000  # 2 March 2026, 09:00 UTC


def event(kind: str, said: Any, before: Any = None) -> dict[str, Any]:
    """An event of a type about an object."""
    data = {"object": said} | ({"previous_attributes": before} if before is not None else {})
    return {"id": "evt_1", "object": "event", "type": kind, "created": AT, "data": data}


def invoice(**changes: Any) -> dict[str, Any]:
    """An open invoice of 120.00 EUR, due on 16 March; with the payment of the older API."""
    return {
        "id": "in_1",
        "object": "invoice",
        "number": "ACME-0001",
        "status": "open",
        "collection_method": "send_invoice",
        "currency": "eur",
        "total": 12_000,
        "amount_due": 12_000,
        "amount_paid": 0,
        "amount_remaining": 12_000,
        "customer": "cus_1",
        "customer_name": "Müller GmbH",
        "customer_email": "ap@mueller.example",
        "customer_address": {"country": "DE"},
        "created": AT,
        "due_date": AT + 14 * 86_400,
        "status_transitions": {"finalized_at": AT},
        "hosted_invoice_url": "https://invoice.stripe.com/i/1",
        "custom_fields": [{"name": "PO Number", "value": "4500017"}],
        "metadata": {},
        "payment_intent": "pi_1",
        "charge": None,
        **changes,
    }


def intent(**changes: Any) -> dict[str, Any]:
    """A payment of 120.00 EUR."""
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": 12_000,
        "amount_received": 12_000,
        "currency": "eur",
        "customer": "cus_1",
        "invoice": "in_1",
        "latest_charge": "ch_1",
        "payment_method_types": ["card"],
        "metadata": {},
        "last_payment_error": None,
        **changes,
    }


def charge(**changes: Any) -> dict[str, Any]:
    """The charge of that payment."""
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": 12_000,
        "amount_captured": 12_000,
        "captured": True,
        "paid": True,
        "status": "succeeded",
        "currency": "eur",
        "customer": "cus_1",
        "invoice": "in_1",
        "payment_intent": "pi_1",
        "payment_method_details": {"type": "card"},
        "billing_details": {"name": "Erika Müller"},
        "metadata": {},
        **changes,
    }


def failed_intent(**error: Any) -> dict[str, Any]:
    """A payment whose last attempt was declined."""
    declined = {"charge": "ch_1", "code": "card_declined", "decline_code": "insufficient_funds"}
    return intent(amount_received=0, last_payment_error=declined | error)


def failed_charge(**outcome: Any) -> dict[str, Any]:
    """The charge of that attempt."""
    said = {"type": "issuer_declined", "reason": "insufficient_funds"} | outcome
    return charge(
        status="failed", paid=False, captured=False, failure_code="card_declined", outcome=said
    )


def refund(**changes: Any) -> dict[str, Any]:
    """20.00 EUR of it given back."""
    return {
        "id": "re_1",
        "object": "refund",
        "amount": 2_000,
        "currency": "eur",
        "charge": "ch_1",
        "payment_intent": "pi_1",
        "status": "succeeded",
        "created": AT - 86_400,
        **changes,
    }


def dispute(**changes: Any) -> dict[str, Any]:
    """The payment contested at the bank."""
    return {
        "id": "dp_1",
        "object": "dispute",
        "amount": 12_000,
        "currency": "eur",
        "charge": "ch_1",
        "payment_intent": "pi_1",
        "reason": "fraudulent",
        "status": "needs_response",
        **changes,
    }


def credit_note(**changes: Any) -> dict[str, Any]:
    """20.00 EUR less on the open invoice."""
    return {
        "id": "cn_1",
        "object": "credit_note",
        "amount": 2_000,
        "currency": "eur",
        "customer": "cus_1",
        "invoice": "in_1",
        "status": "issued",
        "type": "pre_payment",
        "pre_payment_amount": 2_000,
        "post_payment_amount": 0,
        "customer_balance_transaction": None,
        "refund": None,
        "refunds": [],
        "out_of_band_amount": None,
        **changes,
    }


def card(**changes: Any) -> dict[str, Any]:
    """A card on file."""
    return {
        "id": "pm_1",
        "object": "payment_method",
        "type": "card",
        "customer": "cus_1",
        "card": {"exp_month": 2, "exp_year": 2028},
        **changes,
    }


def customer(**changes: Any) -> dict[str, Any]:
    """The customer."""
    return {
        "id": "cus_1",
        "object": "customer",
        "name": "Müller GmbH",
        "email": "ap@mueller.example",
        "address": {"country": "DE"},
        "preferred_locales": ["de-DE"],
        "invoice_settings": {"default_payment_method": "pm_1"},
        **changes,
    }


def invoice_payment(**changes: Any) -> dict[str, Any]:
    """What of a payment is for an invoice, since 2025."""
    return {
        "id": "inpay_1",
        "object": "invoice_payment",
        "amount_paid": 12_000,
        "currency": "eur",
        "invoice": "in_1",
        "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
        "status": "paid",
        **changes,
    }


def checkout(**changes: Any) -> dict[str, Any]:
    """A session of Checkout in which somebody paid."""
    return {
        "id": "cs_1",
        "object": "checkout.session",
        "amount_total": 12_000,
        "currency": "eur",
        "customer": "cus_1",
        "mode": "payment",
        "payment_status": "paid",
        "payment_intent": "pi_1",
        "metadata": {"dunlin_invoice_id": "INV-7"},
        **changes,
    }
