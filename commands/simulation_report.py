"""What a simulation found as `--json` prints it (docs/simulate.md)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from babel.numbers import get_currency_precision

from domain.past_ledger import PastLedger
from domain.receivables import Standing, month_ends, standings
from domain.simulation import Course
from models.policy import Policy
from models.vocabulary import Stage, Tier

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Findings:
    """What a simulation found, counted up; months are written `2026-03`."""

    course: Course
    policy: Policy
    undated: int
    standings: Mapping[date, Mapping[str, Standing]]
    letters_by_stage: Mapping[Stage, int]
    letters_by_month: Mapping[str, int]
    calls_by_month: Mapping[str, int]

    @classmethod
    def of(cls, course: Course, policy: Policy, past: PastLedger) -> "Findings":
        """Counted up by stage and month; every month of the period appears."""
        stages = Counter(letter.stage for letter in course.letters)
        months = _months(course.first, course.last)
        return cls(
            course=course,
            policy=policy,
            undated=len(past.undated),
            standings=standings(
                (invoice.receivable for invoice in past.invoices),
                month_ends(course.first, course.last),
            ),
            letters_by_stage={
                stage: stages[stage] for stage in dict.fromkeys(step.stage for step in policy.steps)
            },
            letters_by_month=_by_month((letter.on for letter in course.letters), months),
            calls_by_month=_by_month((call.on for call in course.calls), months),
        )

    @property
    def currencies(self) -> list[str]:
        """The ledger's currencies, in the order of the alphabet."""
        return sorted({currency for standing in self.standings.values() for currency in standing})

    def as_json(self) -> dict[str, object]:
        """Plain values for `json.dumps`."""
        course = self.course
        return {
            "policy": f"{self.policy.name}@{self.policy.version}",
            "from": course.first.isoformat(),
            "to": course.last.isoformat(),
            "invoices": len(course.chases),
            "messages_by_stage": dict(self.letters_by_stage),
            "messages_by_month": dict(self.letters_by_month),
            "calls": len(course.calls),
            "calls_by_month": dict(self.calls_by_month),
            "paid_before_contact": course.paid_before_contact,
            "messages_before_consolidation": course.letters_alone,
            "messages_after_consolidation": len(course.letters),
            "max_messages_per_customer_day": course.most_a_day,
            "dso_by_month": {
                day.isoformat(): _by_currency(standing, lambda _, one: _rounded(one.dso))
                for day, standing in self.standings.items()
            },
            "ageing_by_month": {
                day.isoformat(): {
                    tier.value: _by_currency(standing, _amount_of(tier)) for tier in Tier
                }
                for day, standing in self.standings.items()
            },
            "skipped_steps": course.skipped_steps,
            "held": {reason.value: count for reason, count in sorted(course.held.items())},
            "open_at_end": sum(chase.ended is None for chase in course.chases),
            "undated": self.undated,
        }


def _months(first: date, last: date) -> list[str]:
    ends = month_ends(first, last)
    days = [*ends, last] if not ends or ends[-1] < last else ends
    return [f"{day:%Y-%m}" for day in days]


def _by_month(days: Iterable[date], months: Iterable[str]) -> dict[str, int]:
    counted = Counter(f"{day:%Y-%m}" for day in days)
    return {month: counted[month] for month in months}


def _by_currency(
    standing: Mapping[str, Standing], value: Callable[[str, Standing], _Value]
) -> _Value | dict[str, _Value]:
    """The value alone where the ledger has one currency, else under each currency's code."""
    values = {currency: value(currency, standing[currency]) for currency in sorted(standing)}
    return next(iter(values.values())) if len(values) == 1 else values


def _rounded(dso: Decimal | None) -> float | None:
    return None if dso is None else float(round(dso, 2))


def _amount_of(tier: Tier) -> Callable[[str, Standing], str]:
    def amount(currency: str, standing: Standing) -> str:
        open_amount = standing.by_tier[tier]
        shown = round(open_amount, get_currency_precision(currency))
        return str(shown if shown == open_amount else open_amount)

    return amount
