"""Our banking days against tables and conventions published by QuantLib's test suite."""

import csv
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.banking_days import EURO_AREA, BankingCalendar, Place, closed_days

_TABLES = Path(__file__).parents[3] / "shared" / "data" / "calendars"

pytestmark = pytest.mark.skipif(
    not _TABLES.is_dir(),
    reason="The published calendars are not in the shared folder beside the project.",
)

# The general settlement calendar makes up for holidays on a Saturday on the Friday before them;
# the Federal Reserve, whose days ours are, does not.
_FRIDAYS_BEFORE = {date(2004, 12, 24), date(2004, 12, 31)}


def _published(name: str) -> set[date]:
    lines = (_TABLES / name).read_text().splitlines()
    return {date.fromisoformat(line) for line in lines if line and not line.startswith("#")}


def _weekdays(country: str, first: int, last: int) -> set[date]:
    years = range(first, last + 1)
    closed = set[date]().union(*(closed_days(country, "", year) for year in years))
    return {day for day in closed if day.weekday() < 5}


def test_target_is_closed_as_published() -> None:
    """A member has holidays of its own beside; what all members share is TARGET's."""
    shared = set.intersection(*(_weekdays(country, 1999, 2006) for country in EURO_AREA))

    assert shared == _published("quantlib_TARGET_1999_2006.txt")


def test_british_banks_are_closed_as_published() -> None:
    assert _weekdays("GB", 2004, 2007) == _published("quantlib_UK_settlement_2004_2007.txt")


def test_american_banks_are_closed_as_published_but_for_fridays_before_a_holiday() -> None:
    published = _published("quantlib_US_settlement_2004_2005.txt")

    assert published >= _FRIDAYS_BEFORE
    assert _weekdays("US", 2004, 2005) == published - _FRIDAYS_BEFORE


def _conventions() -> list[tuple[str, date, int, str, date]]:
    """Convention, start, count, unit and expected day, where we have the same notion: without
    the rule that keeps the end of a month at the end of a month."""
    if not _TABLES.is_dir():
        return []
    name = "quantlib_business_day_conventions_SOUTHAFRICA.csv"
    with (_TABLES / name).open(newline="") as file:
        return [
            (
                row["convention"],
                date.fromisoformat(row["start"]),
                int(row["period_n"]),
                row["period_unit"],
                date.fromisoformat(row["expected"]),
            )
            for row in csv.DictReader(file)
            if row["convention"] in {"Following", "Preceding"} and row["end_of_month"] == "false"
        ]


@pytest.mark.parametrize(("convention", "start", "count", "unit", "expected"), _conventions())
def test_days_move_as_the_conventions_say(
    convention: str, start: date, count: int, unit: str, expected: date
) -> None:
    calendar = BankingCalendar(Place("ZA"), Place("ZA"))
    if unit == "Months":
        nominal = _months_later(start, count)
        moved = calendar.on_or_after if convention == "Following" else calendar.on_or_before
        assert moved(nominal) == expected
    elif count > 0:
        assert calendar.after(start, count) == expected
    else:
        assert _before(calendar, start, -count) == expected


def _months_later(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _before(calendar: BankingCalendar, day: date, count: int) -> date:
    for _ in range(count):
        day = calendar.on_or_before(day - timedelta(days=1))
    return day


def test_all_rows_that_can_be_compared_are() -> None:
    assert len(_conventions()) == 6
