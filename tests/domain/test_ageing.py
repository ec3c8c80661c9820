"""How late an invoice is, and its bucket."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ageing import days_past_due, tier
from models.vocabulary import Tier
from tests.domain.strategies import days, often


@pytest.mark.parametrize(
    ("late", "bucket"),
    [
        (-400, Tier.CURRENT),
        (-1, Tier.CURRENT),
        (0, Tier.CURRENT),
        (1, Tier.EARLY),
        (14, Tier.EARLY),
        (15, Tier.LATE),
        (45, Tier.LATE),
        (46, Tier.CRITICAL),
        (4_000, Tier.CRITICAL),
    ],
)
def test_the_edges_of_the_buckets(late: int, bucket: Tier) -> None:
    assert tier(late) is bucket


@given(st.integers(), st.integers())
@often
def test_who_is_later_is_in_no_earlier_bucket(one: int, other: int) -> None:
    order = list(Tier)
    less, more = sorted((one, other))

    assert order.index(tier(less)) <= order.index(tier(more))


@pytest.mark.parametrize(
    ("due", "as_of", "late"),
    [
        (date(2026, 3, 10), date(2026, 3, 10), 0),
        (date(2026, 3, 10), date(2026, 3, 9), -1),
        (date(2026, 2, 28), date(2026, 3, 1), 1),
        (date(2028, 2, 28), date(2028, 3, 1), 2),
        (date(2025, 12, 31), date(2026, 1, 1), 1),
        (date(2026, 3, 7), date(2026, 3, 9), 2),  # weekends count
    ],
)
def test_days_past_due_are_calendar_days(due: date, as_of: date, late: int) -> None:
    assert days_past_due(due, as_of) == late


@given(days, days)
@often
def test_lateness_is_the_other_way_round_before_the_due_date(one: date, other: date) -> None:
    assert days_past_due(one, other) == -days_past_due(other, one)
