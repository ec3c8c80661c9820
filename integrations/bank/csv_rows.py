"""A bank's CSV as rows of values by column, once its form and its header are found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import BinaryIO, Literal

from integrations.bank.broken import Broken
from integrations.bank.csv_columns import Column, apart, columns_of, known_headers
from integrations.bank.csv_mapping import BankMapping
from integrations.csv_ledger.dialect import Progress, dialect_of, records
from models.errors import LedgerUnreadable

_FEWEST = 2  # headers that make a table; one word alone stands in many a text
_UNNAMED = "the file"


@dataclass(frozen=True, slots=True)
class _Memory:
    """A text that opens like a file."""

    text: str

    def open(self, _mode: Literal["rb"], /) -> BinaryIO:
        return BytesIO(self.text.encode("utf-8"))

    def __str__(self) -> str:
        return _UNNAMED


@dataclass(frozen=True, slots=True)
class Row:
    """Where a row begins, and its values by column, without surrounding spaces."""

    line: int
    values: Mapping[Column, str]

    def __getitem__(self, column: Column) -> str:
        return self.values.get(column, "")


class Table:
    """The rows below the header; `currency` is what a header says in brackets, or ""."""

    def __init__(self, text: str, mapping: BankMapping) -> None:
        """Find the header.

        Raises:
            Broken: it is no table with headers that a bank would use, or they contradict.
        """
        self._source = _Memory(text)
        named = mapping.columns
        try:
            self._dialect = dialect_of(self._source, partial(known_headers, named=named))
        except LedgerUnreadable as error:
            raise refused(error) from None
        header, line = self._dialect.header, self._dialect.header_ends
        if known_headers(header, named) < _FEWEST:
            raise Broken(
                None,
                "is neither CAMT, MT940, OFX nor BAI2, and no CSV whose columns are known. Name "
                "them in a mapping file under [columns].",
            )
        self.columns = columns_of(header, named, line)
        self.line = line
        codes = {apart(header[place])[1] for places in self.columns.values() for place in places}
        self.currency = (codes - {""}).pop() if len(codes - {""}) == 1 else ""

    def __iter__(self) -> Iterator[Row]:
        """Every row that is not blank.

        Raises:
            Broken: a row has more cells than the header, or a quote is never closed.
        """
        width = len(self._dialect.header)
        try:
            for line, record in records(self._source, self._dialect, Progress()):
                cells = [cell.strip() for cell in record]
                if not any(cells):
                    continue
                if any(cells[width:]):
                    raise Broken(
                        line,
                        f"the row has {len(cells)} cells under {width} headers. Put quotes around "
                        f"a cell that holds the delimiter.",
                    )
                cells += [""] * (width - len(cells))
                yield Row(
                    line,
                    {column: _together(cells, places) for column, places in self.columns.items()},
                )
        except LedgerUnreadable as error:
            raise refused(error) from None


def _together(cells: list[str], places: tuple[int, ...]) -> str:
    return "\n".join(cells[place] for place in places if cells[place])


def refused(error: LedgerUnreadable) -> Broken:
    """The same said of a bank's file."""
    reason = str(error).removeprefix(f"{_UNNAMED}: ")
    return Broken(None, reason.replace("--day-first or --month-first, or with ", ""))
