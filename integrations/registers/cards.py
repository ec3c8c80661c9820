"""Until when a card can be charged."""

from calendar import monthrange
from datetime import date

from integrations.registers.parts import Part


def last_day(card: Part, month: str, year: str) -> date | None:
    """The last day of the month that stands on a card; None where none is said."""
    if not card.has(month) or not card.has(year):
        return None
    on_card, in_year = card.whole(month), card.whole(year)
    if not 1 <= on_card <= 12:
        raise card.wrong(month)
    if not 1990 <= in_year <= 2199:
        raise card.wrong(year)
    return date(in_year, on_card, monthrange(in_year, on_card)[1])
