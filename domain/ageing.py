"""Ageing: how late an invoice is, and in which bucket that puts it."""

from datetime import date

from models.vocabulary import Tier


def days_past_due(due: date, as_of: date) -> int:
    """Calendar days since `due`; 0 on the day itself, negative before it."""
    return (as_of - due).days


def tier(days: int) -> Tier:
    """The ageing bucket of an invoice `days` past due: current ≤ 0, early 1-14, late 15-45."""
    if days <= 0:
        return Tier.CURRENT
    if days <= 14:
        return Tier.EARLY
    return Tier.LATE if days <= 45 else Tier.CRITICAL
