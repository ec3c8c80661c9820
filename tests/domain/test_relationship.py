"""Rules 11 and 12: what a delicate relationship and a customer's habits make of a step."""

from dataclasses import replace
from datetime import date

import pytest

from models.decision import Decision
from models.facts import Address, Facts, PaymentHabit
from models.policy import Handling, Policy
from models.vocabulary import Reason, TaskKind, Tier, Tone
from tests.domain.one_invoice import SHIPPED, STANDARD, asked_on, customer, done, known, march

# Where the chase of an invoice due on the 10th of March 2026 stands.
EARLY, LATE, CRITICAL = march(23), date(2026, 4, 10), date(2026, 5, 4)
# In the shipped policies the first firm letter comes later than day 14, as late already.
FIRM_EARLY = STANDARD.model_copy(
    update={
        "steps": tuple(
            step.model_copy(update={"offset": 12}) if step.id == "second-notice" else step
            for step in STANDARD.steps
        )
    }
)
_BEFORE = done("reminder", "due-notice", "first-notice")
SALES, RENEWAL, TICKET = (
    Reason.PAUSED_BY_SALES,
    Reason.RENEWAL_UNDER_WAY,
    Reason.SEVERE_TICKET,
)


def _delicate(*conditions: Reason, go: bool = False) -> Facts:
    return known(who=customer(delicate=frozenset(conditions), owner_said_go=go), progress=_BEFORE)


def _letter(decision: Decision) -> tuple[str | None, Tone] | None:
    return (decision.touch.template, decision.touch.tone) if decision.touch else None


@pytest.mark.parametrize(
    ("condition", "day", "reason", "letter", "task"),
    [
        (SALES, EARLY, SALES, None, None),
        (SALES, LATE, SALES, None, None),
        (SALES, CRITICAL, SALES, None, TaskKind.APPROVE),
        (RENEWAL, EARLY, RENEWAL, ("gentle_reminder", Tone.FRIENDLY), None),
        (RENEWAL, LATE, RENEWAL, None, TaskKind.APPROVE),
        (TICKET, EARLY, TICKET, None, None),
        (TICKET, LATE, TICKET, ("gentle_reminder", Tone.FRIENDLY), None),
        (TICKET, CRITICAL, TICKET, None, TaskKind.APPROVE),
    ],
)
def test_the_policys_matrix_says_what_happens(
    condition: Reason,
    day: date,
    reason: Reason,
    letter: tuple[str, Tone] | None,
    task: TaskKind | None,
) -> None:
    decision = asked_on(day, _delicate(condition), FIRM_EARLY)

    assert decision.reason is reason
    assert _letter(decision) == letter
    assert (decision.task.kind if decision.task else None) is task


def test_the_strongest_of_several_conditions_counts() -> None:
    assert asked_on(EARLY, _delicate(RENEWAL, SALES), FIRM_EARLY).reason is SALES
    assert asked_on(LATE, _delicate(RENEWAL, TICKET)).reason is RENEWAL


def test_a_condition_the_matrix_does_not_name_changes_nothing() -> None:
    bare = FIRM_EARLY.model_copy(update={"relationship": {}})

    assert asked_on(EARLY, _delicate(SALES), bare).acts
    assert asked_on(march(6), known(who=customer(delicate=frozenset({RENEWAL})))).acts


def test_the_owners_word_lets_a_step_go_but_not_a_hold() -> None:
    assert _letter(asked_on(LATE, _delicate(RENEWAL, go=True))) == ("final_notice", Tone.FINAL)
    assert asked_on(LATE, _delicate(SALES, go=True)).reason is SALES


def test_only_firm_words_are_softened() -> None:
    due = known(
        who=customer(delicate=frozenset({RENEWAL})), progress=done("reminder", "due-notice")
    )

    assert _letter(asked_on(march(18), due)) == ("first_notice", Tone.NEUTRAL)


HABIT = PaymentHabit(settled=6, median_days_late=20, spread_days=5)


def _used_to(habit: PaymentHabit, *taken: str) -> Facts:
    return known(who=customer(habit=habit), progress=done(*taken))


def _later(day: date, habit: PaymentHabit = HABIT, policy: Policy = STANDARD) -> Decision:
    return asked_on(day, _used_to(habit, "reminder", "due-notice"), policy)


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
    assert asked_on(march(11), _used_to(HABIT, "reminder")).acts


@pytest.mark.parametrize(
    "habit",
    [
        replace(HABIT, settled=5),
        replace(HABIT, spread_days=6),
        replace(HABIT, median_days_late=0),
        replace(HABIT, median_days_late=-3),
        replace(HABIT, median_days_late=1),  # and 7 of tolerance: the 18th is past it
        PaymentHabit(),
    ],
)
def test_too_few_too_scattered_or_punctual_payments_make_no_habit(habit: PaymentHabit) -> None:
    assert _later(march(18), habit).acts


def test_every_shipped_policy_keeps_off_where_sales_asked_for_it() -> None:
    for policy in SHIPPED.values():
        for tier in (Tier.CURRENT, Tier.EARLY, Tier.LATE):
            assert policy.relationship[SALES][tier] is Handling.HOLD


def test_a_hold_for_the_relationship_stands_whoever_can_be_reached() -> None:
    nobody = replace(_delicate(SALES).customer, addresses=(Address("x", rejected=True),))

    assert asked_on(EARLY, known(who=nobody, progress=_BEFORE), FIRM_EARLY).reason is SALES
