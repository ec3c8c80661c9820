"""A CSV file of things said of customers."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commands.sayings import THINGS, UNSAY, value_of
from integrations.csv_ledger.dialect import Progress, dialect_of, records
from models.errors import WrongUse

_MOST_MISTAKES = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file: whom it is about, and what it says of them; None takes it back."""

    line: int
    customer_id: str
    said: dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    """Every line of the file.

    Raises:
        WrongUse: it cannot be read, or has mistakes: each is named, up to twenty.
    """
    columns = ("customer_id", *THINGS)
    dialect = dialect_of(path, lambda cells: sum(_column(cell) in columns for cell in cells))
    names = [_column(cell) for cell in dialect.header]
    _check_columns(path, dialect.header_ends, names, columns)
    rows, mistakes = [], []
    lines: dict[str, int] = {}
    for line, cells in records(path, dialect, Progress()):
        if not any(cell.strip() for cell in cells):
            continue
        row, wrong = _row(line, names, cells)
        if row.customer_id in lines:
            wrong.append(f"{row.customer_id} stands in line {lines[row.customer_id]} already")
        lines.setdefault(row.customer_id, line)
        rows.append(row)
        mistakes += [f"{path}:{line}: {one}" for one in wrong]
    refuse(mistakes)
    if not rows:
        raise WrongUse(f"{path}: says nothing of any customer")
    return rows


def _column(cell: str) -> str:
    return cell.strip().casefold().replace(" ", "_").replace("-", "_")


def _check_columns(path: Path, line: int, names: list[str], columns: Sequence[str]) -> None:
    wrong = next((name for name in names if name not in columns or names.count(name) > 1), None)
    if "customer_id" in names and wrong is None:
        return
    problem = "there is no column customer_id"
    if wrong is not None:
        problem = f"{wrong!r} is nothing to be said" if wrong not in columns else f"{wrong} twice"
    raise WrongUse(f"{path}:{line}: {problem}; the columns are {', '.join(columns)}")


def _row(line: int, names: list[str], cells: list[str]) -> tuple[Row, list[str]]:
    wrong = []
    if len(cells) != len(names):
        wrong.append(f"{len(cells)} cells where the header has {len(names)}")
    by_name = dict(zip(names, (cell.strip() for cell in cells), strict=False))
    customer_id = by_name.pop("customer_id", "")
    if not customer_id:
        wrong.append("no customer_id")
    said: dict[str, Any] = {}
    for name, cell in by_name.items():
        if not cell:
            continue
        try:
            said[name] = None if cell.casefold() in UNSAY else value_of(name, cell)
        except WrongUse as refused:
            wrong.append(str(refused))
    return Row(line, customer_id, said), wrong


def refuse(mistakes: Sequence[str]) -> None:
    if not mistakes:
        return
    more = len(mistakes) - _MOST_MISTAKES
    rest = [f"and {more} more"] if more > 0 else []
    raise WrongUse("\n".join([*mistakes[:_MOST_MISTAKES], *rest, "Nothing was taken in."]))
