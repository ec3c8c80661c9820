"""Events in our own format."""

from typing import Any

AT = "2026-03-02T09:00:00Z"
INVOICE = {
    "invoice_id": "INV-7",
    "number": "2026-007",
    "customer_id": "C-1",
    "currency": "EUR",
    "amount": "120.00",
    "amount_open": 70.5,
    "issued_on": "2026-02-02",
    "due_on": "2026-03-04",
    "status": "open",
    "purchase_order": "4500017",
    "terms": "30 days",
    "payment_link": "https://pay.example/7",
    "customer": {
        "name": "Müller GmbH",
        "country": "DE",
        "zone": "Europe/Berlin",
        "language": "de",
        "contacts": [{"email": "ap@mueller.example", "role": "ap"}],
    },
}
PAYMENT = {
    "payment_id": "P-1",
    "amount": "100.00",
    "currency": "EUR",
    "invoices": [{"invoice": "2026-007", "amount": 60}],
    "customer_id": "C-1",
}
MONEY = {"payment_id": "P-1", "amount": "100", "currency": "EUR"}
DATA: dict[str, dict[str, Any]] = {
    "invoice.created": INVOICE,
    "invoice.changed": INVOICE,
    "invoice.voided": INVOICE,
    "invoice.uncollectible": INVOICE,
    "payment.succeeded": {**PAYMENT, "received_on": "2026-03-01", "method": "wire"},
    "payment.processing": {**PAYMENT, "since": "2026-03-01", "method": "sepa"},
    "payment.failed": {"attempt_id": "A-1", "payment_id": "P-1", "code": "NSF", "is_final": True},
    "payment.returned": {"return_id": "R-1", "payment_id": "P-1", "code": "AM04"},
    "payment.refunded": {"refund_id": "F-1", **MONEY},
    "payment.charged_back": {"chargeback_id": "B-1", **MONEY, "takes_money": False},
    "chargeback.closed": {"chargeback_id": "B-1", **MONEY, "is_won": True},
    "dispute.opened": {"dispute_id": "D-1", "invoice": "INV-7", "line": "2", "amount": 10},
    "dispute.closed": {"dispute_id": "D-1", "invoice": "INV-7", "in_favour_of": "customer"},
    "credit_note.issued": {
        "credit_note_id": "N-1",
        "amount": "20",
        "currency": "EUR",
        "invoices": [{"invoice": "INV-7", "amount": "20"}],
    },
    "credit_note.voided": {"credit_note_id": "N-1", "voided_on": "2026-03-02"},
    "payment_method.changed": {
        "payment_method_id": "M-1",
        "state": "usable",
        "method": "card",
        "customer_id": "C-1",
        "expires_on": "2028-02-29",
    },
    "customer.changed": {"customer_id": "C-1", "name": "Müller GmbH", "tags": ["vip"]},
}


def event(kind: str, **changes: Any) -> dict[str, Any]:
    """An event of a type, its data changed."""
    return {"type": kind, "timestamp": AT, "data": {**DATA.get(kind, {}), **changes}}


def all_types() -> list[dict[str, Any]]:
    """One of each type."""
    return [event(kind) for kind in DATA]
