"""Applying what a person decided; what does not fit the facts is refused and changes nothing."""

from functools import singledispatch

from sqlmodel import col, select

from domain import plans
from models.acts import (
    AcknowledgeCall,
    Act,
    AgreePaymentPlan,
    AnswerAsOwner,
    ApproveMessage,
    DecideDisposition,
    RejectMessage,
)
from models.errors import Refused
from models.facts import InstalmentFacts
from models.tables import Draft, FollowUpRow, Promise, Task
from models.vocabulary import (
    Disposition,
    DraftState,
    InvoiceStatus,
    OwnerWord,
    TaskKind,
    TouchOutcome,
)
from store import drafts, follow_ups, ledger, tasks, timeline
from store import plans as kept_plans
from store.facts import followed_invoice
from store.happening import Happening
from store.policies import pinned

# What is taken up stays due until it is decided: whoever took it is reminded.
_DUE_UNTIL_DONE = frozenset({TaskKind.RESOLVE_DISPUTE, TaskKind.DISPOSITION, TaskKind.AGREE_PLAN})

_SETTLED_BY_A_PLAN = (
    TaskKind.AGREE_PLAN,
    TaskKind.DISPOSITION,
    TaskKind.CALL,
    TaskKind.CONFIRM_PROMISE,
)


def apply_act(happening: Happening, act: Act) -> str:
    """Apply `act` once, and say what came of it.

    Raises:
        Refused: it does not fit; nothing has changed.
    """
    session, row = happening.session, happening.row
    if happening.invoice.status is not InvoiceStatus.OPEN:
        raise Refused(row.invoice_id, "is not open any more.")
    if row.disposition is Disposition.AGENCY and not isinstance(act, DecideDisposition):
        raise Refused(row.invoice_id, "was given to a collection agency.")
    says = _apply(act, happening)
    line = f"{act.by}: {says}"
    if timeline.note_event(session, row, happening.at, act.kind, line, act.event_id):
        session.add(row)
    return says


def was_applied(happening: Happening, act: Act) -> str | None:
    """What came of this act when it was delivered before, or None.

    From here on no other decision about the invoice is applied at the same time.
    """
    session = happening.session
    if session.get_bind().dialect.name != "sqlite":
        of_it = col(FollowUpRow.invoice_id) == happening.row.invoice_id
        session.exec(select(FollowUpRow.invoice_id).where(of_it).with_for_update())
    noted = timeline.event(happening.session, happening.row.invoice_id, act.event_id)
    return noted.text.partition(": ")[2] if noted else None


def signable(happening: Happening, version: int) -> Draft:
    """The draft of that version, if it is this invoice's to decide about and still states what is
    the case.

    Raises:
        Refused: naming what is the case instead.
    """
    invoice_id = happening.row.invoice_id
    draft = drafts.current(happening.session, invoice_id)
    facts = happening.followed.facts.progress.draft
    if draft is None or facts is None:
        raise Refused(invoice_id, "has no draft that waits for a signature.")
    if not facts.own:
        problem = f"is part of the draft of invoice {draft.invoice_id}: decide about that one."
        raise Refused(invoice_id, problem)
    if draft.version != version:
        raise Refused(
            invoice_id, f"has a newer draft: version {draft.version}, not {version}. Look at it."
        )
    if draft.state is not DraftState.OPEN:
        raise Refused(invoice_id, f"has a draft that is {draft.state} already.")
    if not facts.is_current:
        raise Refused(
            invoice_id, "has changed since the draft was written; a new one is being made."
        )
    return draft


@singledispatch
def _apply(act: Act, happening: Happening) -> str:
    raise Refused(happening.row.invoice_id, f"does not know the decision {act.kind}.")


@_apply.register
def _approve_message(act: ApproveMessage, happening: Happening) -> str:
    draft = drafts.current(happening.session, happening.row.invoice_id)
    step = draft.step if draft else happening.row.step
    happening.close(TaskKind.APPROVE, f"signed by {act.by}")
    return f"Version {act.version} of the draft of {step} is signed. {act.note}".strip()


@_apply.register
def _reject_message(act: RejectMessage, happening: Happening) -> str:
    draft = signable(happening, act.version)
    session = happening.session
    steps = {one.invoice_id: one.step for one in drafts.rows_of(session, draft)}
    for invoice_id in drafts.reject(session, draft, happening.at, act.by, act.why):
        followed = (
            happening.followed
            if invoice_id == happening.row.invoice_id
            else followed_invoice(session, invoice_id, happening.at, happening.rates)
        )
        if followed is None or followed.has_taken(steps[invoice_id]):
            continue
        row, step_id = followed.row, steps[invoice_id]
        policy = pinned(session, row.policy, row.policy_version)
        stage = follow_ups.stage_of(policy, step_id)
        follow_ups.take_step(session, followed, step_id, stage, TouchOutcome.REJECTED, happening.at)
        says = f"{step_id}: {act.by} rejected the draft. {act.why}"
        timeline.note(session, row, happening.at, "touch", TouchOutcome.REJECTED, says)
        tasks.close_tasks(session, invoice_id, happening.at, "rejected", kind=TaskKind.APPROVE)
    return f"Version {draft.version} of the draft of {draft.step} is rejected. {act.why}"


@_apply.register
def _agree_payment_plan(act: AgreePaymentPlan, happening: Happening) -> str:
    terms, invoice = happening.terms, happening.invoice
    agreed = [
        InstalmentFacts(number, one.due_on, one.amount)
        for number, one in enumerate(act.instalments, start=1)
    ]
    problem = plans.refusal(agreed, invoice.amount_open, terms.policy.plans, happening.today)
    if problem:
        raise Refused(invoice.id, f"cannot be paid by this plan. {problem}")
    kept_plans.agree(
        happening.session, happening.row, agreed, happening.at, happening.today, act.by, act.note
    )
    promised = happening.session.get(Promise, happening.row.promise_id or -1)
    if promised is not None:
        promised.state = "replaced"
        happening.session.add(promised)
    row = happening.row
    row.promise_id = None
    # It is the latest word: neither a pause nor the lawyers stand before it.
    was_held = row.paused or row.disposition is Disposition.LEGAL
    row.paused, row.paused_until, row.pause_note = False, None, ""
    row.disposition = None if row.disposition is Disposition.LEGAL else row.disposition
    for kind in _SETTLED_BY_A_PLAN:
        happening.close(kind, "a plan is agreed")
    first, last = agreed[0].due_on, agreed[-1].due_on
    says = f"{len(agreed)} instalments from {first} to {last}, {act.total:,.2f} in all."
    return f"{says} What held the invoice is over." if was_held else says


@_apply.register
def _decide_disposition(act: DecideDisposition, happening: Happening) -> str:
    row = happening.row
    row.disposition, row.disposed_on = act.choice, happening.today
    for kind in (TaskKind.DISPOSITION, TaskKind.AGREE_PLAN):
        happening.close(kind, f"decided: {act.choice}")
    if act.choice is Disposition.WRITE_OFF:
        ledger.write_off(happening.session, happening.invoice)
    elif act.choice is Disposition.PLAN:
        why = f"{act.by} decided for a payment plan: agree it with the customer."
        happening.task(TaskKind.AGREE_PLAN, why, about=act.event_id)
    elif act.choice is Disposition.CONTINUE:
        why = f"{act.by} decided to go on: speak with the customer. {act.why}"
        happening.task(TaskKind.CALL, why, about=act.event_id)
    return f"Decided: {act.choice.replace('_', ' ')}. {act.why}"


@_apply.register
def _acknowledge_call(act: AcknowledgeCall, happening: Happening) -> str:
    task = happening.session.get(Task, act.task_key)
    if task is None or task.invoice_id != happening.row.invoice_id:
        raise Refused(happening.row.invoice_id, f"has no task {act.task_key}.")
    if task.closed_at is not None:
        raise Refused(task.invoice_id, f"needs it no more: {task.closed_because}.")
    if task.acknowledged_at is not None:
        raise Refused(task.invoice_id, f"is taken up already, by {task.acknowledged_by}.")
    task.acknowledged_at, task.acknowledged_by = happening.at, act.by
    remind = task.kind in _DUE_UNTIL_DONE
    task.escalate_at = happening.terms.escalate_at(task.kind, happening.at) if remind else None
    happening.session.add(task)
    return f"Taken up: {task.kind.replace('_', ' ')}."


@_apply.register
def _answer_as_owner(act: AnswerAsOwner, happening: Happening) -> str:
    row = happening.row
    if row.asked_step is None:
        raise Refused(row.invoice_id, "has no letter that its owner was asked about.")
    if row.asked_step in {done.step for done in happening.followed.facts.progress.done}:
        raise Refused(row.invoice_id, f"has left {row.asked_step} behind already.")
    row.owner_word = act.word
    if act.word is OwnerWord.HOLD:
        row.answer_by = happening.at
    happening.close(TaskKind.OWNER_FIRST, f"the owner said {act.word}")
    return f"The owner says {act.word} to {row.asked_step}. {act.note}".strip()
