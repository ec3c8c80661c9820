"""When a means on file may be charged again, and until when a charge must have a result."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.banking_days import BankingCalendar, Place
from domain.charging import (
    SCHEDULES,
    Attempt,
    Limit,
    Scheme,
    deadline,
    next_attempt,
    scheme_of,
)
from models.charging import ChargeState
from models.vocabulary import Method
from tests.domain.strategies import often

_GERMANY = Place("DE")
_HOME = BankingCalendar(_GERMANY, _GERMANY)
_MONDAY = date(2026, 3, 2)


def declined(on: date, retry_on: date | None = None) -> Attempt:
    return Attempt(on, ChargeState.DECLINED, retry_on=retry_on)


def march(day: int) -> date:
    return date(2026, 3, day)


def tried_out(scheme: Scheme, calendar: BankingCalendar | None = None) -> list[date]:
    """The days of an invoice that is declined each time, asked every morning."""
    done: list[Attempt] = []
    for days in range(60):
        today = _MONDAY + timedelta(days=days)
        if next_attempt(done, today, scheme, calendar) == today:
            done.append(declined(today))
    return [one.on for one in done]


def test_a_card_is_tried_four_times_again_within_a_fortnight() -> None:
    assert tried_out(Scheme.CARD) == [march(day) for day in (2, 3, 5, 9, 16)]


@pytest.mark.parametrize(
    ("scheme", "days"),
    [
        (Scheme.SEPA, (2, 9, 18)),
        (Scheme.BACS, (2, 11, 20)),
        (Scheme.ACH, (2, 9, 18)),
        (Scheme.DEBIT, (2, 12)),
    ],
)
def test_a_debit_is_repeated_twice_at_most_and_on_banking_days(
    scheme: Scheme, days: tuple[int, ...]
) -> None:
    assert tried_out(scheme, _HOME) == [march(day) for day in days]


def test_a_debit_waits_for_a_banking_day() -> None:
    good_friday = date(2026, 4, 3)
    done = [declined(good_friday - timedelta(days=7))]

    assert next_attempt(done, good_friday, Scheme.SEPA, _HOME) == date(2026, 4, 7)
    assert next_attempt(done, good_friday, Scheme.SEPA) == good_friday


def test_what_was_never_tried_is_tried_today() -> None:
    assert next_attempt([], _MONDAY) == _MONDAY


@pytest.mark.parametrize(
    "last",
    [
        Attempt(_MONDAY, ChargeState.DECLINED, is_final=True),
        Attempt(_MONDAY, ChargeState.NEEDS_CUSTOMER),
        Attempt(_MONDAY, ChargeState.PROCESSING),
        Attempt(_MONDAY, ChargeState.STARTED),
        Attempt(_MONDAY, ChargeState.SUCCEEDED),
        Attempt(_MONDAY, ChargeState.CANCELLED),
    ],
    ids=lambda one: "final" if one.is_final else one.state,
)
def test_nothing_but_a_soft_decline_is_ever_asked_again(last: Attempt) -> None:
    for scheme in Scheme:
        assert next_attempt([last], march(20), scheme) is None
        assert next_attempt([last, declined(march(4))], march(20), scheme) is None


def test_the_provider_says_from_when_on() -> None:
    assert next_attempt([declined(_MONDAY, retry_on=march(12))], march(3)) == march(12)
    assert next_attempt([declined(_MONDAY, retry_on=_MONDAY)], march(3)) == march(3)


def test_what_the_provider_puts_off_for_too_long_is_over() -> None:
    assert next_attempt([declined(_MONDAY, retry_on=march(23))], march(3)) == march(23)
    assert next_attempt([declined(_MONDAY, retry_on=march(24))], march(3)) is None


def test_a_retry_that_came_late_puts_off_the_next() -> None:
    done = [declined(_MONDAY), declined(march(12))]

    assert next_attempt(done, march(12)) == march(14)


def test_a_card_that_was_declined_for_other_invoices_is_spared() -> None:
    done, others = [declined(_MONDAY)], [march(day) for day in (3, 3, 3, 4, 4)]

    assert next_attempt(done, march(3)) == march(3)
    assert next_attempt(done, march(3), declined_elsewhere=others) == march(4)
    assert next_attempt(done, march(3), declined_elsewhere=[*others, march(5)]) is None


def test_a_debits_rules_count_its_own_attempts() -> None:
    others = [march(9)] * 20

    assert next_attempt([declined(_MONDAY)], march(3), Scheme.SEPA, None, others) == march(9)


@pytest.mark.parametrize(
    ("method", "currency", "scheme"),
    [
        (Method.CARD, "GBP", Scheme.CARD),
        (Method.SEPA, "EUR", Scheme.SEPA),
        (Method.ACH, "USD", Scheme.ACH),
        (Method.OTHER, "GBP", Scheme.BACS),
        (Method.OTHER, "SEK", Scheme.DEBIT),
    ],
)
def test_whose_rules_hold(method: Method, currency: str, scheme: Scheme) -> None:
    assert scheme_of(method, currency) is scheme


def test_a_card_has_its_answer_by_the_next_day() -> None:
    friday = march(6)

    assert deadline(Method.CARD, friday, 5, _HOME) == march(7)


def test_a_debit_has_its_answer_when_the_banks_have_had_their_say() -> None:
    assert deadline(Method.SEPA, _MONDAY, 1, _HOME) == march(11)
    assert deadline(Method.ACH, _MONDAY, 3, _HOME) == march(9)
    assert deadline(Method.OTHER, _MONDAY, 10, _HOME) == march(16)
    assert deadline(Method.SEPA, _MONDAY) == march(9)


_DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
_SOON = st.integers(0, 12)


@st.composite
def _stories(draw: st.DrawFn) -> tuple[Scheme, BankingCalendar | None, list[Attempt], list[date]]:
    """An invoice charged whenever it is allowed, by somebody who sleeps in at times; how it ends
    is left to chance. The same card is declined for other invoices as well."""
    scheme = draw(st.sampled_from(Scheme))
    calendar = draw(st.sampled_from([None, _HOME]))
    today = draw(_DAYS)
    elsewhere = [today + timedelta(days=draw(st.integers(-20, 40))) for _ in range(draw(_SOON))]
    done: list[Attempt] = []
    for _ in range(12):
        # Nobody knows today what will be declined tomorrow.
        known = [day for day in elsewhere if day <= today]
        day = next_attempt(done, today, scheme, calendar, known)
        if day is None:
            break
        late = day + timedelta(days=draw(st.integers(0, 3)))
        known = [one for one in elsewhere if one <= late]
        if next_attempt(done, late, scheme, calendar, known) != late:
            today = late + timedelta(days=1)
            continue
        advised = draw(st.none() | st.dates(late, late + timedelta(days=12)))
        state = draw(st.sampled_from([ChargeState.DECLINED] * 6 + [*ChargeState]))
        is_final = state is ChargeState.DECLINED and draw(st.integers(0, 9)) == 0
        done.append(Attempt(late, state, is_final=is_final, retry_on=advised))
        today = late
    return scheme, calendar, done, elsewhere


def _most(days: Sequence[date], limit: Limit) -> int:
    return max(
        sum(start <= day < start + timedelta(days=limit.days) for day in days) for start in days
    )


@often
@given(_stories())
def test_no_limit_is_ever_exceeded(
    story: tuple[Scheme, BankingCalendar | None, list[Attempt], list[date]],
) -> None:
    scheme, _, done, _ = story
    days = [one.on for one in done]
    rule = SCHEDULES[scheme]

    assert len(days) <= len(rule.waits) + 1
    if days:
        assert all(_most(days, limit) <= limit.attempts for limit in rule.limits)
        assert days[-1] <= days[0] + timedelta(days=rule.days)


@often
@given(_stories())
def test_an_attempt_of_ours_never_brings_a_card_above_a_networks_limit(
    story: tuple[Scheme, BankingCalendar | None, list[Attempt], list[date]],
) -> None:
    scheme, _, done, elsewhere = story
    if not SCHEDULES[scheme].counts_means:
        return
    for number, one in enumerate(done):
        known = [*(other.on for other in done[:number]), one.on]
        known += [day for day in elsewhere if day <= one.on]
        for limit in SCHEDULES[scheme].limits:
            span = [day for day in known if day > one.on - timedelta(days=limit.days)]
            assert len(span) <= limit.attempts


@often
@given(_stories())
def test_nothing_follows_an_end_and_no_date_goes_backward(
    story: tuple[Scheme, BankingCalendar | None, list[Attempt], list[date]],
) -> None:
    scheme, calendar, done, _ = story
    days = [one.on for one in done]

    assert all(one.state is ChargeState.DECLINED and not one.is_final for one in done[:-1])
    assert days == sorted(set(days))
    for earlier, later in pairwise(done):
        assert earlier.retry_on is None or later.on >= earlier.retry_on
    if calendar and SCHEDULES[scheme].on_banking_days:
        assert all(map(calendar.is_banking_day, days))


@often
@given(_stories(), st.integers(0, 40))
def test_the_day_is_never_in_the_past_and_asking_on_it_gives_it_again(
    story: tuple[Scheme, BankingCalendar | None, list[Attempt], list[date]], passed: int
) -> None:
    scheme, calendar, done, elsewhere = story
    if not done:
        return
    today = done[-1].on + timedelta(days=passed)
    day = next_attempt(done, today, scheme, calendar, elsewhere)

    if day is not None:
        assert day >= today
        assert day > done[-1].on
        assert next_attempt(done, day, scheme, calendar, elsewhere) == day
        shuffled = [*reversed(done)]
        assert next_attempt(shuffled, today, scheme, calendar, elsewhere) == day


@often
@given(st.sampled_from(Method), _DAYS, st.integers(0, 20), st.sampled_from([None, _HOME]))
def test_a_deadline_is_after_the_start_and_moves_with_the_clearing_days(
    method: Method, started_on: date, clearing: int, calendar: BankingCalendar | None
) -> None:
    until = deadline(method, started_on, clearing, calendar)

    assert until >= started_on
    assert deadline(method, started_on, clearing + 1, calendar) >= until


def test_every_scheme_stays_far_below_what_networks_charge_for() -> None:
    for scheme in Scheme:
        rule = SCHEDULES[scheme]
        assert len(rule.waits) <= 4
        assert sum(rule.waits) <= rule.days <= 25
        assert all(wait >= 1 for wait in rule.waits)
    assert Limit(7, 30) in SCHEDULES[Scheme.CARD].limits
