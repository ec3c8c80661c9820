"""Rules 13 to 16: can the letter be sent, in which words, and does a person sign it first?"""

from datetime import datetime, timedelta

from domain import wording
from domain.case import Case
from models.decision import Decision, TaskRequest, TouchPlan, Verb
from models.vocabulary import Channel, DraftState, Reason, Stage, Status, TaskKind

_LOOK_AGAIN_DAYS = 7


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
    """15 · A person signs this draft before it leaves.

    Without a draft of this step that still states what is the case, one is written first.
    """
    step, draft = case.position.due, case.facts.progress.draft
    if step is None or step.channel is not Channel.MAIL or not (why := _why_signed(case)):
        return None
    if draft is None or draft.step != step.id or not draft.is_current:
        return _draft(case, why)
    if draft.state is DraftState.OPEN:
        says = f"Version {draft.version} of the letter {step.id} waits for a signature: {why}."
        until = _look_again(case)
        return case.wait(Reason.NEEDS_APPROVAL, says, until=until, status=Status.AWAITING_APPROVAL)
    if draft.state is DraftState.APPROVED and draft.own:
        return None
    if draft.state is DraftState.APPROVED:
        says = "Part of a letter that is signed and about to leave."
        return case.wait(Reason.COVERED, says, until=case.morning_in(1))
    return _draft(case, why)


def _look_again(case: Case) -> datetime:
    """When to look whether an unsigned letter is still worth signing, whatever nobody tells."""
    if case.on_plan:
        return case.morning_in(1)  # its instalments go on falling due
    # A reminder is worth nothing once the invoice is due: then another letter is.
    over = case.facts.invoice.due_on + timedelta(days=1)
    is_reminder = case.step is not None and case.step.stage is Stage.PRE_DUE
    return case.morning_of(over) if is_reminder else case.morning_in(_LOOK_AGAIN_DAYS)


def _why_signed(case: Case) -> str:
    """Why the letter that is up needs a signature; empty when it needs none."""
    step, rule = case.position.due, case.policy.approval
    customer, written = case.facts.customer, case.facts.contact.messages_under_policy
    causes = (
        (rule.every_message, "every letter under this policy does"),
        (step is not None and step.stage in rule.stages, "letters of this stage do"),
        (rule.strategic_customers and customer.strategic, "the customer is strategic"),
        (customer.segment in rule.segments, f"customers of segment {customer.segment} do"),
        (case.reaches(case.policy.thresholds.approval_above), "the amount is large"),
        (
            written is not None and written < rule.first_messages,
            f"the first {rule.first_messages} letters of a new policy do",
        ),
    )
    return next((cause for applies, cause in causes if applies), "")


def _draft(case: Case, why: str) -> Decision:
    decision = _touch(case)
    says = f"The letter {decision.step} needs a signature: {why}."
    # Nothing is taken yet: the position stays as it was until the letter leaves.
    held_step, shift_days = case.kept_so_far
    kept = {"held_step": held_step, "shift_days": shift_days}
    return decision.model_copy(
        update={"verb": Verb.DRAFT, "reason": Reason.NEEDS_APPROVAL, "says": says, **kept}
    )


def send(case: Case) -> Decision | None:
    """14 and 16 · Take the step, without what the contract does not allow."""
    return None if case.position.due is None else _touch(case)


def _touch(case: Case) -> Decision:
    step = case.position.due
    if step is None:
        raise ValueError("no step is up")
    words = wording.words(case, step)
    invoice, progress = case.facts.invoice, case.facts.progress
    touch = TouchPlan(
        invoice_id=invoice.id,
        round=progress.round,
        step=step.id,
        stage=step.stage,
        tone=words.tone,
        channel=step.channel,
        template=words.template,
        actions=wording.actions(case, step),
        remarks=wording.remarks(case),
        warns=words.warns,
        why=words.why,
    )
    return Decision(
        verb=Verb.ACT,
        reason=words.reason,
        says=f"Step {step.id} is due, {case.days_late} days past due. {words.why}".rstrip(),
        status=Status.ON_PLAN if case.on_plan else Status.ACTIVE,
        step=step.id,
        stage=step.stage,
        touch=touch,
        skipped=case.position.skipped,
        shift_days=case.shift_days,
    )
