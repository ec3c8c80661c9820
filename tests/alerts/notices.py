"""Notices like any other, and the texts that a hostile customer would put into one."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from models.notice import Notice, NoticeLine, NoticePart

WRITTEN_AT = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)
_SNIPPETS = (
    "<!channel>", "<!here>", "<!everyone|x>", "<@U012AB3CD>", "<#C012AB3CD>", "<!subteam^S1>",
    "@channel", "@here", "@all", "@everyone", "@mara", "_@here", "x@everyone", "\uff20all",
    "<https://evil.example|Open>", "<https://evil.example>", "https://evil.example",
    "[pay](https://evil.example)", "[x]: https://evil.example", "![x](https://e.example)",
    "www.evil.example", "javascript:alert(1)", "&", "&amp;", "&#60;!here>", "&lt;!here&gt;",
    "```", "~~~", "`", "**", "*", "|", ">", "<", "<b>", "</td></table>", "<script>", "%s",
    "qzvalue0valuezq", '"', "'", "\n", "\r\nBcc: x@evil.example", "\u2028", "\u202e", "\x00",
    "\U0001f600", "A",
)  # fmt: skip

hostile_text = st.lists(
    st.sampled_from(_SNIPPETS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    max_size=8,
).map("".join)


def a_notice(*parts: NoticePart, **changes: Any) -> Notice:
    """A notice with what the test is about changed."""
    values: dict[str, Any] = {
        "key": "digest/mara/2026-03-12",
        "recipient": "mara@harbour.example",
        "title": "3 accounts need you",
        "parts": parts or (a_part("Broken promises", a_line("Tidewater Foods")),),
        "written_at": WRITTEN_AT,
    }
    return Notice(**{**values, **changes})


def a_part(heading: str, *lines: NoticeLine) -> NoticePart:
    return NoticePart(heading=heading, lines=lines)


def a_line(text: str, detail: str = "", link: str = "") -> NoticeLine:
    return NoticeLine(text=text, detail=detail, link=link)


def said_everywhere(text: str, link: str = "") -> Notice:
    """A notice that says `text` in every place that takes words."""
    line = a_line(text, text, link)
    return a_notice(a_part(text, line, line), a_part("", line), title=text)
