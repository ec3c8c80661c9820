"""What a letter changes about the facts, once it has left."""

from datetime import date

from hypothesis import given

from domain.after_letter import after_letter
from domain.decide import decide
from models.facts import ContactHistory, DraftFacts, OwnerQuestion, StepDone
from models.vocabulary import DraftState, OwnerWord, Reason, TouchOutcome
from tests.domain.one_invoice import (
    STANDARD,
    asked_on,
    done,
    known,
    march,
    morning,
    plan,
    with_progress,
)
from tests.domain.strategies import Question, often, questions

_FINAL_DAY = date(2026, 4, 10)


def test_the_step_is_taken_and_those_it_passed_over_are_skipped() -> None:
    facts = known(progress=done("reminder"))
    letter = asked_on(_FINAL_DAY, facts)

    then = after_letter(facts, letter, TouchOutcome.SENT, _FINAL_DAY)

    assert [(one.step, one.outcome) for one in then.progress.done] == [
        ("reminder", TouchOutcome.SENT),
        ("due-notice", TouchOutcome.SKIPPED),
        ("first-notice", TouchOutcome.SKIPPED),
        ("second-notice", TouchOutcome.SKIPPED),
        ("final-notice", TouchOutcome.SENT),
    ]


def test_the_customer_was_written_to_that_day() -> None:
    facts = known(progress=done("reminder"), contact=ContactHistory(march(1), (march(1),)))
    letter = asked_on(march(11), facts)

    then = after_letter(facts, letter, TouchOutcome.COVERED, march(11))

    assert then.contact == ContactHistory(march(11), (march(1), march(11)))
    assert then.progress.done[-1].outcome is TouchOutcome.COVERED


def test_the_draft_is_used_up_and_the_owners_word_about_that_letter_stays() -> None:
    asked = OwnerQuestion("due-notice", morning(march(11), known()), OwnerWord.GO)
    facts = with_progress(
        known(progress=done("reminder")),
        draft=DraftFacts("due-notice", 1, DraftState.APPROVED),
        question=asked,
    )
    letter = asked_on(march(11), facts)

    then = after_letter(facts, letter, TouchOutcome.SENT, march(11))

    assert (then.progress.draft, then.progress.question) == (None, asked)


def test_a_hold_is_over_and_the_cadence_has_moved() -> None:
    held = with_progress(known(progress=done("reminder", "due-notice")), held_step="first-notice")
    letter = asked_on(march(27), held)

    then = after_letter(held, letter, TouchOutcome.SENT, march(27))

    assert (then.progress.held_step, then.progress.shift_days) == (None, 9)


def test_after_one_letter_of_a_plan_comes_the_next() -> None:
    agreed = plan((march(31), 2_500), (date(2026, 4, 30), 2_500), agreed_on=march(12))
    facts = with_progress(known(progress=done("reminder", "due-notice")), plan=agreed)
    letter = asked_on(march(16), facts)

    then = after_letter(facts, letter, TouchOutcome.SENT, march(16))

    assert then.progress.done[-1] == StepDone("plan-7-confirmation", TouchOutcome.SENT, march(16))
    waiting = asked_on(march(17), then, STANDARD)
    assert (waiting.reason, waiting.step) == (Reason.ON_PLAN, "plan-7-1-reminder")


@given(questions())
@often
def test_a_letter_that_has_left_is_not_sent_again(question: Question) -> None:
    facts, policy, calendar, now = question
    letter = decide(*question)

    if letter.acts:
        then = after_letter(facts, letter, TouchOutcome.SENT, now.date())
        following = decide(then, policy, calendar, now)
        assert following.touch is None or following.touch.step != letter.step
