"""How a file is written down: encoding, delimiter, where its header stands; and its records."""

import codecs
import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain, islice
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol

from models.errors import LedgerUnreadable

if TYPE_CHECKING:
    from _csv import Reader

MARKS = (
    # Longest first: the mark of UTF-32 begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""By what bytes a text begins that marks its encoding."""
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252, since it is not UTF-8",
}
_WITHOUT_NUL = frozenset({"utf-8", "cp1252"})  # seen when their bytes were looked through
_HEADER_WITHIN = 20
_CHUNK = 1 << 20
_TICK = 8192


class Source(Protocol):
    """Where a file's bytes come from: a path, or something in memory that opens like one.

    As text it is the name that sentences call it by.
    """

    def open(self, mode: Literal["rb"], /) -> BinaryIO: ...


@dataclass(frozen=True, slots=True)
class Dialect:
    """A file's form. `header_ends` is the line, counted from 1, in which its header ends."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    header_ends: int

    def __str__(self) -> str:
        above = f", with its header in line {self.header_ends}" if self.header_ends > 1 else ""
        return (
            f"Read as {_NAMES[self.encoding]}, separated by {_DELIMITERS[self.delimiter]}{above}."
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """Tells `report` about bytes read, of all passes over the file together."""

    report: Callable[[int, int], None] | None = None
    before: int = 0
    total: int = 0

    def tell(self, position: int) -> None:
        if self.report is not None:
            self.report(min(self.before + position, self.total), self.total)


def dialect_of(path: Source, known_headers: Callable[[Sequence[str]], int]) -> Dialect:
    """Find out how `path` is written; `known_headers` counts the cells of a record it recognises.

    The header is the record, among the first 20, with the most headers known.

    Raises:
        LedgerUnreadable: the file cannot be opened, is empty, or is no text.
    """
    encoding = _encoding_of(path)
    best: tuple[tuple[int, int, int], Dialect] | None = None
    failed: LedgerUnreadable | None = None
    for delimiter in _DELIMITERS:
        found, error = _opening(path, encoding, delimiter)
        failed = failed or error
        for end, record in found:
            header = tuple(cell.strip() for cell in record)
            rank = (known_headers(header), sum(map(bool, header)), -end)
            if any(header) and (best is None or rank > best[0]):
                best = rank, Dialect(encoding, delimiter, header, end)
    if best is None:
        raise failed or LedgerUnreadable(
            f"{path}: has no header. Its first line must name the columns."
        )
    return best[1]


def records(path: Source, dialect: Dialect, progress: Progress) -> Iterator[tuple[int, list[str]]]:
    """Every record after the header that is no blank line, with the line where it starts.

    Raises:
        LedgerUnreadable: a quote is never closed or a cell is larger than 128 KiB.
    """
    with _reader(path, dialect.encoding, dialect.delimiter) as (reader, position):
        while reader.line_num < dialect.header_ends:
            if next(reader, None) is None:
                return
        line = reader.line_num + 1
        for count, record in enumerate(reader, start=1):
            if record:
                yield line, record
            line = reader.line_num + 1
            if not count % _TICK:
                progress.tell(position())
        progress.tell(position())


def _opening(
    path: Source, encoding: str, delimiter: str
) -> tuple[list[tuple[int, list[str]]], LedgerUnreadable | None]:
    """The first records with the lines in which they end, and what stopped the reading of more.

    A wrong delimiter leaves quotes in the middle of cells, so that an error here may mean nothing.
    """
    found: list[tuple[int, list[str]]] = []
    try:
        with _reader(path, encoding, delimiter) as (reader, _):
            for record in islice(reader, _HEADER_WITHIN):
                found.append((reader.line_num, record))  # noqa: PERF401 - kept when a later one fails
    except LedgerUnreadable as error:
        return found, error
    return found, None


@contextmanager
def _reader(
    path: Source, encoding: str, delimiter: str
) -> Iterator[tuple["Reader", Callable[[], int]]]:
    line = 0
    try:
        with path.open("rb") as raw, TextIOWrapper(raw, encoding=encoding, newline="") as text:
            lines = text if encoding in _WITHOUT_NUL else _without_nul(text)
            reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
            try:
                yield reader, raw.tell
            finally:
                line = reader.line_num
    except csv.Error as error:
        raise LedgerUnreadable(
            f"{path}: line {line}: {error}. A quote may be missing or stand alone inside a cell; "
            f"write it twice there."
        ) from error
    except UnicodeError as error:
        raise LedgerUnreadable(f"{path}: is no text after line {line}: {error}") from error
    except OSError as error:
        raise LedgerUnreadable(f"{path}: {error.strerror or error}") from error


def _encoding_of(path: Source) -> str:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
            if start.startswith(b"PK\x03\x04"):
                raise LedgerUnreadable(f"{path}: is a spreadsheet. Save it as CSV first.")
            marked = next((name for mark, name in MARKS if start.startswith(mark)), "")
            if marked.startswith(("utf-16", "utf-32")):
                return marked
            file.seek(0)
            return marked or _unmarked(path, iter(lambda: file.read(_CHUNK), b""))
    except OSError as error:
        raise LedgerUnreadable(f"{path}: {error.strerror or error}") from error


def _unmarked(path: Source, chunks: Iterable[bytes]) -> str:
    decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()
    encoding = "utf-8"
    for chunk in chain(chunks, [b""]):
        if b"\0" in chunk:
            raise LedgerUnreadable(f"{path}: is no text file. Save it as CSV first.")
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError:
            encoding = "cp1252"
            decoder = codecs.getincrementaldecoder("latin-1")()
    return encoding


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if "\0" in line:
            # The database could not keep it, and no ledger has it but by damage.
            raise UnicodeError("it has a NUL character")
        yield line
