"""Rule 11: a connected system is asked before a letter leaves; while it is away, pressure waits."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decide import decide
from domain.freshness import RETRY_AFTER
from models.decision import Decision, Verb
from models.facts import ContextFreshness, Facts, Progress
from models.policy import Context, Policy
from models.vocabulary import Reason, Stage
from tests.domain.one_chase import People, chase
from tests.domain.one_invoice import (
    AMERICA,
    GERMANY,
    STANDARD,
    asked_on,
    at,
    customer,
    done,
    known,
    march,
    morning,
)
from tests.domain.strategies import Question, freshness, often, questions

HOUR = timedelta(hours=1)
FRIENDLY = done("reminder")  # then the due notice, on the 11th
FIRM = done("reminder", "due-notice", "first-notice")  # then the second notice, on the 25th


def _crm(
    progress: Progress,
    *,
    fetched: datetime | None = None,
    tried: datetime | None = None,
    failing: datetime | None = None,
) -> Facts:
    told = ContextFreshness("hubspot", fetched, tried or fetched, failing)
    return known(who=customer(context=told), progress=progress)


def _at(now: datetime, facts: Facts, policy: Policy = STANDARD) -> Decision:
    return decide(facts, policy, GERMANY, now)


def _with(**changes: int) -> Policy:
    return STANDARD.model_copy(update={"context": Context(**changes)})


def _tried_now(facts: Facts, now: datetime) -> Facts:
    context = replace(facts.customer.context, tried_at=now)
    return replace(facts, customer=replace(facts.customer, context=context))


NOW = morning(march(25), known())


def test_a_system_that_was_never_asked_is_asked_before_the_letter() -> None:
    decision = _at(NOW, _crm(FIRM))

    assert (decision.verb, decision.reason) == (Verb.GATHER, Reason.GATHER_CONTEXT)
    assert (decision.at, decision.step, decision.touch) == (NOW, "second-notice", None)
    assert decision.next_letter is None
    assert "hubspot" in decision.says


@pytest.mark.parametrize(
    ("age", "verb"),
    [
        (timedelta(0), Verb.ACT),
        (timedelta(hours=20) - timedelta(seconds=1), Verb.ACT),
        (timedelta(hours=20), Verb.GATHER),
        (timedelta(days=30), Verb.GATHER),
    ],
)
def test_what_it_said_counts_for_some_hours(age: timedelta, verb: Verb) -> None:
    assert _at(NOW, _crm(FIRM, fetched=NOW - age)).verb is verb


def test_the_policy_says_for_how_many() -> None:
    old = _crm(FIRM, fetched=NOW - 30 * HOUR)

    assert _at(NOW, old, _with(max_age_hours=48)).acts
    assert _at(NOW, old, _with(max_age_hours=30)).verb is Verb.GATHER


def test_nobody_is_asked_while_no_step_is_up() -> None:
    assert asked_on(march(20), _crm(FIRM)).reason is Reason.NOT_YET


def test_without_a_connected_system_nobody_is_asked() -> None:
    assert asked_on(march(25), known(progress=FIRM)).acts


def test_no_letter_is_foretold_where_the_system_may_still_forbid_it() -> None:
    before = march(20)

    assert asked_on(before, known(progress=FIRM)).next_letter == "second-notice"
    assert asked_on(before, _crm(FIRM, fetched=at(before, 6))).next_letter is None


def test_a_hold_of_the_matrix_is_looked_at_every_day_where_a_system_can_be_asked() -> None:
    paused = frozenset({Reason.PAUSED_BY_SALES})
    alone = known(who=customer(delicate=paused), progress=FIRM)
    context = ContextFreshness("hubspot", NOW, NOW)
    connected = replace(alone, customer=replace(alone.customer, context=context))

    assert _at(NOW, alone).at == morning(date(2026, 4, 1), alone)
    assert _at(NOW, connected).at == morning(march(26), alone)


TWO_DAYS = timedelta(days=2)
AWAY_SINCE = NOW - TWO_DAYS  # Monday the 23rd


def _away(progress: Progress, now: datetime, since: datetime = AWAY_SINCE) -> Facts:
    """The system has not answered from `since` on, and has just been asked in vain."""
    return _crm(progress, fetched=since - TWO_DAYS, tried=now, failing=since)


def test_away_for_two_days_a_firm_letter_waits() -> None:
    decision = _at(NOW, _away(FIRM, NOW))

    assert decision.reason is Reason.CONTEXT_UNAVAILABLE
    assert decision.holds
    assert decision.held_step == "second-notice"
    assert decision.at == NOW + HOUR
    assert "2026-03-23" in decision.says


def test_away_for_two_days_a_friendly_letter_goes() -> None:
    now = morning(march(11), known())

    decision = _at(now, _away(FRIENDLY, now, now - TWO_DAYS))

    assert (decision.acts, decision.step) == (True, "due-notice")


def test_a_neutral_letter_waits_as_well_once_the_stage_is_late() -> None:
    before, now = done("reminder", "due-notice"), morning(march(18), known())
    away = _away(before, now, now - TWO_DAYS)
    late = STANDARD.model_copy(
        update={
            "steps": tuple(
                step.model_copy(update={"stage": Stage.LATE}) if step.offset == 7 else step
                for step in STANDARD.steps
            )
        }
    )

    assert _at(now, away).step == "first-notice"
    assert _at(now, away).acts
    assert _at(now, away, late).reason is Reason.CONTEXT_UNAVAILABLE


@pytest.mark.parametrize(("blind_days", "leaves"), [(0, 25), (1, 25), (2, 25), (3, 26), (4, 27)])
def test_after_the_bound_it_leaves_with_what_was_last_known(blind_days: int, leaves: int) -> None:
    policy = _with(blind_days=blind_days)
    days = [march(day) for day in (25, 26, 27)]
    moments = [morning(day, known()) for day in days]

    first = next(
        day
        for day, now in zip(days, moments, strict=True)
        if _at(now, _away(FIRM, now), policy).acts
    )

    assert first == march(leaves)


def test_a_weekend_is_no_banking_day_to_be_blind_on() -> None:
    friday, next_wednesday = at(march(20), 10), morning(march(25), known())
    facts = _crm(FIRM, tried=next_wednesday, failing=friday)

    assert _at(next_wednesday, facts).acts  # Monday, Tuesday, Wednesday
    assert _at(next_wednesday, facts, _with(blind_days=4)).holds


def test_the_days_of_the_bound_are_the_customers() -> None:
    evening = at(march(23), 18, zone="America/Los_Angeles")  # the 24th already in UTC
    who = customer(
        country="US",
        zone="America/Los_Angeles",
        context=ContextFreshness("hubspot", None, evening, evening),
    )
    facts = known(who=who, progress=FIRM)
    now = morning(march(26), facts)

    assert decide(_tried_now(facts, now), STANDARD, AMERICA, now).acts


def test_a_system_that_is_away_is_asked_again_after_an_hour_and_not_before() -> None:
    facts = _away(FIRM, NOW)

    assert _at(NOW + HOUR - timedelta(seconds=1), facts).verb is Verb.WAIT
    assert _at(NOW + HOUR, facts).verb is Verb.GATHER


def test_an_answer_lets_the_letter_go_at_once() -> None:
    assert _at(NOW, _crm(FIRM, fetched=NOW)).acts


def test_a_failure_while_the_last_answer_is_fresh_holds_nothing() -> None:
    facts = _crm(FIRM, fetched=NOW - HOUR, tried=NOW, failing=NOW)

    assert _at(NOW, facts).acts


def test_a_whole_chase_while_the_system_is_away_for_good() -> None:
    lived = chase(
        _crm(Progress()), STANDARD, GERMANY, at(march(1), 12), people=People(answers=False)
    )

    # It fails from the 6th on, so that by the 25th nobody waits for it any longer.
    assert [(taken.step, taken.on) for taken in lived.taken][:4] == [
        ("reminder", march(6)),
        ("due-notice", march(11)),
        ("first-notice", march(18)),
        ("second-notice", march(25)),
    ]


def test_a_firm_letter_alone_waits_three_banking_days() -> None:
    facts = _crm(FIRM, fetched=at(march(24), 18))

    lived = chase(facts, STANDARD, GERMANY, at(march(24), 20), people=People(answers=False))

    # Fresh enough on the 25th; the final letter is up on the 10th of April, a Friday.
    assert [(taken.step, taken.on) for taken in lived.taken] == [
        ("second-notice", march(25)),
        ("final-notice", date(2026, 4, 15)),
    ]


@given(questions(), st.data())
@often
def test_nothing_leaves_on_an_answer_that_is_old_unless_the_system_was_just_asked(
    question: Question, data: st.DataObject
) -> None:
    facts, policy, calendar, now = question
    context = data.draw(freshness(now))
    facts = replace(facts, customer=replace(facts.customer, context=context))

    decision = decide(facts, policy, calendar, now)

    if decision.touch is not None:
        oldest = now - timedelta(hours=policy.context.max_age_hours)
        is_fresh = context.fetched_at is not None and context.fetched_at > oldest
        was_asked = context.tried_at is not None and now - context.tried_at < RETRY_AFTER
        assert is_fresh or was_asked
