"""Smallest units of currencies as payment systems count them.

Babel knows how many decimals people write, which for some currencies are fewer than these.
"""

from collections.abc import Mapping
from decimal import Decimal

_DECIMALS = 2
# Decimals where they are not two: by ISO 4217, and by docs.stripe.com/currencies, which counts ISK
# and UGX in hundredths although they have none any more, and MGA in whole ariary.
_ISO = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_STRIPE = {
    0: "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF",
    3: "BHD JOD KWD OMR TND",
}
ISO = {code: count for count, codes in _ISO.items() for code in codes.split()}
STRIPE = {code: count for count, codes in _STRIPE.items() for code in codes.split()}


def decimals(currency: str, table: Mapping[str, int] = ISO) -> int:
    """How many decimals a currency has."""
    return table.get(currency, _DECIMALS)


def from_units(units: int, currency: str, table: Mapping[str, int] = ISO) -> Decimal:
    """An amount from its smallest units: 1234 of USD is 12.34, of JPY 1234."""
    return Decimal(units).scaleb(-decimals(currency, table))
