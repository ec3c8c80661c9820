"""A notice as the JSON that Slack's incoming webhooks take, within Slack's limits.

`blocks` is what Slack shows. `text` is what it puts into notifications, and all that Mattermost,
Rocket.Chat and Discord show; so it says the same, as Markdown.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from integrations.alerts.channel import headline
from integrations.alerts.slack_text import escaped, inert, units
from integrations.letters.ledger_text import is_web_link
from models.notice import Notice, NoticeLine

# docs.slack.dev/reference/block-kit: blocks a message, characters a text object.
_MOST_BLOCKS = 50
_LONGEST_SECTION = 3000
# Slack also refuses blocks that are too long together, from about 12,000 characters on; it does
# not say how it counts (github.com/slackapi/bolt-js/issues/2509 and 2867).
_LONGEST_BLOCKS = 10_000
# One line with all of these fits into the 2,000 characters that Discord takes.
_TITLE, _HEADING, _TEXT, _DETAIL, _LINK = 200, 150, 300, 500, 400
_INDENT = "\N{EM SPACE}"

T = TypeVar("T")


class _Written(NamedTuple):
    """A notice's words, escaped for one of the two ways in which they are shown."""

    headline: str
    addressee: str
    parts: list[tuple[str, list[str]]]

    def first(self, shown: int) -> Iterator[tuple[str, list[str]]]:
        """Headings with their lines, of which there are `shown` in all."""
        for heading, lines in self.parts:
            if some := lines[:shown]:
                yield heading, some
            shown -= len(some)

    @property
    def lines(self) -> int:
        return sum(len(lines) for _, lines in self.parts)


def slack_message(notice: Notice, mention: str, longest_text: int) -> dict[str, Any]:
    """The payload that says `notice`; lines that do not fit are counted at its end.

    `mention` is what calls the recipient, such as `<@U012AB3CD>`; without one the notice is marked
    as for his address. `longest_text` is in UTF-16 units.
    """
    plain, marked = _written(notice, mention, inert), _written(notice, mention, escaped)
    return {
        "text": _most(
            lambda shown: _text(plain, shown),
            lambda text: units(text) <= longest_text,
            plain.lines,
        ),
        "blocks": _most(lambda shown: _blocks(marked, shown), _is_taken, marked.lines),
        # A preview would ask for the page without being logged in, and show the log-in page.
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _written(notice: Notice, mention: str, escape: Callable[[str, int], str]) -> _Written:
    return _Written(
        headline=escape(headline(notice), _TITLE),
        addressee=f"For {mention or escape(notice.recipient, _TITLE)}",
        parts=[
            (escape(part.heading, _HEADING), [_line(line, escape) for line in part.lines])
            for part in notice.parts
        ],
    )


def _line(line: NoticeLine, escape: Callable[[str, int], str]) -> str:
    said = f"• {escape(line.text, _TEXT)}"
    if is_web_link(line.link) and units(link := line.link.replace("&", "&amp;")) <= _LINK:
        said += f" <{link}|Open>"
    detail = escape(line.detail, _DETAIL)
    return f"{said}\n{_INDENT}{detail}" if detail else said


def _most(render: Callable[[int], T], fits: Callable[[T], bool], lines: int) -> T:
    """`render` of as many of `lines` as fit. Without any line it always fits."""
    whole = render(lines)
    if fits(whole):
        return whole
    fewest, most = 0, lines - 1
    while fewest < most:
        middle = (fewest + most + 1) // 2
        if fits(render(middle)):
            fewest = middle
        else:
            most = middle - 1
    return render(fewest)


def _is_taken(blocks: list[dict[str, Any]]) -> bool:
    written = json.dumps(blocks, ensure_ascii=False)
    return len(blocks) <= _MOST_BLOCKS and units(written) <= _LONGEST_BLOCKS


def _text(written: _Written, shown: int) -> str:
    # No line begins with what others wrote: there Markdown has lists, quotes and code.
    said = [written.headline, written.addressee]
    for heading, lines in written.first(shown):
        said += ["", f"**{heading}**", *lines] if heading else ["", *lines]
    return "\n".join((*said, *_rest(written, shown)))


def _blocks(written: _Written, shown: int) -> list[dict[str, Any]]:
    blocks = [_section(f"*{written.headline}*\n{written.addressee}")]
    for heading, lines in written.first(shown):
        said = [f"*{heading}*", *lines] if heading else lines
        blocks += [_section(text) for text in _packed(said)]
    for rest in _rest(written, shown):
        blocks.append({"type": "context", "elements": [_mrkdwn(rest)]})
    return blocks


def _rest(written: _Written, shown: int) -> Iterator[str]:
    if shown < written.lines:
        yield f"and {written.lines - shown} more"


def _packed(said: Iterable[str]) -> Iterator[str]:
    """`said` line by line in texts that a section takes. No line alone is longer."""
    text = ""
    for line in said:
        joined = f"{text}\n{line}" if text else line
        if units(joined) > _LONGEST_SECTION:
            yield text
            joined = line
        text = joined
    if text:
        yield text


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": _mrkdwn(text)}


def _mrkdwn(text: str) -> dict[str, Any]:
    # Verbatim: Slack looks for no addresses, channels or names in what is not in brackets.
    return {"type": "mrkdwn", "text": text, "verbatim": True}
