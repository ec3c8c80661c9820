"""From Markdown tokens to blocks of plain text."""

from collections.abc import Callable, Iterator

from markdown_it.token import Token

from integrations.letters.plain_text import Block, Paragraph, Table
from integrations.letters.slots import Blanks

Reading = Callable[[str], Blanks]
_BREAKS = {"softbreak": " ", "hardbreak": "\n"}


def text_blocks(tokens: list[Token], read: Reading) -> Iterator[Block]:
    """The paragraphs, headings, list items and tables of a letter, in order; `read` knows where
    values go.

    Raises:
        ValueError: a mark was changed.
    """
    bullet = ""
    stream = iter(tokens)
    for token in stream:
        if token.type == "table_open":
            yield _table(stream, read)
        elif token.type == "list_item_open":
            bullet = f"{token.info}{token.markup} " if token.info else "- "
        elif token.type == "list_item_close":
            bullet = ""
        elif token.type == "inline":
            yield Paragraph(read(_inline(token)), bullet)
            bullet = " " * len(bullet)


def _table(stream: Iterator[Token], read: Reading) -> Table:
    rows: list[list[Blanks]] = []
    right: list[bool] = []
    for token in stream:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "th_open":
            right.append("text-align:right" in str(token.attrGet("style")))
        elif token.type == "inline":
            rows[-1].append(read(_inline(token)))
    return Table(tuple(tuple(row) for row in rows), tuple(right))


def _inline(token: Token) -> str:
    """The text of an inline token: emphasis dropped, the address of a link after its words."""
    text, address, since = "", "", 0
    for child in token.children or ():
        if child.type == "link_open":
            address, since = str(child.attrGet("href")).removeprefix("mailto:"), len(text)
        elif child.type == "link_close" and text[since:] != address:
            text += f" <{address}>"
        else:
            text += _BREAKS.get(child.type, child.content)
    return text
