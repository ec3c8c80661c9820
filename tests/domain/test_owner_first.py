"""Rule 11: an account owner who is asked first, their word, and their silence."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from domain.decide import decide
from models.decision import Decision
from models.facts import Facts, OwnerQuestion
from models.policy import OwnerFirst, Policy
from models.vocabulary import DraftState, OwnerWord, Reason, TaskKind, Tone
from tests.domain.one_chase import People, chase
from tests.domain.one_invoice import (
    GERMANY,
    SHIPPED,
    STANDARD,
    asked_on,
    at,
    customer,
    done,
    known,
    march,
    morning,
    with_progress,
)

RENEWAL, SALES = Reason.RENEWAL_UNDER_WAY, Reason.PAUSED_BY_SALES
FRIDAY, MONDAY = date(2026, 4, 10), date(2026, 4, 13)  # the final notice, 31 days past due
_BEFORE = done("reminder", "due-notice", "first-notice", "second-notice")
FINAL = known(who=customer(delicate=frozenset({RENEWAL})), progress=_BEFORE)
BY_MONDAY = morning(MONDAY, FINAL)


def _told(
    word: OwnerWord | None, answer_by: datetime = BY_MONDAY, step: str = "final-notice"
) -> Facts:
    return with_progress(FINAL, question=OwnerQuestion(step, answer_by, word))


def _letter(decision: Decision) -> tuple[str | None, Tone] | None:
    return (decision.touch.template, decision.touch.tone) if decision.touch else None


def _terms(**changes: int) -> Policy:
    return STANDARD.model_copy(update={"owner_first": OwnerFirst(**changes)})


def test_the_owner_is_asked_about_the_letter_and_has_a_banking_day() -> None:
    decision = asked_on(FRIDAY, FINAL)

    assert (decision.reason, decision.touch) == (RENEWAL, None)
    assert decision.task is not None
    assert (decision.task.kind, decision.task.step) == (TaskKind.OWNER_FIRST, "final-notice")
    assert decision.ask_owner_by == decision.at == BY_MONDAY
    assert "silence softens" in decision.task.why


@pytest.mark.parametrize(
    ("days", "by"), [(1, MONDAY), (3, date(2026, 4, 15)), (10, date(2026, 4, 24))]
)
def test_the_policy_says_how_long_the_owner_has(days: int, by: date) -> None:
    assert asked_on(FRIDAY, FINAL, _terms(answer_days=days)).ask_owner_by == morning(by, FINAL)


def test_nothing_leaves_while_the_owner_has_time_and_nobody_is_asked_twice() -> None:
    waiting = decide(_told(None), STANDARD, GERMANY, BY_MONDAY - timedelta(seconds=1))

    assert (waiting.reason, waiting.at) == (RENEWAL, BY_MONDAY)
    assert (waiting.task, waiting.ask_owner_by) == (None, None)
    assert waiting.held_step == "final-notice"


def test_silence_softens() -> None:
    assert _letter(decide(_told(None), STANDARD, GERMANY, BY_MONDAY)) == (
        "gentle_reminder",
        Tone.FRIENDLY,
    )


@pytest.mark.parametrize(
    ("word", "letter"),
    [
        (OwnerWord.GO, ("final_notice", Tone.FINAL)),
        (OwnerWord.SOFTEN, ("gentle_reminder", Tone.FRIENDLY)),
    ],
)
def test_a_word_of_the_owner_counts_at_once(word: OwnerWord, letter: tuple[str, Tone]) -> None:
    assert _letter(asked_on(FRIDAY, _told(word))) == letter


def test_a_letter_that_does_not_press_has_nothing_to_soften() -> None:
    neutral = STANDARD.model_copy(
        update={
            "steps": tuple(
                step.model_copy(update={"tone": Tone.NEUTRAL}) for step in STANDARD.steps
            )
        }
    )

    assert asked_on(FRIDAY, FINAL, neutral).ask_owner_by is not None
    assert _letter(decide(_told(None), neutral, GERMANY, BY_MONDAY)) == (
        "final_notice",
        Tone.NEUTRAL,
    )


def test_a_hold_of_the_owner_stands_for_its_days_and_then_they_are_asked_again() -> None:
    held_at = at(FRIDAY, 15)
    over = held_at + timedelta(days=7)
    held = _told(OwnerWord.HOLD, held_at)

    waiting = asked_on(MONDAY, held)
    asking = decide(held, STANDARD, GERMANY, over)

    assert (waiting.reason, waiting.at, waiting.task) == (RENEWAL, over, None)
    assert asking.touch is None
    assert asking.task is not None
    assert asking.ask_owner_by == morning(date(2026, 4, 20), FINAL)  # asked on a Friday again


def test_the_policy_says_for_how_long_a_hold_stands() -> None:
    held = _told(OwnerWord.HOLD, at(FRIDAY, 15))

    assert asked_on(MONDAY, held, _terms(hold_days=30)).at == at(date(2026, 5, 10), 15)


def test_a_word_is_about_one_letter() -> None:
    earlier = asked_on(FRIDAY, _told(OwnerWord.GO, step="second-notice"))

    assert earlier.touch is None
    assert earlier.task is not None
    assert earlier.task.step == "final-notice"


def test_a_go_lifts_no_hold_of_the_matrix() -> None:
    both = replace(_told(OwnerWord.GO), customer=customer(delicate=frozenset({RENEWAL, SALES})))

    decision = asked_on(FRIDAY, both)

    assert (decision.reason, decision.touch) == (SALES, None)


def test_when_nothing_is_delicate_any_more_nobodys_word_is_needed() -> None:
    calm = replace(_told(OwnerWord.HOLD, at(FRIDAY, 15)), customer=customer())

    assert _letter(asked_on(MONDAY, calm)) == ("final_notice", Tone.FINAL)


def test_the_owner_decides_before_a_draft_is_written() -> None:
    signed = STANDARD.model_copy(
        update={"approval": STANDARD.approval.model_copy(update={"every_message": True})}
    )

    assert asked_on(FRIDAY, FINAL, signed).ask_owner_by is not None
    draft = asked_on(FRIDAY, _told(OwnerWord.SOFTEN), signed)
    assert draft.reason is Reason.NEEDS_APPROVAL
    assert _letter(draft) == ("gentle_reminder", Tone.FRIENDLY)


def test_the_customers_calendar_gives_the_owner_their_day() -> None:
    easter = asked_on(date(2026, 4, 2), with_progress(FINAL, shift_days=-8))

    assert easter.ask_owner_by == morning(date(2026, 4, 7), FINAL)  # Good Friday, Easter Monday


def test_the_owner_of_a_call_is_asked_as_well() -> None:
    key = SHIPPED["key_account"]
    taken = done(*(step.id for step in key.steps[:4]), on=march(25))
    facts = known(who=customer(delicate=frozenset({RENEWAL})), progress=taken)

    decision = asked_on(date(2026, 3, 31), facts, key)

    assert decision.task is not None
    assert decision.task.step == "owner-call"


@pytest.mark.parametrize(
    ("word", "letters"),
    [
        # Each silence costs a day, by which the next letter moves as well.
        (None, [("gentle_reminder", march(26)), ("gentle_reminder", date(2026, 4, 14))]),
        (OwnerWord.SOFTEN, [("gentle_reminder", march(25)), ("gentle_reminder", FRIDAY)]),
        (OwnerWord.GO, [("second_notice", march(25)), ("final_notice", FRIDAY)]),
    ],
)
def test_a_whole_chase_by_the_owners_word(
    word: OwnerWord | None, letters: list[tuple[str, date]]
) -> None:
    facts = known(
        who=customer(delicate=frozenset({RENEWAL})),
        progress=done("reminder", "due-notice", "first-notice", on=march(18)),
    )
    people = People(word=word, read=DraftState.APPROVED)

    lived = chase(facts, STANDARD, GERMANY, at(march(19), 12), people=people)

    assert [(taken.touch.template, taken.on) for taken in lived.taken] == letters
