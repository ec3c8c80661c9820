"""How a customer pays: what their settled invoices say, held against a plain computation."""

import statistics
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.behaviour import MOST_REMEMBERED, Habit, habit_name, in_words, payment_habit
from models.facts import PaymentHabit
from models.policy import Behaviour
from tests.domain.strategies import often

_days_late = st.lists(st.integers(-30, 120), max_size=60)
TERMS = Behaviour()  # 6 invoices, 5 days of spread, 70 % chronic, 10 % a first time, 7 days worse


def _in_order(days: list[int]) -> list[int]:
    return sorted(days[-36:])


def _at_share(days: list[int], share: Decimal) -> Decimal:
    """What lies at that share of the way from the least to the most, in between where it must."""
    place = share * (len(days) - 1)
    below = int(place)
    above = min(below + 1, len(days) - 1)
    return days[below] + (place - below) * (days[above] - days[below])


@given(_days_late)
@often
def test_the_median_and_the_quartiles_are_those_of_the_textbook(days: list[int]) -> None:
    habit = payment_habit(days)

    ordered = _in_order(days)
    assert habit.settled == len(ordered)
    if ordered:
        half, quarter, rest = (
            _at_share(ordered, Decimal(share)) for share in ("0.5", "0.25", "0.75")
        )
        assert habit.median_days_late == round(half) == round(statistics.median(ordered))
        assert habit.spread_days == round(rest - quarter)


@given(_days_late)
@often
def test_the_late_share_counts_what_came_after_the_due_date(days: list[int]) -> None:
    habit = payment_habit(days)

    late = [one for one in days[-36:] if one > 0]
    whole = len(days[-36:])
    assert habit.late_share == (round(100 * len(late) / whole) if whole else 0)


@given(_days_late)
@often
def test_the_trend_sets_the_latest_quarter_against_the_rest(days: list[int]) -> None:
    habit = payment_habit(days)

    known = days[-36:]
    if len(known) < 8:
        assert habit.trend_days == 0
    else:
        split = len(known) - len(known) // 4
        before, lately = statistics.median(known[:split]), statistics.median(known[split:])
        assert habit.trend_days == round(lately - before)


@given(_days_late, st.integers(-50, 50))
@often
def test_paying_so_many_days_later_throughout_moves_the_median_and_nothing_else(
    days: list[int], by: int
) -> None:
    habit, later = payment_habit(days), payment_habit([one + by for one in days])

    assert later.spread_days == habit.spread_days
    if len(days) % 2 or not by % 2:  # a half is rounded to the even side
        assert later.median_days_late == habit.median_days_late + (by if days else 0)


@given(_days_late, _days_late)
@often
def test_only_the_latest_36_invoices_are_remembered(old: list[int], lately: list[int]) -> None:
    recent = [*lately, *range(36)][-36:]

    assert payment_habit([*old, *recent]) == payment_habit(recent)
    assert MOST_REMEMBERED == 36


@pytest.mark.parametrize(
    ("days", "median", "spread", "trend", "late"),
    [
        ([], 0, 0, 0, 0),
        ([12], 12, 0, 0, 100),
        ([0], 0, 0, 0, 0),
        ([-2, 1], 0, 2, 0, 50),  # 1.5 between the quartiles, rounded to the even side
        ([1, 2], 2, 0, 0, 100),
        ([3, 3, 3, 40], 3, 9, 0, 100),
        ([0, 0, 0, 0, 0, 0, 10], 0, 0, 0, 14),
        ([0, 0, 0, 0, 0, 0, 10, 20], 0, 2, 15, 25),
        ([30, 30, 30, 30, 30, 30, 5, 5], 30, 6, -25, 100),
    ],
)
def test_some_customers_by_hand(
    days: list[int], median: int, spread: int, trend: int, late: int
) -> None:
    habit = payment_habit(days)

    assert (habit.median_days_late, habit.spread_days) == (median, spread)
    assert (habit.trend_days, habit.late_share) == (trend, late)


@pytest.mark.parametrize(
    ("made", "kept", "share"), [(0, 0, 0), (1, 1, 100), (3, 2, 67), (8, 1, 12)]
)
def test_promises_that_are_settled_count_by_how_many_were_kept(
    made: int, kept: int, share: int
) -> None:
    for days in ([], [4, 5]):
        habit = payment_habit(days, promises=made, promises_kept=kept)

        assert (habit.promises, habit.promises_kept) == (made, share)


PLAIN = PaymentHabit(settled=6, median_days_late=0, spread_days=20, trend_days=0, late_share=40)


@pytest.mark.parametrize(
    ("habit", "days_late", "name"),
    [
        (replace(PLAIN, settled=5), 30, Habit.UNKNOWN),
        (PLAIN, 30, Habit.PROMPT),
        # Reliably late: a median above 0 and a small spread.
        (replace(PLAIN, median_days_late=1, spread_days=5), 0, Habit.RELIABLY_LATE),
        (replace(PLAIN, median_days_late=0, spread_days=5), 0, Habit.PROMPT),
        (replace(PLAIN, median_days_late=1, spread_days=6), 0, Habit.PROMPT),
        # Worsening.
        (replace(PLAIN, trend_days=7), 0, Habit.WORSENING),
        (replace(PLAIN, trend_days=6), 0, Habit.PROMPT),
        # Chronic.
        (replace(PLAIN, late_share=70), 0, Habit.CHRONIC),
        (replace(PLAIN, late_share=69), 0, Habit.PROMPT),
        # Late for the first time: they are late now, and hardly ever were.
        (replace(PLAIN, late_share=10), 1, Habit.FIRST_TIME_LATE),
        (replace(PLAIN, late_share=11), 1, Habit.PROMPT),
        (replace(PLAIN, late_share=10), 0, Habit.PROMPT),
        # Who is surely late is not pressed for it; who worsens is spoken with.
        (
            replace(PLAIN, median_days_late=9, spread_days=2, late_share=100, trend_days=6),
            9,
            Habit.RELIABLY_LATE,
        ),
        (replace(PLAIN, late_share=100, trend_days=9), 9, Habit.WORSENING),
    ],
)
def test_a_habit_has_its_name_from_the_threshold_on(
    habit: PaymentHabit, days_late: int, name: Habit
) -> None:
    assert habit_name(habit, TERMS, days_late) is name


def test_the_policy_moves_the_thresholds() -> None:
    strict = Behaviour(
        min_invoices=3,
        max_spread_days=30,
        chronic_share=40,
        first_time_share=0,
        worsening_days=1,
    )

    assert habit_name(replace(PLAIN, settled=3), strict) is Habit.CHRONIC
    assert habit_name(replace(PLAIN, settled=3, trend_days=1), strict) is Habit.WORSENING
    assert habit_name(replace(PLAIN, median_days_late=1), strict) is Habit.RELIABLY_LATE
    assert habit_name(replace(PLAIN, late_share=0), strict, 1) is Habit.FIRST_TIME_LATE
    assert habit_name(replace(PLAIN, late_share=1), strict, 1) is Habit.PROMPT


_habits = st.builds(
    PaymentHabit,
    settled=st.integers(0, 36),
    median_days_late=st.integers(-20, 60),
    spread_days=st.integers(0, 40),
    trend_days=st.integers(-30, 30),
    late_share=st.integers(0, 100),
)


@given(_habits, st.integers(-30, 90))
@often
def test_every_habit_has_one_name_and_a_sentence(habit: PaymentHabit, days_late: int) -> None:
    name, said = habit_name(habit, TERMS, days_late), in_words(habit, TERMS, days_late)

    assert said.endswith(".")
    assert str(habit.settled) in said
    assert (name is Habit.UNKNOWN) == (habit.settled < TERMS.min_invoices)


@pytest.mark.parametrize(
    ("habit", "said"),
    [
        (
            PaymentHabit(settled=2),
            "Too few settled invoices (2) to know how they pay.",
        ),
        (
            replace(PLAIN, median_days_late=-4),
            "Pays well: pays about 4 days before the due date, {usual}.",
        ),
        (
            replace(PLAIN, late_share=0),
            "Late for the first time in a long while: pays on the due date, {usual}.",
        ),
        (
            replace(PLAIN, median_days_late=1, spread_days=3),
            "Surely late: pays about 1 day after the due date, {usual}.",
        ),
        (
            replace(PLAIN, median_days_late=12, late_share=83),
            "Late with 83 % of invoices: pays about 12 days after the due date, {usual}.",
        ),
        (
            replace(PLAIN, trend_days=8),
            "Paying later and later: pays on the due date, {usual}, lately 8 days more.",
        ),
    ],
)
def test_a_habit_reads_as_a_sentence(habit: PaymentHabit, said: str) -> None:
    usual = f"give or take {habit.spread_days}, over {habit.settled} invoices"

    assert in_words(habit, TERMS, 9) == said.format(usual=usual)
