"""Reading what a call's brief tells beside the facts."""

from textwrap import shorten

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from domain.brief import Callee, OpenInvoice
from models.tables import Contact, FollowUpRow, Invoice, TimelineEntry
from models.vocabulary import InvoiceStatus, TouchOutcome

_STORY = 8
_LINE = 240
_TOLD = ("touch", "event", "promise", "dispute", "plan", "service", "draft", "receipt")
# What is on the timeline and is no news to a caller: what was not done, and who looked.
_NO_NEWS = ("context_changed", "acknowledge_call", TouchOutcome.SKIPPED)


def callees(session: Session, customer_id: str) -> list[Callee]:
    """Everybody known at the customer's."""
    query = select(Contact).where(col(Contact.customer_id) == customer_id)
    contacts = session.execute(query.order_by(col(Contact.id))).scalars()
    return [Callee(one.name, one.phone, one.email, one.role) for one in contacts]


def open_invoices(session: Session, customer_id: str) -> list[OpenInvoice]:
    """Every open invoice of the customer, the oldest first."""
    rows = session.execute(
        select(
            col(Invoice.number),
            col(Invoice.currency),
            col(Invoice.amount_open),
            col(Invoice.due_on),
            col(FollowUpRow.status),
        )
        .outerjoin(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(col(Invoice.customer_id) == customer_id)
        .where(col(Invoice.status) == InvoiceStatus.OPEN)
        .order_by(col(Invoice.due_on), col(Invoice.number))
    ).all()
    return [
        OpenInvoice(number, currency, amount, due_on, status or "not_followed_up")
        for number, currency, amount, due_on, status in rows
    ]


def story(session: Session, invoice_id: str) -> list[str]:
    """The latest lines of the timeline that are worth knowing before a call, the latest last."""
    rows = session.execute(
        select(TimelineEntry)
        .where(
            col(TimelineEntry.invoice_id) == invoice_id,
            or_(
                col(TimelineEntry.kind).in_(_TOLD),
                and_(col(TimelineEntry.kind) == "task", col(TimelineEntry.code) == "call_again"),
            ),
            col(TimelineEntry.code).not_in(_NO_NEWS),
        )
        .order_by(col(TimelineEntry.id).desc())
        .limit(_STORY)
    ).scalars()
    return [_line(one) for one in rows][::-1]


def _line(entry: TimelineEntry) -> str:
    """The entry in a line. An event's text says what came with it, any other's says it all."""
    said = entry.text
    if entry.kind == "event":
        said = ": ".join(part for part in (entry.code.replace("_", " "), entry.text) if part)
    return shorten(f"{entry.at:%Y-%m-%d} {said}", _LINE, placeholder=" …")
