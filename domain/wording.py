"""Rule 14 and 16: in which words a step is taken, and what it does beside its letter."""

from dataclasses import dataclass

from domain import cadence, habits
from domain.behaviour import in_words
from domain.case import Case
from domain.relationship import settled_handling
from models.letter import Remark
from models.policy import Handling, Step
from models.vocabulary import Action, Channel, Reason, Tone

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
    if step.tone in _PRESSING and (softer := _softer(case, step)) is not None:
        reason, why = softer
        return Words(reason, _letter(step, step.soft_template), Tone.FRIENDLY, f"Softened: {why}")
    if step.clause and not _may_speak_of_it(case, step):
        reason, why = _silence(case, step)
        says = f"Without word of the {step.clause}: {why}."
        return Words(reason, _letter(step, step.template_without_clause), step.tone, says)
    reason = Reason.INSTALMENT_DUE if case.on_plan else Reason.STEP_DUE
    return Words(reason, step.template, step.tone, warns=step.clause is not None)


def _letter(step: Step, template: str | None) -> str | None:
    return template if step.channel is Channel.MAIL else None


def _may_speak_of_it(case: Case, step: Step) -> bool:
    """A letter that says the service is suspended leaves only when it is."""
    suspends = Action.SUSPEND_SERVICE in step.actions
    return may_suspend(case, step) if suspends else may_warn(case, step)


def _silence(case: Case, step: Step) -> tuple[Reason, str]:
    if step.clause not in case.facts.invoice.clauses:
        return Reason.CLAUSE_MISSING, "the contract lacks it"
    if case.facts.progress.dispute is not None:
        return Reason.DISPUTED, "part of it is contested"
    return Reason.STEP_DUE, "no letter has warned of it"


def _softer(case: Case, step: Step) -> tuple[Reason, str] | None:
    way, condition = settled_handling(case, step)
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
    # A policy that never calls is not made to call by how somebody pays, nor to alert by how much.
    calls = any(_CALLS & set(one.actions) for one in case.policy.steps)
    asked_for = habits.needs_attention(case) or case.facts.customer.channel is Channel.CALL
    if presses and calls and asked_for and not _CALLS & set(wanted):
        wanted.append(Action.CALL_AP_CONTACT)
    alerts = any(Action.ALERT_OWNER in one.actions for one in case.policy.steps)
    is_large = case.reaches(case.policy.thresholds.high_value)
    if presses and alerts and is_large and Action.ALERT_OWNER not in wanted:
        wanted.append(Action.ALERT_OWNER)
    return tuple(wanted)


def _is_wanted(case: Case, step: Step, action: Action) -> bool:
    if action in _CALLS:
        return case.reaches(case.policy.thresholds.call_above) or habits.needs_attention(case)
    if action is Action.SUSPEND_SERVICE:
        return may_suspend(case, step)
    if action is Action.CC_CFO and step.tone in _PRESSING:
        return _softer(case, step) is None  # a gentle letter needs no witness
    return True


def may_suspend(case: Case, step: Step) -> bool:
    """True when the contract allows it, a letter has warned of it, nothing is contested, and
    neither the matrix nor anything else asks for soft words."""
    way, _ = settled_handling(case, step)
    progress = case.facts.progress
    warned = any(done.warned for done in progress.done)
    agreed = step.clause is None or step.clause in case.facts.invoice.clauses
    is_calm = progress.dispute is None and _softer(case, step) is None
    return way is Handling.SEND and warned and agreed and is_calm


def remarks(case: Case) -> tuple[Remark, ...]:
    """What the letter has to mention before it asks."""
    progress = case.facts.progress
    applying = {
        Remark.DISPUTE_SETTLED: progress.settled,
        Remark.PROMISE_MISSED: case.broken_promise_of is not None,
        Remark.PARTIAL_PROMISE: _kept_in_part(case),
        Remark.PAYMENT_RETURNED: progress.payment_returned,
        Remark.PLAN_ENDED: progress.plan_broken or case.plan_ended,
    }
    return tuple(remark for remark, applies in applying.items() if applies)


def _kept_in_part(case: Case) -> bool:
    """A promise about a part was kept, and none has been broken since."""
    promise = case.facts.progress.promise
    if promise is None:
        return case.facts.progress.kept_in_part and case.broken_promise_of is None
    verdict = cadence.promise_verdict(promise, case.calendar, case.policy.grace, case.today)
    return verdict is cadence.PromiseVerdict.KEPT
