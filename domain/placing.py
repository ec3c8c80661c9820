"""How one receipt of money spreads over the invoices that it is for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Place:
    """What of the money stands on an invoice, and what of it was given back and is credited there:
    giving money back is our own act, and asking for it again would be absurd. `claimed` is what
    came for the invoice before any of it went."""

    amount: Decimal
    refunded: Decimal = _ZERO
    claimed: Decimal = _ZERO


def places(
    amount: Decimal,
    gone: Decimal,
    refunded: Decimal,
    shares: Sequence[tuple[str, Decimal]],
    worth: Mapping[str, Decimal],
) -> dict[str, Place]:
    """Where the money stands, by invoice, of all that is in `shares`.

    `gone` is what the payer's bank took back, `refunded` what we gave back, `worth` what each
    invoice comes to at most. The shares are filled in their order; what is missing is missing from
    the last ones. A refund takes what is in no share, or more than an invoice is worth, first.
    """
    stays = max(_ZERO, amount - gone)
    claimed = _filled(amount, shares)
    before = _filled(stays, shares)
    after = _filled(max(_ZERO, stays - refunded), shares)
    return {
        invoice: Place(
            after[invoice],
            max(_ZERO, min(before[invoice], worth[invoice]) - after[invoice]),
            claimed[invoice],
        )
        for invoice in before
    }


def _filled(left: Decimal, shares: Sequence[tuple[str, Decimal]]) -> dict[str, Decimal]:
    filled: dict[str, Decimal] = {}
    for invoice, share in shares:
        part = min(left, share)
        filled[invoice] = filled.get(invoice, _ZERO) + part
        left -= part
    return filled
