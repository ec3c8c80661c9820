"""The end of a cadence without payment: a person decides, and what follows from each decision."""

from datetime import date

import pytest

from models.decision import Decision, Verb
from models.facts import Facts
from models.vocabulary import Disposition, Outcome, Reason, Status, TaskKind
from tests.domain.one_invoice import (
    STANDARD,
    asked_on,
    customer,
    done,
    invoice,
    known,
    march,
    morning,
    with_progress,
)

_OVER = done(*(step.id for step in STANDARD.steps), on=march(20))
_HALF = done("reminder", "due-notice")
DECIDE_ON = date(2026, 4, 7)  # two weeks later is Good Friday, then come the Easter days


def _decided(choice: Disposition, on: date, facts: Facts | None = None) -> Facts:
    return with_progress(facts or known(progress=_OVER), disposition=choice, disposed_on=on)


def _task(decision: Decision) -> TaskKind | None:
    return decision.task.kind if decision.task else None


def test_two_weeks_after_the_last_letter_a_person_is_asked() -> None:
    waiting = asked_on(date(2026, 4, 2), known(progress=_OVER))
    asking = asked_on(DECIDE_ON, known(progress=_OVER))

    assert (waiting.reason, waiting.status, waiting.task) == (
        Reason.CADENCE_OVER,
        Status.ACTIVE,
        None,
    )
    assert waiting.at == morning(DECIDE_ON, known())
    assert (asking.status, asking.at) == (Status.AWAITING_DECISION, None)
    assert _task(asking) is TaskKind.DISPOSITION


def test_an_invoice_whose_every_step_was_passed_over_is_decided_by_its_chase_date() -> None:
    short = STANDARD.model_copy(update={"steps": STANDARD.steps[:1]})  # a reminder, and it is late

    assert asked_on(march(24), known(), short).at == morning(march(25), known())
    assert _task(asked_on(march(25), known(), short)) is TaskKind.DISPOSITION


def test_an_agency_ends_the_follow_up() -> None:
    decision = asked_on(march(25), _decided(Disposition.AGENCY, march(24), known(progress=_HALF)))

    assert (decision.verb, decision.status) == (Verb.CLOSE, Status.CLOSED)
    assert (decision.reason, decision.outcome) == (Reason.AGENCY, Outcome.AGENCY)
    assert "2026-03-24" in decision.says


def test_at_the_lawyers_nothing_leaves_and_nobody_looks_again_but_at_the_money() -> None:
    facts = _decided(Disposition.LEGAL, march(24), known(progress=_HALF))

    decision = asked_on(march(25), facts)

    assert (decision.reason, decision.status) == (Reason.LEGAL_ACTION, Status.PAUSED)
    assert (decision.at, decision.touch, decision.task) == (None, None, None)
    assert decision.holds


def test_money_closes_what_is_at_the_lawyers() -> None:
    paid = known(invoice(amount_open=invoice().amount * 0), progress=_HALF)

    assert asked_on(march(25), _decided(Disposition.LEGAL, march(24), paid)).outcome is (
        Outcome.PAID
    )


@pytest.mark.parametrize("mark", ["insolvent", "legal_hold", "do_not_contact"])
def test_who_is_off_limits_is_finances_before_it_is_an_agencys(mark: str) -> None:
    facts = known(who=customer(**{mark: True}), progress=_OVER)

    decision = asked_on(march(25), _decided(Disposition.AGENCY, march(24), facts))

    assert _task(decision) is TaskKind.FINANCE
    assert not decision.closes


def test_going_on_is_asked_again_two_weeks_later() -> None:
    facts = _decided(Disposition.CONTINUE, date(2026, 4, 8))

    waiting, asking = asked_on(date(2026, 4, 21), facts), asked_on(date(2026, 4, 22), facts)

    assert (waiting.task, waiting.status) == (None, Status.ACTIVE)
    assert waiting.at == morning(date(2026, 4, 22), known())
    assert _task(asking) is TaskKind.DISPOSITION


def test_going_on_before_the_last_letter_changes_nothing() -> None:
    facts = _decided(Disposition.CONTINUE, march(17), known(progress=_HALF))

    decision = asked_on(march(18), facts)

    assert (decision.acts, decision.step) == (True, "first-notice")


def test_a_plan_that_was_decided_is_to_be_agreed() -> None:
    decision = asked_on(DECIDE_ON, _decided(Disposition.PLAN, DECIDE_ON))

    assert _task(decision) is TaskKind.AGREE_PLAN
    assert decision.status is Status.AWAITING_DECISION


def test_a_person_decides_for_a_longer_or_shorter_time_as_the_policy_says() -> None:
    limits = STANDARD.limits.model_copy(update={"decision_after_days": 3})
    quick = STANDARD.model_copy(update={"limits": limits})

    assert _task(asked_on(march(23), known(progress=_OVER), quick)) is TaskKind.DISPOSITION
