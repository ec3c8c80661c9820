"""Events of Chargebee, as small as they can be."""

from typing import Any

AT = 1_772_442_000  # 2 March 2026, 09:00 UTC
_MONEY = {"currency_code": "EUR", "resource_version": AT * 1000 + 171}


def event(kind: str, **content: Any) -> dict[str, Any]:
    """An event of a type about these objects."""
    return {
        "id": "ev_1",
        "object": "event",
        "api_version": "v2",
        "event_type": kind,
        "occurred_at": AT,
        "content": content,
    }


def invoice(**changes: Any) -> dict[str, Any]:
    """An open invoice of 120.00 EUR, due on 16 March."""
    return {
        **_MONEY,
        "id": "19",
        "customer_id": "C-1",
        "status": "payment_due",
        "date": AT,
        "due_date": AT + 14 * 86_400,
        "total": 12_000,
        "amount_paid": 0,
        "amount_adjusted": 0,
        "credits_applied": 0,
        "write_off_amount": 0,
        "amount_due": 12_000,
        "po_number": "4500017",
        "billing_address": {"company": "Müller GmbH", "country": "DE"},
        **changes,
    }


def transaction(**changes: Any) -> dict[str, Any]:
    """A payment of 120.00 EUR, of which 100.00 are for an invoice."""
    return {
        **_MONEY,
        "id": "txn_1",
        "customer_id": "C-1",
        "type": "payment",
        "status": "success",
        "date": AT - 86_400,
        "amount": 12_000,
        "payment_method": "card",
        "id_at_gateway": "ch_1",
        "linked_invoices": [{"invoice_id": "19", "applied_amount": 10_000}],
        **changes,
    }


def refund(**changes: Any) -> dict[str, Any]:
    """20.00 EUR of it given back."""
    return (
        transaction(
            id="txn_2", type="refund", amount=2_000, refunded_txn_id="txn_1", linked_invoices=None
        )
        | changes
    )


def credit_note(**changes: Any) -> dict[str, Any]:
    """A credit of 20.00 EUR that the customer may use."""
    return {
        **_MONEY,
        "id": "CN-1",
        "customer_id": "C-1",
        "reference_invoice_id": "19",
        "type": "refundable",
        "status": "refund_due",
        "date": AT,
        "total": 2_000,
        "amount_allocated": 0,
        "amount_refunded": 0,
        "allocations": [],
        **changes,
    }


def customer(**changes: Any) -> dict[str, Any]:
    """A customer with a card."""
    return {
        "id": "C-1",
        "first_name": "Erika",
        "last_name": "Müller",
        "company": "Müller GmbH",
        "email": "ap@mueller.example",
        "locale": "de-DE",
        "resource_version": AT * 1000 + 171,
        "primary_payment_source_id": "pm_1",
        "payment_method": {"type": "card", "status": "valid"},
        "preferred_currency_code": "EUR",
        **changes,
    }


def source(**changes: Any) -> dict[str, Any]:
    """The card as an object of its own."""
    return {
        "id": "pm_1",
        "customer_id": "C-1",
        "type": "card",
        "status": "valid",
        "resource_version": AT * 1000 + 171,
        "card": {"expiry_month": 2, "expiry_year": 2028},
        **changes,
    }
