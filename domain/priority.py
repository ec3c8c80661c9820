"""What to do first: the cash at stake times the risk that it does not come."""

from decimal import Decimal

from domain.behaviour import Habit
from models.vocabulary import Tier

_BY_TIER = {
    Tier.CURRENT: Decimal("0.5"),
    Tier.EARLY: Decimal(1),
    Tier.LATE: Decimal("1.5"),
    Tier.CRITICAL: Decimal(2),
}
_BY_HABIT = {
    Habit.RELIABLY_LATE: Decimal("0.5"),
    Habit.FIRST_TIME_LATE: Decimal("0.8"),
    Habit.CHRONIC: Decimal("1.2"),
    Habit.WORSENING: Decimal("1.5"),
}
_PER_BROKEN_PROMISE = Decimal("0.5")
_MOST_PROMISES = 3


def risk(tier: Tier, habit: Habit, broken_promises: int) -> Decimal:
    """The factor of a priority: 1 for an ordinary customer some days late.

    Age (0.5 not due, 1 early, 1.5 late, 2 critical) times habit (0.5 surely late to 1.5 paying
    later and later), and half as much again for each broken promise, of which three count.
    """
    promises = 1 + _PER_BROKEN_PROMISE * min(broken_promises, _MOST_PROMISES)
    return _BY_TIER[tier] * _BY_HABIT.get(habit, Decimal(1)) * promises


def priority(base_asked: Decimal | None, asked: Decimal, factor: Decimal) -> Decimal:
    """Cash at stake, in base currency, times the risk; in the invoice's own where no rate is known.

    Rounded to cents: it only puts tasks in an order, in which ties go by age.
    """
    stake = asked if base_asked is None else base_asked
    return (stake * factor).quantize(Decimal("0.01"))
