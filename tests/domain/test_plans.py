"""Rule 6: payment plans, chased by their instalments, warned once, and ended by what is missed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import plans
from domain.case import Case
from domain.decide import decide
from models.decision import Decision
from models.facts import ContactHistory, DisputeFacts, Facts, InstalmentFacts, PlanFacts, StepDone
from models.letter import Remark
from models.policy import Plans, Policy
from models.vocabulary import Reason, Stage, Status, Tone, TouchOutcome
from tests.domain.one_chase import Chase, News, chase
from tests.domain.one_invoice import (
    GERMANY,
    STANDARD,
    asked_on,
    at,
    done,
    invoice,
    known,
    march,
    morning,
    plan,
    with_progress,
)
from tests.domain.strategies import calendars, days, often, policies
from tests.domain.strategies import plans as any_plans

AGREED = march(12)
FIRST, SECOND, THIRD = march(31), date(2026, 4, 30), date(2026, 5, 29)
THREE = plan((FIRST, 2_000), (SECOND, 2_000), (THIRD, 1_000), agreed_on=AGREED)
_BEFORE = done("reminder", "due-notice", on=march(11))


def _on_plan(agreed: PlanFacts = THREE, *taken: str, **progress: Any) -> Facts:
    """The plan runs since the 12th, and those of its letters have left."""
    letters = tuple(StepDone(f"plan-7-{one}", TouchOutcome.SENT, AGREED) for one in taken)
    facts = with_progress(known(progress=_BEFORE), plan=agreed, **progress)
    return with_progress(facts, done=(*facts.progress.done, *letters))


def _paid(amount: int) -> PlanFacts:
    return replace(THREE, paid_since=Decimal(amount))


def _terms(**changes: int) -> Policy:
    return STANDARD.model_copy(update={"plans": Plans(**changes)})


def _step(decision: Decision) -> str | None:
    return decision.touch.step if decision.touch else None


def test_first_the_plan_is_confirmed() -> None:
    decision = asked_on(march(16), _on_plan())

    touch = decision.touch
    assert touch is not None
    assert (touch.step, touch.template) == ("plan-7-confirmation", "plan_confirmation")
    assert (touch.stage, touch.tone, decision.status) == (
        Stage.PRE_DUE,
        Tone.FRIENDLY,
        Status.ON_PLAN,
    )


def test_then_it_waits_for_the_reminder_of_the_first_instalment() -> None:
    decision = asked_on(march(17), _on_plan(THREE, "confirmation"))

    assert (decision.reason, decision.status) == (Reason.ON_PLAN, Status.ON_PLAN)
    assert decision.at == morning(march(26), known())
    assert "instalment 1 of 3 is due on 2026-03-31" in decision.says


@pytest.mark.parametrize(
    ("day", "agreed", "taken", "step"),
    [
        (march(26), THREE, (), "1-reminder"),
        (FIRST, THREE, (), "1-reminder"),
        (date(2026, 4, 1), THREE, ("1-reminder",), "1-missed"),  # a banking day of grace
        (date(2026, 4, 27), _paid(2_000), ("1-reminder",), "2-reminder"),
        (date(2026, 4, 24), _paid(2_000), ("1-reminder",), "2-reminder"),  # the 25th: a Saturday
        (date(2026, 5, 4), _paid(2_000), ("1-reminder",), "2-missed"),  # Labour Day, a weekend
        (date(2026, 5, 26), _paid(4_000), (), "3-reminder"),  # the 25th is Whit Monday
        (date(2026, 6, 1), _paid(4_500), (), "3-missed"),
    ],
)
def test_each_letter_has_its_day(
    day: date, agreed: PlanFacts, taken: tuple[str, ...], step: str
) -> None:
    decision = asked_on(day, _on_plan(agreed, "confirmation", *taken))

    assert _step(decision) == f"plan-7-{step}"


def test_an_instalment_that_is_paid_needs_no_letter() -> None:
    facts = _on_plan(_paid(2_000), "confirmation")

    decision = asked_on(march(27), facts)

    assert decision.reason is Reason.ON_PLAN
    assert decision.at == morning(date(2026, 4, 24), facts)


def test_a_reminder_comes_before_its_day_or_not_at_all() -> None:
    unpaid = _on_plan(THREE, "confirmation")

    assert _step(asked_on(date(2026, 4, 1), unpaid)) == "plan-7-1-missed"


def test_a_missed_instalment_is_told_of_plainly_and_without_threat() -> None:
    touch = asked_on(date(2026, 4, 1), _on_plan(THREE, "confirmation")).touch

    assert touch is not None
    assert (touch.template, touch.tone, touch.stage) == (
        "instalment_missed",
        Tone.NEUTRAL,
        Stage.EARLY,
    )
    assert (touch.actions, touch.warns) == ((), False)


def test_money_fills_the_instalments_in_their_order() -> None:
    rests = [rest for _, rest in plans.open_amounts(_paid(3_500))]

    assert rests == [Decimal(0), Decimal(500), Decimal(1_000)]


def test_a_confirmation_comes_before_the_reminder_of_an_instalment_that_is_due_at_once() -> None:
    soon = plan((march(16), 2_500), (SECOND, 2_500), agreed_on=AGREED)

    assert _step(asked_on(AGREED, _on_plan(soon))) == "plan-7-confirmation"


def test_the_cadence_of_the_invoice_stands_still_meanwhile() -> None:
    second_notice = march(25)

    assert _step(asked_on(second_notice, known(progress=_BEFORE))) == "second-notice"
    assert asked_on(second_notice, _on_plan(THREE, "confirmation")).reason is Reason.ON_PLAN


@pytest.mark.parametrize(
    ("day", "agreed", "taken", "missed"),
    [
        (FIRST, THREE, (), 0),
        (date(2026, 4, 1), THREE, (), 1),
        (date(2026, 4, 20), _paid(1_999), (), 1),
        (date(2026, 4, 20), _paid(2_000), (), 0),
        (date(2026, 4, 20), _paid(2_000), ("1-missed",), 1),  # it was paid late
        (date(2026, 5, 4), _paid(2_000), ("1-missed",), 2),
        (date(2026, 5, 4), THREE, (), 2),
        (date(2026, 6, 1), _paid(4_000), (), 1),
    ],
)
def test_what_was_missed_counts_even_when_it_is_paid_later(
    day: date, agreed: PlanFacts, taken: tuple[str, ...], missed: int
) -> None:
    progress = _on_plan(agreed, *taken).progress

    assert plans.missed(agreed, progress, GERMANY, STANDARD, day) == missed


def test_the_second_missed_instalment_ends_the_plan_and_the_chase_goes_on_at_the_invoices_age() -> (
    None
):
    broken = date(2026, 5, 4)

    decision = asked_on(broken, _on_plan(THREE, "confirmation", "1-missed"))

    assert (_step(decision), decision.status) == ("final-notice", Status.ACTIVE)
    assert decision.touch is not None
    assert decision.touch.remarks == (Remark.PLAN_ENDED,)
    assert decision.skipped == ("first-notice", "second-notice")


@pytest.mark.parametrize(("break_after", "ends"), [(1, True), (2, False), (3, False)])
def test_the_policy_says_how_many_may_be_missed(break_after: int, ends: bool) -> None:
    decision = asked_on(
        date(2026, 4, 1), _on_plan(THREE, "confirmation"), _terms(break_after=break_after)
    )

    assert decision.touch is not None
    assert (Remark.PLAN_ENDED in decision.touch.remarks) == ends
    assert decision.touch.step.startswith("plan-") == (not ends)


def test_a_plan_that_has_ended_forgets_how_long_the_cadence_stood_still_before() -> None:
    """At night the position is kept for the morning, when the plan is gone from the facts."""
    held = _on_plan(THREE, "confirmation", "1-missed", shift_days=20, held_step="plan-7-2-reminder")
    night = at(date(2026, 5, 4), 23)

    waiting = decide(held, STANDARD, GERMANY, night)
    gone = with_progress(
        held,
        plan=None,
        plan_broken=True,
        held_step=waiting.held_step,
        shift_days=waiting.shift_days,
    )

    assert waiting.step == "final-notice"
    assert _step(asked_on(date(2026, 5, 5), gone)) == "final-notice"


def test_a_last_instalment_that_never_comes_ends_the_plan_two_weeks_later() -> None:
    facts = _on_plan(_paid(4_000), "confirmation", "3-missed")
    last_day = date(2026, 6, 15)  # a fortnight after the 1st of June

    waiting = asked_on(date(2026, 6, 2), facts)

    assert plans.last_day(THREE, GERMANY, STANDARD) == last_day
    assert (waiting.reason, waiting.at) == (Reason.ON_PLAN, morning(last_day, facts))
    assert _step(asked_on(last_day, facts)) == "final-notice"


def test_a_plan_that_is_paid_while_the_register_wants_more_leaves_the_rest_to_the_cadence() -> None:
    """The invoice grew, or a payment from before the plan was returned: 700 are still open."""
    paid = replace(
        _on_plan(_paid(5_000), "confirmation"), invoice=invoice(amount_open=Decimal(700))
    )

    assert _step(asked_on(march(25), paid)) == "second-notice"


def test_a_dispute_about_all_of_it_holds_the_plan_as_well() -> None:
    contested = _on_plan(THREE, dispute=DisputeFacts(march(20)))

    assert asked_on(date(2026, 4, 1), contested).reason is Reason.DISPUTED


def test_a_customer_who_was_just_written_to_gets_the_reminder_a_little_later() -> None:
    facts = replace(_on_plan(THREE, "confirmation"), contact=ContactHistory(march(25)))

    assert asked_on(march(26), facts).reason is Reason.CONTACTED_RECENTLY
    assert _step(asked_on(march(30), facts)) == "plan-7-1-reminder"


def test_one_plans_letters_are_not_anothers() -> None:
    renewed = replace(THREE, id=70)

    assert _step(asked_on(march(16), _on_plan(renewed, "confirmation"))) == "plan-70-confirmation"


@pytest.mark.parametrize(
    ("step", "number"),
    [
        ("plan-7-confirmation", None),
        ("plan-7-1-reminder", 1),
        ("plan-7-11-reminder", 11),
        ("plan-7-12-missed", 12),
        ("plan-70-1-reminder", None),
        ("first-notice", None),
    ],
)
def test_a_letter_is_about_its_instalment(step: str, number: int | None) -> None:
    many = plan(*((FIRST + timedelta(days=30 * n), 100) for n in range(12)), agreed_on=AGREED)

    found = plans.instalment_of(many, step)

    assert (found.number if found else None) == number


def test_the_letters_of_a_plan_are_told_from_those_of_a_cadence() -> None:
    assert plans.is_plan_step("plan-7-confirmation")
    assert not any(plans.is_plan_step(step.id) for step in STANDARD.steps)


_TERMS = Plans(most_instalments=3, longest_days=90)


def _terms_of(*instalments: tuple[date, str]) -> Sequence[InstalmentFacts]:
    return [InstalmentFacts(n, day, Decimal(part)) for n, (day, part) in enumerate(instalments, 1)]


@pytest.mark.parametrize(
    ("instalments", "problem"),
    [
        ([(AGREED, "2500"), (SECOND, "2500")], ""),
        ([(FIRST, "2500"), (SECOND, "2500")], ""),
        ([(FIRST, "4999.99"), (SECOND, "0.01")], ""),
        ([(FIRST, "5000")], "2 to 3 instalments; these are 1"),
        ([], "2 to 3 instalments; these are 0"),
        ([(FIRST, "1250")] * 4, "2 to 3 instalments; these are 4"),
        ([(FIRST, "2500"), (SECOND, "2499.99")], "add up to 4,999.99; 5,000.00 is open"),
        ([(FIRST, "2500"), (SECOND, "2500.01")], "add up to 5,000.01; 5,000.00 is open"),
        ([(FIRST, "5000"), (SECOND, "0")], "above 0"),
        ([(FIRST, "6000"), (SECOND, "-1000")], "above 0"),
        ([(march(11), "2500"), (SECOND, "2500")], "2026-03-11, which has passed"),
        ([(SECOND, "2500"), (FIRST, "2500")], "after the one before"),
        ([(FIRST, "2500"), (FIRST, "2500")], "after the one before"),
        ([(FIRST, "2500"), (date(2026, 6, 10), "2500")], ""),
        ([(FIRST, "2500"), (date(2026, 6, 11), "2500")], "more than 90 days"),
    ],
)
def test_a_plan_adds_up_to_what_is_open_in_rising_days_within_bounds(
    instalments: list[tuple[date, str]], problem: str
) -> None:
    said = plans.refusal(_terms_of(*instalments), Decimal(5_000), _TERMS, AGREED)

    assert problem in said
    assert bool(said) == bool(problem)


@st.composite
def _monthly(draw: st.DrawFn) -> PlanFacts:
    """An ordinary plan: two to six instalments some weeks apart, the first two weeks away."""
    agreed_on = draw(st.dates(date(2025, 6, 1), date(2026, 6, 1)))
    first = agreed_on + timedelta(days=draw(st.integers(14, 40)))
    apart = draw(st.sampled_from([14, 28, 30, 31]))
    parts = draw(st.lists(st.integers(100, 900), min_size=2, max_size=6))
    return plan(
        *((first + timedelta(days=apart * n), part) for n, part in enumerate(parts)),
        agreed_on=agreed_on,
    )


def _debt(agreed: PlanFacts) -> Facts:
    """What the plan is about, long overdue, on its first day."""
    total = sum((one.amount for one in agreed.instalments), Decimal(0))
    owed = invoice(amount_open=total, due_on=agreed.agreed_on - timedelta(days=60))
    return with_progress(known(owed), plan=agreed)


def _paying(amount: Decimal) -> Any:
    def apply(facts: Facts) -> Facts:
        left = facts.invoice.amount_open - amount
        facts = replace(facts, invoice=replace(facts.invoice, amount_open=left, base_open=left))
        agreed = facts.progress.plan
        return with_progress(
            facts, plan=agreed and replace(agreed, paid_since=agreed.paid_since + amount)
        )

    return apply


def _lived(agreed: PlanFacts, *news: News) -> Chase:
    return chase(_debt(agreed), STANDARD, GERMANY, at(agreed.agreed_on, 6), *news)


def _noon(day: date) -> datetime:
    return at(day, 12)


@given(_monthly(), st.integers(0, 5))
@often
def test_a_plan_paid_on_time_is_reminded_of_each_instalment_and_never_warned(
    agreed: PlanFacts, before: int
) -> None:
    payments = [
        (_noon(one.due_on - timedelta(days=min(before, 2))), _paying(one.amount))
        for one in agreed.instalments
    ]

    lived = _lived(agreed, *payments)

    assert [taken.step for taken in lived.taken] == [
        "plan-7-confirmation",
        *(f"plan-7-{one.number}-reminder" for one in agreed.instalments),
    ]
    assert lived.asked[-1][1].closes


@given(_monthly())
@often
def test_a_plan_that_nobody_pays_is_warned_of_once_and_then_ends(agreed: PlanFacts) -> None:
    lived = _lived(agreed)

    steps = [taken.step for taken in lived.taken]
    of_plan = [step for step in steps if step.startswith("plan-")]
    assert of_plan[:3] == ["plan-7-confirmation", "plan-7-1-reminder", "plan-7-1-missed"]
    assert [step for step in of_plan if step.endswith("missed")] == ["plan-7-1-missed"]
    assert steps[len(of_plan) :] == ["final-notice"]
    assert lived.taken[-1].touch.remarks == (Remark.PLAN_ENDED,)
    second = agreed.instalments[1]
    assert lived.taken[-1].on >= plans.late_on(second, GERMANY, STANDARD)


@given(_monthly(), st.data())
@often
def test_a_plan_paid_late_once_is_warned_of_once_and_goes_on(
    agreed: PlanFacts, data: st.DataObject
) -> None:
    late = data.draw(st.integers(1, len(agreed.instalments)), label="late instalment")
    payments = [
        (
            _noon(plans.late_on(one, GERMANY, STANDARD) + timedelta(days=1))
            if one.number == late
            else _noon(one.due_on),
            _paying(one.amount),
        )
        for one in agreed.instalments
    ]

    lived = _lived(agreed, *payments)

    missed = [taken.step for taken in lived.taken if taken.step.endswith("missed")]
    assert missed == [f"plan-7-{late}-missed"]
    assert lived.asked[-1][1].closes


@given(days, st.integers(100, 10_000).map(Decimal), calendars, policies, st.data())
@often
def test_money_and_what_is_left_make_up_the_plan(
    today: date, debt: Decimal, calendar: Any, policy: Policy, data: st.DataObject
) -> None:
    agreed = data.draw(any_plans(today, debt))

    rests = plans.open_amounts(agreed)

    total = sum(one.amount for one in agreed.instalments)
    assert sum(rest for _, rest in rests) == total - agreed.paid_since == debt
    assert all(0 <= rest <= one.amount for one, rest in rests)
    part_paid = [one.number for one, rest in rests if 0 < rest < one.amount]
    assert len(part_paid) <= 1
    progress = with_progress(known(), plan=agreed).progress
    missed = plans.missed(agreed, progress, calendar, policy, today)
    assert missed <= plans.missed(agreed, progress, calendar, policy, today + timedelta(days=30))


def test_the_case_knows_whether_a_plan_stands_in_for_the_cadence() -> None:
    running, ended = (
        Case.of(_on_plan(THREE, "1-missed"), STANDARD, GERMANY, at(day, 9))
        for day in (date(2026, 4, 30), date(2026, 5, 4))
    )

    assert (running.on_plan, running.plan_ended) == (True, False)
    assert (ended.on_plan, ended.plan_ended) == (False, True)
