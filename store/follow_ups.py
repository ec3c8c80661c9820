"""The rows of follow-ups: opening a round, keeping a decision, closing."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam
from sqlmodel import Session

from domain.ageing import days_past_due, tier
from domain.behaviour import habit_name
from domain.consolidation import asked_amount
from domain.plans import is_plan_step
from domain.priority import priority, risk
from domain.send_window import local_day
from domain.terms import OWNERS_WORK, Terms
from models.decision import (
    HOLDING,
    NOT_TO_BE_CALLED,
    Decision,
    TaskRequest,
    Verb,
    touch_key,
)
from models.follow_up import FollowUp
from models.policy import Policy
from models.tables import FollowUpRow, Invoice, Touch, table_of
from models.vocabulary import Disposition, Reason, Stage, Status, TaskKind, TouchOutcome
from store import disputes, outcomes, tasks, timeline
from store.followed import Followed

_ADD_TOUCH = table_of(Touch).insert()
_rounds = table_of(FollowUpRow)
_KEEP = _rounds.update().where(_rounds.c.invoice_id == bindparam("row_id"))
# Whatever opens the invoice again, it is theirs: nothing leaves from here.
_GIVEN_AWAY = frozenset({Disposition.AGENCY, Disposition.LEGAL})
_OFF_LIMITS = frozenset({Reason.INSOLVENCY, Reason.LEGAL_HOLD, Reason.DO_NOT_CONTACT})
# What a hold of this reason has asked for is to be done no more once it is over.
_ASKED_BY_A_HOLD = frozenset({TaskKind.FIX_CONTACT, TaskKind.FINANCE})


def open_round(session: Session, follow_up: FollowUp, now: datetime) -> FollowUpRow:
    """The row of this round, made when it is the round's first sight of the database.

    Raises:
        LookupError: the register has lost the invoice.
    """
    row = session.get(FollowUpRow, follow_up.invoice_id)
    if row is None:
        invoice = session.get(Invoice, follow_up.invoice_id)
        if invoice is None:
            raise LookupError(f"invoice {follow_up.invoice_id} is not in the register")
        row = FollowUpRow(
            invoice_id=follow_up.invoice_id,
            customer_id=follow_up.customer_id,
            round=follow_up.round,
            policy=follow_up.policy,
            policy_version=follow_up.policy_version,
            status=Status.ACTIVE,
            not_before=follow_up.not_before,
            opened_at=now,
        )
        session.add(row)
        timeline.note(session, row, now, "opened", "opened", _opening(follow_up))
        disputes.take_over_mark(session, row, invoice, now)
        session.flush()
    elif row.round < follow_up.round:
        _start_over(session, row, follow_up, now)
        session.add(row)
        timeline.note(session, row, now, "opened", "reopened", _opening(follow_up))
        session.flush()
    return row


def _opening(follow_up: FollowUp) -> str:
    says = f"Follow-up under policy {follow_up.policy} version {follow_up.policy_version}"
    return f"{says}, round {follow_up.round}." if follow_up.round > 1 else f"{says}."


def _start_over(session: Session, row: FollowUpRow, follow_up: FollowUp, now: datetime) -> None:
    row.round = follow_up.round
    row.policy, row.policy_version = follow_up.policy, follow_up.policy_version
    row.status, row.outcome, row.closed_at = Status.ACTIVE, None, None
    row.shift_days, row.held_step, row.not_before = 0, None, follow_up.not_before
    row.paused, row.paused_until, row.pause_note = False, None, ""
    disputes.leave_behind(session, row, now)
    row.promise_id = row.plan_id = row.draft_id = None
    row.broken_on, row.dispute_settled, row.plan_broken = None, False, False
    row.kept_in_part, row.payment_returned = False, False
    row.asked_step = row.answer_by = row.owner_word = None
    if row.disposition not in _GIVEN_AWAY:
        row.disposition = row.disposed_on = None
    row.opened_at = now


def keep_decision(
    session: Session, followed: Followed, decision: Decision, terms: Terms, now: datetime
) -> None:
    """Write down what was decided: the row, the timeline when it is news, the task it asks for.

    `followed.row` is as it was; whoever needs the new one reads it.
    """
    row = followed.row
    outcomes.settle_promise(session, followed, decision, terms, now)
    outcomes.settle_plan(session, followed, decision, terms, now)
    changed = (row.reason, row.step, row.status) != (
        decision.reason,
        decision.step,
        decision.status,
    )
    if changed and not decision.is_passing:
        timeline.note(session, row, now, "decision", decision.reason, decision.says)
    is_asking = decision.verb in (Verb.GATHER, Verb.DRAFT)  # nothing is over while it is asked
    is_over = row.reason in HOLDING and (row.reason != decision.reason or decision.acts)
    if is_over and not is_asking:
        _end_what_the_hold_asked_for(session, row, decision, now)
    if row.reason in NOT_TO_BE_CALLED and decision.reason not in NOT_TO_BE_CALLED:
        at = terms.escalate_at(TaskKind.CALL, now)
        tasks.begin_anew(session, row.invoice_id, TaskKind.CALL, at)
    if decision.reason in _OFF_LIMITS:
        because = f"not to be called: {decision.reason}"
        tasks.close_tasks(session, row.invoice_id, now, because, kind=TaskKind.CALL)
    if decision.acts:
        skip_steps(session, followed, decision, terms.policy, now)
    how = pressing(followed, terms, now)
    if how != row.priority:
        tasks.press(session, row.invoice_id, how)
    session.execute(_KEEP, {"row_id": row.invoice_id, **_kept(followed, decision, how, now)})
    if decision.task is not None:
        escalate_at = terms.escalate_at(decision.task.kind, now)
        _open(session, followed, decision.task, decision.reason, how, escalate_at, now)


def _kept(
    followed: Followed, decision: Decision, how_pressing: Decimal, now: datetime
) -> dict[str, object]:
    kept: dict[str, object] = {
        "held_step": decision.held_step,
        "shift_days": decision.shift_days,
        "status": decision.status,
        "reason": decision.reason,
        "says": decision.says,
        "step": decision.step,
        "stage": decision.stage,
        "next_at": _next_at(followed.row, decision, now),
        "seen_revision": followed.invoice.revision,
        "closed_at": None,
        "outcome": decision.outcome,
        "priority": how_pressing,
        "owner_email": followed.facts.customer.owner_email,
    }
    if decision.ask_owner_by is not None and decision.task is not None:
        kept |= {
            "asked_step": decision.task.step,
            "answer_by": decision.ask_owner_by,
            "owner_word": None,
        }
    return kept


def _next_at(row: FollowUpRow, decision: Decision, now: datetime) -> datetime | None:
    """When it has something to do next. What is about to be done is due since it woke, so that a
    sibling that woke with it finds it awake."""
    if not decision.is_passing:
        return decision.at
    return row.next_at if row.next_at is not None and row.next_at <= now else now


def pressing(followed: Followed, terms: Terms, now: datetime) -> Decimal:
    """How pressing work on this invoice is: cash at stake times risk, in base currency."""
    facts = followed.facts
    late = days_past_due(facts.invoice.due_on, local_day(now, facts.customer.zone))
    habit = habit_name(facts.customer.habit, terms.policy.behaviour, late)
    asked, open_ = asked_amount(facts), facts.invoice.amount_open
    base = facts.invoice.base_open
    base_asked = base * asked / open_ if base is not None and open_ else base
    return priority(base_asked, asked, risk(tier(late), habit, followed.row.broken_promises))


def _open(
    session: Session,
    followed: Followed,
    request: TaskRequest,
    reason: Reason,
    how_pressing: Decimal,
    escalate_at: datetime,
    now: datetime,
) -> None:
    row = followed.row
    is_about_one_thing = request.step or request.kind is TaskKind.FINANCE
    if not is_about_one_thing and tasks.is_open(session, row.invoice_id, request.kind):
        return  # somebody was asked already, for whatever occasion
    key = _key(row, request.kind, request.step, reason)
    if reason in _OFF_LIMITS and row.reason == reason and tasks.was_finished(session, key):
        return  # it was done, and nothing new has come of it
    tasks.open_task(
        session,
        row,
        request,
        now,
        key=key,
        owner=followed.facts.customer.owner_email if request.kind in OWNERS_WORK else "",
        priority=how_pressing,
        escalate_at=escalate_at,
    )


def _key(row: FollowUpRow, kind: TaskKind, step: str, reason: str | None) -> str:
    """Of a task that a decision asks for; those of a hold are known by its reason."""
    about = step or (reason if kind in _ASKED_BY_A_HOLD else "")
    key = f"{row.invoice_id}/{kind}/{row.round}"
    return f"{key}/{about}" if about else key


def _end_what_the_hold_asked_for(
    session: Session, row: FollowUpRow, decision: Decision, now: datetime
) -> None:
    """Close its tasks, but for one that is asked for again right now."""
    because, again = "no longer needed", decision.task.kind if decision.task else None
    keys = [_key(row, kind, "", row.reason) for kind in _ASKED_BY_A_HOLD]
    tasks.close_tasks(session, row.invoice_id, now, because, key=keys)
    if again is not TaskKind.OWNER_FIRST:
        tasks.close_tasks(session, row.invoice_id, now, because, kind=TaskKind.OWNER_FIRST)


def skip_steps(
    session: Session, followed: Followed, decision: Decision, policy: Policy, now: datetime
) -> None:
    """Record the steps that time has passed over; each once."""
    row = followed.row
    taken = {step.step for step in followed.facts.progress.done}
    for step_id in decision.skipped:
        if step_id not in taken:
            step = policy.step(step_id)
            take_step(session, followed, step.id, step.stage, TouchOutcome.SKIPPED, now)
            says = f"Step {step.id} was passed over: its time had gone by."
            timeline.note(session, row, now, "touch", TouchOutcome.SKIPPED, says)


def stage_of(policy: Policy, step_id: str) -> Stage:
    """The stage of a step, be it the cadence's or a payment plan's."""
    if is_plan_step(step_id):
        return Stage.EARLY if step_id.endswith("missed") else Stage.PRE_DUE
    return policy.step(step_id).stage


def take_step(
    session: Session,
    followed: Followed,
    step: str,
    stage: Stage,
    outcome: TouchOutcome,
    now: datetime,
    message_key: str | None = None,
    *,
    warned: bool = False,
) -> None:
    """Record a touch of this round, under the key that makes it count once."""
    row = followed.row
    session.execute(
        _ADD_TOUCH,
        {
            "key": touch_key(row.invoice_id, step, row.round),
            "invoice_id": row.invoice_id,
            "round": row.round,
            "step": step,
            "stage": stage,
            "outcome": outcome,
            "message_key": message_key,
            "warned": warned,
            "on": local_day(now, followed.facts.customer.zone),
            "at": now,
        },
    )


def close(session: Session, row: FollowUpRow, decision: Decision, now: datetime) -> None:
    """End the round: the row, the timeline, and every task that waited for it."""
    if row.closed_at is not None:
        return
    row.status, row.outcome, row.closed_at = Status.CLOSED, decision.outcome, now
    row.reason, row.says = decision.reason, decision.says
    row.next_at = row.step = row.stage = row.held_step = None
    session.add(row)
    # Money that came too much is there all the same, and waits to be placed.
    # So is a service that nobody but a person can let run again.
    over = set(TaskKind) - {TaskKind.PLACE_MONEY, TaskKind.RESTORE_SERVICE}
    tasks.close_tasks(session, row.invoice_id, now, decision.reason, kind=over)
    timeline.note(session, row, now, "closed", decision.reason, decision.says)
