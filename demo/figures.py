"""What the demo shows: figures read from its database, never kept by hand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import Session, col, select

from domain.ageing import days_past_due, tier
from domain.receivables import Receipt, Receivable, Standing, standings
from models.decision import HOLDING
from models.tables import (
    Dispute,
    FollowUpRow,
    Invoice,
    Message,
    Payment,
    Promise,
    Scan,
    Task,
    TimelineEntry,
    Touch,
)
from models.vocabulary import InvoiceStatus, Status, TaskKind, Tier, TouchOutcome

# What the timeline says of an invoice when a letter about it has left.
_LEFT = (TouchOutcome.SENT, TouchOutcome.COVERED)


@dataclass(frozen=True, slots=True)
class Figures:
    """How the firm stands at one moment."""

    open_by_tier: dict[Tier, Counter[str]]
    open_amounts: dict[tuple[Tier, str], Decimal]
    letters: Counter[str]
    calls: int
    payments: int
    disputes: int
    promises: Counter[str]
    held: Counter[str]
    followed: int
    closed: int
    scans: int
    collected: dict[str, Decimal] = field(default_factory=dict)


def figures(session: Session, today: date) -> Figures:
    """Read them all; a handful of queries over a small database."""
    open_by_tier: dict[Tier, Counter[str]] = {one: Counter() for one in Tier}
    open_amounts: dict[tuple[Tier, str], Decimal] = {}
    still_open = session.exec(
        select(col(Invoice.due_on), col(Invoice.currency), col(Invoice.amount_open)).where(
            Invoice.status == InvoiceStatus.OPEN
        )
    )
    for due_on, currency, amount in still_open:
        bucket = tier(days_past_due(due_on, today))
        open_by_tier[bucket][currency] += 1
        key = (bucket, currency)
        open_amounts[key] = open_amounts.get(key, Decimal(0)) + amount
    return Figures(
        open_by_tier=open_by_tier,
        open_amounts=open_amounts,
        letters=_counted(
            session, col(Message.stage), col(Message.sent_at).is_not(None), col(Message.chases)
        ),
        calls=_count(session, Task, Task.kind == TaskKind.CALL),
        payments=_count(session, Payment),
        disputes=_count(session, Dispute),
        promises=_counted(session, col(Promise.state)),
        held=_held(session),
        followed=_count(session, FollowUpRow),
        closed=_count(session, FollowUpRow, FollowUpRow.status == Status.CLOSED),
        scans=_count(session, Scan),
        collected=dict(
            session.exec(
                select(Payment.currency, func.sum(Payment.applied)).group_by(Payment.currency)
            ).all()
        ),
    )


def _count(session: Session, table: type, *where: object) -> int:
    return int(session.exec(select(func.count()).select_from(table).where(*where)).one())  # type: ignore[arg-type]  # conditions are plain column comparisons


def _counted(session: Session, column: object, *where: object) -> Counter[str]:
    rows = session.exec(select(column, func.count()).where(*where).group_by(column))  # type: ignore[call-overload]  # the stubs know no bare columns
    return Counter({str(word): int(number) for word, number in rows})


def _held(session: Session) -> Counter[str]:
    """How many invoices each reason has held at least once."""
    rows = session.exec(
        select(TimelineEntry.code, func.count(func.distinct(TimelineEntry.invoice_id)))
        .where(TimelineEntry.kind == "decision", col(TimelineEntry.code).in_(HOLDING))
        .group_by(TimelineEntry.code)
    )
    return Counter(dict(rows.all()))


def dso(
    session: Session, history: Sequence[Receivable], days: list[date]
) -> dict[date, dict[str, Standing]]:
    """Where receivables stood at the end of each of `days`, by currency; `history` is what the
    database does not hold because it was settled before."""
    receipts: dict[str, list[Receipt]] = {}
    booked = session.exec(
        select(col(Payment.invoice_id), col(Payment.received_on), col(Payment.applied))
        .where(col(Payment.reversed_on).is_(None))
        .order_by(col(Payment.received_on))
    )
    for invoice_id, on, applied in booked:
        receipts.setdefault(invoice_id, []).append(Receipt(on, applied))
    ledger = [
        Receivable(
            currency=invoice.currency,
            amount=invoice.amount,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            receipts=tuple(receipts.get(invoice.id, ())),
        )
        for invoice in session.exec(select(Invoice)).all()
    ]
    return standings([*history, *ledger], days)


@dataclass(frozen=True, slots=True)
class Promptness:
    """Whether payments did what they are for.

    `paid` invoices were settled; `closed` of them have their follow-up closed; `after` is how often
    a letter about one was handed over after its last payment was booked, which must be never.
    """

    paid: int
    closed: int
    after: int


def promptness(session: Session) -> Promptness:
    """Compare payments with follow-ups and letters, in the order in which they were committed.

    That is the order of the timeline's ids: each letter knows the last of them when it went to the
    mail server. Times are those of the decision that planned a letter, and cannot tell which of
    the two came first.
    """
    settled = session.exec(
        select(Invoice.id, FollowUpRow.status)
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(Invoice.status == InvoiceStatus.PAID)
    ).all()
    paid = {invoice_id for invoice_id, _ in settled}
    last_payment = dict(
        session.exec(
            select(col(TimelineEntry.invoice_id), func.max(TimelineEntry.id))
            .where(TimelineEntry.kind == "event", TimelineEntry.code == "payment_received")
            .group_by(col(TimelineEntry.invoice_id))
        ).all()
    )
    letters = session.exec(
        select(col(Touch.invoice_id), col(Message.handed_over_after))
        .join(Message, col(Message.key) == col(Touch.message_key))
        .where(col(Message.sent_at).is_not(None), col(Touch.outcome).in_(_LEFT))
    ).all()
    return Promptness(
        paid=len(paid),
        closed=sum(status is Status.CLOSED for _, status in settled),
        after=sum(
            invoice_id in paid and line >= (last_payment.get(invoice_id) or line + 1)
            for invoice_id, line in letters
            if line is not None
        ),
    )
