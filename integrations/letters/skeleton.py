"""A letter's Markdown, parsed once for all letters of the same build."""

from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from integrations.letters.html_part import html_body
from integrations.letters.plain_text import Block
from integrations.letters.slots import Blanks
from integrations.letters.text_blocks import text_blocks

# Paragraphs, headings, lists, tables, links and emphasis are what a letter needs. Without indented
# code an author may indent inside {% if %}; without HTML nothing but Markdown can be written.
_RULES = (
    "paragraph", "heading", "list", "table", "hr",
    "text", "newline", "escape", "entity", "emphasis", "link",
    "normalize", "block", "inline", "balance_pairs", "fragments_join", "text_join",
)  # fmt: skip

_MARKDOWN = MarkdownIt("zero", {"html": False, "linkify": False}).enable(_RULES, True)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A letter without its values: the HTML of its body, and its blocks of plain text."""

    html: Blanks
    blocks: tuple[Block, ...]


@lru_cache(maxsize=512)
def skeleton(markdown: str) -> Skeleton:
    """What `markdown`, with marks for values, looks like.

    Raises:
        ValueError: a mark was changed.
    """
    tokens: list[Token] = _MARKDOWN.parse(markdown)
    return Skeleton(html=html_body(tokens, _MARKDOWN), blocks=tuple(text_blocks(tokens)))
