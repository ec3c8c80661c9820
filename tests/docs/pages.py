"""The pages that people read, taken apart: code blocks, tables, links."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
_NOT_OURS = re.compile(r"\.\w|build$|templates$")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CELL_END = re.compile(r"(?<!\\)\|")


class Block(NamedTuple):
    """A fenced block of a page and the language it says it is in."""

    page: str
    language: str
    text: str


@cache
def pages() -> dict[str, str]:
    """The text of every Markdown page, by its path from the root. Letters are no pages."""
    return {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for top in sorted(ROOT.iterdir())
        if not _NOT_OURS.match(top.name)
        for path in ([top] if top.suffix == ".md" else sorted(top.rglob("*.md")))
    }


def blocks(*languages: str) -> Iterator[Block]:
    """The fenced blocks of every page in one of these languages ("" has none)."""
    for name, text in pages().items():
        for language, content in _FENCE.findall(text):
            if language in languages:
                yield Block(name, language, content)


def shell_lines() -> Iterator[tuple[str, str]]:
    """Every command line in a shell block, with the page it stands on; continued lines in one."""
    for block in blocks("sh", "bash"):
        for line in block.text.replace("\\\n", " ").splitlines():
            if line.strip() and not line.lstrip().startswith("#"):
                yield block.page, line.strip()


def section(page: str, heading: str) -> str:
    """What stands under a heading of any level, up to the next one of that level or above.

    Raises:
        KeyError: the page has no such heading.
    """
    lines = iter(pages()[page].splitlines())
    level = next((_level(line) for line in lines if _says(line, heading)), 0)
    if not level:
        raise KeyError(f"{page} has no heading {heading!r}")
    return "\n".join(takewhile(lambda line: not 0 < _level(line) <= level, lines))


def _level(line: str) -> int:
    """1 to 6 for a heading, 0 for any other line."""
    marks = line.partition(" ")[0]
    return len(marks) if marks and set(marks) == {"#"} else 0


def _says(line: str, heading: str) -> bool:
    return bool(_level(line)) and line.partition(" ")[2].strip() == heading


def table(text: str) -> str:
    """The first table in `text`, as it stands there."""
    rows: list[str] = []
    for line in text.splitlines():
        if line.startswith("|"):
            rows.append(line)
        elif rows:
            break
    return "\n".join(rows)


def rows(text: str) -> list[list[str]]:
    """The cells of the first table in `text`, without its head."""
    return [
        [cell.strip() for cell in _CELL_END.split(line)[1:-1]]
        for line in table(text).splitlines()[2:]
    ]


def words(cell: str) -> list[str]:
    """What stands in backquotes in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def as_table(head: tuple[str, ...], body: Sequence[tuple[str, ...]]) -> str:
    """A table in the form that the pages use."""
    first, *others = (f"| {' | '.join(line)} |" for line in (head, *body))
    return "\n".join((first, "|---" * len(head) + "|", *others))
