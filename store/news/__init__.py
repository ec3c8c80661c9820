"""Applying what a billing system or provider tells to the register and the ledger.

Everything here may be applied twice, and in any order: ids make it count once, moments keep older
news from undoing newer, and what comes before that which it is about waits for it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from models.billing import News
from store.news import (  # noqa: F401  (each says how its kind is applied)
    credit_notes,
    disputes,
    payments,
    reversals,
    stated,
)
from store.news.applying import Applying, apply_one


def apply_news(session: Session, source: str, news: Iterable[News], at: datetime) -> Applying:
    """Apply all of it; what it waits for is in the answer."""
    applying = Applying(session, source, at)
    for one in news:
        apply_one(one, applying)
    session.flush()
    return applying
