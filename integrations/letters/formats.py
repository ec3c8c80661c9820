"""Amounts and days as a language writes them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, get_currency_symbol


class Formats:
    """One locale's way with amounts, days and plurals."""

    def __init__(self, locale: Locale) -> None:
        self._locale = locale
        # The same days come back in every letter of a morning.
        self._day = lru_cache(maxsize=2048)(partial(format_date, locale=locale))
        self.tag = str(locale).replace("_", "-")

    def money(self, amount: Decimal, currency: str) -> str:
        """`amount` with its currency, rounded to that currency's own digits."""
        return format_currency(amount, currency, locale=self._locale)

    def sign(self, currency: str) -> str:
        """What stands beside an amount in that currency: €, US$, CHF."""
        return get_currency_symbol(currency, locale=self._locale)

    def listed(self, items: Sequence[str]) -> str:
        """`items` as one enumeration: A, B and C. Empty when there are none."""
        return format_list(items, locale=self._locale)

    def day(self, day: date) -> str:
        """`day` in the long form: January 2, 2026."""
        return self._day(day, "long")

    def short_day(self, day: date) -> str:
        """`day` in the form for a table: Jan 2, 2026."""
        return self._day(day, "medium")

    def is_one(self, count: int) -> bool:
        """Whether `count` takes the singular in this language; French counts 0 so, English not."""
        return str(self._locale.plural_form(count)) == "one"


def formats_for(tag: str, otherwise: str) -> Formats:
    """The formats of language tag `tag`, or of `otherwise` where no such locale is known."""
    known = formats_of((tag, otherwise))
    if not known:
        raise UnknownLocaleError(otherwise)
    return known[0]


def formats_of(tags: Iterable[str]) -> tuple[Formats, ...]:
    """The formats of those of `tags` for which a locale is known."""
    return tuple(formats for tag in tags if (formats := _formats(tag)))


@lru_cache(maxsize=64)
def _formats(tag: str) -> Formats | None:
    try:
        # Only a plain ASCII tag reaches Babel, which looks up a file by its name.
        return Formats(Locale.parse(tag, sep="-"))
    except (UnknownLocaleError, ValueError):
        return None
