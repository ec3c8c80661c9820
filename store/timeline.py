"""The timeline: every touch, decision, event, task and human act on an invoice, in one list."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col, select

from models.tables import FollowUpRow, TimelineEntry, table_of

_ADD = insert(table_of(TimelineEntry))


class InRound(Protocol):
    """Something that belongs to one round of an invoice's chase."""

    @property
    def invoice_id(self) -> str: ...

    @property
    def round(self) -> int: ...


def note(session: Session, row: InRound, at: datetime, kind: str, code: str, text: str) -> None:
    """Add a line to the invoice's timeline, behind all that were added before."""
    session.execute(
        _ADD,
        {
            "invoice_id": row.invoice_id,
            "round": row.round,
            "at": at,
            "kind": kind,
            "code": code,
            "text": text,
        },
    )


def note_event(
    session: Session, row: FollowUpRow, at: datetime, code: str, text: str, event_id: str
) -> bool:
    """Add an event's line unless that event was applied before; True when it is new."""
    inserting = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    added = session.exec(
        inserting(TimelineEntry)
        .values(
            invoice_id=row.invoice_id,
            round=row.round,
            at=at,
            kind="event",
            code=code,
            text=text,
            event_id=event_id,
        )
        .on_conflict_do_nothing()
        .returning(col(TimelineEntry.id))
    )
    return added.first() is not None


def event(session: Session, invoice_id: str, event_id: str) -> TimelineEntry | None:
    """The line of that event, if it was applied."""
    query = select(TimelineEntry).where(
        TimelineEntry.invoice_id == invoice_id, TimelineEntry.event_id == event_id
    )
    return session.exec(query).first()


def entries(session: Session, invoice_id: str) -> Sequence[TimelineEntry]:
    """The invoice's whole timeline, oldest first."""
    return session.exec(
        select(TimelineEntry)
        .where(TimelineEntry.invoice_id == invoice_id)
        .order_by(col(TimelineEntry.id))
    ).all()
