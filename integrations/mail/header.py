"""Header values that cannot leave their line, whatever they were made from (RFC 5322, RFC 2047)."""

import re
import textwrap
from binascii import b2a_base64
from collections.abc import Iterable

# Controls, line and paragraph separators, halves of surrogate pairs, and the marks that turn the
# reading direction round to disguise a name. Joiners and no-break spaces are part of names and
# amounts and stay.
_BREAKS = re.compile("[\x00-\x20\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
# Also the "?" of "=?": see _needs_encoding.
_NOT_IN_ID = re.compile(r"[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.@\[\]-]|(?<==)\?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_FOLD = "\r\n "
# A line with an encoded word holds 76 characters; 39 octets make a word of 64, which leaves room
# for the longest header name that starts such a line.
_WORD_OCTETS = 39
_LINE = 66
_LONGEST_WORD = 900


def unstructured(text: str) -> str:
    """`text` as the value of a header like Subject, folded; runs of blanks become one."""
    text = _one_line(text)
    if _needs_encoding(text):
        return _encoded_words(text)
    if len(text) <= _LINE:
        return text
    return _FOLD.join(
        textwrap.wrap(text, _LINE, break_long_words=False, break_on_hyphens=False),
    )


def mailbox(name: str, address: str) -> str:
    """`name <address>`, or the address alone without a name. `address` is already checked."""
    name = _one_line(name)
    if not name:
        return address
    if _needs_encoding(name) or len(name) > _LINE:
        return f"{_encoded_words(name)}{_FOLD}<{address}>"
    if not _ATOMS.fullmatch(name):
        escaped = name.replace("\\", r"\\").replace('"', r"\"")
        name = f'"{escaped}"'
    return f"{name} <{address}>"


def mailboxes(addresses: Iterable[str]) -> str:
    """Checked addresses as one list, each on its line."""
    return f",{_FOLD}".join(addresses)


def message_ids(ids: tuple[str, ...]) -> str:
    """Bare message ids in angle brackets, each on its line; empty ones are left out.

    What may not stand in an id is percent-encoded, so an id always comes out the same and a later
    reference still matches it.
    """
    return _FOLD.join(f"<{_NOT_IN_ID.sub(_percent, bare)}>" for bare in ids if bare)


def language(tag: str) -> str:
    """A language tag such as `de` or `en-GB` (from `en_GB` too); "" when it is none."""
    tag = tag.replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else ""


def _one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip(" ")


def _needs_encoding(text: str) -> bool:
    # "=?" in plain text would be decoded by the reader's program, line breaks included.
    return (
        not text.isascii()
        or "=?" in text
        or (len(text) > _LONGEST_WORD and max(map(len, text.split(" "))) > _LONGEST_WORD)
    )


def _encoded_words(text: str) -> str:
    octets, words = text.encode(), []
    while octets:
        cut = _WORD_OCTETS
        while cut < len(octets) and octets[cut] & 0xC0 == 0x80:
            cut -= 1
        words.append(f"=?utf-8?b?{b2a_base64(octets[:cut], newline=False).decode()}?=")
        octets = octets[cut:]
    return _FOLD.join(words)


def _percent(illegal: re.Match[str]) -> str:
    return "".join(f"%{octet:02X}" for octet in illegal.group().encode(errors="replace"))
