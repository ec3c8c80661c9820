"""The HTML part: a letter's body with inline styles, in a small sober document."""

from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from integrations.letters.slots import Blanks

_INK, _QUIET, _RULE, _ACCENT = "#1f2933", "#52606d", "#d9dee3", "#1f4e79"
_STYLES = {
    "paragraph_open": "margin:0 0 16px",
    "heading_open": "margin:24px 0 12px;font-size:18px;line-height:1.3",
    "bullet_list_open": "margin:0 0 16px;padding:0 0 0 22px",
    "ordered_list_open": "margin:0 0 16px;padding:0 0 0 22px",
    "hr": f"margin:24px 0;border:0;border-top:1px solid {_RULE}",
    "table_open": "width:100%;border-collapse:collapse;font-size:14px;line-height:1.4",
    "th_open": f"padding:8px 0;border-bottom:2px solid {_INK};vertical-align:bottom",
    "td_open": f"padding:8px 0;border-bottom:1px solid {_RULE};vertical-align:top",
    "link_open": f"color:{_ACCENT}",
}
_BUTTON = (
    f"display:inline-block;padding:10px 20px;border-radius:4px;background:{_ACCENT};"
    "color:#ffffff;text-decoration:none;font-weight:bold"
)
_SIDE = {True: ";padding-left:10px", False: ";padding-right:10px"}
# A wide table scrolls by itself where a mail program knows no media queries.
_TABLE = ('<div style="overflow-x:auto;margin:0 0 16px"><table', "</table></div>")
# On a phone each invoice becomes a small list, its heads taken from the cells' own attribute.
_PHONE = f"""\
@media (max-width:520px) {{
.card {{ padding:20px 16px !important }}
thead {{ display:none }}
tr {{ display:block; padding:8px 0; border-bottom:1px solid {_RULE} }}
td {{ display:block; padding:2px 0 !important; border:0 !important; text-align:right !important }}
td::before {{ content:attr(data-head); float:left; padding-right:12px; color:{_QUIET} }}
td:empty, td:first-child::before {{ display:none }}
td:first-child {{ text-align:left !important; font-weight:bold }}
}}"""

_TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "hr", "div"} | {
    "table", "thead", "tbody", "tr", "th", "td", "h1", "h2", "h3",
}  # fmt: skip
_GUARD = nh3.Cleaner(
    tags=_TAGS,
    attributes={
        "*": {"style"},
        "a": {"href", "style"},
        "ol": {"start", "style"},
        "td": {"data-head", "style"},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)

_DOCUMENT = f"""\
<!DOCTYPE html>
<html lang="%(lang)s">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%(title)s</title>
<style>
{_PHONE}
</style>
</head>
<body style="margin:0;padding:0;background:#f4f6f8">
<div style="max-width:640px;margin:0 auto;padding:24px 12px">
<div class="card" style="padding:28px 24px;background:#ffffff;\
border:1px solid {_RULE};border-radius:6px;\
color:{_INK};font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5">
<div style="margin:0 0 24px;padding:0 0 12px;border-bottom:1px solid {_RULE};\
color:{_QUIET};font-size:14px;font-weight:bold">%(sender)s</div>
%(body)s</div>
</div>
</body>
</html>
"""


def html_body(tokens: list[Token], markdown: MarkdownIt) -> str:
    """The body of a letter as HTML, marks and all; changes `tokens`' attributes."""
    for before, token in zip((None, *tokens), tokens, strict=False):
        _dress(token)
        for child in token.children or ():
            _dress(child)
        # In a list of links buttons would shout.
        if before and before.level == 0 and token.children and is_link_alone(token):
            token.children[0].attrSet("style", _BUTTON)
    _name_cells(tokens)
    body: str = markdown.renderer.render(tokens, markdown.options, {})
    return body.replace("<table", _TABLE[0]).replace("</table>", _TABLE[1])


def is_link_alone(token: Token) -> bool:
    """Whether an inline token is one link and nothing else."""
    children = token.children or []
    return (
        len(children) > 1
        and children[0].type == "link_open"
        and children[-1].type == "link_close"
        and sum(child.type == "link_open" for child in children) == 1
    )


def html_document(body: Blanks, values: list[str], *, title: str, sender: str, lang: str) -> str:
    """The whole HTML part. Values are escaped here, and the body passes nh3 as a last guard.

    `title` is the subject and `sender` the firm's name, as they are; `lang` a language tag.
    """
    guarded = _GUARD.clean(body.fill([escape(value) for value in values]))
    return _DOCUMENT % {
        "lang": escape(lang),
        "title": escape(title),
        "sender": escape(sender),
        # nh3 spells no-break spaces out; mail clients and readers of the source need no entity.
        "body": guarded.replace("&nbsp;", "\u00a0"),
    }


def _dress(token: Token) -> None:
    style = _STYLES.get(token.type)
    if style is None:
        return
    aligned = str(token.attrGet("style") or "")
    if token.type in {"th_open", "td_open"}:
        style += _SIDE["text-align:right" in aligned]
    token.attrSet("style", f"{style};{aligned}" if aligned else style)


def _name_cells(tokens: list[Token]) -> None:
    """Give every cell of a table's body the head of its column."""
    heads: list[str] = []
    column = 0
    for before, token in zip((None, *tokens), tokens, strict=False):
        if token.type == "table_open":
            heads = []
        elif token.type == "tr_open":
            column = 0
        elif token.type == "inline" and before and before.type == "th_open":
            heads.append("".join(child.content for child in token.children or ()))
        elif token.type == "td_open":
            token.attrSet("data-head", heads[column])
            column += 1
