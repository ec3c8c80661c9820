"""Until when a card is good."""

from calendar import monthrange
from datetime import date


def last_day(year: int | None, month: int | None) -> date | None:
    """The last day of a month; None where it is no month of 2000 to 2199."""
    if year is None or month is None or not (2000 <= year <= 2199 and 1 <= month <= 12):
        return None
    return date(year, month, monthrange(year, month)[1])
