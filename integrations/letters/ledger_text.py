"""Text that others wrote, made fit to stand inside one line of a letter or a mail header."""

import re
import unicodedata

# Bidirectional controls can make a line read other than it is; joiners (Cf too) are part of names.
_REORDERING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff"
_NOT_SHOWN = (
    f"\x7f-\x9f\u2028\u2029{_REORDERING}\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f"
)
_UNFIT = re.compile(f"[\x00-\x20{_NOT_SHOWN}]+")
_LINE_END = re.compile(r"\r\n?")
_UNFIT_IN_A_LINE = re.compile(f"[\x00-\x09\x0b-\x1f{_NOT_SHOWN}]")
_LABEL = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
# No user name before the host: `https://bank.example@evil.example` leads elsewhere than it says.
_WEB_LINK = re.compile(
    rf"https?://(?:(?:{_LABEL}\.)*(?=[a-z]){_LABEL}|{_BYTE}(?:\.{_BYTE}){{3}})(?::[0-9]{{1,4}})?"
    r"(?:[/?#][!#-;=?-\[\]_a-z~]*)?",
    re.IGNORECASE | re.ASCII,
)


def single_line(text: str) -> str:
    """`text` with every run of white space, control and line-breaking characters as one space.

    No-break spaces stay, for amounts are written with them. Empty when nothing visible is left.
    """
    return _UNFIT.sub(" ", text).strip()


def several_lines(text: str) -> str:
    """`text` with every line end as `\\n` and each other character that `single_line` takes out as
    a space; spaces stay as they are."""
    return _UNFIT_IN_A_LINE.sub(" ", _LINE_END.sub("\n", text))


def is_web_link(address: str) -> bool:
    """Whether `address` is an http(s) URL in ASCII with a named host or an IPv4 address."""
    return bool(_WEB_LINK.fullmatch(address))


def visible(text: str) -> bool:
    """Whether `text` shows anything at all when printed."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in text)
