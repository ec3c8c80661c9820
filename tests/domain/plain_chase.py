"""A cadence in plain dates, for one firm and customers in the United States, without any of our
rules: what the simulator is held against on a real ledger."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import holidays

OFFSETS = (-3, 0, 7, 14, 30)
STAGES = ("pre_due", "due", "early", "early", "final")
GAP, CAP = timedelta(days=3), 8
_DAY = timedelta(days=1)
_CLOSED = holidays.financial_holidays("XFED", years=range(2011, 2016))


@dataclass
class Plain:
    """An invoice; `step` is the last one taken, -1 before any."""

    customer: str
    issued: date
    due: date
    paid: date
    step: int = -1
    days: list[date] = field(default_factory=list)

    def __post_init__(self) -> None:
        chase = _forward(_forward(self.due) + _DAY)
        self.days = [
            _back(min(chase + timedelta(days=o), self.due))
            if o < 0
            else _forward(chase + timedelta(days=o))
            for o in OFFSETS
        ]

    def up(self, day: date) -> int:
        """The last step whose day has come and that is not taken; -1 when there is none."""
        if not self.issued <= day < self.paid:
            return -1
        first = max(self.step + 1, 1 if day > self.due else 0)
        return max((n for n in range(first, 5) if self.days[n] <= day), default=-1)


def chase(invoices: Iterable[Plain]) -> list[tuple[date, str, int]]:
    """Day, stage and number of invoices of every letter, in the order of days."""
    by_customer: dict[str, list[Plain]] = defaultdict(list)
    for invoice in invoices:
        by_customer[invoice.customer].append(invoice)
    letters = [letter for owed in by_customer.values() for letter in _letters(owed)]
    return sorted(letters)


def _letters(owed: list[Plain]) -> Iterable[tuple[date, str, int]]:
    sent: list[date] = []
    day, last = min(i.issued for i in owed), max(i.paid for i in owed)
    while day <= last:
        rests = bool(sent) and day < sent[-1] + GAP
        lately = sum(before > day - timedelta(days=30) for before in sent)
        due = [i for i in owed if i.up(day) >= 0]
        if due and _is_banking_day(day) and not rests and lately < CAP:
            yield day, STAGES[max(i.up(day) for i in due)], len(due)
            sent.append(day)
            for invoice in due:
                invoice.step = invoice.up(day)
        day += _DAY


def _is_banking_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _CLOSED


def _forward(day: date) -> date:
    while not _is_banking_day(day):
        day += _DAY
    return day


def _back(day: date) -> date:
    while not _is_banking_day(day):
        day -= _DAY
    return day
