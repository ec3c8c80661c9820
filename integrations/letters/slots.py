"""Values stand aside while a letter's Markdown is read, and are put in afterwards.

Each value that a template prints becomes a mark, an inert word of letters and digits. What is
parsed as Markdown is therefore the template alone: no name, number or note from a ledger can open
a tag, a link or a table cell, whatever it holds. And letters of the same build share one parse.
"""

import re
from dataclasses import dataclass

from markupsafe import Markup

from integrations.letters.ledger_text import single_line

_PREFIX, _SUFFIX = "qzvalue", "valuezq"
_MARK = re.compile(f"{_PREFIX}([0-9]+){_SUFFIX}")


class Slots:
    """The values of one letter, in the order in which they were printed."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def put(self, value: str | int) -> Markup:
        """The mark that stands for `value` as a single line; nothing where that is empty."""
        text = single_line(str(value))
        if not text:
            return Markup()
        self.values.append(text)
        return Markup(f"{_PREFIX}{len(self.values) - 1}{_SUFFIX}")  # noqa: S704 - no value in it

    def phrase(self, wording: str, **values: str | int) -> Markup:
        """`wording`, which is Markdown of our own, with marks in its blanks."""
        marks = {name: self.put(value) for name, value in values.items()}
        return Markup(wording.format_map(marks))  # noqa: S704 - no value in it


def looks_marked(text: str) -> bool:
    """Whether `text` holds a mark, whole or damaged."""
    return _PREFIX in text.lower()


@dataclass(frozen=True, slots=True)
class Blanks:
    """Template text with `%s` where values go, and the index of the value for each."""

    form: str
    indices: tuple[int, ...]

    def fill(self, values: list[str]) -> str:
        """The text with the values put in, as they are."""
        return self.form % tuple([values[index] for index in self.indices])


def blanks(text: str) -> Blanks:
    """`text` with its marks as blanks.

    Raises:
        ValueError: a filter changed a mark, so its value cannot be put in.
    """
    around, indices = cut_at_marks(text)
    if any(looks_marked(part) for part in around):
        raise ValueError("a filter was put on text that already holds values")
    return Blanks("%s".join(_formed(part) for part in around), tuple(indices))


def no_blanks(text: str) -> Blanks:
    """`text` as it stands, for text that holds its values already; what looks like a mark is not
    one."""
    return Blanks(_formed(text), ())


def cut_at_marks(text: str) -> tuple[list[str], list[int]]:
    """What stands around the marks of `text`, and between them the index of each one's value."""
    parts = _MARK.split(text)
    return parts[::2], [int(index) for index in parts[1::2]]


def _formed(text: str) -> str:
    return text.replace("%", "%%")
