"""Rule 12: how the customer pays may hold what presses, or soften it."""

from datetime import timedelta

from domain.behaviour import Habit, habit_name, in_words
from domain.case import Case
from models.decision import Decision
from models.vocabulary import Reason, Stage, Tone


def reliably_late(case: Case) -> Decision | None:
    """12 · A customer who always pays late but surely: no pressure before their usual day.

    Friendly notes still go out; what is held is everything that presses.
    """
    habit, terms = case.facts.customer.habit, case.policy.behaviour
    step = case.position.due
    if step is None or step.tone is Tone.FRIENDLY or case.on_plan:
        return None
    if habit_name(habit, terms, case.days_late) is not Habit.RELIABLY_LATE:
        return None
    usual = case.facts.invoice.due_on + timedelta(days=habit.median_days_late)
    patience_ends = usual + timedelta(days=terms.tolerance_days)
    if case.today >= patience_ends:
        return None
    says = f"{in_words(habit, terms, case.days_late)} Expected by {usual}."
    return case.wait(Reason.RELIABLE_LATE_PAYER, says, until=case.morning_of(patience_ends))


def is_a_first_slip(case: Case) -> bool:
    """True when a customer who else pays in time is late, and not yet by much: no firm words."""
    step = case.position.due
    name = habit_name(case.facts.customer.habit, case.policy.behaviour, case.days_late)
    return name is Habit.FIRST_TIME_LATE and step is not None and step.stage.rank <= _EARLY


def needs_attention(case: Case) -> bool:
    """True when somebody should speak with the customer whatever the amount: they pay later and
    later, or late nearly always."""
    name = habit_name(case.facts.customer.habit, case.policy.behaviour, case.days_late)
    return name in {Habit.WORSENING, Habit.CHRONIC}


_EARLY = Stage.EARLY.rank
