"""Services that are suspended, and for which invoice."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import not_
from sqlmodel import Session, col, select

from models.tables import FollowUpRow, Invoice, Suspension
from models.vocabulary import Status


def begin(session: Session, row: FollowUpRow, key: str, at: datetime) -> bool:
    """Note a suspension; False when that of this key was noted before."""
    if session.get(Suspension, key) is not None:
        return False
    session.add(
        Suspension(key=key, invoice_id=row.invoice_id, customer_id=row.customer_id, suspended_at=at)
    )
    row.suspended = True
    session.add(row)
    session.flush()
    return True


def running(session: Session, invoice_id: str) -> Sequence[Suspension]:
    """Suspensions for this invoice that have not ended."""
    query = select(Suspension).where(
        Suspension.invoice_id == invoice_id, col(Suspension.restored_at).is_(None)
    )
    return session.exec(query.order_by(col(Suspension.suspended_at))).all()


def kept_by(session: Session, invoice: Invoice, *, given_up: bool) -> Sequence[str]:
    """The numbers of the customer's other invoices for which the service is suspended: those that
    are still chased, or those that were `given_up` since."""
    has_ended = col(FollowUpRow.status) == Status.CLOSED
    query = (
        select(Invoice.number)
        .join(Suspension, col(Suspension.invoice_id) == col(Invoice.id))
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(
            Suspension.customer_id == invoice.customer_id,
            Suspension.invoice_id != invoice.id,
            col(Suspension.restored_at).is_(None),
            has_ended if given_up else not_(has_ended),
        )
    )
    return session.exec(query.order_by(col(Invoice.number))).all()


def end(session: Session, row: FollowUpRow, at: datetime, because: str) -> None:
    """The invoice keeps nothing suspended any more."""
    for suspension in running(session, row.invoice_id):
        suspension.restored_at, suspension.restored_because = at, because
        session.add(suspension)
    row.suspended = False
    session.add(row)
    session.flush()
