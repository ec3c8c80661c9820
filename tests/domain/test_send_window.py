"""When a letter may leave: spread over the window, in the customer's own morning."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from domain import send_window
from models.policy import Window
from tests.domain.strategies import days, ids, moments, often, windows, zones

NINE_TO_HALF_PAST_ELEVEN = Window()
NEW_YORK, BERLIN = "America/New_York", "Europe/Berlin"
GAP, FOLD = date(2026, 3, 8), date(2026, 11, 1)  # in the United States


def _utc(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def _seconds_in(window: Window, day: date, zone: str, customer_id: str) -> int:
    begins = datetime.combine(day, window.start, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    opens = send_window.opens(day, zone, window, customer_id)
    return int((opens - begins).total_seconds())


def test_ten_thousand_customers_are_spread_evenly() -> None:
    """Chi-square of 150 minutes: with 149 degrees of freedom, 99.9 % of even spreads stay
    below 208."""
    minutes = Counter(
        _seconds_in(NINE_TO_HALF_PAST_ELEVEN, date(2026, 3, 10), BERLIN, f"C{n:05}") // 60
        for n in range(10_000)
    )

    expected = 10_000 / 150
    chi_square = sum((minutes[m] - expected) ** 2 / expected for m in range(150))
    assert set(minutes) <= set(range(150))
    assert chi_square < 208


def test_no_second_is_crowded() -> None:
    moments = Counter(
        send_window.opens(date(2026, 3, 10), BERLIN, NINE_TO_HALF_PAST_ELEVEN, f"{n}")
        for n in range(10_000)
    )

    assert max(moments.values()) <= 10


@given(ids, windows())
@often
def test_a_customer_has_the_same_moment_every_day(customer_id: str, window: Window) -> None:
    winter = [date(2026, 1, 5) + timedelta(days=n) for n in range(5)]

    moments = {_seconds_in(window, day, BERLIN, customer_id) for day in winter}

    assert len(moments) == 1


@given(ids)
@often
def test_the_moment_stays_where_it_was_when_clocks_change(customer_id: str) -> None:
    window = NINE_TO_HALF_PAST_ELEVEN
    summer, winter = (
        send_window.opens(day, BERLIN, window, customer_id).astimezone(ZoneInfo(BERLIN)).time()
        for day in (date(2026, 7, 1), date(2026, 12, 1))
    )

    assert summer == winter


@given(days, zones, windows(), ids)
@often
def test_the_moment_lies_in_the_window_unless_clocks_change_that_day(
    day: date, zone: str, window: Window, customer_id: str
) -> None:
    opens = send_window.opens(day, zone, window, customer_id)
    closes = send_window.closes(day, zone, window)

    if _is_whole(day, zone):
        assert send_window.local_day(opens, zone) == day
        assert opens < closes
        local = opens.astimezone(send_window.zone_of(zone)).time()
        assert window.start <= local < window.end


def _is_whole(day: date, zone: str) -> bool:
    begins, ends = (
        datetime.combine(one, time(), tzinfo=send_window.zone_of(zone)).utcoffset()
        for one in (day, day + timedelta(days=1))
    )
    return begins == ends


@given(days, zones, windows(), ids)
@often
def test_a_later_day_opens_later(day: date, zone: str, window: Window, customer_id: str) -> None:
    today, tomorrow = (
        send_window.opens(one, zone, window, customer_id) for one in (day, day + timedelta(days=1))
    )

    assert timedelta(hours=22) <= tomorrow - today <= timedelta(hours=26)


def test_a_window_of_a_second_has_one_moment() -> None:
    window = Window(start=time(9), end=time(9, 0, 1))

    assert {_seconds_in(window, date(2026, 3, 10), BERLIN, f"{n}") for n in range(50)} == {0}


def test_a_window_in_the_skipped_hour_moves_behind_it() -> None:
    window = Window(start=time(2), end=time(3))

    assert send_window.closes(GAP, NEW_YORK, window) == _utc(GAP, 7)
    for n in range(50):
        opens = send_window.opens(GAP, NEW_YORK, window, f"{n}")
        assert _utc(GAP, 7) <= opens < _utc(GAP, 8)  # 3:00 to 4:00 of summer time


def test_a_window_that_ends_in_the_skipped_hour_is_as_long_as_ever() -> None:
    window = Window(start=time(1), end=time(2, 30))

    assert send_window.closes(GAP, NEW_YORK, window) == _utc(GAP, 7, 30)
    for n in range(50):
        opens = send_window.opens(GAP, NEW_YORK, window, f"{n}")
        assert _utc(GAP, 6) <= opens < _utc(GAP, 7, 30)


def test_a_window_in_the_hour_that_comes_twice_means_the_first() -> None:
    window = Window(start=time(1), end=time(1, 30))

    assert send_window.closes(FOLD, NEW_YORK, window) == _utc(FOLD, 5, 30)
    for n in range(50):
        opens = send_window.opens(FOLD, NEW_YORK, window, f"{n}")
        assert _utc(FOLD, 5) <= opens < _utc(FOLD, 5, 30)


def test_a_window_around_the_hour_that_comes_twice_is_an_hour_longer() -> None:
    window = Window(start=time(0, 30), end=time(2, 30))

    opens = _utc(FOLD, 4, 30)
    assert send_window.closes(FOLD, NEW_YORK, window) - opens == timedelta(hours=3)


def test_a_morning_window_knows_nothing_of_clock_changes() -> None:
    for day, hour in ((GAP, 13), (date(2026, 3, 7), 14), (FOLD, 14), (date(2026, 10, 31), 13)):
        opens = send_window.opens(day, NEW_YORK, NINE_TO_HALF_PAST_ELEVEN, "ACME")
        closes = send_window.closes(day, NEW_YORK, NINE_TO_HALF_PAST_ELEVEN)
        assert _utc(day, hour) <= opens < closes == _utc(day, hour + 2, 30)


def test_lord_howe_moves_its_clocks_by_half_an_hour() -> None:
    zone, window = "Australia/Lord_Howe", Window(start=time(2), end=time(2, 30))
    gap = date(2026, 10, 4)

    assert send_window.closes(gap, zone, window) == _utc(date(2026, 10, 3), 15, 30)


@pytest.mark.parametrize(
    ("zone", "closes"),
    [
        ("Asia/Kolkata", _utc(date(2026, 3, 10), 6)),
        ("Asia/Kathmandu", _utc(date(2026, 3, 10), 5, 45)),
        ("Australia/Adelaide", _utc(date(2026, 3, 10), 1)),
        ("Pacific/Chatham", _utc(date(2026, 3, 9), 21, 45)),
        ("America/St_Johns", _utc(date(2026, 3, 10), 14)),
        ("Pacific/Kiritimati", _utc(date(2026, 3, 9), 21, 30)),
        ("Pacific/Pago_Pago", _utc(date(2026, 3, 10), 22, 30)),
        ("UTC", _utc(date(2026, 3, 10), 11, 30)),
        ("Nowhere/Known", _utc(date(2026, 3, 10), 11, 30)),
        ("", _utc(date(2026, 3, 10), 11, 30)),
        ("../etc/passwd", _utc(date(2026, 3, 10), 11, 30)),
    ],
)
def test_half_past_eleven_is_that_of_the_zone(zone: str, closes: datetime) -> None:
    day = date(2026, 3, 10)

    assert send_window.closes(day, zone, NINE_TO_HALF_PAST_ELEVEN) == closes
    opens = send_window.opens(day, zone, NINE_TO_HALF_PAST_ELEVEN, "ACME")
    assert closes - timedelta(hours=2, minutes=30) <= opens < closes
    assert opens.tzinfo is UTC


def test_the_date_line_parts_two_days() -> None:
    moment = _utc(date(2026, 3, 10), 10, 30)

    assert send_window.local_day(moment, "Pacific/Kiritimati") == date(2026, 3, 11)
    assert send_window.local_day(moment, "Pacific/Pago_Pago") == date(2026, 3, 9)
    assert send_window.local_day(moment, "Nowhere/Known") == date(2026, 3, 10)


def test_a_day_that_a_country_left_out_opens_on_the_next() -> None:
    left_out = date(2011, 12, 30)  # Samoa crossed the date line
    opens = send_window.opens(left_out, "Pacific/Apia", NINE_TO_HALF_PAST_ELEVEN, "ACME")

    assert send_window.local_day(opens, "Pacific/Apia") == date(2011, 12, 31)


@given(moments, zones)
@often
def test_the_local_day_is_that_of_the_clock_on_the_wall(moment: datetime, zone: str) -> None:
    wall = moment.astimezone(send_window.zone_of(zone))

    assert send_window.local_day(moment, zone) == wall.date()
