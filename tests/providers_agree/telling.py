"""Telling a database what a provider tells, as the intake does."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from models.billing import News
from models.tables import Telling
from store.news import apply_news
from tests.store.rows import MORNING, add_customer, add_invoice


def hear(session: Session, source: str, news: Iterable[News], at: datetime = MORNING) -> None:
    """Apply news as the intake does: what waits for something is told again."""
    waiting = [*news]
    for _ in range(3):
        waiting = [one for one in waiting if apply_news(session, source, [one], at).awaits]


def owed(session: Session, invoice_id: str, amount: str, currency: str) -> None:
    """An open invoice of ours."""
    add_customer(session)
    add_invoice(session, invoice_id, amount, currency=currency)


def failures(session: Session) -> list[str]:
    rows = session.exec(select(Telling).order_by(col(Telling.id))).all()
    return [row.event["event_id"] for row in rows if row.event["kind"] == "payment_failed"]


def kinds(session: Session) -> list[str]:
    rows = session.exec(select(Telling).order_by(col(Telling.id))).all()
    return [row.event["kind"] for row in rows]
