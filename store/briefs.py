"""Reading what a call's brief tells beside the facts."""

from sqlalchemy import select
from sqlmodel import Session, col

from domain.brief import Callee, OpenInvoice
from models.tables import Contact, FollowUpRow, Invoice, TimelineEntry
from models.vocabulary import InvoiceStatus

_STORY = 8
_MOST_INVOICES = 200
_TOLD = ("touch", "event", "promise", "plan", "service", "draft")


def callees(session: Session, customer_id: str) -> list[Callee]:
    """Everybody known at the customer's."""
    query = select(Contact).where(col(Contact.customer_id) == customer_id)
    contacts = session.execute(query.order_by(col(Contact.id))).scalars()
    return [Callee(one.name, one.phone, one.email, one.role) for one in contacts]


def open_invoices(session: Session, customer_id: str) -> list[OpenInvoice]:
    """The customer's open invoices, the oldest first."""
    rows = session.execute(
        select(Invoice, col(FollowUpRow.status))
        .outerjoin(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(col(Invoice.customer_id) == customer_id)
        .where(col(Invoice.status) == InvoiceStatus.OPEN)
        .order_by(col(Invoice.due_on), col(Invoice.number))
        .limit(_MOST_INVOICES)
    ).all()
    return [
        OpenInvoice(one.number, one.currency, one.amount_open, one.due_on, status or "not followed")
        for one, status in rows
    ]


def story(session: Session, invoice_id: str) -> list[str]:
    """The latest lines of the timeline that are worth knowing before a call, the latest last."""
    rows = session.execute(
        select(TimelineEntry)
        .where(col(TimelineEntry.invoice_id) == invoice_id, col(TimelineEntry.kind).in_(_TOLD))
        .order_by(col(TimelineEntry.id).desc())
        .limit(_STORY)
    ).scalars()
    lines = [f"{one.at:%Y-%m-%d} {one.code.replace('_', ' ')}: {one.text}" for one in rows]
    return lines[::-1]
