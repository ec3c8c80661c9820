"""Amounts as providers want them: whole numbers of a currency's smallest unit."""

from decimal import Decimal
from typing import NamedTuple


class Scale(NamedTuple):
    """How many decimals a currency has at a provider, and of what the number must be a multiple."""

    decimals: int
    step: int = 1


_CENTS = Scale(2)

# https://docs.stripe.com/currencies#minor-units: zero-decimal, three-decimal and special cases.
# The last digit of three must be 0. ISK and UGX are sent as if they had cents, which must be 00.
_STRIPE = (
    dict.fromkeys(
        "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(),  # noqa: SIM905
        Scale(0),
    )
    | dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), Scale(3, step=10))
    | dict.fromkeys(("ISK", "UGX"), Scale(2, step=100))
)


def at_stripe(currency: str) -> Scale:
    """How Stripe wants amounts of `currency`."""
    return _STRIPE.get(currency, _CENTS)


def minor_units(amount: Decimal, scale: Scale = _CENTS) -> int | None:
    """`amount` in the smallest unit; None where it does not fit exactly, or is not above 0."""
    units = amount.scaleb(scale.decimals)
    whole = int(units)
    return whole if whole == units and whole > 0 and whole % scale.step == 0 else None
