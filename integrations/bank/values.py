"""Single values as the formats for machines write them."""

import re
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision

from integrations.bank.broken import Broken

_AMOUNT = re.compile(r"0*[0-9]{1,15}(?:[.,][0-9]{0,10})?|[.,][0-9]{1,10}")
_LONGEST = 40
_CURRENCY = re.compile(r"[A-Z]{3}")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T+Z-].*)?", re.DOTALL)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_SHORT = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{2})")
_YEARS = range(1950, 2200)
_TURN = 70  # two-digit years from here on are of the last century


def amount(text: str, line: int, what: str = "amount") -> Decimal:
    """A number without sign and groups, with a decimal point or comma.

    Raises:
        Broken: it is none.
    """
    if len(text) > _LONGEST or not _AMOUNT.fullmatch(text):
        raise Broken(line, f"{what} {text[:40]!r} is no amount. Download the file again.")
    return Decimal(text.replace(",", "."))


def signed(text: str, line: int, what: str = "amount") -> Decimal:
    """The same with a sign before it, or none.

    Raises:
        Broken: it is none.
    """
    number = amount(text.removeprefix("-").removeprefix("+"), line, what)
    return -number if text.startswith("-") else number


def currency(text: str, line: int) -> str:
    """An ISO 4217 code by its form; banks know codes before the tables do.

    Raises:
        Broken: it is none.
    """
    code = text.strip().upper()
    if not _CURRENCY.fullmatch(code):
        raise Broken(line, f"currency {text[:20]!r} is none. Download the file again.")
    return code


def in_smallest_units(text: str, code: str, line: int) -> Decimal:
    """Whole units of the currency's smallest coin, with a sign or none, as an amount.

    Raises:
        Broken: it is no whole number.
    """
    digits = text[1:] if text[:1] in {"-", "+"} else text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise Broken(line, f"amount {text[:40]!r} is no whole number. Download the file again.")
    number = Decimal(int(digits)).scaleb(-get_currency_precision(code))
    return -number if text.startswith("-") else number


def iso_date(text: str, line: int) -> date:
    """`2026-03-31`, with or without a time; the day is the bank's own, as written.

    Raises:
        Broken: it is none.
    """
    return _day(_ISO.fullmatch(text), text, line)


def compact_date(text: str, line: int) -> date:
    """`20260331`.

    Raises:
        Broken: it is none.
    """
    return _day(_COMPACT.fullmatch(text), text, line)


def short_date(text: str, line: int) -> date:
    """`260331`; years from 70 on are 19xx. February has up to 30 days for banks that count interest
    by months of 30: such a day is February's last.

    Raises:
        Broken: it is none.
    """
    found = _SHORT.fullmatch(text)
    if found and found[2] == "02" and found[3] in {"29", "30"}:
        year = _full(int(found[1]))
        return date(year, 3, 1) - (date(year, 3, 2) - date(year, 3, 1))
    return _day(found, text, line)


def _day(found: re.Match[str] | None, text: str, line: int) -> date:
    try:
        if found:
            year, month, day = (int(part) for part in found.groups())
            full = _full(year) if year < 100 else year
            if full in _YEARS:
                return date(full, month, day)
    except ValueError:
        pass
    raise Broken(line, f"date {text[:40]!r} is no day. Download the file again.")


def _full(year: int) -> int:
    return 1900 + year if year >= _TURN else 2000 + year
