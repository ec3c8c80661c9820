"""Rules 14 and 16: in which words a step is taken, and what its letter has to mention."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.after_letter import after_letter
from models.decision import TouchPlan
from models.facts import DisputeFacts, Facts, Progress, PromiseFacts, StepDone
from models.letter import Remark
from models.policy import Policy
from models.vocabulary import Action, Channel, Method, Reason, Tone, TouchOutcome
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

SAAS, KEY = SHIPPED["saas"], SHIPPED["key_account"]
_WARNING = date(2026, 4, 10)  # 31 days past due: the pause warning, or the final notice
_BEFORE_SAAS = done("reminder", "due-notice", "first-notice", "second-notice", "firm-notice")
_BEFORE = done("reminder", "due-notice", "first-notice", "second-notice")
_CLAUSE = frozenset({"suspension"})


def _saas(*clauses: str, **progress: Any) -> Facts:
    facts = known(invoice(clauses=frozenset(clauses)), progress=_BEFORE_SAAS)
    return with_progress(facts, **progress)


def _touch(facts: Facts, policy: Policy = SAAS, day: date = _WARNING) -> TouchPlan:
    touch = asked_on(day, facts, policy).touch
    assert touch is not None
    return touch


@pytest.mark.parametrize(
    ("clauses", "template", "reason"),
    [
        ({"suspension"}, "pause_warning", Reason.STEP_DUE),
        ({"suspension", "interest"}, "pause_warning", Reason.STEP_DUE),
        ({"interest"}, "final_notice", Reason.CLAUSE_MISSING),
        (set(), "final_notice", Reason.CLAUSE_MISSING),
    ],
)
def test_what_the_contract_lacks_is_not_threatened(
    clauses: set[str], template: str, reason: Reason
) -> None:
    decision = asked_on(_WARNING, _saas(*clauses), SAAS)

    assert decision.reason is reason
    assert decision.touch is not None
    assert (decision.touch.template, decision.touch.tone) == (template, Tone.FINAL)
    assert decision.touch.warns == (template == "pause_warning")


def test_a_dispute_about_a_part_leaves_no_pause_warning_at_day_30() -> None:
    contested = _saas("suspension", dispute=DisputeFacts(march(20), Decimal(1_000)))

    decision = asked_on(_WARNING, contested, SAAS)

    assert decision.acts
    assert decision.reason is Reason.DISPUTED
    assert decision.touch is not None
    assert decision.touch.template == "final_notice"
    assert not decision.touch.warns


def test_a_dispute_about_all_of_it_leaves_no_letter_at_all() -> None:
    contested = _saas("suspension", dispute=DisputeFacts(march(20)))

    assert asked_on(_WARNING, contested, SAAS).touch is None


def test_the_first_letter_after_a_settled_dispute_is_a_courtesy() -> None:
    decision = asked_on(_WARNING, _saas("suspension", settled=True), SAAS)

    assert decision.reason is Reason.DISPUTE_SETTLED
    assert decision.touch is not None
    assert (decision.touch.template, decision.touch.tone) == ("gentle_reminder", Tone.FRIENDLY)
    assert decision.touch.remarks == (Remark.DISPUTE_SETTLED,)
    assert not decision.touch.warns


def test_the_second_is_none() -> None:
    facts = with_progress(known(progress=_BEFORE), settled=True)
    courtesy = asked_on(_WARNING, facts)
    then = after_letter(facts, courtesy, TouchOutcome.SENT, _WARNING)

    assert courtesy.touch is not None
    assert courtesy.touch.remarks == (Remark.DISPUTE_SETTLED,)
    assert not then.progress.settled


def test_a_letter_that_does_not_press_mentions_the_settled_dispute_in_its_own_words() -> None:
    first = with_progress(known(progress=done("reminder", "due-notice")), settled=True)

    touch = _touch(first, STANDARD, march(18))

    assert (touch.template, touch.tone) == ("first_notice", Tone.NEUTRAL)
    assert touch.remarks == (Remark.DISPUTE_SETTLED,)


_PROMISE = PromiseFacts(march(30), Method.WIRE)  # two days to clear, one of grace: the 2nd of April
_PLAN = plan((march(16), 2_500), (march(23), 2_500), agreed_on=march(12))


@pytest.mark.parametrize(
    ("progress", "remarks"),
    [
        ({}, ()),
        ({"settled": True}, (Remark.DISPUTE_SETTLED,)),
        ({"broken_on": march(20)}, (Remark.PROMISE_MISSED,)),
        ({"promise": _PROMISE}, (Remark.PROMISE_MISSED,)),
        (
            {"promise": replace(_PROMISE, amount=Decimal(9), paid_since=Decimal(9))},
            (Remark.PARTIAL_PROMISE,),
        ),
        ({"kept_in_part": True}, (Remark.PARTIAL_PROMISE,)),
        ({"kept_in_part": True, "broken_on": march(20)}, (Remark.PROMISE_MISSED,)),
        ({"kept_in_part": True, "promise": _PROMISE}, (Remark.PROMISE_MISSED,)),
        ({"payment_returned": True}, (Remark.PAYMENT_RETURNED,)),
        ({"plan_broken": True}, (Remark.PLAN_ENDED,)),
        ({"plan": _PLAN}, (Remark.PLAN_ENDED,)),
        (
            {"plan_broken": True, "broken_on": march(20), "settled": True},
            (Remark.DISPUTE_SETTLED, Remark.PROMISE_MISSED, Remark.PLAN_ENDED),
        ),
    ],
    ids=[
        "nothing",
        "dispute settled",
        "promise broken before",
        "promise broken today",
        "promise about a part kept today",
        "promise about a part kept before",
        "one kept and another broken",
        "one kept and another broken today",
        "payment returned",
        "plan ended before",
        "plan ended today",
        "all of it",
    ],
)
def test_what_came_before_is_mentioned(
    progress: dict[str, Any], remarks: tuple[Remark, ...]
) -> None:
    facts = with_progress(known(progress=_BEFORE), **progress)

    assert _touch(facts, STANDARD).remarks == remarks


def test_what_a_letter_has_mentioned_the_next_one_does_not() -> None:
    facts = with_progress(
        known(progress=_BEFORE), settled=True, broken_on=march(20), plan_broken=True
    )
    letter = asked_on(_WARNING, facts)

    then = after_letter(facts, letter, TouchOutcome.SENT, _WARNING)

    assert (then.progress.settled, then.progress.broken_on, then.progress.plan_broken) == (
        False,
        None,
        False,
    )


def test_a_letter_softened_for_the_relationship_says_nothing_of_a_clause() -> None:
    who = customer(delicate=frozenset({Reason.EXPANSION_UNDER_WAY}))
    facts = replace(_saas("suspension"), customer=who)

    touch = _touch(facts)

    assert (touch.template, touch.warns) == ("gentle_reminder", False)


def test_the_policy_may_name_another_soft_letter() -> None:
    steps = tuple(step.model_copy(update={"soft_template": "gentle"}) for step in STANDARD.steps)
    facts = with_progress(known(progress=_BEFORE), settled=True)

    assert _touch(facts, STANDARD.model_copy(update={"steps": steps})).template == "gentle"


def test_a_call_has_no_letter_however_softly_it_is_made() -> None:
    taken = tuple(StepDone(step.id, TouchOutcome.SENT, march(12)) for step in KEY.steps[:-2])
    facts = with_progress(known(progress=Progress(done=taken)), settled=True)

    touch = _touch(facts, KEY, date(2026, 4, 20))

    assert touch.channel is Channel.CALL
    assert (touch.tone, touch.template) == (Tone.FRIENDLY, None)


def test_a_softened_letter_reaches_the_people_its_step_names_all_the_same() -> None:
    facts = with_progress(known(progress=_BEFORE), settled=True)

    assert _touch(facts, STANDARD).actions == (Action.ALERT_OWNER, Action.CC_OWNER)


_TELLS_NOBODY = STANDARD.model_copy(
    update={"steps": tuple(one.model_copy(update={"actions": ()}) for one in STANDARD.steps)}
)


@pytest.mark.parametrize(
    ("policy", "open_", "tells"),
    [(STANDARD, 49_999, False), (STANDARD, 50_000, True), (_TELLS_NOBODY, 50_000, False)],
    ids=["not large", "large", "a policy that tells nobody"],
)
def test_a_letter_that_presses_for_a_large_amount_is_told_to_the_owner(
    policy: Policy, open_: int, tells: bool
) -> None:
    taken = done("reminder", "due-notice", "first-notice")
    due = invoice(amount=Decimal(open_), amount_open=Decimal(open_))

    touch = _touch(known(due, progress=taken), policy, march(25))

    assert (Action.ALERT_OWNER in touch.actions) == tells
