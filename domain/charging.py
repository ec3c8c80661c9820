"""Charging a means on file again: whether, when, and until when a charge must have a result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.banking_days import BankingCalendar
from models.charging import ChargeState
from models.vocabulary import Method

_DAY = timedelta(days=1)


class Scheme(StrEnum):
    """By whose rules a charge is repeated."""

    CARD = "card"
    SEPA = "sepa"
    BACS = "bacs"
    ACH = "ach"
    DEBIT = "debit"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to charge an invoice, and what came of it."""

    on: date
    state: ChargeState
    is_final: bool = False
    retry_on: date | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts, the first included, within any so many days in sequence."""

    attempts: int
    days: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often and how soon a charge is repeated.

    `waits` are the days from each attempt to the next; there are as many retries as waits.
    `days`: no retry later than this after the first attempt. `counts_means`: the limits are about
    all attempts with one card, and not one debt's alone.
    """

    waits: tuple[int, ...]
    days: int
    limits: tuple[Limit, ...]
    on_banking_days: bool = True
    counts_means: bool = False


SCHEDULES: dict[Scheme, Schedule] = {
    # Mastercard charges for more than 10 declines of a card in 24 hours and 35 in 30 days
    # (Transaction Processing Excellence; in Brazil from the 8th repetition in a month). Visa
    # charges for more than 15 repetitions in 30 days (20 since May 2025) of a decline of its
    # categories 2 to 4, and for any of category 1. Which network a card is of is not known here,
    # so one limit, below all of them, holds for every card.
    Scheme.CARD: Schedule(
        waits=(1, 2, 4, 7),
        days=21,
        limits=(Limit(3, 1), Limit(7, 30)),
        on_banking_days=False,
        counts_means=True,
    ),
    # The EPC's rulebook of the Core scheme sets no number. Banks charge for each return, providers
    # stop at two repetitions, and so do we.
    Scheme.SEPA: Schedule(waits=(7, 9), days=25, limits=(Limit(3, 30),)),
    # Bacs (rules of the Direct Debit Scheme): again within a month of the first presentation, for
    # the same amount, where it may be assumed that it will be paid. The number is left open; once
    # or twice is usual.
    Scheme.BACS: Schedule(waits=(9, 9), days=25, limits=(Limit(3, 30),)),
    # Nacha Operating Rules 2.12.4: two repetitions within 180 days, after R01 or R09 alone.
    Scheme.ACH: Schedule(waits=(7, 9), days=25, limits=(Limit(3, 180),)),
    # Whose rules we do not know is asked once more.
    Scheme.DEBIT: Schedule(waits=(10,), days=25, limits=(Limit(2, 30),)),
}

# Banking days until the payer's bank has had its say: SEPA Core returns five days after the debit
# and is submitted before it; Bacs takes three days there and three back; Nacha returns in two.
_RESULT_AFTER = {Method.SEPA: 7, Method.ACH: 5, Method.OTHER: 7}


def scheme_of(method: Method, currency: str) -> Scheme:
    """By whose rules a means is charged; pounds by debit are Bacs'."""
    known = {Method.CARD: Scheme.CARD, Method.SEPA: Scheme.SEPA, Method.ACH: Scheme.ACH}
    return known.get(method) or (Scheme.BACS if currency == "GBP" else Scheme.DEBIT)


def next_attempt(
    attempts: Sequence[Attempt],
    today: date,
    scheme: Scheme = Scheme.CARD,
    calendar: BankingCalendar | None = None,
    declined_elsewhere: Sequence[date] = (),
) -> date | None:
    """The first day, `today` or later, on which the invoice may be charged; None for never by us.

    Never: it is paid or under way, a decline was final, the customer has to confirm, somebody
    cancelled it, or the schedule is used up. The provider's `retry_on` is waited for.
    `declined_elsewhere` are days on which the same card was declined for other invoices.
    """
    rule = SCHEDULES[scheme]
    if any(one.is_final or one.state is not ChargeState.DECLINED for one in attempts):
        return None
    if len(attempts) > len(rule.waits):
        return None
    done = sorted(attempts, key=lambda one: one.on)
    earliest = max(today, _after_the_last(done, rule)) if done else today
    latest = (done[0].on if done else today) + timedelta(days=rule.days)
    taken = [one.on for one in done]
    if rule.counts_means:
        taken += declined_elsewhere
    for days in range((latest - earliest).days + 1):
        day = earliest + timedelta(days=days)
        if _is_open(day, rule, calendar) and _fits(day, taken, rule.limits):
            return day
    return None


def deadline(
    method: Method,
    started_on: date,
    clearing_days: int = 0,
    calendar: BankingCalendar | None = None,
) -> date:
    """The last day on which an attempt may be without a result; after it, a person has to look.

    A card answers at once, so it is the day after. A debit takes `clearing_days` banking days (the
    policy's grace), and no less than its scheme needs; without a calendar they are calendar days.
    """
    if method is Method.CARD:
        return started_on + _DAY
    days = max(clearing_days, _RESULT_AFTER.get(method, 0))
    return calendar.after(started_on, days) if calendar else started_on + timedelta(days=days)


def _after_the_last(done: Sequence[Attempt], rule: Schedule) -> date:
    last = done[-1]
    rested = last.on + timedelta(days=rule.waits[len(done) - 1])
    return max([rested, *(one.retry_on for one in done if one.retry_on)])


def _is_open(day: date, rule: Schedule, calendar: BankingCalendar | None) -> bool:
    return not rule.on_banking_days or calendar is None or calendar.is_banking_day(day)


def _fits(day: date, taken: Sequence[date], limits: Sequence[Limit]) -> bool:
    """True when one attempt more on `day` leaves every span of days within every limit.

    A span that starts on `day` counts too: attempts elsewhere may lie ahead of it.
    """
    days = [*taken, day]
    return all(
        sum(start <= one < start + timedelta(days=limit.days) for one in days) <= limit.attempts
        for limit in limits
        for start in days
        if start <= day < start + timedelta(days=limit.days)
    )
