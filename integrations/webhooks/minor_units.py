"""Amounts that providers tell in a currency's smallest unit."""

from decimal import Decimal

_PLACES = 2
_NONE = (
    *("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "PYG", "RWF", "VND", "VUV", "XAF", "XOF"),
    "XPF",
)
_THREE = ("BHD", "JOD", "KWD", "OMR", "TND")

ISO: dict[str, int] = {
    **dict.fromkeys((*_NONE, "ISK", "UGX", "UYI"), 0),
    **dict.fromkeys((*_THREE, "IQD", "LYD"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""Decimal places by ISO 4217, where they are not two."""

STRIPE: dict[str, int] = {**dict.fromkeys((*_NONE, "MGA"), 0), **dict.fromkeys(_THREE, 3)}
"""Decimal places as Stripe counts them, where they are not two. It differs from ISO 4217: it tells
ISK and UGX in hundredths although they have none any more, and MGA in whole ariary."""


def amount(units: int, currency: str, places: dict[str, int]) -> Decimal:
    """`units` of the smallest unit as an amount of the currency."""
    return Decimal(units).scaleb(-places.get(currency, _PLACES))
