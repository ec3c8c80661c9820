"""Finding an invoice as people name it, and how its follow-up stands."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.errors import FollowUpClosed, InvoiceUnknown, NotFollowedUp
from models.tables import FollowUpRow, Invoice, Payment, Promise
from models.vocabulary import InvoiceStatus, Status


@dataclass(frozen=True, slots=True)
class Found:
    """An invoice, and the row of its follow-up if there is one."""

    invoice: Invoice
    row: FollowUpRow | None

    def followed(self) -> FollowUpRow:
        """The row of its follow-up, running or ended.

        Raises:
            FollowUpClosed: it was never followed up.
        """
        if self.row is None:
            raise FollowUpClosed(
                self.invoice.id,
                "is not followed up yet, or no worker has looked at it. "
                "Run: starter.py backfill, then make worker",
            )
        return self.row

    def running(self) -> FollowUpRow:
        """The row of its running follow-up.

        Raises:
            FollowUpClosed: it has ended, or never began.
        """
        row = self.followed()
        if row.status is Status.CLOSED:
            on = f" since {row.closed_at:%Y-%m-%d}" if row.closed_at else ""
            raise FollowUpClosed(self.invoice.id, f"is closed{on}: {row.outcome}.")
        return row


def find(session: Session, named: str) -> Found:
    """The invoice of that id, or else of that number.

    Raises:
        InvoiceUnknown: there is none.
        NotFollowedUp: several invoices have that number.
    """
    invoice = session.get(Invoice, named)
    if invoice is None:
        same = session.execute(select(Invoice).where(col(Invoice.number) == named)).scalars().all()
        if len(same) > 1:
            ids = ", ".join(sorted(one.id for one in same)[:5])
            raise NotFollowedUp(named, f"is the number of several; name one by its id: {ids}")
        if not same:
            raise InvoiceUnknown(named)
        invoice = same[0]
    return Found(invoice=invoice, row=session.get(FollowUpRow, invoice.id))


def open_promise(session: Session, row: FollowUpRow) -> Promise | None:
    """The promise that holds this follow-up."""
    return session.get(Promise, row.promise_id) if row.promise_id is not None else None


def payments(session: Session, invoice_id: str) -> list[Payment]:
    """Payments booked on the invoice, oldest first."""
    query = select(Payment).where(col(Payment.invoice_id) == invoice_id)
    return list(
        session.execute(
            query.order_by(col(Payment.recorded_at), col(Payment.received_on))
        ).scalars()
    )


def totals(session: Session) -> list[tuple[Status | None, str, int, Decimal]]:
    """Open invoices by status of their follow-up (None: not followed up) and currency:
    how many, and how much is open."""
    rows = session.execute(
        select(
            col(FollowUpRow.status),
            col(Invoice.currency),
            func.count(col(Invoice.id)),
            func.sum(col(Invoice.amount_open)),
        )
        .outerjoin(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(col(Invoice.status) == InvoiceStatus.OPEN)
        .group_by(col(FollowUpRow.status), col(Invoice.currency))
        .order_by(col(FollowUpRow.status), col(Invoice.currency))
    ).all()
    return [(status, currency, count, amount) for status, currency, count, amount in rows]
