"""Banking days of a place, and of payer and payee together."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.banking_days import (
    EURO_AREA,
    BankingCalendar,
    Place,
    closed_days,
    weekend,
)
from tests.domain.one_invoice import AMERICA, GERMANY
from tests.domain.strategies import calendars, days, often, places

MONDAY, FRIDAY, SATURDAY, SUNDAY = (
    date(2026, 3, 9),
    date(2026, 3, 6),
    date(2026, 3, 7),
    date(2026, 3, 8),
)


@pytest.mark.parametrize(
    ("country", "rests"),
    [
        ("DE", {5, 6}),
        ("US", {5, 6}),
        ("GB", {5, 6}),
        ("AU", {5, 6}),
        ("NZ", {5, 6}),
        ("JP", {5, 6}),
        ("AE", {5, 6}),  # since 2022
        ("SA", {4, 5}),
        ("IL", {4, 5}),
        ("EG", {4, 5}),
        ("XX", {5, 6}),
        ("", {5, 6}),
    ],
)
def test_every_country_rests_on_its_own_days(country: str, rests: set[int]) -> None:
    assert weekend(country) == rests


@pytest.mark.parametrize(
    ("country", "holiday"),
    [
        ("US", date(2026, 10, 12)),  # Columbus Day
        ("US", date(2026, 11, 26)),
        ("US", date(2027, 7, 5)),  # Independence Day is a Sunday
        ("GB", date(2026, 8, 31)),
        ("GB", date(2026, 12, 28)),  # for Boxing Day
        ("DE", date(2026, 12, 25)),
        ("DE", date(2026, 5, 14)),  # Ascension Day, though TARGET is open
        ("FR", date(2026, 7, 14)),
        ("AU", date(2026, 1, 26)),
        ("NZ", date(2026, 2, 6)),
        ("JP", date(2026, 5, 5)),
        ("IL", date(2026, 9, 21)),  # Yom Kippur
        ("SA", date(2026, 9, 23)),
        ("AE", date(2026, 12, 2)),
    ],
)
def test_banks_rest_on_holidays(country: str, holiday: date) -> None:
    assert Place(country).is_closed(holiday)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("US", date(2026, 4, 3)),  # Good Friday
        ("US", date(2026, 7, 3)),  # before a holiday on a Saturday
        ("US", date(2026, 11, 27)),
        ("GB", date(2026, 7, 13)),  # a holiday in Northern Ireland
        ("DE", date(2026, 1, 6)),  # a holiday in Bavaria
        ("SA", date(2026, 3, 8)),  # a Sunday
        ("XX", date(2026, 12, 25)),
    ],
)
def test_banks_work_on_other_days(country: str, day: date) -> None:
    assert not Place(country).is_closed(day)


@pytest.mark.parametrize(
    ("place", "other", "day"),
    [
        (Place("DE", "BY"), Place("DE", "BE"), date(2026, 1, 6)),
        (Place("GB", "SCT"), Place("GB", "ENG"), date(2026, 1, 2)),
        (Place("GB", "NIR"), Place("GB"), date(2026, 7, 13)),
        (Place("GB"), Place("GB", "SCT"), date(2026, 4, 6)),  # Easter Monday
        (Place("AU", "VIC"), Place("AU", "NSW"), date(2026, 11, 3)),
    ],
)
def test_a_part_of_a_country_has_holidays_of_its_own(place: Place, other: Place, day: date) -> None:
    assert place.is_closed(day)
    assert not other.is_closed(day)


def test_england_stands_for_the_united_kingdom() -> None:
    assert closed_days("GB", "", 2026) == closed_days("GB", "ENG", 2026)
    assert closed_days("GB", "nowhere", 2026) == closed_days("GB", "ENG", 2026)


def test_an_unknown_part_has_the_holidays_of_the_whole() -> None:
    assert closed_days("DE", "nowhere", 2026) == closed_days("DE", "", 2026)


def test_an_unknown_country_has_weekends_alone() -> None:
    assert closed_days("XX", "", 2026) == frozenset()
    assert Place("XX").is_closed(SATURDAY)
    assert not Place("XX").is_closed(FRIDAY)


@pytest.mark.parametrize("country", sorted(EURO_AREA))
def test_no_bank_of_the_euro_area_works_while_target_is_closed(country: str) -> None:
    good_friday, easter_monday = date(2026, 4, 3), date(2026, 4, 6)
    labour_day, boxing_day = date(2026, 5, 1), date(2025, 12, 26)

    for day in (good_friday, easter_monday, labour_day, boxing_day, date(2026, 1, 1)):
        assert Place(country).is_closed(day)


@pytest.mark.parametrize("year", range(2024, 2030))
def test_easter_is_found_every_year(year: int) -> None:
    """By the rule of Gauss, as Lichtenberg amended it."""
    k = year // 100
    m, s = 15 + (3 * k + 3) // 4 - (8 * k + 13) // 25, 2 - (3 * k + 3) // 4
    a = year % 19
    d = (19 * a + m) % 30
    full_moon = 21 + d - (d + a // 11) // 29
    sunday = 7 - (year + year // 4 + s) % 7
    easter = date(year, 3, 1) + timedelta(days=full_moon + 7 - (full_moon - sunday) % 7 - 1)

    for country in ("DE", "GB", "AU", "FR"):
        assert Place(country).is_closed(easter + timedelta(days=1))
        assert Place("GB").is_closed(easter - timedelta(days=2))
    assert not Place("US").is_closed(easter - timedelta(days=2))


@given(places, st.integers(2020, 2032))
@often
def test_the_days_of_a_year_lie_in_that_year(place: Place, year: int) -> None:
    assert all(day.year == year for day in closed_days(place.country, place.subdivision, year))


@given(calendars, days)
@often
def test_a_banking_day_is_one_for_both_sides(calendar: BankingCalendar, day: date) -> None:
    swapped = BankingCalendar(calendar.payee, calendar.payer)
    closed = calendar.payer.is_closed(day) or calendar.payee.is_closed(day)

    assert calendar.is_banking_day(day) == swapped.is_banking_day(day) == (not closed)


@given(calendars, days)
@often
def test_the_next_banking_day_is_the_first_of_them(calendar: BankingCalendar, day: date) -> None:
    found = calendar.on_or_after(day)

    assert calendar.is_banking_day(found)
    skipped = [day + timedelta(days=n) for n in range((found - day).days)]
    assert not any(calendar.is_banking_day(one) for one in skipped)


@given(calendars, days)
@often
def test_the_banking_day_before_is_the_last_of_them(calendar: BankingCalendar, day: date) -> None:
    found = calendar.on_or_before(day)

    assert calendar.is_banking_day(found)
    skipped = [day - timedelta(days=n) for n in range((day - found).days)]
    assert not any(calendar.is_banking_day(one) for one in skipped)


@given(calendars, days)
@often
def test_no_banking_day_lies_between_the_one_before_and_the_one_after(
    calendar: BankingCalendar, day: date
) -> None:
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)

    assert before <= day <= after
    assert (before == after) == calendar.is_banking_day(day)
    if before != after:
        assert calendar.after(before) == after


@given(calendars, days, st.integers(0, 12))
@often
def test_so_many_banking_days_lie_behind_a_day(
    calendar: BankingCalendar, day: date, count: int
) -> None:
    found = calendar.after(day, count)

    later = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    assert calendar.is_banking_day(found)
    if count:
        assert sum(calendar.is_banking_day(one) for one in later) == count
    else:
        assert found == calendar.on_or_after(day)


@given(calendars, days, st.integers(0, 5), st.integers(1, 5))
@often
def test_counting_on_is_counting_once(
    calendar: BankingCalendar, day: date, first: int, then: int
) -> None:
    assert calendar.after(calendar.after(day, first), then) == calendar.after(
        calendar.on_or_after(day) if first == 0 else day, first + then
    )


def test_the_year_ends_between_two_holidays() -> None:
    eve = date(2026, 12, 31)  # a Thursday

    assert GERMANY.after(eve) == date(2027, 1, 4)
    assert GERMANY.on_or_before(date(2027, 1, 1)) == eve
    assert AMERICA.after(eve) == date(2027, 1, 4)
    # New Year 2028 is a Saturday, which the Federal Reserve makes up for on no other day.
    assert AMERICA.is_banking_day(date(2027, 12, 31))
    assert AMERICA.is_banking_day(date(2028, 1, 3))
    # Britain makes up for it on Monday.
    assert not Place("GB").is_closed(date(2027, 12, 31))
    assert Place("GB").is_closed(date(2028, 1, 3))


def test_two_weekends_leave_four_days() -> None:
    calendar = BankingCalendar(Place("SA"), Place("US"))

    assert calendar.after(date(2026, 3, 5)) == MONDAY
    assert calendar.on_or_before(SUNDAY) == date(2026, 3, 5)


def test_a_table_that_closes_for_ever_hangs_nobody() -> None:
    calendar = _NeverOpen(Place("US"), Place("US"))

    assert calendar.on_or_after(MONDAY) == MONDAY + timedelta(days=30)
    assert calendar.on_or_before(MONDAY) == MONDAY - timedelta(days=30)
    assert calendar.after(MONDAY, 2) > MONDAY


class _NeverOpen(BankingCalendar):
    def is_banking_day(self, day: date) -> bool:
        return day == date.max


def test_a_year_that_nobody_can_tell_of_yet_has_its_weekends() -> None:
    india = BankingCalendar(Place("IN"), Place("IN"))

    assert not india.is_banking_day(date(2050, 1, 1))  # a Saturday
    assert india.is_banking_day(date(2050, 1, 4))
