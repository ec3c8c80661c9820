"""Disputes: several may be open about one invoice, each about a part of it or about all."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from domain.send_window import local_day
from models.facts import DisputeFacts
from models.tables import Customer, Dispute, FollowUpRow, Invoice
from store import timeline


def open_disputes(session: Session, row: FollowUpRow) -> Sequence[Dispute]:
    """The disputes that hold this follow-up, or a part of it, the oldest first.

    One that was settled for the customer holds until its credit note has come.
    """
    if row.dispute_id is None:
        return ()
    query = select(Dispute).where(
        Dispute.invoice_id == row.invoice_id,
        (col(Dispute.resolved_on).is_(None)) | (col(Dispute.owed_when_settled).is_not(None)),
    )
    return session.exec(query.order_by(col(Dispute.id))).all()


def dispute_facts(session: Session, row: FollowUpRow) -> DisputeFacts | None:
    """All that is contested, as one: since the first of them, and all of it if one is about all."""
    found = open_disputes(session, row)
    if not found:
        return None
    amounts = [dispute.amount for dispute in found]
    whole = any(amount is None for amount in amounts)
    return DisputeFacts(
        opened_on=min(dispute.opened_on for dispute in found),
        amount=None if whole else sum((one for one in amounts if one is not None), Decimal(0)),
        code=", ".join(dict.fromkeys(dispute.code for dispute in found if dispute.code)),
        line=", ".join(dict.fromkeys(dispute.line for dispute in found if dispute.line)),
        awaits_credit=all(dispute.resolved_on is not None for dispute in found),
    )


def take_over_mark(session: Session, row: FollowUpRow, invoice: Invoice, now: datetime) -> None:
    """What the register's mark that the invoice is contested is about: the dispute that is open, or
    else a new one; once an invoice."""
    marked = select(Dispute).where(Dispute.invoice_id == invoice.id, col(Dispute.in_register))
    if not invoice.disputed or session.exec(marked).first() is not None:
        return
    known = open_disputes(session, row)
    if known:
        known[0].in_register = True
        session.add(known[0])
        return
    zone = session.get_one(Customer, invoice.customer_id).zone
    note = "marked as disputed in the register"
    dispute = Dispute(
        invoice_id=row.invoice_id,
        note=note,
        opened_on=local_day(now, zone),
        in_register=True,
        owed_when_opened=invoice.owed,
    )
    session.add(dispute)
    session.flush()
    row.dispute_id = dispute.id
    timeline.note(session, row, now, "event", "dispute_opened", note)


def settle(
    session: Session, row: FollowUpRow, invoice: Invoice, dispute: Dispute, favour: str, on: date
) -> None:
    """The dispute is resolved. In our favour the next letter thanks for it; in the customer's the
    hold stays until the credit note has come. A mark in the register was about this one."""
    dispute.resolved_on, dispute.in_favour_of = on, favour
    dispute.in_register |= invoice.disputed
    session.add(dispute)
    if favour == "us":
        row.dispute_settled, dispute.owed_when_settled = True, None
        release(session, row)


def credited_before(session: Session, row: FollowUpRow, dispute: Dispute, owed: Decimal) -> bool:
    """True when the credit note for `dispute` has come before anybody settled it; then it counts
    for this one and for no other."""
    fallen = (dispute.owed_when_opened or owed) - owed
    if fallen <= 0 or dispute.amount is None:
        return False
    used = min(fallen, dispute.amount)
    for other in open_disputes(session, row):
        if other.id != dispute.id and other.owed_when_opened is not None:
            other.owed_when_opened = max(owed, other.owed_when_opened - used)
            session.add(other)
    return True


def leave_behind(session: Session, row: FollowUpRow, now: datetime) -> None:
    """What was contested in a round that has ended is contested no more."""
    for dispute in open_disputes(session, row):
        dispute.resolved_on = dispute.resolved_on or now.date()
        dispute.owed_when_settled = None
        session.add(dispute)
    row.dispute_id = None


def release(session: Session, row: FollowUpRow) -> None:
    """Let the chase go on unless another dispute is open."""
    session.flush()
    still_open = open_disputes(session, row)
    row.dispute_id = still_open[-1].id if still_open else None
    session.add(row)
