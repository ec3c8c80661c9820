"""Money that is a little less, or a little more, than what it is for."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from domain import discounts
from models.matching import CashRules, OpenItem, Part
from models.vocabulary import CreditKind

_ZERO = Decimal(0)


def parts_for(
    items: Sequence[OpenItem], amount: Decimal, received_on: date, rules: CashRules
) -> tuple[Part, ...] | None:
    """How `amount` pays all of these invoices, with what is given up for it: nothing, the discounts
    that their terms allow, a fee that banks on the way kept, or a rest too small to ask for.

    None when it is too little for that. Money that is too much pays all of them, and the rest of
    it is not in the parts.
    """
    missing = sum((item.open for item in items), _ZERO) - amount
    if missing <= 0:
        return tuple(Part(item.invoice_id, item.open) for item in items)
    return _with_discounts(items, missing, received_on) or _without_a_little(items, missing, rules)


def _with_discounts(
    items: Sequence[OpenItem], missing: Decimal, received_on: date
) -> tuple[Part, ...] | None:
    """The payer took exactly what the terms allow, on all of the invoices or on those that allow
    any."""
    taken = [min(item.open, discounts.allowed(item, item.open, received_on)) for item in items]
    if sum(taken, _ZERO) != missing:
        return None
    return tuple(
        Part(item.invoice_id, item.open - off, off, CreditKind.DISCOUNT if off else None)
        for item, off in zip(items, taken, strict=True)
    )


def _without_a_little(
    items: Sequence[OpenItem], missing: Decimal, rules: CashRules
) -> tuple[Part, ...] | None:
    """What is missing is given up on the largest invoice."""
    currency = items[0].currency
    if missing <= rules.small_rest.get(currency, _ZERO):
        kind = CreditKind.SMALL_REST
    elif missing <= rules.bank_fee.get(currency, _ZERO):
        kind = CreditKind.FEE
    else:
        return None
    largest = max(items, key=lambda item: item.open)
    if missing >= largest.open:
        return None
    return tuple(
        Part(item.invoice_id, item.open - missing, missing, kind)
        if item is largest
        else Part(item.invoice_id, item.open)
        for item in items
    )
