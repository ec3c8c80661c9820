"""Early-payment discounts, as terms state them."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from models.matching import OpenItem

_TERMS = re.compile(
    # Not a date: nothing of one stands before it or after it.
    r"(?<![\d/.])(?P<percent>\d{1,2}(?:[.,]\d{1,2})?)\s*%?\s*/\s*(?P<days>\d{1,3})(?![\d/.])"
    r"(?:\s*(?:,|;|-|\s)\s*(?:n|net)\s*/?\s*(?P<net>\d{1,3}))?",
    re.IGNORECASE,
)
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Discount:
    """So much per cent less when paid within so many days of the invoice's date."""

    percent: Decimal
    days: int


def discounts(terms: str) -> tuple[Discount, ...]:
    """The discounts in terms such as `2/10 net 30`, `3/7, 2/14, n/30` or `2% / 10`."""
    return tuple(
        Discount(Decimal(found["percent"].replace(",", ".")), int(found["days"]))
        for found in _TERMS.finditer(terms)
        if 0 < Decimal(found["percent"].replace(",", ".")) < 100
    )


def allowed(item: OpenItem, amount: Decimal, received_on: date) -> Decimal:
    """The most that may be taken off an invoice over `amount` that is paid on that day; 0 when its
    terms allow nothing, or no longer."""
    return max(
        (
            (amount * one.percent / 100).quantize(_CENT, ROUND_HALF_UP)
            for one in discounts(item.terms)
            if received_on <= item.issued_on + timedelta(days=one.days)
        ),
        default=Decimal(0),
    )
