"""Rule 12: what the way a customer pays makes of a step."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from models.decision import Decision
from models.facts import Facts, PaymentHabit, Progress, StepDone
from models.policy import Policy
from models.vocabulary import Action, Reason, Tone, TouchOutcome
from tests.domain.one_invoice import (
    SHIPPED,
    STANDARD,
    asked_on,
    customer,
    done,
    invoice,
    known,
    march,
    plan,
    with_progress,
)

SURELY = PaymentHabit(settled=6, median_days_late=20, spread_days=5)
PUNCTUAL = PaymentHabit(settled=12, median_days_late=-1, spread_days=2, late_share=8)
WORSENING = PaymentHabit(settled=12, median_days_late=9, spread_days=12, trend_days=7)
CHRONIC = PaymentHabit(settled=12, median_days_late=9, spread_days=12, late_share=70)

_FIRM_DAY = march(25)  # the second notice of the standard policy, early and firm
_FINAL_DAY = date(2026, 4, 10)


def _used_to(habit: PaymentHabit, *taken: str) -> Facts:
    return known(who=customer(habit=habit), progress=done(*taken))


def _later(day: date, habit: PaymentHabit = SURELY, policy: Policy = STANDARD) -> Decision:
    return asked_on(day, _used_to(habit, "reminder", "due-notice"), policy)


def _second(habit: PaymentHabit, amount: int = 5_000) -> Decision:
    facts = _used_to(habit, "reminder", "due-notice", "first-notice")
    return asked_on(_FIRM_DAY, replace(facts, invoice=invoice(amount_open=Decimal(amount))))


def _actions(decision: Decision) -> tuple[Action, ...]:
    assert decision.touch is not None
    return decision.touch.actions


def test_who_pays_late_but_surely_is_not_pressed_before_their_day() -> None:
    waiting = _later(march(18))

    assert waiting.reason is Reason.RELIABLE_LATE_PAYER
    assert waiting.holds
    assert waiting.at is not None
    assert waiting.at.date() == date(2026, 4, 7)  # 20 days, and 7 of tolerance, is Easter Monday
    assert "2026-03-30" in waiting.says


def test_after_their_day_they_are_pressed_like_everybody() -> None:
    assert _later(date(2026, 4, 2)).holds
    assert _later(date(2026, 4, 7)).acts


def test_a_friendly_note_goes_out_all_the_same() -> None:
    assert asked_on(march(11), _used_to(SURELY, "reminder")).acts


@pytest.mark.parametrize(
    "habit",
    [
        replace(SURELY, settled=5),
        replace(SURELY, spread_days=6),
        replace(SURELY, median_days_late=0),
        replace(SURELY, median_days_late=-3),
        replace(SURELY, median_days_late=1),  # and 7 of tolerance: the 18th is past it
        PaymentHabit(),
    ],
)
def test_too_few_too_scattered_or_punctual_payments_make_no_habit(habit: PaymentHabit) -> None:
    assert _later(march(18), habit).acts


def test_an_instalment_was_agreed_for_its_day_whatever_the_habit() -> None:
    agreed = plan((march(16), 2_500), (date(2026, 5, 4), 2_500), agreed_on=march(11))
    facts = with_progress(
        _used_to(SURELY, "reminder", "due-notice", "plan-7-confirmation"), plan=agreed
    )

    decision = asked_on(march(17), facts)

    assert (decision.acts, decision.step) == (True, "plan-7-1-missed")


def test_the_first_slip_of_a_good_payer_gets_no_firm_words() -> None:
    decision = _second(PUNCTUAL)

    assert decision.touch is not None
    assert decision.reason is Reason.FIRST_TIME_LATE
    assert (decision.touch.template, decision.touch.tone) == ("gentle_reminder", Tone.FRIENDLY)
    assert "first time" in decision.says


@pytest.mark.parametrize(
    "habit",
    [
        replace(PUNCTUAL, late_share=11),
        replace(PUNCTUAL, settled=5),
        PaymentHabit(),
    ],
)
def test_who_slips_more_often_or_is_unknown_gets_the_letter_as_it_is(habit: PaymentHabit) -> None:
    decision = _second(habit)

    assert decision.touch is not None
    assert (decision.touch.template, decision.touch.tone) == ("second_notice", Tone.FIRM)


def test_a_slip_that_lasts_is_no_slip() -> None:
    before = ("reminder", "due-notice", "first-notice", "second-notice")

    decision = asked_on(_FINAL_DAY, _used_to(PUNCTUAL, *before))

    assert decision.touch is not None
    assert (decision.touch.template, decision.touch.tone) == ("final_notice", Tone.FINAL)


@pytest.mark.parametrize("habit", [WORSENING, CHRONIC])
def test_who_pays_worse_and_worse_is_called_whatever_the_amount(habit: PaymentHabit) -> None:
    assert _actions(_second(habit, amount=20)) == (Action.CALL_AP_CONTACT,)
    assert _actions(_second(PaymentHabit(), amount=20)) == ()


@pytest.mark.parametrize("habit", [WORSENING, CHRONIC])
def test_a_letter_that_presses_them_comes_with_a_call(habit: PaymentHabit) -> None:
    facts = _used_to(habit, "reminder", "due-notice", "first-notice", "second-notice")

    assert Action.CALL_AP_CONTACT in _actions(asked_on(_FINAL_DAY, facts))


def test_one_call_is_enough() -> None:
    saas = SHIPPED["saas"]
    taken = tuple(StepDone(step.id, TouchOutcome.SENT, march(12)) for step in saas.steps[:-1])

    decision = asked_on(
        date(2026, 4, 27), known(who=customer(habit=WORSENING), progress=Progress(done=taken)), saas
    )

    assert _actions(decision) == (Action.CALL_FINANCE, Action.ASK_DISPOSITION)


def test_a_friendly_or_neutral_letter_brings_no_call() -> None:
    first = asked_on(march(18), _used_to(WORSENING, "reminder", "due-notice"))

    assert _actions(first) == ()
