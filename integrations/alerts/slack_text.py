"""Text that others wrote, made fit for a chat: no mention, link or code block comes of it.

Slack gives a meaning to `&`, `<` and `>` alone (docs.slack.dev, "Formatting message text").
Mattermost, Rocket.Chat and Discord take the same payload, but read its `text` as Markdown, and
know mentions and links that need no bracket. An invisible space takes these apart.
"""

import re

from integrations.letters.ledger_text import single_line

_APART = "\u200b"
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# Three backticks would swallow the lines after theirs, with our links.
_FENCE = re.compile("`(?=`)")
_ACTIVE = re.compile(
    r"(?<=[@\uff20])(?=all|channel|everyone|here)"  # whole rooms, whatever stands before
    r"|(?<=[@\uff20])(?<![a-z0-9].)"  # @name, but not the middle of a mail address
    r"|(?<=<)(?=[@#!])"  # for a receiver that turns entities back before it looks
    r"|(?<=:/)(?=/)|(?<=\bwww)(?=\.)"  # addresses that would link themselves
    r"|(?<=\])(?=[(\[:])",  # [text](address), [text][name], [name]: address
    re.IGNORECASE | re.ASCII,
)
_ONE_UNIT = "\uffff"
_CUT = "\N{HORIZONTAL ELLIPSIS}"


def escaped(text: str, limit: int) -> str:
    """`text` as one line by Slack's rules, in at most `limit` units; a longer one ends in "…"."""
    return _in_entities(single_line(text), limit)


def inert(text: str, limit: int) -> str:
    """As `escaped`, and plain also where Markdown, bare addresses and a bare @ have a meaning."""
    return _in_entities(_ACTIVE.sub(_APART, single_line(text)), limit)


def units(text: str) -> int:
    """The length of `text` in UTF-16 units, the longest of the ways in which chats count."""
    return len(text.encode("utf-16-le")) // 2


def _in_entities(text: str, limit: int) -> str:
    said: list[str] = []
    room, kept = limit, 0
    for character in _FENCE.sub(f"`{_APART}", text):
        written = _ENTITIES.get(character, character)
        said.append(written)
        # As `units` would count, a few times faster.
        room -= len(written) + (character > _ONE_UNIT)
        if room < 0:
            return "".join(said[:kept]).rstrip() + _CUT
        if room >= len(_CUT):
            kept = len(said)
    return "".join(said)
