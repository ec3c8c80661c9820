"""What follow-ups are still to be told: written down with the fact, signalled afterwards.

So a fact is never without its signal, however often a process dies between the two. A follow-up
counts each event once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import update
from sqlmodel import Session, col, select

from models.events import Event, InvoiceChanged
from models.tables import FollowUpRow, Invoice, Telling
from models.vocabulary import InvoiceStatus, Outcome, Status

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_MAY_COME_BACK = (Outcome.PAID, Outcome.CREDITED, Outcome.VOIDED)


@dataclass(frozen=True, slots=True)
class Untold:
    """An event to tell, and the round to begin where the invoice's last one has ended."""

    id: int
    invoice_id: str
    event: Event
    may_begin_anew: bool


def tell(session: Session, invoice: Invoice, event: Event, at: datetime) -> None:
    """Have the invoice's follow-up told."""
    said = event.model_dump(mode="json")
    session.add(Telling(invoice_id=invoice.id, event=said, made_at=at))


def tell_of_change(session: Session, invoice: Invoice, at: datetime) -> None:
    """Have the invoice's follow-up look again, as the daily scan would."""
    invoice.revision += 1
    session.add(invoice)
    event_id = f"register/{invoice.id}/{invoice.revision}"
    tell(session, invoice, InvoiceChanged(event_id=event_id), at)


def is_any(session: Session) -> bool:
    """True while there is something to tell."""
    query = select(col(Telling.id)).where(col(Telling.told_at).is_(None)).limit(1)
    return session.execute(query).first() is not None


def untold(session: Session, limit: int) -> list[Untold]:
    """What nobody was told of yet, in the order in which it became known."""
    rows = session.execute(
        select(Telling, Invoice.status, FollowUpRow)
        .join(Invoice, col(Invoice.id) == col(Telling.invoice_id))
        .outerjoin(FollowUpRow, col(FollowUpRow.invoice_id) == col(Telling.invoice_id))
        .where(col(Telling.told_at).is_(None))
        .order_by(col(Telling.id))
        .limit(limit)
    ).all()
    return [
        Untold(
            id=telling.id,
            invoice_id=telling.invoice_id,
            event=_EVENT.validate_python(telling.event),
            may_begin_anew=_may_begin_anew(status, row),
        )
        for telling, status, row in rows
    ]


def _may_begin_anew(status: InvoiceStatus, row: FollowUpRow | None) -> bool:
    """An invoice that is open again after its round had ended is followed up anew; one that was
    given away is not."""
    return (
        status is InvoiceStatus.OPEN
        and row is not None
        and row.status is Status.CLOSED
        and row.outcome in _MAY_COME_BACK
    )


def told(session: Session, ids: Sequence[int], at: datetime) -> None:
    """Note that these were told."""
    session.execute(update(Telling).where(col(Telling.id).in_(ids)).values(told_at=at))
