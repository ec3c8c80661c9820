"""The rows of follow-ups: opening a round, keeping a decision, closing."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from domain import cadence
from domain.banking_days import BankingCalendar
from domain.send_window import local_day
from models.decision import HOLDING, Decision, touch_key
from models.follow_up import FollowUp
from models.policy import Policy
from models.tables import Dispute, FollowUpRow, Invoice, Promise, Touch, table_of
from models.vocabulary import Outcome, Reason, Stage, Status, TaskKind, TouchOutcome
from store import tasks, timeline
from store.facts import Followed

_ADD_TOUCH = table_of(Touch).insert()
_rounds = table_of(FollowUpRow)
_KEEP = _rounds.update().where(_rounds.c.invoice_id == bindparam("row_id"))
_BEFORE_PROMISES = frozenset(
    {Reason.INSOLVENCY, Reason.LEGAL_HOLD, Reason.DO_NOT_CONTACT, Reason.PAUSED, Reason.DISPUTED}
)
_ENDS_WITH_ITS_HOLD = frozenset({TaskKind.FIX_CONTACT, TaskKind.APPROVE, TaskKind.RESOLVE_DISPUTE})


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
        take_over_dispute(session, row, invoice, now)
        session.flush()
    elif row.round < follow_up.round:
        _start_over(row, follow_up, now)
        session.add(row)
        timeline.note(session, row, now, "opened", "reopened", _opening(follow_up))
        session.flush()
    return row


def take_over_dispute(session: Session, row: FollowUpRow, invoice: Invoice, now: datetime) -> None:
    """Open a dispute for the register's mark that the invoice is contested; once an invoice."""
    note = "marked as disputed in the register"
    marked = select(Dispute).where(col(Dispute.invoice_id) == invoice.id, col(Dispute.note) == note)
    if not invoice.disputed or session.execute(marked).first() is not None:
        return
    dispute = Dispute(invoice_id=row.invoice_id, note=note, opened_on=now.date())
    session.add(dispute)
    session.flush()
    row.dispute_id = dispute.id
    timeline.note(session, row, now, "event", "dispute_opened", note)


def _opening(follow_up: FollowUp) -> str:
    says = f"Follow-up under policy {follow_up.policy} version {follow_up.policy_version}"
    return f"{says}, round {follow_up.round}." if follow_up.round > 1 else f"{says}."


def _start_over(row: FollowUpRow, follow_up: FollowUp, now: datetime) -> None:
    row.round = follow_up.round
    row.policy, row.policy_version = follow_up.policy, follow_up.policy_version
    row.status, row.outcome, row.closed_at = Status.ACTIVE, None, None
    row.shift_days, row.held_step, row.not_before = 0, None, follow_up.not_before
    row.paused, row.paused_until, row.pause_note = False, None, ""
    row.dispute_id = row.promise_id = None
    row.opened_at = now


def keep_decision(
    session: Session,
    followed: Followed,
    decision: Decision,
    policy: Policy,
    calendar: BankingCalendar,
    now: datetime,
) -> None:
    """Write down what was decided: the row, the timeline when it is news, the task it asks for.

    `followed.row` is as it was; whoever needs the new one reads it.
    """
    row = followed.row
    _settle_promise(session, followed, decision, policy, calendar, now)
    changed = (row.reason, row.step, row.status) != (
        decision.reason,
        decision.step,
        decision.status,
    )
    if changed and not decision.acts:
        timeline.note(session, row, now, "decision", decision.reason, decision.says)
    if changed and row.reason in HOLDING and decision.task is None:
        tasks.close_tasks(
            session, row.invoice_id, now, "no longer needed", kind=_ENDS_WITH_ITS_HOLD
        )
    if decision.acts:
        skip_steps(session, followed, decision, policy, now)
    kept = {
        "held_step": decision.held_step,
        "shift_days": decision.shift_days,
        "status": decision.status,
        "reason": decision.reason,
        "says": decision.says,
        "step": decision.step,
        "stage": decision.stage,
        "next_at": decision.at,
        "seen_revision": followed.invoice.revision,
        "closed_at": None,
        "outcome": decision.outcome,
    }
    session.execute(_KEEP, {"row_id": row.invoice_id, **kept})
    if decision.task is not None:
        tasks.open_task(session, row, decision.task, now, owner=followed.facts.customer.owner_email)


def _settle_promise(
    session: Session,
    followed: Followed,
    decision: Decision,
    policy: Policy,
    calendar: BankingCalendar,
    now: datetime,
) -> None:
    promise = followed.facts.progress.promise
    if promise is None or decision.reason in _BEFORE_PROMISES:
        return
    today = local_day(now, followed.facts.customer.zone)
    verdict = cadence.promise_verdict(promise, calendar, policy.grace, today)
    if decision.closes and decision.outcome is Outcome.PAID:
        verdict = cadence.PromiseVerdict.KEPT
    if verdict is cadence.PromiseVerdict.OPEN:
        return
    row = followed.row
    kept = session.get_one(Promise, row.promise_id)
    kept.state = verdict
    session.add(kept)
    row.promise_id = None
    row.broken_promises += verdict is cadence.PromiseVerdict.BROKEN
    says = f"The promise to pay on {promise.pay_on} was {verdict}."
    timeline.note(session, row, now, "promise", f"promise_{verdict}", says)


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


def take_step(
    session: Session,
    followed: Followed,
    step: str,
    stage: Stage,
    outcome: TouchOutcome,
    now: datetime,
    message_key: str | None = None,
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
    over = set(TaskKind) - {TaskKind.PLACE_MONEY}
    tasks.close_tasks(session, row.invoice_id, now, decision.reason, kind=over)
    timeline.note(session, row, now, "closed", decision.reason, decision.says)
