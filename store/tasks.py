"""Tasks: work that waits for a person. A key makes each task open once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import and_, func, not_
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from models.decision import NOT_TO_BE_CALLED, TaskRequest
from models.tables import FollowUpRow, Task
from models.vocabulary import TaskKind
from store import alerts, timeline

# What no event, decision or letter ends.
BY_HAND = frozenset(
    {
        TaskKind.FIX_CONTACT,
        TaskKind.FIND_PAYMENT,
        TaskKind.CONFIRM_PROMISE,
        TaskKind.FINANCE,
        TaskKind.PLACE_MONEY,
        TaskKind.READ_REPLY,
        TaskKind.PAYMENT_FAILED,
        TaskKind.SUSPEND_SERVICE,
        TaskKind.RESTORE_SERVICE,
        TaskKind.MEND,
    }
)
_Column = TypeVar("_Column")
_DONE_BY = "done by "
_IS_HELD = and_(col(Task.kind) == TaskKind.CALL, col(FollowUpRow.reason).in_(NOT_TO_BE_CALLED))
_WORK = {
    TaskKind.CALL: "a call to make",
    TaskKind.OWNER_FIRST: "you are asked first, before a letter leaves",
    TaskKind.FIX_CONTACT: "a contact to find",
    TaskKind.CONFIRM_PROMISE: "a promise to accept or not",
    TaskKind.FIND_PAYMENT: "a payment to look for",
    TaskKind.AGREE_PLAN: "a payment plan to agree",
    TaskKind.FINANCE: "a matter for finance",
    TaskKind.PLACE_MONEY: "money to place",
    TaskKind.APPROVE: "a letter to sign",
    TaskKind.DISPOSITION: "a decision to take",
    TaskKind.RESOLVE_DISPUTE: "a dispute to settle",
    TaskKind.READ_REPLY: "a reply to read",
    TaskKind.PAYMENT_FAILED: "a payment has failed",
    TaskKind.SUSPEND_SERVICE: "a service to suspend",
    TaskKind.RESTORE_SERVICE: "a service to restore",
    TaskKind.MEND: "something to mend",
}


def open_task(
    session: Session,
    row: FollowUpRow,
    request: TaskRequest,
    at: datetime,
    *,
    key: str | None = None,
    owner: str = "",
    priority: Decimal = Decimal(0),
    escalate_at: datetime | None = None,
    what: str = "",
) -> bool:
    """Open a task unless one of that key exists; True when it is new.

    Without a key there is one task per follow-up, kind and round. An empty `owner` is the
    receivables staff. `escalate_at` is when the next one is told unless it is taken up before.
    """
    key = key or f"{row.invoice_id}/{request.kind}/{row.round}"
    known = session.get(Task, key)
    if known is not None and known.closed_at is None:
        return False
    task = known or Task(
        key=key,
        invoice_id=row.invoice_id,
        customer_id=row.customer_id,
        kind=request.kind,
        why=request.why,
        priority=priority,
        opened_at=at,
    )
    task.closed_at, task.closed_because = None, ""
    task.opened_at, task.why, task.what = at, request.why, what
    task.owner, task.priority = owner, priority
    task.escalate_at, task.escalated = escalate_at, 0
    task.acknowledged_at, task.acknowledged_by = None, ""
    task.attempts, task.not_before = 0, None
    session.add(task)
    timeline.note(session, row, at, "task", request.kind, request.why)
    _tell(session, row, task)
    return True


def _tell(session: Session, row: FollowUpRow, task: Task) -> None:
    """Have its owner told, with what else there is for them; at once where time is short."""
    alerts.raise_alert(
        session,
        row,
        key=f"{task.key}/opened/{task.opened_at:%Y%m%d%H%M%S}",
        kind=task.kind,
        recipient=task.owner,
        text=f"{alerts.about(session, row)}: {_WORK[task.kind]}",
        detail=task.why,
        at=task.opened_at,
        task_key=task.key,
        urgent=task.kind is TaskKind.OWNER_FIRST,
    )


def close_tasks(
    session: Session,
    invoice_id: str,
    at: datetime,
    because: str,
    *,
    kind: TaskKind | Collection[TaskKind] | None = None,
    key: str | Collection[str] | None = None,
) -> int:
    """Close the invoice's open tasks (of those kinds, or those of these keys); returns how many."""
    matching = [col(Task.invoice_id) == invoice_id, col(Task.closed_at).is_(None)]
    if kind is not None:
        kinds = [kind] if isinstance(kind, TaskKind) else list(kind)
        matching.append(col(Task.kind).in_(kinds))
    if key is not None:
        matching.append(col(Task.key).in_([key] if isinstance(key, str) else key))
    done = session.exec(
        update(Task).where(*matching).values(closed_at=at, closed_because=because, escalate_at=None)
    ).rowcount
    if done:
        alerts.drop_those_of_closed_tasks(session, invoice_id)
    return done


def finish(
    session: Session, row: FollowUpRow, task: Task, at: datetime, by: str, note: str
) -> None:
    """Somebody says that it is done."""
    close_tasks(session, task.invoice_id, at, f"{_DONE_BY}{by}", key=task.key)
    says = f"{by} finished the task {task.kind.replace('_', ' ')}. {note}".strip()
    timeline.note(session, row, at, "task", "done", says)


def was_finished(session: Session, key: str) -> bool:
    """True when somebody has said that the task of that key is done."""
    task = session.get(Task, key)
    return task is not None and task.closed_because.startswith(_DONE_BY)


def is_open(session: Session, invoice_id: str, kind: TaskKind) -> bool:
    """True when a task of that kind waits for somebody."""
    query = select(Task.key).where(
        Task.invoice_id == invoice_id, Task.kind == kind, col(Task.closed_at).is_(None)
    )
    return session.exec(query.limit(1)).first() is not None


def press(session: Session, invoice_id: str, priority: Decimal) -> None:
    """The invoice's open tasks are that pressing now."""
    open_ones = update(Task).where(
        col(Task.invoice_id) == invoice_id, col(Task.closed_at).is_(None)
    )
    session.execute(open_ones.values(priority=priority))


def open_tasks(session: Session, kind: TaskKind | None = None) -> list[Task]:
    """Open tasks, the most pressing first."""
    query = select(Task).where(col(Task.closed_at).is_(None))
    if kind is not None:
        query = query.where(col(Task.kind) == kind)
    return list(session.exec(query.order_by(col(Task.priority).desc(), col(Task.opened_at))))


def to_do(query: SelectOfScalar[_Column]) -> SelectOfScalar[_Column]:
    """Of `query` about tasks, the open ones that somebody can do now.

    Calls about an invoice that is paused, contested, promised and the like wait with it.
    """
    return query.join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Task.invoice_id)).where(
        col(Task.closed_at).is_(None), not_(_IS_HELD)
    )


def queue(session: Session, kind: TaskKind, *, owner: str | None = None, most: int) -> list[Task]:
    """Tasks to do of that kind, the most pressing first; ties by age.

    Of one `owner` alone where that is given: a mail address, or empty for the receivables staff.
    """
    query = to_do(select(Task)).where(Task.kind == kind)
    if owner is not None:
        query = query.where(func.lower(Task.owner) == owner.lower())
    order = (col(Task.priority).desc(), col(Task.opened_at), col(Task.key))
    return list(session.exec(query.order_by(*order).limit(most)))


def calls_held(session: Session, owner: str | None = None) -> int:
    """How many calls (of that owner) wait for what holds their invoices."""
    query = (
        select(func.count(col(Task.key)))
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Task.invoice_id))
        .where(col(Task.closed_at).is_(None), _IS_HELD)
    )
    if owner is not None:
        query = query.where(func.lower(Task.owner) == owner.lower())
    return session.exec(query).one()


def begin_anew(session: Session, invoice_id: str, kind: TaskKind, escalate_at: datetime) -> None:
    """What held the invoice's tasks of that kind is over: the time to take them up starts now."""
    waiting = update(Task).where(
        col(Task.invoice_id) == invoice_id,
        col(Task.kind) == kind,
        col(Task.closed_at).is_(None),
        col(Task.escalate_at).is_not(None),
    )
    session.execute(waiting.values(escalate_at=escalate_at))


def of_invoice(session: Session, invoice_id: str) -> Sequence[Task]:
    """The invoice's open tasks, the oldest first."""
    query = select(Task).where(Task.invoice_id == invoice_id, col(Task.closed_at).is_(None))
    return session.exec(query.order_by(col(Task.opened_at))).all()


def counted(session: Session) -> dict[str, int]:
    """How many tasks of each kind are open."""
    query = select(Task.kind, func.count(col(Task.key))).where(col(Task.closed_at).is_(None))
    return dict(session.exec(query.group_by(Task.kind).order_by(Task.kind)).all())
