"""Until when a card is good."""

from calendar import monthrange
from datetime import date

from integrations.provider_objects.json_part import JsonPart


def last_day(card: JsonPart | None, month: str, year: str) -> date | None:
    """The last day of the month that stands on a card; None where that is no month of 2000 to
    2199."""
    if card is None or not card.has(month) or not card.has(year):
        return None
    on_card, in_year = card.whole(month), card.whole(year)
    if not (1 <= on_card <= 12 and 2000 <= in_year <= 2199):
        return None
    return date(in_year, on_card, monthrange(in_year, on_card)[1])
