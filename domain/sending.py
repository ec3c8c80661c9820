"""Rules 13 to 16: can the letter be sent, in which words, and does a person sign it first?"""

from domain.case import Case
from domain.relationship import handling
from models.decision import Decision, TaskRequest, TouchPlan, Verb
from models.policy import Handling, Step
from models.vocabulary import Action, Channel, Reason, Status, TaskKind, Tone

_LOOK_AGAIN_DAYS = 7
_CALLS = frozenset({Action.CALL_AP_CONTACT, Action.CALL_FINANCE})


def no_address(case: Case) -> Decision | None:
    """13 · Nobody to write to: somebody has to find out whom."""
    step = case.position.due
    if step is None or step.channel is not Channel.MAIL:
        return None
    if any(not address.rejected for address in case.facts.customer.addresses):
        return None
    says = "There is no address that takes mail."
    task = TaskRequest(kind=TaskKind.FIX_CONTACT, why=says)
    return case.wait(Reason.NO_ADDRESS, says, until=case.morning_in(_LOOK_AGAIN_DAYS), task=task)


def needs_approval(case: Case) -> Decision | None:
    """15 · A person signs this draft before it leaves."""
    step, rule = case.position.due, case.policy.approval
    if step is None or step.channel is not Channel.MAIL:
        return None
    if case.facts.progress.approved_step == step.id:
        return None
    if not (
        rule.every_message
        or step.stage in rule.stages
        or (rule.strategic_customers and case.facts.customer.strategic)
        or case.reaches(case.policy.thresholds.approval_above)
    ):
        return None
    says = f"The draft of {step.id} needs to be signed."
    task = TaskRequest(kind=TaskKind.APPROVE, why=says)
    return case.wait(
        Reason.NEEDS_APPROVAL, says, until=None, status=Status.AWAITING_APPROVAL, task=task
    )


def send(case: Case) -> Decision | None:
    """14 and 16 · Take the step, without what the contract does not allow."""
    step = case.position.due
    if step is None:
        return None
    reason, template, tone = _wording(case, step)
    invoice, progress = case.facts.invoice, case.facts.progress
    touch = TouchPlan(
        invoice_id=invoice.id,
        round=progress.round,
        step=step.id,
        stage=step.stage,
        tone=tone,
        channel=step.channel,
        template=template,
        actions=tuple(action for action in step.actions if _wanted(case, step, action)),
    )
    return Decision(
        verb=Verb.ACT,
        reason=reason,
        says=f"Step {step.id} is due, {case.days_late} days past due.",
        step=step.id,
        stage=step.stage,
        touch=touch,
        skipped=case.position.skipped,
        shift_days=case.shift_days,
    )


def _wording(case: Case, step: Step) -> tuple[Reason, str | None, Tone]:
    way, condition = handling(case)
    if way is Handling.SOFTEN and condition and step.tone in (Tone.FIRM, Tone.FINAL):
        return condition, step.soft_template, Tone.FRIENDLY
    if step.clause and step.clause not in case.facts.invoice.clauses:
        return Reason.CLAUSE_MISSING, step.template_without_clause, step.tone
    return Reason.STEP_DUE, step.template, step.tone


def _wanted(case: Case, step: Step, action: Action) -> bool:
    if action in _CALLS:
        return case.reaches(case.policy.thresholds.call_above)
    if action is Action.SUSPEND_SERVICE:
        return step.clause is None or step.clause in case.facts.invoice.clauses
    return True
