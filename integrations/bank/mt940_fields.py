"""SWIFT MT940 and MT942 as fields: tags with their lines, cut into statements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from integrations.bank.broken import Broken

_TAGS = "13|13D|20|21|25|25P|28|28C|34F|60F|60M|61|62F|62M|64|65|86|90C|90D|NS"
# What looks like a tag but is none is a line of text that was cut there: a time, for example.
_TAG = re.compile(rf":({_TAGS}):(.*)", re.DOTALL)
_ENVELOPE = re.compile(r"\{1:.*?\{4:\s*", re.DOTALL)
_END = re.compile(r"-(?:\}.*|XXX)?\s*")
_STARTS = "20"
_LINE_END = re.compile(r"\r\r\n|\r\n|\n|\r")


@dataclass(slots=True)
class Field:
    """A tag and its lines as they stand, without line ends; `line` is where it begins."""

    tag: str
    lines: list[str]
    line: int

    @property
    def text(self) -> str:
        """The first line, without surrounding space."""
        return self.lines[0].strip()


def is_mt940(text: str) -> bool:
    """Whether `text` has a line that begins like a field of such a statement."""
    return any(_TAG.fullmatch(line) for line in _LINE_END.split(text[:20_000]))


def messages(text: str) -> Iterator[list[Field]]:
    """The fields of each statement; what stands before, between and after them is passed over.

    Raises:
        Broken: a field stands outside of any statement.
    """
    message: list[Field] = []
    for field in _fields(text):
        if field.tag == _STARTS and message:
            yield message
            message = []
        message.append(field)
    if message:
        yield message


def _fields(text: str) -> Iterator[Field]:
    field: Field | None = None
    inside = False
    for number, raw in enumerate(_LINE_END.split(text), start=1):
        envelope = _ENVELOPE.match(raw)
        line = raw[envelope.end() :] if envelope else raw
        if found := _TAG.fullmatch(line):
            if field is not None:
                yield field
            inside = inside or found[1] == _STARTS
            _must_be(inside, found[1], number)
            field = Field(found[1], [found[2]], number)
        elif _END.fullmatch(line):
            inside = False
        elif inside and field is not None:
            field.lines.append(line)
    if field is not None:
        yield field


def _must_be(inside: bool, tag: str, line: int) -> None:
    if not inside:
        raise Broken(
            line,
            f"the field :{tag}: stands outside of a statement, which begins with :20:. Download "
            f"the file again, it may be a part of one.",
        )
