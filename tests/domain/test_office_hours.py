"""Our own people's hours: when somebody should have taken a task up."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.banking_days import BankingCalendar, Place
from domain.office_hours import OfficeHours
from domain.terms import OWNERS_WORK, Terms
from models.policy import Sla
from models.vocabulary import TaskKind
from tests.domain.one_invoice import GERMANY, STANDARD
from tests.domain.strategies import homes, moments, often

BERLIN = OfficeHours(Place("DE"), "Europe/Berlin")
CHICAGO = OfficeHours(Place("US"), "America/Chicago")


def _at(text: str, zone: str = "Europe/Berlin") -> datetime:
    """That wall time, as 2026-03-06 15:00, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("opened", "hours", "due"),
    [
        ("2026-03-03 10:00", 1, "2026-03-03 11:00"),
        ("2026-03-03 10:00", 7, "2026-03-03 17:00"),
        ("2026-03-03 10:00", 8, "2026-03-04 10:00"),
        ("2026-03-03 07:30", 4, "2026-03-03 13:00"),  # before the office opens
        ("2026-03-03 22:00", 4, "2026-03-04 13:00"),  # after it has closed
        ("2026-03-03 17:00", 1, "2026-03-04 10:00"),
        ("2026-03-06 15:00", 4, "2026-03-09 11:00"),  # a Friday
        ("2026-03-07 12:00", 8, "2026-03-09 17:00"),  # a Saturday
        ("2026-04-02 16:00", 2, "2026-04-07 10:00"),  # Good Friday and Easter lie in between
        ("2026-12-24 16:00", 2, "2026-12-28 10:00"),  # two days of Christmas and a Sunday
        ("2026-03-27 16:00", 2, "2026-03-30 10:00"),  # summer time begins on the 29th
        ("2026-10-23 16:00", 2, "2026-10-26 10:00"),  # and ends on the 25th
        ("2026-03-02 09:00", 40, "2026-03-06 17:00"),  # a whole week of them
    ],
)
def test_the_clock_stands_outside_office_hours(opened: str, hours: int, due: str) -> None:
    assert BERLIN.after(_at(opened), hours) == _at(due)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-03 09:00", "2026-03-03 09:00"),
        ("2026-03-03 16:59", "2026-03-03 16:59"),
        ("2026-03-03 17:00", "2026-03-04 09:00"),
        ("2026-03-03 03:00", "2026-03-03 09:00"),
        ("2026-03-07 12:00", "2026-03-09 09:00"),
    ],
)
def test_the_office_is_open_or_opens_next(moment: str, opens: str) -> None:
    assert BERLIN.opening(_at(moment)) == _at(opens)
    assert BERLIN.is_open(_at(moment)) == (moment == opens)


@pytest.mark.parametrize(
    ("moment", "count", "begins"),
    [
        ("2026-03-03 08:00", 1, "2026-03-04 09:00"),
        ("2026-03-03 23:30", 1, "2026-03-04 09:00"),
        ("2026-03-06 10:00", 1, "2026-03-09 09:00"),
        ("2026-03-06 10:00", 3, "2026-03-11 09:00"),
        ("2026-04-02 10:00", 1, "2026-04-07 09:00"),
    ],
)
def test_the_next_business_day_begins_when_the_office_opens(
    moment: str, count: int, begins: str
) -> None:
    assert BERLIN.next_day(_at(moment), count) == _at(begins)


def test_it_is_our_day_and_not_that_of_utc() -> None:
    late = _at("2026-03-03 23:00", "America/Chicago")

    assert late.date() == date(2026, 3, 4)
    assert CHICAGO.day_of(late) == date(2026, 3, 3)
    assert CHICAGO.next_day(late) == _at("2026-03-04 09:00", "America/Chicago")


def test_the_holidays_are_those_of_our_own_country() -> None:
    thanksgiving_eve = _at("2026-11-25 16:00", "America/Chicago")

    assert CHICAGO.after(thanksgiving_eve, 2) == _at("2026-11-27 10:00", "America/Chicago")
    assert BERLIN.after(_at("2026-11-25 16:00"), 2) == _at("2026-11-26 10:00")


# A night shift that works on Sundays, when clocks change in Germany.
NIGHTS = OfficeHours(Place("SA"), "Europe/Berlin", time(0), time(8))


def test_a_night_that_is_an_hour_short_ends_the_next() -> None:
    assert NIGHTS.after(_at("2026-03-29 00:00"), 7) == _at("2026-03-29 08:00")
    assert NIGHTS.after(_at("2026-03-29 00:00"), 8) == _at("2026-03-30 01:00")


def test_a_night_that_is_an_hour_longer_has_room_for_one_more() -> None:
    assert NIGHTS.after(_at("2026-10-25 00:00"), 9) == _at("2026-10-25 08:00")


offices = st.builds(
    lambda home, hours: OfficeHours(Place(home[0], home[1]), home[2], *sorted(hours)),
    homes,
    st.tuples(st.integers(5, 11), st.integers(12, 22)).map(lambda pair: [time(h) for h in pair]),
)
_hours = st.integers(1, 60)


@given(offices, moments, _hours, _hours)
@often
def test_hours_add_up(office: OfficeHours, moment: datetime, some: int, more: int) -> None:
    assert office.after(office.after(moment, some), more) == office.after(moment, some + more)


@given(offices, moments, moments, _hours)
@often
def test_what_was_opened_later_is_never_due_earlier(
    office: OfficeHours, one: datetime, other: datetime, hours: int
) -> None:
    first, second = sorted((one, other))

    assert office.after(first, hours) <= office.after(second, hours)


@given(offices, moments, _hours)
@often
def test_more_hours_end_later_and_within_office_hours(
    office: OfficeHours, moment: datetime, hours: int
) -> None:
    due = office.after(moment, hours)

    assert moment + timedelta(hours=hours) <= due < office.after(moment, hours + 1)
    day = office.day_of(due)
    zone = ZoneInfo(office.zone) if office.zone and office.zone != "Nowhere/Known" else UTC
    opens, closes = (datetime.combine(day, at, tzinfo=zone) for at in (office.start, office.end))
    assert opens < due <= closes
    assert not office.place.is_closed(day)


@given(offices, moments)
@often
def test_the_opening_is_now_or_the_next_beginning(office: OfficeHours, moment: datetime) -> None:
    opening = office.opening(moment)

    assert opening >= moment
    assert office.is_open(opening)
    assert office.opening(opening) == opening
    assert office.is_open(moment) == (opening == moment)


@given(offices, moments, st.integers(1, 9))
@often
def test_the_next_days_follow_each_other(office: OfficeHours, moment: datetime, count: int) -> None:
    following = office.next_day(moment, count)

    assert following > moment
    assert office.is_open(following)
    assert office.next_day(following) == office.next_day(moment, count + 1)


TERMS = Terms(STANDARD, GERMANY, BERLIN)
_MONDAY = "2026-03-02 09:00"


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (TaskKind.CALL, "2026-03-02 17:00"),
        (TaskKind.OWNER_FIRST, "2026-03-02 12:00"),
        (TaskKind.APPROVE, "2026-03-03 17:00"),
        (TaskKind.DISPOSITION, "2026-03-06 17:00"),
        (TaskKind.RESOLVE_DISPUTE, "2026-03-06 17:00"),
        (TaskKind.FINANCE, "2026-03-03 17:00"),
        (TaskKind.FIX_CONTACT, "2026-03-03 17:00"),
    ],
)
def test_each_kind_of_task_has_its_time(kind: TaskKind, due: str) -> None:
    assert TERMS.escalate_at(kind, _at(_MONDAY)) == _at(due)


def test_the_policy_sets_those_times() -> None:
    quick = STANDARD.model_copy(update={"sla": Sla(call_hours=1, other_hours=2)})
    terms = Terms(quick, BankingCalendar(Place("US"), Place("US")), BERLIN)

    assert terms.escalate_at(TaskKind.CALL, _at(_MONDAY)) == _at("2026-03-02 10:00")
    assert terms.escalate_at(TaskKind.FINANCE, _at(_MONDAY)) == _at("2026-03-02 11:00")


def test_calls_questions_and_disputes_are_the_owners_and_all_else_the_staffs() -> None:
    assert {TaskKind.CALL, TaskKind.OWNER_FIRST, TaskKind.RESOLVE_DISPUTE} == OWNERS_WORK
