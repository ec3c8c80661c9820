"""Services that are suspended, and for which invoice."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from models.tables import FollowUpRow, Suspension


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


def others(session: Session, customer_id: str, invoice_id: str) -> Sequence[Suspension]:
    """Suspensions of the customer for other invoices that have not ended."""
    query = select(Suspension).where(
        Suspension.customer_id == customer_id,
        Suspension.invoice_id != invoice_id,
        col(Suspension.restored_at).is_(None),
    )
    return session.exec(query).all()


def end(session: Session, row: FollowUpRow, at: datetime, because: str) -> None:
    """The invoice keeps nothing suspended any more."""
    for suspension in running(session, row.invoice_id):
        suspension.restored_at, suspension.restored_because = at, because
        session.add(suspension)
    row.suspended = False
    session.add(row)
    session.flush()
