"""Single values as CRMs write them. What cannot be read is None: it is as good as not said."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from integrations.csv_ledger import places, words
from models.vocabulary import Channel

_LONGEST_TEXT = 300
_LONGEST_ADDRESS = 254
_LARGEST = Decimal(10) ** 15
_ADDRESS = re.compile(r"[^\s@<>;,\"()]+@[^\s@<>;,\"()]+\.[^\s@<>;,\"().]+")
_EPOCH = re.compile(r"\d{11,13}")
_CHANNELS: dict[str, Channel] = {
    **dict.fromkeys(("mail", "email", "e-mail", "letter"), Channel.MAIL),
    **dict.fromkeys(("call", "phone", "telephone"), Channel.CALL),
}


def text(value: object) -> str | None:
    """One line without marks that cannot be seen, cut to 300 characters."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    seen = "".join(sign if sign.isprintable() else " " for sign in str(value))
    return " ".join(seen.split())[:_LONGEST_TEXT].rstrip() or None


def yes_or_no(value: object) -> bool | None:
    """A checkbox, or a word for yes or no."""
    if isinstance(value, bool):
        return value
    try:
        return words.yes_or_no(text(value) or "")
    except ValueError:
        return None


def number(value: object) -> Decimal | None:
    """A figure below 10^15, to six decimals at most.

    A point is its decimal mark; 1,234 could be two figures and is none.
    """
    try:
        figure = Decimal(text(value) or "")
    except InvalidOperation:
        return None
    if not figure.is_finite() or not -_LARGEST < figure < _LARGEST:
        return None
    return figure if figure == (cut := round(figure, 6)) else cut


def score(value: object) -> int | None:
    """A net promoter score, -100 to 100, to the nearest whole number."""
    figure = number(value)
    return None if figure is None or abs(figure) > 100 else round(figure)


def day(value: object) -> date | None:
    """A day as it stands in an ISO date or time, or of a time in milliseconds since 1970, UTC."""
    said = text(value) or ""
    try:
        if _EPOCH.fullmatch(said):
            return datetime.fromtimestamp(int(said) / 1000, UTC).date()
        return date.fromisoformat(said[:10])
    except (ValueError, OverflowError, OSError):
        return None


def address(value: object) -> str | None:
    """A mail address."""
    said = value.strip() if isinstance(value, str) else ""
    fits = len(said) <= _LONGEST_ADDRESS and said.isprintable() and _ADDRESS.fullmatch(said)
    return said if fits else None


def language(value: object) -> str | None:
    """The ISO 639 code of a language given by code, locale or name."""
    return places.language_code(text(value) or "") or None


def channel(value: object) -> Channel | None:
    """By what a customer wants to be reached."""
    return _CHANNELS.get((text(value) or "").casefold())
