"""Disputes: several may be open about one invoice, each about a part of it or about all."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlmodel import Session, col, select

from models.facts import DisputeFacts
from models.tables import Dispute, FollowUpRow


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
    )


def settle(session: Session, row: FollowUpRow, dispute: Dispute, favour: str, on: date) -> None:
    """The dispute is resolved. In our favour the next letter thanks for it; in the customer's the
    hold stays until the credit note has come."""
    dispute.resolved_on, dispute.in_favour_of = on, favour
    session.add(dispute)
    if favour == "us":
        row.dispute_settled, dispute.owed_when_settled = True, None
        release(session, row)


def release(session: Session, row: FollowUpRow) -> None:
    """Let the chase go on unless another dispute is open."""
    session.flush()
    still_open = open_disputes(session, row)
    row.dispute_id = still_open[-1].id if still_open else None
    session.add(row)
