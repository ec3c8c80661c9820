"""A letter's Markdown, parsed once for all letters of the same build."""

from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from integrations.letters.html_part import html_body
from integrations.letters.ledger_text import is_web_link
from integrations.letters.plain_text import Block
from integrations.letters.slots import Blanks, blanks, no_blanks
from integrations.letters.text_blocks import text_blocks

# Paragraphs, headings, lists, tables, links and emphasis are what a letter needs. Without indented
# code an author may indent inside {% if %}; without HTML nothing but Markdown can be written.
_RULES = (
    "paragraph", "heading", "list", "table", "hr",
    "text", "newline", "escape", "entity", "emphasis", "link",
    "normalize", "block", "inline", "balance_pairs", "fragments_join", "text_join",
)  # fmt: skip
_BREAKS = {"softbreak", "hardbreak"}
_OPTIONS = {"html": False, "linkify": False}


class _Edited(MarkdownIt):
    """Markdown as a person edits it: an address is taken as it stands, or is none."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parser's own name
        return url if is_web_link(url) else super().normalizeLink(url)

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the parser's own name
        return is_web_link(url)


_MARKDOWN = MarkdownIt("zero", _OPTIONS).enable(_RULES, True)
_EDITED = _Edited("zero", _OPTIONS).enable(_RULES, True)


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
    return Skeleton(
        html=blanks(html_body(tokens, _MARKDOWN)), blocks=tuple(text_blocks(tokens, blanks))
    )


def edited_skeleton(source: str) -> Skeleton:
    """What `source`, which holds its values already, looks like. Links lead to http(s) or are
    shown as they are written."""
    tokens: list[Token] = _EDITED.parse(source)
    return Skeleton(
        html=no_blanks(html_body(tokens, _EDITED)), blocks=tuple(text_blocks(tokens, no_blanks))
    )


def edited_words(source: str) -> str:
    """What `source` says, one paragraph or table cell a line, without marks and addresses."""
    inlines = [token for token in _EDITED.parse(source) if token.type == "inline"]
    return "\n".join(
        "".join(" " if child.type in _BREAKS else child.content for child in token.children or ())
        for token in inlines
    )
