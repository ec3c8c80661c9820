"""Chase dates, the days of steps, late entry, promises and what a hold moves: by hand."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from domain import cadence
from domain.banking_days import BankingCalendar, Place
from domain.cadence import PromiseVerdict, chase_date, promise_day, promise_verdict, step_day
from models.facts import Progress, PromiseFacts
from models.policy import Grace, Policy, Step
from models.vocabulary import Method, Stage, TouchOutcome
from tests.domain.one_invoice import AMERICA, DUE, GERMANY, STANDARD, asked_on, done, known, march
from tests.domain.strategies import calendars, days, graces, often, policies

BRITAIN = BankingCalendar(Place("GB"), Place("GB"))
ARABIA = BankingCalendar(Place("SA"), Place("SA"))
SAUDI_PAYER = BankingCalendar(Place("SA"), Place("DE"))
CHASE = march(11)


@pytest.mark.parametrize(
    ("calendar", "due", "grace", "chase"),
    [
        # Good Friday 3 April and Easter Monday 6 April 2026.
        (GERMANY, date(2026, 4, 2), 1, date(2026, 4, 7)),
        (GERMANY, date(2026, 4, 3), 1, date(2026, 4, 8)),
        (GERMANY, date(2026, 4, 3), 0, date(2026, 4, 7)),
        (GERMANY, date(2026, 4, 5), 2, date(2026, 4, 9)),
        # In the United States banks are open on both.
        (AMERICA, date(2026, 4, 3), 1, date(2026, 4, 6)),
        # Thanksgiving is Thursday 26 November 2026; the Friday after is a banking day.
        (AMERICA, date(2026, 11, 25), 1, date(2026, 11, 27)),
        (AMERICA, date(2026, 11, 26), 1, date(2026, 11, 30)),
        # Independence Day 2026 is a Saturday: the Federal Reserve's banks are open that Friday.
        (AMERICA, date(2026, 7, 2), 1, date(2026, 7, 3)),
        (AMERICA, date(2026, 7, 4), 1, date(2026, 7, 7)),
        # Christmas 2026 is a Friday; Boxing Day, a Saturday, is made up for on Monday the 28th.
        (BRITAIN, date(2026, 12, 24), 1, date(2026, 12, 29)),
        (BRITAIN, date(2026, 12, 25), 1, date(2026, 12, 30)),
        (BRITAIN, date(2026, 12, 31), 1, date(2027, 1, 4)),
        # Friday and Saturday rest in Saudi Arabia, Saturday and Sunday in Germany.
        (ARABIA, date(2026, 2, 5), 1, date(2026, 2, 8)),
        (SAUDI_PAYER, date(2026, 2, 5), 1, date(2026, 2, 9)),
        (SAUDI_PAYER, date(2026, 2, 6), 1, date(2026, 2, 10)),
    ],
)
def test_the_chase_begins_when_the_money_can_have_arrived(
    calendar: BankingCalendar, due: date, grace: int, chase: date
) -> None:
    assert chase_date(due, calendar, Grace(banking_days=grace)) == chase


@given(days, calendars, graces)
@often
def test_nobody_is_late_while_money_travels(
    due: date, calendar: BankingCalendar, grace: Grace
) -> None:
    chase = chase_date(due, calendar, grace)

    between = [due + timedelta(days=n) for n in range((chase - due).days)]
    banking = [day for day in between if calendar.is_banking_day(day)]
    assert calendar.is_banking_day(chase)
    assert len(banking) == grace.banking_days


def _step(offset: int, name: str = "step") -> Step:
    stage = Stage.PRE_DUE if offset < 0 else Stage.DUE
    return Step(id=name, offset=offset, stage=stage, template="letter")


@pytest.mark.parametrize(
    ("offset", "day"),
    [
        (-3, date(2026, 4, 2)),  # Saturday the 4th goes back over Good Friday
        (-1, date(2026, 4, 2)),  # Easter Monday goes back over the whole of Easter
        (0, date(2026, 4, 7)),
        (4, date(2026, 4, 13)),  # a Saturday goes on to Monday
        (24, date(2026, 5, 4)),  # Labour Day, a Friday, goes on over the weekend
    ],
)
def test_a_reminder_comes_before_a_holiday_and_all_else_after_it(offset: int, day: date) -> None:
    assert step_day(_step(offset), date(2026, 4, 7), GERMANY) == day


def test_a_notice_on_the_day_itself_moves_on_when_a_hold_moved_it_to_a_weekend() -> None:
    assert step_day(_step(0), CHASE, GERMANY, shift_days=3) == march(16)  # the 14th is a Saturday


@given(policies, days, calendars, st.integers(0, 40))
@often
def test_the_days_of_steps_keep_their_order(
    policy: Policy, chase: date, calendar: BankingCalendar, shift: int
) -> None:
    due = [step_day(step, chase, calendar, shift) for step in policy.steps]

    assert due == sorted(due)
    assert all(calendar.is_banking_day(day) for day in due)


@pytest.mark.parametrize(
    ("day", "due", "coming", "skipped"),
    [
        (march(5), None, "reminder", ()),
        (march(6), "reminder", "due-notice", ()),
        (march(10), "reminder", "due-notice", ()),
        (march(11), "due-notice", "first-notice", ("reminder",)),
        (march(17), "due-notice", "first-notice", ("reminder",)),
        (march(18), "first-notice", "second-notice", ("reminder", "due-notice")),
        (
            date(2026, 4, 9),
            "second-notice",
            "final-notice",
            ("reminder", "due-notice", "first-notice"),
        ),
        (date(2026, 7, 1), "final-notice", None, tuple(s.id for s in STANDARD.steps[:-1])),
    ],
)
def test_who_enters_late_is_at_the_step_of_their_age_and_the_rest_is_passed_over(
    day: date, due: str | None, coming: str | None, skipped: tuple[str, ...]
) -> None:
    position = cadence.position(STANDARD, DUE, CHASE, GERMANY, Progress(), day)

    assert (position.due.id if position.due else None) == due
    assert (position.next.id if position.next else None) == coming
    assert position.skipped == skipped


def test_an_invoice_that_enters_on_day_forty_takes_one_step() -> None:
    decision = asked_on(DUE + timedelta(days=42), known())

    assert decision.touch is not None
    assert decision.touch.step == "final-notice"
    assert decision.skipped == ("reminder", "due-notice", "first-notice", "second-notice")


def test_what_was_passed_over_stays_passed_over() -> None:
    position = cadence.position(STANDARD, DUE, CHASE, GERMANY, done("first-notice"), march(24))

    assert position.due is None
    assert position.next is STANDARD.step("second-notice")
    assert position.next_day == march(25)


def test_of_steps_on_one_day_only_the_last_is_taken() -> None:
    policy = STANDARD.model_copy(update={"steps": (_step(3, "saturday"), _step(4, "sunday"))})

    position = cadence.position(policy, DUE, CHASE, GERMANY, Progress(), march(16))

    assert position.due is policy.step("sunday")
    assert position.skipped == ("saturday",)


def test_steps_that_a_later_version_dropped_do_not_count() -> None:
    position = cadence.position(STANDARD, DUE, CHASE, GERMANY, done("call-of-last-year"), march(18))

    assert position.due is STANDARD.step("first-notice")


def test_a_reminder_comes_before_the_due_date_whatever_holidays_lie_behind_it() -> None:
    ascension = date(2026, 5, 14)  # a Thursday; the chase counts from Monday the 18th
    chase = cadence.chase_date(ascension, GERMANY, STANDARD.grace)
    assert chase == date(2026, 5, 18)

    position = cadence.position(STANDARD, ascension, chase, GERMANY, Progress(), date(2026, 5, 13))

    assert position.due is STANDARD.step("reminder")


def test_a_reminder_whose_time_is_over_is_passed_over_before_anything_else_is_up() -> None:
    long_grace = march(16)

    position = cadence.position(STANDARD, DUE, long_grace, GERMANY, Progress(), march(12))

    assert (position.due, position.skipped) == (None, ("reminder",))


@given(policies, days, calendars, st.integers(-30, 120), st.integers(0, 7))
@often
def test_every_step_is_taken_up_passed_over_or_still_to_come(
    policy: Policy, chase: date, calendar: BankingCalendar, after: int, taken: int
) -> None:
    ids = [step.id for step in policy.steps]
    today = chase + timedelta(days=after)

    position = cadence.position(policy, chase, chase, calendar, done(*ids[:taken]), today)

    up = [position.due.id] if position.due else []
    to_come = [position.next.id] if position.next else []
    told = [*ids[:taken], *position.skipped, *up, *to_come]
    untold = [one for one in ids[: ids.index(told[-1]) + 1 if told else 0] if one not in told]
    # A reminder that came too late behind a step that is up is passed over once that is taken.
    assert told == sorted(told, key=ids.index)
    assert not untold or (up and all(policy.step(one).stage is Stage.PRE_DUE for one in untold))
    assert (position.next_day is None) == (position.next is None)
    assert position.next_day is None or position.next_day > today
    assert position.next is not None or up or len(told) == len(ids)


def _resumed(held: str, today: date, *taken: str, shift: int = 0, policy: Policy = STANDARD) -> int:
    progress = replace(done(*taken), held_step=held, shift_days=shift)
    return cadence.resumption(policy, DUE, CHASE, GERMANY, progress, today)[0]


def test_a_hold_moves_the_cadence_by_how_long_its_step_was_late() -> None:
    assert _resumed("first-notice", march(18)) == 0
    assert _resumed("first-notice", march(19)) == 1
    assert _resumed("first-notice", march(31)) == 13


def test_a_hold_that_ends_before_its_step_is_up_moves_nothing() -> None:
    assert _resumed("first-notice", march(12)) == 0
    assert _resumed("first-notice", march(12), shift=9) == 9


def test_two_holds_add_up() -> None:
    assert _resumed("second-notice", date(2026, 4, 2), shift=6) == 8  # up on the 31st of March


def test_without_a_hold_nothing_moves() -> None:
    assert _resumed("", march(31), shift=4) == 4
    assert _resumed("dropped", march(31), shift=4) == 4


def test_a_reminder_held_for_a_day_is_taken_up_again_before_the_due_date() -> None:
    progress = Progress(held_step="reminder")

    assert cadence.resumption(STANDARD, DUE, CHASE, GERMANY, progress, march(9))[0] == 1
    decision = asked_on(march(9), known(progress=progress))
    assert decision.touch is not None
    assert decision.touch.step == "reminder"


def test_a_reminder_held_past_the_due_date_gives_way_to_the_next_step() -> None:
    decision = asked_on(march(20), known(progress=Progress(held_step="reminder")))

    assert decision.touch is not None
    assert decision.touch.step == "due-notice"
    assert decision.skipped == ("reminder",)
    assert decision.shift_days == 9  # the notice of the 11th goes out on the 20th


def test_where_all_steps_are_reminders_the_last_one_is_taken_up_again() -> None:
    policy = STANDARD.model_copy(update={"steps": (_step(-9, "early"), _step(-3, "late"))})

    assert _resumed("early", march(20), policy=policy) == 12


@given(policies, days, calendars, st.data())
@often
def test_after_a_hold_the_held_step_is_up_and_the_later_ones_keep_their_distances(
    policy: Policy, chase: date, calendar: BankingCalendar, data: st.DataObject
) -> None:
    steps = [step for step in policy.steps if step.offset >= 0]
    assume(steps)
    held = data.draw(st.sampled_from(steps))
    before = policy.steps[: policy.position(held.id)]
    late = data.draw(st.integers(0, 60))
    today = calendar.on_or_after(step_day(held, chase, calendar) + timedelta(days=late))
    progress = replace(done(*(step.id for step in before)), held_step=held.id)

    shift = cadence.resumption(policy, chase, chase, calendar, progress, today)[0]
    moved = replace(progress, shift_days=shift)
    position = cadence.position(policy, chase, chase, calendar, moved, today)

    assert shift >= 0
    if today > step_day(held, chase, calendar):
        assert position.due is held
        for after in policy.steps[policy.position(held.id) :]:
            nominal = today + timedelta(days=after.offset - held.offset)
            assert step_day(after, chase, calendar, shift) == calendar.on_or_after(nominal)


@pytest.mark.parametrize(
    ("pay_on", "method", "day"),
    [
        # 20 March and 14 days is Good Friday: Tuesday, and a day of grace.
        (march(20), Method.CHEQUE, date(2026, 4, 8)),
        # 6 March and 14 days is Friday the 20th: the grace is Monday.
        (march(6), Method.CHEQUE, march(23)),
        (march(6), Method.CARD, march(9)),
        (march(5), Method.CARD, march(6)),
        (march(6), Method.SEPA, march(10)),
        (march(6), Method.WIRE, march(10)),
        (march(6), Method.ACH, march(10)),
        (date(2026, 4, 2), Method.WIRE, date(2026, 4, 8)),
        (date(2026, 12, 23), Method.WIRE, date(2026, 12, 29)),
    ],
)
def test_an_unkept_promise_is_broken_once_its_money_must_have_arrived(
    pay_on: date, method: Method, day: date
) -> None:
    promise = PromiseFacts(pay_on, method)

    assert promise_day(promise, GERMANY, STANDARD.grace) == day
    eve = day - timedelta(days=1)
    verdicts = [promise_verdict(promise, GERMANY, STANDARD.grace, today) for today in (eve, day)]
    assert verdicts == [PromiseVerdict.OPEN, PromiseVerdict.BROKEN]


def test_a_method_the_policy_does_not_name_needs_no_time_to_clear() -> None:
    grace = Grace(banking_days=1, clearing_days={Method.CARD: 0})

    assert promise_day(PromiseFacts(march(6), Method.CHEQUE), GERMANY, grace) == march(9)


@pytest.mark.parametrize(
    ("amount", "paid", "day", "verdict"),
    [
        ("100", "100", march(6), PromiseVerdict.KEPT),
        ("100", "150", march(6), PromiseVerdict.KEPT),
        ("100", "99.99", march(6), PromiseVerdict.OPEN),
        ("100", "100", date(2026, 5, 4), PromiseVerdict.KEPT),
        ("100", "99.99", date(2026, 5, 4), PromiseVerdict.BROKEN),
        (None, "1000", march(6), PromiseVerdict.OPEN),  # all that is open: the closing keeps it
        (None, "1000", date(2026, 5, 4), PromiseVerdict.BROKEN),
    ],
)
def test_a_promise_is_kept_by_its_amount(
    amount: str | None, paid: str, day: date, verdict: PromiseVerdict
) -> None:
    promised = None if amount is None else Decimal(amount)
    promise = PromiseFacts(march(6), Method.SEPA, promised, Decimal(paid))

    assert promise_verdict(promise, GERMANY, STANDARD.grace, day) is verdict


def test_a_broken_promise_resumes_at_the_step_it_held() -> None:
    promise = PromiseFacts(march(13), Method.WIRE)
    progress = replace(
        done("reminder", "due-notice", on=march(11)), promise=promise, held_step="first-notice"
    )

    waiting = asked_on(march(16), known(progress=progress))
    resumed = asked_on(march(20), known(progress=progress))

    assert waiting.holds
    assert resumed.touch is not None
    assert resumed.touch.step == "first-notice"
    assert resumed.shift_days == 2


def test_a_skipped_step_counts_as_done() -> None:
    progress = done("reminder", "due-notice", outcome=TouchOutcome.SKIPPED)

    assert cadence.position(STANDARD, DUE, CHASE, GERMANY, progress, march(17)).due is None
