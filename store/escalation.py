"""Tasks that nobody took up in time: the next one is told, up to the daily digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from domain.terms import Terms
from models.tables import Task
from store import alerts, tasks, timeline
from store.followed import Followed

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Superiors:
    """Who is told where a customer names nobody: mail addresses, empty for none."""

    staff: str
    backup: str = ""
    manager: str = ""


def overdue(session: Session, now: datetime) -> Sequence[Task]:
    """Open tasks whose time has come, the longest overdue first; so many as one round takes."""
    query = tasks.to_do(select(Task)).where(col(Task.escalate_at) <= now)
    return session.exec(query.order_by(col(Task.escalate_at)).limit(_AT_ONCE)).all()


def next_deadline(session: Session) -> datetime | None:
    """When the next task is overdue."""
    return session.exec(tasks.to_do(select(func.min(Task.escalate_at)))).one()


def escalate(
    session: Session,
    task: Task,
    followed: Followed,
    terms: Terms,
    superiors: Superiors,
    now: datetime,
) -> None:
    """Tell the next one: the backup, then the manager, then the manager once every day.

    A task that was taken up and is still not done is the owner's again to be reminded of.
    """
    chain = _chain(task, followed, superiors)
    step = task.escalated + 1
    who, recipient = chain[min(step, len(chain) - 1)] if task.acknowledged_at is None else chain[0]
    is_digest = step >= len(chain) or task.acknowledged_at is not None
    task.escalated, task.escalate_at = step, _next(task, terms, now, is_digest=is_digest)
    session.add(task)
    what = task.kind.replace("_", " ")
    taken_up = f"(taken up by {task.acknowledged_by}) is still not done"
    waited = taken_up if task.acknowledged_at else "was not taken up"
    since = f"{task.opened_at:%Y-%m-%d %H:%M} UTC"
    alerts.raise_alert(
        session,
        followed.row,
        key=f"{task.key}/escalation/{task.opened_at:%Y%m%d%H%M}/{step}",
        kind="reminder" if is_digest else "escalation",
        recipient=recipient,
        text=f"{alerts.about(session, followed.row)}: {what} {waited} since {since}.",
        detail=task.why,
        at=now,
        task_key=task.key,
        urgent=not is_digest,
    )
    if is_digest and task.acknowledged_at is None:
        who = f"{who}, with the day's digest,"
    says = f"The task {what} {waited} since {since}: {who} is told."
    timeline.note(session, followed.row, now, "escalation", task.kind, says)


def _next(task: Task, terms: Terms, now: datetime, *, is_digest: bool) -> datetime:
    return terms.office.next_day(now) if is_digest else terms.escalate_at(task.kind, now)


def _chain(task: Task, followed: Followed, superiors: Superiors) -> list[tuple[str, str]]:
    """Whose the task is and who comes after them, by word and address; nobody twice in a row."""
    context = followed.context
    backup = (context.backup_email if task.owner else "") or superiors.backup
    manager = (context.manager_email if task.owner else "") or superiors.manager
    staff = ("the staff", superiors.staff)
    chain = [
        ("the owner", task.owner) if task.owner else staff,
        ("the backup", backup),
        ("the manager", manager) if manager else staff,
    ]
    there = [(who, address) for who, address in chain if address]
    return [one for index, one in enumerate(there) if index == 0 or one[1] != there[index - 1][1]]
