"""Currencies by ISO 4217 code or by the symbol beside an amount."""

from functools import cache

from babel.numbers import list_currencies

from models.vocabulary import NO_MONEY

_SYMBOLS: dict[str, tuple[str, ...]] = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "CLP", "COP", "ARS"),
    "US$": ("USD",),
    "C$": ("CAD",),
    "CA$": ("CAD",),
    "CAN$": ("CAD",),
    "A$": ("AUD",),
    "AU$": ("AUD",),
    "NZ$": ("NZD",),
    "S$": ("SGD",),
    "HK$": ("HKD",),
    "MX$": ("MXN",),
    "R$": ("BRL",),
    "€": ("EUR",),
    "EURO": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY", "CNY"),
    "₹": ("INR",),
    "₩": ("KRW",),
    "₺": ("TRY",),
    "₪": ("ILS",),
    "₫": ("VND",),
    "₴": ("UAH",),
    "₱": ("PHP",),
    "ZŁ": ("PLN",),
    "KČ": ("CZK",),
    "FT": ("HUF",),
    "FR": ("CHF",),
    "FR.": ("CHF",),
    "SFR": ("CHF",),
    "SFR.": ("CHF",),
}
"""The first code is what a symbol means when neither a column nor a default says more."""


@cache
def _codes() -> frozenset[str]:
    return frozenset(list_currencies()) - NO_MONEY


def meanings(text: str) -> tuple[str, ...]:
    """The codes that a code or symbol can mean, likeliest first; empty when it is neither."""
    name = text.strip().upper()
    if len(name) == 3 and name in _codes():
        return (name,)
    return _SYMBOLS.get(name, ())


class Currencies:
    """Which currency a row is in."""

    def __init__(self, default: str) -> None:
        """`default` is a code, or "" for none. `assumed` fills with what symbols were taken for."""
        self._default = default
        self._known: dict[tuple[str, str], str] = {}
        self.assumed: dict[str, str] = {}

    def of(self, cell: str, symbol: str) -> str:
        """The code that the currency column's `cell` and the amount's `symbol` give together.

        Raises:
            ValueError: neither says one, one of them is unknown, or they contradict each other.
        """
        known = self._known.get((cell, symbol))
        if known is None:
            known = self._known[cell, symbol] = self._weigh(cell, symbol)
        return known

    def _weigh(self, cell: str, symbol: str) -> str:
        named, shown = (self._meanings(text) for text in (cell, symbol))
        if not named and not shown:
            if not self._default:
                raise ValueError("is missing. Fill it in, or give a default with --currency.")
            return self._default
        both = [code for code in named if code in shown] if named and shown else named or shown
        if not both:
            raise ValueError(f"says {cell}, but the amount says {symbol}. Correct one of them.")
        if self._default in both:
            return self._default
        if len(both) > 1:
            self.assumed[symbol or cell] = both[0]
        return both[0]

    @staticmethod
    def _meanings(text: str) -> tuple[str, ...]:
        if text and not meanings(text):
            raise ValueError(f"has no currency {text!r}. Use an ISO 4217 code such as EUR.")
        return meanings(text)
