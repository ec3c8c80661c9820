"""What money may be for, prepared to be looked through by number, amount and customer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from domain import references
from domain.payers import KnownPayers
from models.matching import CashRules, OpenItem, Part, Payers

_ZERO = Decimal(0)


class OpenItems:
    """Everything that money may be for. What is placed is to be taken out before the next money is
    matched."""

    def __init__(self, items: Iterable[OpenItem], payers: Payers, rules: CashRules) -> None:
        self.rules = rules
        self.payers = KnownPayers(payers, rules)
        self.items = {item.invoice_id: item for item in items}
        self._by_number: dict[str, list[str]] = defaultdict(list)
        self._by_amount: dict[tuple[str, Decimal], list[str]] = defaultdict(list)
        self._by_customer: dict[str, list[str]] = defaultdict(list)
        for item in self.items.values():
            for number in {item.number, item.invoice_id}:
                self._by_number[references.spelled(number)].append(item.invoice_id)
            self._by_amount[item.currency, item.open].append(item.invoice_id)
            self._by_customer[item.customer_id].append(item.invoice_id)

    def take_out(self, parts: Iterable[Part]) -> None:
        """What these parts pay is open no more for the money that comes next."""
        for part in parts:
            item = self.items[part.invoice_id]
            self._by_amount[item.currency, item.open].remove(item.invoice_id)
            left = max(_ZERO, item.open - part.amount - part.credit)
            self.items[part.invoice_id] = replace(item, open=left)
            self._by_amount[item.currency, left].append(item.invoice_id)

    def named(self, spellings: Iterable[str]) -> list[OpenItem]:
        """The invoices that go by one of these numbers, the oldest first."""
        ids = {one for spelling in spellings for one in self._by_number.get(spelling, ())}
        return oldest_first(self.items[one] for one in ids)

    def of_customer(self, customer_id: str, currency: str) -> list[OpenItem]:
        """What the customer owes in that currency, the oldest first."""
        ids = self._by_customer.get(customer_id, ())
        items = (self.items[one] for one in ids)
        return oldest_first(one for one in items if one.currency == currency and one.open > 0)

    def over(self, currency: str, amount: Decimal) -> list[OpenItem]:
        """The invoices of which exactly that much is open, the oldest first."""
        return oldest_first(self.items[one] for one in self._by_amount.get((currency, amount), ()))


def oldest_first(items: Iterable[OpenItem]) -> list[OpenItem]:
    """By due date, then by id."""
    return sorted(items, key=lambda one: (one.due_on, one.invoice_id))
