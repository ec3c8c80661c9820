"""Dates in the forms that exports use; times are dropped, two-digit years mean 1969 to 2068."""

import re
import unicodedata
from datetime import UTC, date, datetime
from functools import cache

from babel import Locale

from integrations.csv_ledger.evidence import Evidence, Sighting

DAY_FIRST, MONTH_FIRST, ISO = "day_first", "month_first", "iso"

_MEMO = 50_000
_LONGEST = 60  # what is longer is no date, and need not be searched for one
_YEARS = range(1950, 2200)
_TIME = r"(?:(?:T|\s*,?\s)\s*[0-9]{1,2}(?::|h)[0-9]{2}.*)?"
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:\.0|T[0-9]{4,6}.*)?")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_YEAR_LAST = re.compile(
    rf"([0-9]{{1,2}})\s?([-/.])\s?([0-9]{{1,2}})\s?\2\s?([0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_DAY_NAME = re.compile(rf"([0-9]{{1,2}})[.\s/-]*([^\W\d_]+)[.,\s/-]*([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_NAME_DAY = re.compile(rf"([^\W\d_]+)[.\s/-]*([0-9]{{1,2}})[,\s/-]+([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_NO_DATE = re.compile(r"[0./-]*")
_DAY_COUNT = re.compile(r"[1-9][0-9]{4}(\.[0-9]+)?")


def readings(text: str) -> tuple[date | None, date | None]:
    """`text` read day-first and read month-first; the same twice where the form leaves no choice.

    None where a reading gives no real date between 1950 and 2199.
    """
    if len(text) > _LONGEST:
        return None, None
    if found := _YEAR_LAST.fullmatch(text):
        first, mark, second, year = found.groups()
        day_first = _date(year, second, first)
        # Whoever writes dots between the parts of a date writes the day first.
        return day_first, (day_first if mark == "." else _date(year, first, second))
    only = _unambiguous(text)
    return only, only


def _unambiguous(text: str) -> date | None:
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(found[1], found[3], found[4])
    if found := _COMPACT.fullmatch(text):
        return _date(*found.groups())
    if found := _DAY_NAME.fullmatch(text):
        return _date(found[3], _month(found[2]), found[1])
    if found := _NAME_DAY.fullmatch(text):
        return _date(found[3], _month(found[1]), found[2])
    return None


def _date(year: str, month: str | int, day: str) -> date | None:
    full_year = int(year) if len(year) == 4 else 1969 + (int(year) - 69) % 100
    try:
        return date(full_year, int(month), int(day)) if full_year in _YEARS else None
    except ValueError:
        return None


def _month(name: str) -> int:
    return _month_names().get(_plain(name), 0)


@cache
def _month_names() -> dict[str, int]:
    names: dict[str, int] = {}
    for language in ("en", "de", "fr", "es", "it", "nl"):
        for use in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(language).months[use][width].items():
                    names.setdefault(_plain(name), number)
    # Not in Babel, common in exports.
    return names | {"sept": 9, "mrz": 3}


def _plain(name: str) -> str:
    spread = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in spread if sign.isalpha())


class DateEvidence(Evidence):
    """What a file's dates say about their order."""

    def __init__(self) -> None:
        super().__init__(
            "Dates",
            {DAY_FIRST: "day-first", MONTH_FIRST: "month-first"},
            "Say which with --day-first or --month-first, or with `format` under [dates] in a "
            "mapping file.",
        )
        self._seen: set[str] = set()

    def add(self, column: str, line: int, text: str) -> None:
        if text in self._seen:
            return
        if len(self._seen) >= _MEMO:
            self._seen.clear()
        self._seen.add(text)
        day_first, month_first = readings(text)
        if day_first == month_first:
            return
        if day_first and month_first:
            self.ambiguous = self.ambiguous or Sighting(column, line, text)
        else:
            order = DAY_FIRST if day_first else MONTH_FIRST
            self.decisive.setdefault(order, Sighting(column, line, text))


class Dates(dict[str, date | None]):
    """Texts and their dates, None for no date; remembers a bounded number of them.

    `form` is `day_first`, `month_first`, `iso`, or a format of `strptime`.
    """

    def __init__(self, form: str) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, text: str) -> date | None:
        """Read a text for the first time.

        Raises:
            ValueError: it is no date in this form; the sentence names the remedy.
        """
        found = None if _NO_DATE.fullmatch(text) else self._read(text)
        if len(self) >= _MEMO:
            self.clear()
        self[text] = found
        return found

    def _read(self, text: str) -> date:
        found = self._by_format(text) if "%" in self._form else self._by_order(text)
        if found is None:
            raise ValueError(self._why_not(text))
        return found

    def _by_format(self, text: str) -> date | None:
        try:
            # A ledger's day has no zone; UTC only carries it through.
            return datetime.strptime(text, self._form).replace(tzinfo=UTC).date()
        except ValueError:
            return None

    def _by_order(self, text: str) -> date | None:
        day_first, month_first = readings(text)
        if self._form == ISO:
            return None if _YEAR_LAST.fullmatch(text[:_LONGEST]) else day_first
        return day_first if self._form == DAY_FIRST else month_first

    def _why_not(self, text: str) -> str:
        if _DAY_COUNT.fullmatch(text):
            return "is a spreadsheet's day count. Format the column as a date and export it again."
        kinds = {DAY_FIRST: "day-first date", MONTH_FIRST: "month-first date", ISO: "ISO date"}
        wanted = kinds.get(self._form, f"date of the form {self._form}")
        return f"is no {wanted}. Write it as year-month-day, such as 2026-03-31."
