"""What a ledger was owed at the ends of past months: simple DSO, and open amounts by age."""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from domain.ageing import days_past_due, tier
from models.vocabulary import Tier

DSO_DAYS = 90

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came for an invoice, in the invoice's currency."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Receivable:
    """One invoice as it was owed and paid. `receipts` come in the order of their days."""

    currency: str
    amount: Decimal
    issued_on: date
    due_on: date
    receipts: tuple[Receipt, ...] = ()

    def open_on(self, day: date) -> Decimal:
        """What was owed at the end of `day`: 0 before the issue date, never below 0."""
        if day < self.issued_on:
            return _ZERO
        paid = sum((receipt.amount for receipt in self.receipts if receipt.on <= day), _ZERO)
        return max(_ZERO, self.amount - paid)


@dataclass(slots=True)
class Standing:
    """What was owed in one currency at the end of a day. `sales` are the amounts invoiced in the
    `DSO_DAYS` that end with that day, paid or not."""

    sales: Decimal = _ZERO
    by_tier: dict[Tier, Decimal] = field(default_factory=lambda: dict.fromkeys(Tier, _ZERO))

    @property
    def open(self) -> Decimal:
        return sum(self.by_tier.values(), _ZERO)

    @property
    def dso(self) -> Decimal | None:
        """Days sales outstanding, None without sales."""
        return simple_dso(self.open, self.sales)


def simple_dso(open_amount: Decimal, sales: Decimal, days: int = DSO_DAYS) -> Decimal | None:
    """Days sales outstanding by the simple method: open receivables divided by credit sales,
    times days.

    `sales` are the credit sales of a period of `days`. None when there were none.
    """
    return None if sales == 0 else open_amount * days / sales


def month_ends(first: date, last: date) -> list[date]:
    """The last days of months from `first` to `last`, both included."""
    ends = []
    year, month = first.year, first.month
    while (end := date(year, month, monthrange(year, month)[1])) <= last:
        ends.append(end)
        if end == date.max:
            break
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return ends


def standings(
    receivables: Iterable[Receivable], days: Sequence[date]
) -> dict[date, dict[str, Standing]]:
    """Where the ledger stood at the end of each of `days` (ascending), by currency.

    Every day names every currency that occurs in `receivables`.
    """
    at: dict[date, dict[str, Standing]] = {day: {} for day in days}
    currencies: dict[str, None] = {}
    for receivable in receivables:
        currency = receivable.currency
        if currency not in currencies:
            currencies[currency] = None
            for by_currency in at.values():
                by_currency[currency] = Standing()
        for day in days[bisect_left(days, receivable.issued_on) :]:
            sold_lately = day < receivable.issued_on + timedelta(days=DSO_DAYS)
            still_open = receivable.open_on(day)
            if not (sold_lately or still_open):
                break
            standing = at[day][currency]
            if sold_lately:
                standing.sales += receivable.amount
            standing.by_tier[tier(days_past_due(receivable.due_on, day))] += still_open
    return at
