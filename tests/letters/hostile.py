"""Ledger text that means something to HTML, Markdown, Jinja or a mail header."""

from hypothesis import strategies as st

SNIPPETS = (
    "<script>alert(1)</script>", "<a href=http://evil.example>", "</td></table>", "<!--", "]]>",
    "](http://evil.example)", "[pay](javascript:alert(1))", "![x](http://evil.example/x.png)",
    "<http://evil.example>", "[x]: http://evil.example", "**", "`", "~~~", "\\", "|", "# ", "- ",
    "{{ 7 * 7 }}", "{% raw %}", "{# ", "{{ firm.__class__ }}", "%s", "%(title)s", "{n}",
    "qzvalue0valuezq", "&lt;", "&nbsp;", '"', "'", "\r\nBcc: x@evil.example", "\n\n", "\u2028",
    "\x00", "\x1f", "\u202e", "\ud800", "A",
)  # fmt: skip
MARKDOWN = (
    "1. ", "1) ", "7", ".", "+ ", "***", "___", "_", "---", "- - -", ":--", "|-|", "\\|", "\\\\",
    "&amp;", "&#35", ";", "&", "#", "[a](http://a.example)", "*a*", "\u00a0", "\U000e0041", " ",
)  # fmt: skip
LINKS = (
    "", "https://pay.example.com/a?b=1&c=(2)'", "http://localhost/i?q=[1]", "https://a.example/_a_*b*",
    "https://a.example/?a=1&copy;b&amp;", "HTTPS://Pay.Example.com/%zz)", "https://a.example/((",
)  # fmt: skip

ledger_text = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=8), max_size=6).map("".join)
markdown_text = st.lists(
    st.sampled_from(SNIPPETS + MARKDOWN) | st.text(max_size=4), max_size=6
).map("".join)
