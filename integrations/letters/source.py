"""A letter as Markdown with its values written into it, for a person to read and to edit.

Read as Markdown again it gives the letter that its marks gave: each value is escaped for where it
stands, and no further, so that most are written just as they read.
"""

import re

from integrations.letters.slots import cut_at_marks

# An underscore inside a word is only an underscore, an ampersand without its semicolon no entity.
_INLINE = re.compile(
    r"[*\[\]#|]|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])_|&(?=#?[A-Za-z0-9]*(?:;|$))", re.ASCII
)
_IN_ADDRESS = re.compile(r"[()<>\\]|&(?=#?[A-Za-z0-9]*(?:;|$))", re.ASCII)
# Not `\\`: in a table a backslash before a bar means the bar.
_BACKSLASH = "&#92;"
# What may stand before the word that shows a line to be no list item, rule or row of dashes.
_NO_WORD_YET = re.compile(r"[\s\d#+*_:.)-]*")
_BLOCK_START = re.compile(r"(\d*)(?=[.)])|(?=[-:]|\+(?:\s|$))")


def filled_source(markdown: str, values: list[str]) -> str:
    """`markdown` with each mark replaced by its value, escaped."""
    around, indices = cut_at_marks(markdown)
    source = around[0]
    for index, after in zip(indices, around[1:], strict=True):
        value = values[index]
        if source.endswith("](") and after.startswith(")"):
            source += _IN_ADDRESS.sub(r"\\\g<0>", value) + after
            continue
        line = source[source.rfind("\n") + 1 :]
        escaped = _escaped(value, opens=bool(_NO_WORD_YET.fullmatch(line)))
        # "7" and then ". " of the template would be an item of a list.
        is_number = after[:1] in {".", ")"} and _is_number(line + escaped)
        source += escaped + ("\\" if is_number else "") + after
    return source


def _escaped(value: str, *, opens: bool) -> str:
    escaped = _BACKSLASH.join(_INLINE.sub(r"\\\g<0>", part) for part in value.split("\\"))
    if opens and (start := _BLOCK_START.match(escaped)):
        return f"{start[0]}\\{escaped[start.end() :]}"
    return escaped


def _is_number(line: str) -> bool:
    return line[-1:].isdigit() and bool(_NO_WORD_YET.fullmatch(line))
