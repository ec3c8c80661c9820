"""What a weekly digest tells, read from the database: a bounded number of queries for each."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlmodel import Session, col

from domain.digests import Account, Week
from models.tables import (
    Customer,
    Dispute,
    FollowUpRow,
    Invoice,
    Payment,
    Promise,
    Task,
    TimelineEntry,
)
from models.vocabulary import InvoiceStatus, Status, TaskKind

_WEEK = timedelta(days=7)
_MOST = 15
_DECISIONS = (
    TaskKind.APPROVE,
    TaskKind.OWNER_FIRST,
    TaskKind.DISPOSITION,
    TaskKind.AGREE_PLAN,
    TaskKind.CONFIRM_PROMISE,
)
_EVERYTHING = ""


def recipients(session: Session, leadership: str) -> list[tuple[str, str]]:
    """Who gets a digest, and about whose accounts: each owner about theirs, and the leadership
    about everything."""
    owners = select(col(FollowUpRow.owner_email)).where(
        col(FollowUpRow.status) != Status.CLOSED, col(FollowUpRow.owner_email) != ""
    )
    found = session.execute(owners.distinct().order_by(col(FollowUpRow.owner_email))).scalars()
    everybody = [(leadership, _EVERYTHING)] if leadership else []
    return [*((owner, owner) for owner in found if owner != leadership), *everybody]


def account(session: Session, owner: str, today: date) -> Week:
    """The week before `today` of that owner's accounts; of all, where `owner` is empty."""
    theirs = col(FollowUpRow.owner_email) == owner if owner else true()
    until = datetime.combine(today, time(), tzinfo=UTC)
    week = and_(col(TimelineEntry.at) >= until - _WEEK, col(TimelineEntry.at) < until)
    return Week(
        accounts=_accounts(session, theirs, today),
        paid=_paid(session, theirs, today),
        promises_broken=_count(session, theirs, week, "promise", "promise_broken"),
        disputes_opened=_disputes(session, theirs, today),
        plans_broken=_count(session, theirs, week, "plan", "broken"),
        promises_due=_promises(session, theirs, today),
        decisions=_waiting(session, theirs),
    )


def _accounts(session: Session, theirs: ColumnElement[bool], today: date) -> tuple[Account, ...]:
    pressing = func.sum(col(FollowUpRow.priority)).label("pressing")
    late = (col(Invoice.status) == InvoiceStatus.OPEN, col(Invoice.due_on) < today)
    first = session.execute(
        select(col(Customer.id), col(Customer.name), pressing)
        .join(Invoice, col(Invoice.customer_id) == col(Customer.id))
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(theirs, *late)
        .group_by(col(Customer.id), col(Customer.name))
        .order_by(pressing.desc(), col(Customer.id))
        .limit(_MOST)
    ).all()
    rows = session.execute(
        select(
            col(Invoice.customer_id),
            col(Invoice.currency),
            func.sum(col(Invoice.amount_open)),
            func.min(col(Invoice.due_on)),
            func.count(),
        )
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(col(Invoice.customer_id).in_([one[0] for one in first]), theirs, *late)
        .group_by(col(Invoice.customer_id), col(Invoice.currency))
        .order_by(col(Invoice.customer_id), col(Invoice.currency))
    ).all()
    by_customer: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_customer[row[0]].append(row)
    return tuple(
        Account(
            name=name,
            open_by_currency=tuple((row[1], row[2]) for row in by_customer[customer_id]),
            days_late=max((today - row[3]).days for row in by_customer[customer_id]),
            invoices=sum(row[4] for row in by_customer[customer_id]),
        )
        for customer_id, name, _ in first
    )


def _paid(
    session: Session, theirs: ColumnElement[bool], today: date
) -> tuple[tuple[str, Decimal, int], ...]:
    closed = func.count(func.distinct(col(Payment.invoice_id))).filter(
        col(Invoice.status) == InvoiceStatus.PAID
    )
    rows = session.execute(
        select(col(Payment.currency), func.sum(col(Payment.applied)), closed)
        .join(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(
            theirs,
            col(Payment.received_on) >= today - _WEEK,
            col(Payment.received_on) < today,
            col(Payment.reversed_on).is_(None),
            col(Payment.applied) > Decimal(0),
        )
        .group_by(col(Payment.currency))
        .order_by(col(Payment.currency))
    ).all()
    return tuple((currency, amount, number) for currency, amount, number in rows)


def _count(
    session: Session,
    theirs: ColumnElement[bool],
    week: ColumnElement[bool],
    kind: str,
    code: str,
) -> int:
    counting = (
        select(func.count())
        .select_from(TimelineEntry)
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(TimelineEntry.invoice_id))
        .where(
            theirs,
            week,
            col(TimelineEntry.kind) == kind,
            col(TimelineEntry.code) == code,
        )
    )
    return int(session.execute(counting).scalar_one())


def _disputes(session: Session, theirs: ColumnElement[bool], today: date) -> int:
    """However they were told: by a signal, in a call, or by the register's mark."""
    counting = (
        select(func.count())
        .select_from(Dispute)
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Dispute.invoice_id))
        .where(theirs, col(Dispute.opened_on) >= today - _WEEK, col(Dispute.opened_on) < today)
    )
    return int(session.execute(counting).scalar_one())


def _promises(session: Session, theirs: ColumnElement[bool], today: date) -> tuple[str, ...]:
    rows = session.execute(
        select(
            col(Promise.pay_on),
            col(Promise.amount),
            col(Invoice.number),
            col(Invoice.currency),
            col(Customer.name),
        )
        .join(Invoice, col(Invoice.id) == col(Promise.invoice_id))
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .join(FollowUpRow, col(FollowUpRow.promise_id) == col(Promise.id))
        .where(
            theirs,
            col(Promise.pay_on) <= today + _WEEK,
            col(FollowUpRow.status) != Status.CLOSED,
        )
        .order_by(col(Promise.pay_on), col(Invoice.number))
        .limit(_MOST)
    ).all()
    return tuple(
        f"{pay_on}: {name}, invoice {number}"
        + (f", {amount:,.2f} {currency}" if amount is not None else "")
        for pay_on, amount, number, currency, name in rows
    )


def _waiting(session: Session, theirs: ColumnElement[bool]) -> tuple[str, ...]:
    rows = session.execute(
        select(
            col(Task.why),
            col(Task.opened_at),
            col(Customer.name),
            col(Invoice.number),
            col(Invoice.amount_open),
            col(Invoice.currency),
        )
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Task.invoice_id))
        .join(Invoice, col(Invoice.id) == col(Task.invoice_id))
        .join(Customer, col(Customer.id) == col(Task.customer_id))
        .where(theirs, col(Task.closed_at).is_(None), col(Task.kind).in_(_DECISIONS))
        .order_by(col(Task.priority).desc(), col(Task.opened_at))
        .limit(_MOST)
    ).all()
    return tuple(
        f"{name}, invoice {number}, {open_:,.2f} {currency}, since {opened_at:%Y-%m-%d}: {why}"
        for why, opened_at, name, number, open_, currency in rows
    )
