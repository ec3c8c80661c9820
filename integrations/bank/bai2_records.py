"""BAI2 as records: continued ones put together, counted, with the lines where they begin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from integrations.bank.broken import Broken

FILE, GROUP, ACCOUNT, ENTRY, CONTINUED = "01", "02", "03", "16", "88"
ACCOUNT_END, GROUP_END, FILE_END = "49", "98", "99"
_RECORD = re.compile(r"\s*(01|02|03|16|49|88|98|99),")
# Some programs write several records into a line, padded with spaces as in the days of tapes.
_NEXT = re.compile(r"/[ \t]+(?=(?:01|02|03|16|49|88|98|99),)")
_LONGEST = 100_000
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(slots=True)
class Record:
    """A record: `first` as written after its code, `more` of each continuation; `count` of them."""

    code: str
    first: str
    line: int
    more: list[str] = field(default_factory=list)

    def go_on(self, rest: str, line: int) -> None:
        """Take the rest of what was last written.

        Raises:
            Broken: it grows longer than any record.
        """
        if len(self.more[-1] if self.more else self.first) > _LONGEST:
            raise Broken(line, "a record never ends. Download the file again.")
        if self.more:
            self.more[-1] += rest
        else:
            self.first += rest

    @property
    def count(self) -> int:
        """How many records it is in the bank's counting."""
        return 1 + len(self.more)

    @property
    def fields(self) -> list[str]:
        """Its fields through all continuations; the slash at a record's end ends a field."""
        return [text.strip() for one in (self.first, *self.more) for text in _ended(one).split(",")]


def is_bai2(text: str) -> bool:
    """Whether a text begins like such a file."""
    return bool(re.match(r"\s*0[0-9],[^,\n]{0,40},[^,\n]{0,40},[0-9/]{6,7},", text))


def records(text: str) -> Iterator[Record]:
    """Every record in order. A line without a code is the rest of the line before.

    Raises:
        Broken: the file begins with something else, or with a continuation.
    """
    record: Record | None = None
    for number, line in _lines(text):
        found = _RECORD.match(line)
        if found and found[1] != CONTINUED:
            if record:
                yield record
            record = Record(found[1], line[found.end() :], number)
        elif record is None:
            raise Broken(
                number,
                f"{line.strip()[:40]!r} is no record of BAI2, which begins with 01. Download the "
                f"file again.",
            )
        elif found:
            record.more.append(line[found.end() :])
        else:
            record.go_on(line, number)
    if record:
        yield record


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """One record or the rest of one each, with the number of its line; blank ones are left out."""
    for number, raw in enumerate(_LINE_END.split(text), start=1):
        for line in _NEXT.sub("/\n", raw).split("\n"):
            if line.strip():
                yield number, line.rstrip()


def _ended(text: str) -> str:
    return text.removesuffix("/")
