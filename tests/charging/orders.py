"""An order to charge, as the follow-up of an invoice places it."""

from decimal import Decimal
from typing import Any

from models.charging import ChargeOrder
from models.vocabulary import Method


def by_card(key: str = "INV-7/first-notice/1/1", **other: Any) -> ChargeOrder:
    """119 dollars by a card that Stripe has."""
    said = {
        "key": key,
        "invoice_id": "INV-7",
        "number": "2026-0007",
        "customer_id": "C-1",
        "amount": Decimal("119.00"),
        "currency": "USD",
        "reference": "pm_1",
        "holder": "cus_1",
        "method": Method.CARD,
    }
    return ChargeOrder.model_validate(said | other)


def by_mandate(key: str = "INV-7/first-notice/1/1", **other: Any) -> ChargeOrder:
    """119 pounds under a mandate that GoCardless has."""
    said = {"currency": "GBP", "reference": "MD1", "holder": "CU1", "method": Method.OTHER}
    return by_card(key, **said | other)
