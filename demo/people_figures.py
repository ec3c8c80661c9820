"""What people did in the demo, counted from its database."""

from collections import Counter

from sqlmodel import Session, col, func, select

from models.tables import Draft, FollowUpRow, NoticeRow, Plan, Suspension, Task, TimelineEntry
from models.vocabulary import Disposition, DraftState, PlanState, TaskKind


def people_at_work(session: Session) -> Counter[str]:
    """How often each thing happened that a person is part of, in the order to show it."""
    drafts = dict(session.exec(select(Draft.state, func.count()).group_by(Draft.state)).all())
    plans = dict(session.exec(select(Plan.state, func.count()).group_by(Plan.state)).all())
    ended = dict(
        session.exec(
            select(FollowUpRow.disposition, func.count()).group_by(FollowUpRow.disposition)
        ).all()
    )
    signed = drafts.get(DraftState.APPROVED, 0) + drafts.get(DraftState.SENT, 0)
    found = {
        "drafts signed": signed,
        "drafts refused": drafts.get(DraftState.REJECTED, 0),
        "drafts out of date": drafts.get(DraftState.VOID, 0),
        "owners asked first": _tasks(session, TaskKind.OWNER_FIRST),
        "tasks escalated": _count(session, Task.key, col(Task.escalated) > 0),
        "plans agreed": sum(plans.values()),
        "plans kept": plans.get(PlanState.KEPT, 0),
        "plans broken": plans.get(PlanState.BROKEN, 0),
        "services suspended": _count(session, Suspension.key),
        "services restored": _count(
            session, Suspension.key, col(Suspension.restored_at).is_not(None)
        ),
        **{choice.replace("_", " "): ended.get(choice, 0) for choice in Disposition},
        "promises to confirm": _tasks(session, TaskKind.CONFIRM_PROMISE),
        "notices to our people": _count(session, NoticeRow.key),
        "weekly digests": _count(session, NoticeRow.key, col(NoticeRow.key).startswith("digest/")),
        "told of the relationship": _noted(session, "context_changed"),
    }
    return Counter(found)


def _tasks(session: Session, kind: TaskKind) -> int:
    return _count(session, Task.key, Task.kind == kind)


def _noted(session: Session, code: str) -> int:
    return _count(session, TimelineEntry.id, TimelineEntry.code == code)


def _count(session: Session, key: object, *where: object) -> int:
    return int(session.exec(select(func.count(key)).where(*where)).one())  # type: ignore[arg-type]  # columns and plain comparisons
