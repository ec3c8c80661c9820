"""Exchange rates, for comparing an amount with a threshold. Amounts are never added across
currencies, and no letter ever shows a converted one."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Rates:
    """What one unit of each currency is worth in `base`."""

    base: str
    worth: Mapping[str, Decimal]

    def in_base(self, amount: Decimal, currency: str) -> Decimal | None:
        """`amount` in the base currency, or None when no rate is known."""
        if currency == self.base:
            return amount
        rate = self.worth.get(currency)
        return None if rate is None else amount * rate
