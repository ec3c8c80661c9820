"""Events of providers as they came: kept first, read afterwards, counted whatever comes of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlmodel import Session, col

from models.billing import Arrived
from models.tables import CashName, Credit, InboundEvent, InboundWait, Invoice, InvoiceName, Payment
from models.vocabulary import InboundState

_LONGEST_PAUSE = timedelta(hours=6)
_WOKEN_AT_ONCE = 500


def keep(session: Session, arrived: Iterable[Arrived], at: datetime) -> int:
    """Keep what has just arrived; how much of it is new. What is known already stays as it is."""
    inserting = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    rows = [
        {
            "source": one.source,
            "event_id": one.event_id,
            "kind": one.kind,
            "occurred_at": one.occurred_at,
            "received_at": at,
            "body": one.body,
            "state": InboundState.STORED,
            "problem": "",
            "attempts": 0,
        }
        for one in arrived
    ]
    if not rows:
        return 0
    kept = session.execute(
        inserting(InboundEvent)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["source", "event_id"])
        .returning(col(InboundEvent.id))
    )
    return len(kept.all())


def as_arrived(event: InboundEvent) -> Arrived:
    """The event as it came."""
    return Arrived(
        source=event.source,
        event_id=event.event_id,
        kind=event.kind,
        occurred_at=event.occurred_at,
        body=event.body,
    )


def unread(session: Session, limit: int) -> Sequence[InboundEvent]:
    """What nobody has read yet, in the order in which it came."""
    return _in_state(session, InboundState.STORED, limit)


def to_ask(session: Session, limit: int, but: Iterable[str] = ()) -> Sequence[InboundEvent]:
    """What holds an id of which the provider must be asked, of all sources but these."""
    return _in_state(session, InboundState.TO_ASK, limit, but)


def _in_state(
    session: Session, state: InboundState, limit: int, but: Iterable[str] = ()
) -> Sequence[InboundEvent]:
    query = (
        select(InboundEvent)
        .where(col(InboundEvent.state) == state, col(InboundEvent.source).not_in(list(but)))
        .order_by(col(InboundEvent.id))
        .limit(limit)
    )
    if session.get_bind().dialect.name != "sqlite":
        # Whoever was slow and is tried again reads what nobody else is reading.
        query = query.with_for_update(skip_locked=True)
    return session.execute(query).scalars().all()


def done(
    session: Session, event: InboundEvent, state: InboundState, at: datetime, problem: str = ""
) -> InboundState:
    """Note what became of it."""
    event.state, event.applied_at, event.problem = state, at, problem
    session.add(event)
    return state


def wait(session: Session, event: InboundEvent, names: Iterable[str], at: datetime) -> InboundState:
    """Let it wait for what goes by any of these names; it is read again when that has come, and
    each time later: something else may go by the name."""
    event.state = InboundState.WAITING
    event.attempts += 1
    pause = min(_LONGEST_PAUSE, timedelta(seconds=2 ** min(event.attempts, 20)))
    event.not_before = None if event.attempts == 1 else at + pause
    session.add(event)
    for name in dict.fromkeys(names):
        session.merge(InboundWait(event_id=event.id or 0, name=name))
    return event.state


def wake(session: Session, at: datetime) -> int:
    """Have those read again for which an invoice, payment or credit has come; how many."""
    name = col(InboundWait.name)
    has_come = or_(
        exists().where(col(Invoice.id) == name),
        exists().where(col(Invoice.number) == name),
        exists().where(col(Payment.id) == name),
        exists().where(col(CashName.name) == name),
        exists().where(col(Credit.issued_id) == name),
        exists().where(col(InvoiceName.name) == name),
    )
    is_due = or_(col(InboundEvent.not_before).is_(None), col(InboundEvent.not_before) <= at)
    waiting = (
        select(col(InboundWait.event_id))
        .join(InboundEvent, col(InboundEvent.id) == col(InboundWait.event_id))
        .where(col(InboundEvent.state) == InboundState.WAITING, is_due, has_come)
        .distinct()
        .limit(_WOKEN_AT_ONCE)
    )
    ids = session.execute(waiting).scalars().all()
    if ids:
        session.execute(delete(InboundWait).where(col(InboundWait.event_id).in_(ids)))
        session.execute(
            update(InboundEvent)
            .where(col(InboundEvent.id).in_(ids))
            .values(state=InboundState.STORED),
            execution_options={"synchronize_session": False},
        )
    return len(ids)


def counts(session: Session) -> dict[InboundState, int]:
    """How many events are in which state."""
    rows = session.execute(
        select(col(InboundEvent.state), func.count()).group_by(col(InboundEvent.state))
    )
    return {row[0]: row[1] for row in rows}
