"""The text part: the same letter for readers, and mail programs, without HTML."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from integrations.letters.slots import Blanks

WIDTH = 76
_GUTTER = "  "
# A name, date or number stays in one line; no value can hold this character (see `single_line`).
_STICKY = "\x1f"
_STICKY_UP_TO = 24


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `\\n` in it is a line break that stays. List items carry their bullet."""

    text: Blanks
    bullet: str = ""

    def render(self, values: list[str], whole: list[str]) -> str:
        """The paragraph wrapped at `WIDTH`, later lines of a list item indented under the first.
        No line ends within one of `whole`."""
        indent = " " * len(self.bullet)
        lines = [
            wrapped
            for line in _kept(self.text.fill(values), whole).split("\n")
            for wrapped in _wrap(line, WIDTH - len(indent))
        ]
        return (self.bullet + f"\n{indent}".join(lines)).replace(_STICKY, " ")


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by row, the head first; `right` says which columns are figures."""

    rows: tuple[tuple[Blanks, ...], ...]
    right: tuple[bool, ...]

    def render(self, values: list[str], _whole: list[str]) -> str:
        """Aligned columns; where these would be wider than `WIDTH`, one cell a line."""
        heads, *body = ([cell.fill(values).replace("\n", " ") for cell in row] for row in self.rows)
        return (
            self._aligned([heads], body)
            or self._aligned(_folded(heads, body), body)
            or _stacked(heads, body)
        )

    def _aligned(self, heads: list[list[str]], body: list[list[str]]) -> str:
        """The table, or nothing where it would be wider than `WIDTH`."""
        widths = [max(map(len, column)) for column in zip(*heads, *body, strict=True)]
        if sum(widths) + len(_GUTTER) * (len(widths) - 1) > WIDTH:
            return ""
        ruled = [*heads, ["-" * width for width in widths], *body]
        return "\n".join(self._row(row, widths) for row in ruled)

    def _row(self, row: list[str], widths: list[int]) -> str:
        cells = [
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, self.right, strict=True)
        ]
        return _GUTTER.join(cells).rstrip()


Block = Paragraph | Table


def plain_text(
    blocks: tuple[Block, ...], values: list[str], whole: Iterable[str] | None = None
) -> str:
    """The whole text part, a blank line between blocks but none between items of a list.

    Short ones of `whole` stay in one line wherever they occur: the values, unless said otherwise.
    """
    short = {each for each in (values if whole is None else whole) if _is_kept(each)}
    in_order = sorted(short, key=lambda each: (-len(each), each))
    text = ""
    for before, block in zip((None, *blocks), blocks, strict=False):
        listed = _is_listed(before) and _is_listed(block)
        text += ("\n" if listed else "\n\n" if text else "") + block.render(values, in_order)
    return text + "\n"


def _is_listed(block: Block | None) -> bool:
    return isinstance(block, Paragraph) and bool(block.bullet)


def _is_kept(value: str) -> bool:
    return " " in value and len(value) <= _STICKY_UP_TO


def _kept(text: str, whole: list[str]) -> str:
    """`text` with the spaces of `whole`, longest first, as ones that do not break."""
    for words in whole:
        if words in text:
            text = text.replace(words, words.replace(" ", _STICKY))
    return text


def _wrap(line: str, width: int) -> Iterator[str]:
    """`line` in rows of at most `width`, unless one word alone is longer. Never nothing."""
    row = ""
    for word in line.split(" "):
        if not word:
            continue
        if row and len(row) + 1 + len(word) > width:
            yield row
            row = word
        else:
            row = f"{row} {word}" if row else word
    yield row


def _folded(heads: list[str], body: list[list[str]]) -> list[list[str]]:
    """`heads` in two rows where that makes a column narrower."""
    columns = list(zip(*body, strict=True)) or [()] * len(heads)
    folded = [
        _in_two(head, max(map(len, column), default=0))
        for head, column in zip(heads, columns, strict=True)
    ]
    return [list(row) for row in zip(*folded, strict=True)]


def _in_two(head: str, width: int) -> tuple[str, str]:
    while True:
        *above, last = _wrap(head, width)
        if len(above) <= 1:
            return "".join(above), last
        width += 1


def _stacked(heads: list[str], body: list[list[str]]) -> str:
    rows = ["\n".join((row[0], *_named_cells(heads, row))) for row in body]
    return "\n\n".join(rows) or "\n".join(heads)


def _named_cells(heads: list[str], row: list[str]) -> Iterator[str]:
    width = max(map(len, heads))
    for head, cell in list(zip(heads, row, strict=True))[1:]:
        if cell:
            yield f"  {head.ljust(width)}{_GUTTER}{cell}"
