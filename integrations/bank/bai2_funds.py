"""The fields of a BAI2 record whose number depends on what stands in them."""

from collections.abc import Iterator
from dataclasses import dataclass

from integrations.bank.bai2_records import Record
from integrations.bank.broken import Broken

_FOLLOW = {"": 0, "0": 0, "1": 0, "2": 0, "Z": 0, "V": 2, "S": 3}
_SPREAD = "D"  # a number of days, then a day and an amount for each
_MOST_DAYS = 999


class Walk:
    """Takes the fields of a record one by one, through its continuations."""

    def __init__(self, record: Record) -> None:
        self.line = record.line
        self._pieces = [one.removesuffix("/") for one in (record.first, *record.more)]
        # In which piece the next field begins, and where. A piece that ends in a comma has an empty
        # field left.
        self._piece, self._at = 0, 0

    def __bool__(self) -> bool:
        """Whether a field is left."""
        return self._piece < len(self._pieces)

    def next(self) -> str:
        """The next field, "" where the record has ended."""
        if not self:
            return ""
        piece = self._pieces[self._piece]
        comma = piece.find(",", self._at)
        if comma >= 0:
            text, self._at = piece[self._at : comma], comma + 1
        else:
            text = piece[self._at :]
            self._piece, self._at = self._piece + 1, 0
        return text.strip()

    def skip(self, number: int) -> None:
        """Pass over as many fields."""
        for _ in range(number):
            self.next()

    def text(self) -> list[str]:
        """All that is left, by lines; commas in it are its own."""
        left = self._pieces[self._piece :]
        if left:
            left[0] = left[0][self._at :]
        self._piece = len(self._pieces)
        return left

    def funds(self) -> tuple[str, list[str]]:
        """The type of funds and what belongs to it.

        Raises:
            Broken: there is no such type.
        """
        kind = self.next().upper()
        if kind == _SPREAD:
            days = self.next()
            number = int(days) if days.isdecimal() and len(days) < 4 else _MOST_DAYS + 1
            if number > _MOST_DAYS:
                raise Broken(self.line, f"{days[:20]!r} is no number of days of availability.")
            return kind, [self.next() for _ in range(2 * number)]
        if kind not in _FOLLOW:
            raise Broken(self.line, f"{kind[:20]!r} is no type of funds. Download the file again.")
        return kind, [self.next() for _ in range(_FOLLOW[kind])]


@dataclass(slots=True)
class Summary:
    """A balance or total of an account: type code and amount as written."""

    code: str
    amount: str


def summaries(walk: Walk) -> Iterator[Summary]:
    """The balances and totals of an account's record, those that are given."""
    while walk:
        code, amount = walk.next(), walk.next()
        walk.skip(1)  # the number of items, which nobody needs
        walk.funds()
        if code or amount:
            yield Summary(code, amount)
