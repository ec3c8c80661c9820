"""What to do first: the cash at stake times the risk that it does not come."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.behaviour import Habit
from domain.priority import priority, risk
from models.vocabulary import Tier
from tests.domain.strategies import often

_tiers, _habits = st.sampled_from(Tier), st.sampled_from(Habit)
_promises = st.integers(0, 9)
_money = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize(
    ("tier", "habit", "broken", "factor"),
    [
        (Tier.EARLY, Habit.PROMPT, 0, "1"),
        (Tier.EARLY, Habit.UNKNOWN, 0, "1"),
        (Tier.CURRENT, Habit.PROMPT, 0, "0.5"),
        (Tier.LATE, Habit.PROMPT, 0, "1.5"),
        (Tier.CRITICAL, Habit.PROMPT, 0, "2"),
        (Tier.EARLY, Habit.RELIABLY_LATE, 0, "0.5"),
        (Tier.EARLY, Habit.FIRST_TIME_LATE, 0, "0.8"),
        (Tier.EARLY, Habit.CHRONIC, 0, "1.2"),
        (Tier.EARLY, Habit.WORSENING, 0, "1.5"),
        (Tier.EARLY, Habit.PROMPT, 1, "1.5"),
        (Tier.EARLY, Habit.PROMPT, 3, "2.5"),
        (Tier.EARLY, Habit.PROMPT, 4, "2.5"),
        (Tier.CRITICAL, Habit.WORSENING, 3, "7.5"),
        (Tier.CURRENT, Habit.RELIABLY_LATE, 0, "0.25"),
    ],
)
def test_age_habit_and_broken_promises_multiply(
    tier: Tier, habit: Habit, broken: int, factor: str
) -> None:
    assert risk(tier, habit, broken) == Decimal(factor)


def test_a_small_old_debt_may_go_before_a_large_new_one() -> None:
    old = priority(Decimal(4_000), Decimal(4_000), risk(Tier.CRITICAL, Habit.CHRONIC, 1))
    new = priority(Decimal(10_000), Decimal(10_000), risk(Tier.CURRENT, Habit.PROMPT, 0))

    assert old > new


def test_amounts_are_compared_in_base_currency() -> None:
    assert priority(Decimal(110), Decimal(100), Decimal(2)) == Decimal("220.00")


def test_an_amount_without_a_rate_counts_as_it_is() -> None:
    assert priority(None, Decimal(100), Decimal(2)) == Decimal("200.00")


def test_a_priority_is_rounded_to_cents() -> None:
    assert priority(Decimal("0.33"), Decimal(0), Decimal("0.5")) == Decimal("0.16")
    assert priority(Decimal(0), Decimal(9), Decimal(2)) == Decimal("0.00")


@given(_habits, _promises)
@often
def test_the_older_the_riskier(habit: Habit, broken: int) -> None:
    risks = [risk(tier, habit, broken) for tier in Tier]

    assert risks == sorted(risks)
    assert len(set(risks)) == len(risks)


@given(_tiers, _habits, _promises)
@often
def test_a_broken_promise_never_calms(tier: Tier, habit: Habit, broken: int) -> None:
    assert risk(tier, habit, broken + 1) >= risk(tier, habit, broken) > 0


@given(_tiers, _promises)
@often
def test_who_pays_surely_is_the_least_risk_and_who_pays_worse_the_most(
    tier: Tier, broken: int
) -> None:
    by_risk = sorted(Habit, key=lambda habit: risk(tier, habit, broken))

    assert by_risk[0] is Habit.RELIABLY_LATE
    assert by_risk[-1] is Habit.WORSENING


@given(_money, _money, _tiers, _habits, _promises)
@often
def test_more_money_never_comes_later(
    less: Decimal, more: Decimal, tier: Tier, habit: Habit, broken: int
) -> None:
    factor = risk(tier, habit, broken)
    low, high = sorted((less, more))

    assert priority(low, low, factor) <= priority(high, high, factor)
