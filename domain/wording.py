"""Rule 14 and 16: in which words a step is taken, and what it does beside its letter."""

from dataclasses import dataclass

from domain import habits
from domain.behaviour import in_words
from domain.case import Case
from domain.relationship import settled_handling
from models.letter import Remark
from models.policy import Handling, Step
from models.vocabulary import Action, Reason, Tone

_CALLS = frozenset({Action.CALL_AP_CONTACT, Action.CALL_FINANCE})
_PRESSING = frozenset({Tone.FIRM, Tone.FINAL})


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one letter: `why` they differ from the step's own, in a sentence; `warns` when
    they tell of what the contract allows."""

    reason: Reason
    template: str | None
    tone: Tone
    why: str = ""
    warns: bool = False


def words(case: Case, step: Step) -> Words:
    """The step's own words unless the relationship, the habit or the contract asks for others."""
    if step.tone in _PRESSING and (softer := _softer(case)) is not None:
        reason, why = softer
        return Words(reason, step.soft_template, Tone.FRIENDLY, f"Softened: {why}")
    if step.clause and not may_warn(case, step):
        has_clause = step.clause in case.facts.invoice.clauses
        reason = Reason.DISPUTED if has_clause else Reason.CLAUSE_MISSING
        why = "part of it is contested" if has_clause else "the contract lacks it"
        says = f"Without word of the {step.clause}: {why}."
        return Words(reason, step.template_without_clause, step.tone, says)
    return Words(Reason.STEP_DUE, step.template, step.tone, warns=step.clause is not None)


def _softer(case: Case) -> tuple[Reason, str] | None:
    way, condition = settled_handling(case)
    if way is Handling.SOFTEN and condition is not None:
        return condition, f"{condition.replace('_', ' ')}."
    if case.facts.progress.settled:
        return Reason.DISPUTE_SETTLED, "the first letter after a dispute that was settled for us."
    if habits.is_a_first_slip(case):
        habit, terms = case.facts.customer.habit, case.policy.behaviour
        return Reason.FIRST_TIME_LATE, in_words(habit, terms, case.days_late)
    return None


def may_warn(case: Case, step: Step) -> bool:
    """True when the contract has the clause and nothing of the invoice is contested."""
    return step.clause in case.facts.invoice.clauses and case.facts.progress.dispute is None


def actions(case: Case, step: Step) -> tuple[Action, ...]:
    """What the step does beside its letter, as far as amount, contract and relationship allow."""
    wanted = [action for action in step.actions if _is_wanted(case, step, action)]
    presses = step.tone in _PRESSING and not case.on_plan
    if presses and habits.needs_attention(case) and not _CALLS & set(wanted):
        wanted.append(Action.CALL_AP_CONTACT)
    return tuple(wanted)


def _is_wanted(case: Case, step: Step, action: Action) -> bool:
    if action in _CALLS:
        return case.reaches(case.policy.thresholds.call_above) or habits.needs_attention(case)
    if action is Action.SUSPEND_SERVICE:
        return may_suspend(case, step)
    return True


def may_suspend(case: Case, step: Step) -> bool:
    """True when the contract allows it, a letter has warned of it, nothing is contested, and the
    matrix does not protect the relationship."""
    way, _ = settled_handling(case)
    warned = any(done.warned for done in case.facts.progress.done)
    return way is Handling.SEND and warned and (step.clause is None or may_warn(case, step))


def remarks(case: Case) -> tuple[Remark, ...]:
    """What the letter has to mention before it asks."""
    progress = case.facts.progress
    applying = {
        Remark.DISPUTE_SETTLED: progress.settled,
        Remark.PROMISE_MISSED: case.broken_promise_of is not None,
        Remark.PLAN_ENDED: progress.plan_broken or case.plan_ended,
    }
    return tuple(remark for remark, applies in applying.items() if applies)
