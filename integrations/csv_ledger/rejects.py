"""Rows that could not be taken, and the file in which a person mends them."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

_ADDED = ("reject_line", "reject_column", "reject_reason")

# A spreadsheet runs what starts like this as a formula. An apostrophe in front keeps it text; where
# a cell has apostrophes of its own before such a sign it gets one more, so that taking one off
# again always gives the cell back.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
_HARMLESS = re.compile(r"[+-][0-9.,]+")
_GUARDED = re.compile(r"''*[=+\-@\t\r\n]")


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken: `column` and `value` at fault, `reason` with the remedy.

    `line` counts the file's lines from 1 and is where the row starts. `header` and `cells` are the
    row as it stood.
    """

    line: int
    column: str
    value: str
    reason: str
    header: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        named = [self.column, repr(self.value)] if self.value else [self.column]
        return " ".join([f"line {self.line}:", *(named if self.column else []), self.reason])


def write_rejects(path: Path, rejects: Iterable[Reject]) -> int:
    """Write `rejects`, all of one file, so that they can be mended there and imported again.

    The columns are the original ones plus `reject_line`, `reject_column` and `reject_reason`, which
    an import passes over. The form is UTF-8 with a mark that spreadsheets look for. Returns the
    number of rows; without any no file is written.

    Raises:
        OSError: the file cannot be written.
    """
    remaining = iter(rejects)
    first = next(remaining, None)
    if first is None:
        return 0
    kept = [i for i, name in enumerate(first.header) if name not in _ADDED]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([*(_guarded(first.header[i]) for i in kept), *_ADDED])
        for count, reject in enumerate(chain([first], remaining), start=1):  # noqa: B007
            cells = [reject.cells[i] if i < len(reject.cells) else "" for i in kept]
            surplus = reject.cells[len(first.header) :]
            said = (str(reject.line), reject.column, reject.reason)
            writer.writerow([_guarded(cell) for cell in (*cells, *said, *surplus)])
    return count


def are_rejects(header: Sequence[str]) -> bool:
    """Whether `header` is that of a file that `write_rejects` wrote."""
    return set(_ADDED) <= set(header)


def unguarded(cells: Iterable[str]) -> list[str]:
    """The cells as they were before `write_rejects` guarded them."""
    return [cell[1:] if cell[:1] == "'" and _GUARDED.match(cell) else cell for cell in cells]


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _HARMLESS.fullmatch(cell) else cell
