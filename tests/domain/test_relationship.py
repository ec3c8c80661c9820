"""Rule 11: what a delicate relationship makes of a step."""

from dataclasses import replace
from datetime import date

import pytest

from models.decision import Decision
from models.facts import Address, Facts
from models.policy import Handling
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


def _delicate(*conditions: Reason) -> Facts:
    return known(who=customer(delicate=frozenset(conditions)), progress=_BEFORE)


def _letter(decision: Decision) -> tuple[str | None, Tone] | None:
    return (decision.touch.template, decision.touch.tone) if decision.touch else None


@pytest.mark.parametrize(
    ("condition", "day", "reason", "letter", "task"),
    [
        (SALES, EARLY, SALES, None, None),
        (SALES, LATE, SALES, None, None),
        (SALES, CRITICAL, SALES, None, TaskKind.OWNER_FIRST),
        (RENEWAL, EARLY, RENEWAL, ("gentle_reminder", Tone.FRIENDLY), None),
        (RENEWAL, LATE, RENEWAL, None, TaskKind.OWNER_FIRST),
        (TICKET, EARLY, TICKET, None, None),
        (TICKET, LATE, TICKET, ("gentle_reminder", Tone.FRIENDLY), None),
        (TICKET, CRITICAL, TICKET, None, TaskKind.OWNER_FIRST),
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


def test_only_firm_words_are_softened() -> None:
    due = known(
        who=customer(delicate=frozenset({RENEWAL})), progress=done("reminder", "due-notice")
    )

    assert _letter(asked_on(march(18), due)) == ("first_notice", Tone.NEUTRAL)


def test_a_softened_letter_says_why_on_the_timeline() -> None:
    decision = asked_on(EARLY, _delicate(RENEWAL), FIRM_EARLY)

    assert "Softened: renewal under way." in decision.says


def test_a_hold_keeps_the_step_that_was_up_and_is_looked_at_again_in_a_week() -> None:
    decision = asked_on(LATE, _delicate(SALES))

    assert decision.holds
    assert decision.held_step == "final-notice"
    assert decision.at is not None
    assert decision.at.date() == date(2026, 4, 17)


def test_a_hold_for_the_relationship_stands_whoever_can_be_reached() -> None:
    nobody = replace(_delicate(SALES).customer, addresses=(Address("x", rejected=True),))

    assert asked_on(EARLY, known(who=nobody, progress=_BEFORE), FIRM_EARLY).reason is SALES


def test_every_shipped_policy_keeps_off_where_sales_asked_for_it() -> None:
    for policy in SHIPPED.values():
        for tier in (Tier.CURRENT, Tier.EARLY, Tier.LATE):
            assert policy.relationship[SALES][tier] is Handling.HOLD
