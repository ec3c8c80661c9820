"""Tasks: work that waits for a person. A key makes each task open once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import Session, col, select, update

from models.decision import TaskRequest
from models.tables import FollowUpRow, Task
from models.vocabulary import TaskKind
from store import timeline


def open_task(
    session: Session,
    row: FollowUpRow,
    request: TaskRequest,
    at: datetime,
    *,
    key: str | None = None,
    owner: str = "",
    priority: Decimal = Decimal(0),
) -> bool:
    """Open a task unless one of that key exists; True when it is new.

    Without a key there is one task per follow-up, kind and round.
    """
    key = key or f"{row.invoice_id}/{request.kind}/{row.round}"
    known = session.get(Task, key)
    if known is not None and known.closed_at is None:
        return False
    if known is not None:
        known.closed_at, known.closed_because = None, ""
        known.opened_at, known.why = at, request.why
        known.owner, known.priority = owner, priority
        session.add(known)
    else:
        session.add(
            Task(
                key=key,
                invoice_id=row.invoice_id,
                customer_id=row.customer_id,
                kind=request.kind,
                why=request.why,
                owner=owner,
                priority=priority,
                opened_at=at,
            )
        )
    timeline.note(session, row, at, "task", request.kind, request.why)
    return True


def close_tasks(
    session: Session,
    invoice_id: str,
    at: datetime,
    because: str,
    *,
    kind: TaskKind | Collection[TaskKind] | None = None,
    key: str | None = None,
) -> int:
    """Close the invoice's open tasks (of those kinds, or that one); returns how many."""
    matching = [col(Task.invoice_id) == invoice_id, col(Task.closed_at).is_(None)]
    if kind is not None:
        kinds = [kind] if isinstance(kind, TaskKind) else list(kind)
        matching.append(col(Task.kind).in_(kinds))
    if key is not None:
        matching.append(col(Task.key) == key)
    done = session.exec(update(Task).where(*matching).values(closed_at=at, closed_because=because))
    return done.rowcount


def open_tasks(session: Session, kind: TaskKind | None = None) -> list[Task]:
    """Open tasks, the most pressing first."""
    query = select(Task).where(col(Task.closed_at).is_(None))
    if kind is not None:
        query = query.where(col(Task.kind) == kind)
    return list(session.exec(query.order_by(col(Task.priority).desc(), col(Task.opened_at))))


def of_invoice(session: Session, invoice_id: str) -> Sequence[Task]:
    """The invoice's open tasks, the oldest first."""
    query = select(Task).where(Task.invoice_id == invoice_id, col(Task.closed_at).is_(None))
    return session.exec(query.order_by(col(Task.opened_at))).all()


def counted(session: Session) -> dict[str, int]:
    """How many tasks of each kind are open."""
    query = select(Task.kind, func.count(col(Task.key))).where(col(Task.closed_at).is_(None))
    return dict(session.exec(query.group_by(Task.kind).order_by(Task.kind)).all())
