"""Which way the money went: from a sign, a mark beside the amount, or two columns of amounts.

Exports differ in what a minus in a debit column means, and books call a debit what the bank calls a
credit. Where the file tells the balance after each row, the reading is taken that it bears out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from integrations.bank.broken import Broken

_REMEDY = "Name the columns in a mapping file under [columns]"
_IN = (
    "c cr credit h haben gutschrift + bij crédit credito crédito haber abono in ingreso crdt kredit"
)
_OUT = "d dr debit s soll lastschrift - af débit debito débito debe cargo out gasto dbit debet"


@dataclass(frozen=True, slots=True)
class Moved:
    """What a row's columns say: amounts as written, None where a cell is empty."""

    line: int
    amount: Decimal | None = None
    credit: Decimal | None = None
    debit: Decimal | None = None
    is_credit: bool | None = None
    balance: Decimal | None = None


class Marks:
    """The words of a column that says credit or debit."""

    def __init__(self, credit: Sequence[str] = (), debit: Sequence[str] = ()) -> None:
        """`credit` and `debit` are words beside the known ones."""
        self._known = dict.fromkeys(_IN.split(), True) | dict.fromkeys(_OUT.split(), False)
        self._known |= dict.fromkeys((word.casefold() for word in credit), True)
        self._known |= dict.fromkeys((word.casefold() for word in debit), False)

    def is_credit(self, text: str, line: int) -> bool:
        """Whether a mark says that money came in.

        Raises:
            Broken: it says neither.
        """
        found = self._known.get(text.casefold().strip(" ."))
        if found is None:
            raise Broken(
                line,
                f"{text[:40]!r} says neither credit nor debit. Add it to credit_words or "
                f"debit_words in a mapping file.",
            )
        return found


def signed(rows: Sequence[Moved]) -> list[Decimal]:
    """What each row did to the balance.

    Raises:
        Broken: the balances bear out no reading, or a minus leaves it open and no balance decides.
    """
    marked = [row for row in rows if row.is_credit is not None]
    if marked and len(marked) < len(rows):
        line = next(row.line for row in rows if row.is_credit is None)
        raise Broken(line, "the row says neither credit nor debit. Fill it in, and read it again.")
    readings = _readings(rows)
    if len(rows) < 2 or any(row.balance is None for row in rows):
        reading, doubt = readings[0]
        for row in rows:
            if doubt(row):
                raise Broken(
                    row.line,
                    "a minus on money that came in could mean either way, and no balance decides. "
                    f"{_REMEDY}, one of them the balance, or export with signed amounts.",
                )
        return [reading(row) for row in rows]
    for reading, _ in readings:
        moves = [reading(row) for row in rows]
        if _borne_out(rows, moves):
            return moves
    line = _first_break(rows, [readings[0][0](row) for row in rows])
    raise Broken(
        line,
        "the balance does not follow from the amounts up to here. Rows are missing or out of "
        'order: export again, or pass the balances over with balance = "" under [columns] in a '
        "mapping file.",
    )


def is_newest_first(rows: Sequence[Moved], moves: Sequence[Decimal]) -> bool:
    """Whether the balances say that the file goes back in time."""
    return len(rows) > 1 and not _follows(rows, moves) and _precedes(rows, moves)


Reading = Callable[[Moved], Decimal]
Doubt = Callable[[Moved], bool]
_ZERO = Decimal(0)


def _readings(rows: Sequence[Moved]) -> list[tuple[Reading, Doubt]]:
    """The readings that the columns allow, likeliest first, each with where it is in doubt."""
    if any(row.is_credit is not None for row in rows):
        return [(_marked, _minus_on_credit), (_marked_signed, _never)]
    if any(row.amount is not None for row in rows):
        return [(_as_written, _never)]
    return [
        (_bank, _minus_in_credit),
        (_bank_signed, _never),
        (_books, _never),
        (_books_signed, _never),
    ]


def _as_written(row: Moved) -> Decimal:
    return row.amount or _ZERO


def _marked(row: Moved) -> Decimal:
    return abs(row.amount or _ZERO) if row.is_credit else -abs(row.amount or _ZERO)


def _marked_signed(row: Moved) -> Decimal:
    return (row.amount or _ZERO) if row.is_credit else -(row.amount or _ZERO)


def _bank(row: Moved) -> Decimal:
    return abs(row.credit or _ZERO) - abs(row.debit or _ZERO)


def _bank_signed(row: Moved) -> Decimal:
    return (row.credit or _ZERO) - (row.debit or _ZERO)


def _books(row: Moved) -> Decimal:
    return -_bank(row)


def _books_signed(row: Moved) -> Decimal:
    return -_bank_signed(row)


def _minus_on_credit(row: Moved) -> bool:
    return bool(row.is_credit) and (row.amount or _ZERO) < 0


def _minus_in_credit(row: Moved) -> bool:
    return (row.credit or _ZERO) < 0


def _never(_: Moved) -> bool:
    return False


def _borne_out(rows: Sequence[Moved], moves: Sequence[Decimal]) -> bool:
    return _follows(rows, moves) or _precedes(rows, moves)


def _follows(rows: Sequence[Moved], moves: Sequence[Decimal]) -> bool:
    return all(
        (one.balance or _ZERO) + move == other.balance
        for one, other, move in zip(rows, rows[1:], moves[1:], strict=False)
    )


def _precedes(rows: Sequence[Moved], moves: Sequence[Decimal]) -> bool:
    return all(
        (other.balance or _ZERO) + move == one.balance
        for one, other, move in zip(rows, rows[1:], moves, strict=False)
    )


def _first_break(rows: Sequence[Moved], moves: Sequence[Decimal]) -> int:
    for one, other, move in zip(rows, rows[1:], moves[1:], strict=False):
        if (one.balance or _ZERO) + move != other.balance:
            return other.line
    return rows[0].line
