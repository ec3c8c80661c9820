"""What our own people are to be told: raised where it arises, told together."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from models.tables import Alert, Customer, FollowUpRow, Invoice, NoticeRow, Task


def raise_alert(
    session: Session,
    row: FollowUpRow,
    *,
    key: str,
    kind: str,
    recipient: str,
    text: str,
    at: datetime,
    detail: str = "",
    task_key: str = "",
    urgent: bool = False,
) -> bool:
    """Have somebody told, the receivables staff where `recipient` is empty; False when that was
    raised before. What is about the task `task_key` need be told no more once that is closed."""
    if session.get(Alert, key) is not None:
        return False
    session.add(
        Alert(
            key=key,
            invoice_id=row.invoice_id,
            customer_id=row.customer_id,
            kind=kind,
            task_key=task_key,
            recipient=recipient,
            text=text,
            detail=detail,
            urgent=urgent,
            raised_at=at,
        )
    )
    session.flush()
    return True


def about(session: Session, row: FollowUpRow) -> str:
    """Whom and what an alert is about: the customer, the invoice's number, what is open."""
    customer = session.get(Customer, row.customer_id)
    invoice = session.get(Invoice, row.invoice_id)
    name = customer.name if customer else row.customer_id
    if invoice is None:
        return name
    open_ = f"{invoice.amount_open:,.2f} {invoice.currency} open"
    return f"{name}, invoice {invoice.number}, {open_}"


def untold(session: Session, *, urgent: bool | None = None) -> Sequence[Alert]:
    """Alerts that nobody was told of yet, by recipient, the oldest first."""
    query = select(Alert).where(col(Alert.sent_at).is_(None))
    if urgent is not None:
        query = query.where(col(Alert.urgent).is_(urgent))
    order = (col(Alert.recipient), col(Alert.raised_at), col(Alert.key))
    return session.exec(query.order_by(*order)).all()


def drop_those_of_closed_tasks(session: Session, invoice_id: str) -> None:
    """Nobody need hear tomorrow of work that was done today."""
    closed = select(col(Task.key)).where(
        Task.invoice_id == invoice_id, col(Task.closed_at).is_not(None)
    )
    session.execute(
        delete(Alert).where(
            col(Alert.invoice_id) == invoice_id,
            col(Alert.sent_at).is_(None),
            col(Alert.task_key).in_(closed),
        )
    )


def was_sent(session: Session, key: str) -> bool:
    """True when the notice of that key has left."""
    return session.get(NoticeRow, key) is not None


def told(
    session: Session,
    notice: NoticeRow,
    alert_keys: Sequence[str],
) -> None:
    """Note that `notice` has left, with these alerts in it."""
    session.merge(notice)
    query = update(Alert).where(col(Alert.key).in_(alert_keys))
    session.execute(query.values(sent_at=notice.sent_at, notice_key=notice.key))
