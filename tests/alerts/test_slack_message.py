"""What a notice looks like in a chat, and what no customer can make it look like."""

import json
import re
from html import unescape
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integrations.alerts.slack_message import slack_message
from integrations.alerts.slack_text import escaped, inert, units
from integrations.letters.ledger_text import is_web_link, single_line
from models.notice import Notice
from tests.alerts.notices import a_line, a_notice, a_part, hostile_text, said_everywhere

MENTION = "<@U012AB3CD>"
_BRACKETS = re.compile(r"<([^<>]*)>")
_INVISIBLE = "\u200b"


def texts(blocks: list[dict[str, Any]]) -> list[str]:
    """Every text object of the blocks, in order."""
    return [
        one["text"]
        for block in blocks
        for one in (block.get("text"), *block.get("elements", ()))
        if one
    ]


def message(notice: Notice, longest_text: int = 4000) -> dict[str, Any]:
    return slack_message(notice, MENTION, longest_text)


def test_a_notice_has_a_title_and_a_section_for_each_part() -> None:
    notice = a_notice(
        a_part(
            "Broken promises",
            a_line("Tidewater Foods", "Promised for March 3", "https://desk.example.com/i?a=1&b=2"),
            a_line("Ashcombe & Sons"),
        ),
        a_part("", a_line("Kestrel Ltd")),
        urgent=True,
    )
    said = message(notice)

    assert texts(said["blocks"]) == [
        "*Receivables, urgent: 3 accounts need you*\nFor <@U012AB3CD>",
        (
            "*Broken promises*\n"
            "• Tidewater Foods <https://desk.example.com/i?a=1&amp;b=2|Open>\n"
            "\u2003Promised for March 3\n"
            "• Ashcombe &amp; Sons"
        ),
        "• Kestrel Ltd",
    ]
    assert said["text"] == (
        "Receivables, urgent: 3 accounts need you\n"
        "For <@U012AB3CD>\n"
        "\n"
        "**Broken promises**\n"
        "• Tidewater Foods <https://desk.example.com/i?a=1&amp;b=2|Open>\n"
        "\u2003Promised for March 3\n"
        "• Ashcombe &amp; Sons\n"
        "\n"
        "• Kestrel Ltd"
    )
    assert {block["type"] for block in said["blocks"]} == {"section"}


def test_who_has_no_member_id_is_named_by_his_address() -> None:
    said = slack_message(a_notice(), "", 4000)

    assert said["text"].splitlines()[1] == "For mara@harbour.example"


def test_slack_is_told_to_make_nothing_of_plain_text() -> None:
    said = message(a_notice())

    assert all(block["text"]["verbatim"] for block in said["blocks"])
    assert said["unfurl_links"] is said["unfurl_media"] is False


@given(
    text=hostile_text, link=hostile_text | hostile_text.map("https://desk.example.com/{}".format)
)
@example(text="<!channel> <@U1> <https://evil.example|Open>", link="https://evil.example|Open>")
@example(text="&lt;!channel&gt; ]()", link="https://desk.example.com/<!channel>")
def test_no_customer_can_call_people_or_make_a_link(text: str, link: str) -> None:
    notice = said_everywhere(text, link)
    said = message(notice)

    for written in (said["text"], *texts(said["blocks"])):
        for inside in _BRACKETS.findall(written):
            target, _, label = inside.partition("|")
            assert inside == MENTION[1:-1] or (label == "Open" and is_web_link(unescape(target)))
            assert not label or unescape(target) == link
        rest = _BRACKETS.sub("", written)
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)|``", rest)


@given(text=hostile_text)
@example(text="[x]: y")
@example(text="x\uff20ALL")
@example(text="_@mara_")
@example(text="see WWW.evil.example")
def test_the_text_is_plain_where_markdown_and_bare_names_count(text: str) -> None:
    # The chats that show `text` may turn entities back before they look.
    rest = unescape(_BRACKETS.sub("", message(said_everywhere(text))["text"]))

    assert not re.search(r"[@\uff20](all|channel|everyone|here)", rest, re.IGNORECASE)
    assert not re.search(r"(?:^|[^A-Za-z0-9])@\w", rest.replace("For mara@", ""), re.ASCII)
    assert not re.search(r"://|\bwww\.|\]\(|\]\[|\]:|<[@!#]", rest, re.IGNORECASE | re.ASCII)
    assert not re.search(r"^(?:[#>|~`-]|\d+\.)", rest, re.MULTILINE)


@given(text=hostile_text, limit=st.integers(10, 400))
def test_an_escaped_text_says_what_was_written_and_is_cut_at_its_limit(
    text: str, limit: int
) -> None:
    for escape in (escaped, inert):
        written = escape(text, limit)
        shown = unescape(written).replace(_INVISIBLE, "")
        assert units(written) <= limit
        assert single_line(text).replace(_INVISIBLE, "").startswith(shown.removesuffix("…"))
        assert written == escape(text, 10**6) or written.endswith("…")


def test_a_mail_address_and_a_name_stay_as_they_can_be_copied() -> None:
    plain = "ap@tidewater.example: O'Brien #1 * 1/2 [paid] Booking.com 09:30"

    assert inert(plain, 100) == escaped(plain, 100) == plain


@pytest.mark.parametrize(("lines", "sections"), [(18, 1), (19, 2)])
def test_a_part_longer_than_a_section_takes_another(lines: int, sections: int) -> None:
    # With its bullet and line break such a line has 158 units, and 19 of them 3001.
    said = message(a_notice(a_part("", *[a_line("x" * 155)] * lines)))

    assert len(said["blocks"]) == 1 + sections


def test_a_notice_of_two_hundred_lines_is_cut_and_says_so() -> None:
    lines = [
        a_line(f"Invoice INV-{number}, €1,234.50 open", "45 days past due") for number in range(200)
    ]
    said = message(a_notice(a_part("All of them", *lines)))

    for written in (said["text"], "\n".join(texts(said["blocks"]))):
        shown = written.count("• Invoice INV-")
        assert 40 < shown < 200
        assert written.endswith(f"and {200 - shown} more")
    assert said["blocks"][-1]["type"] == "context"


def test_two_hundred_short_lines_all_fit_the_blocks() -> None:
    lines = [a_line(f"INV-{number}") for number in range(200)]
    said = message(a_notice(a_part("All of them", *lines)))

    assert "\n".join(texts(said["blocks"])).count("• INV-") == 200
    assert "more" not in said["text"]


_KINDS = {
    "short": a_line("x"),
    "escaped": a_line("&" * 900, "<" * 900),
    "wide": a_line("\U0001f600" * 900, "\U0001f600" * 900),
    "wordy": a_line("wörter " * 99, "", "https://desk.example.com/7"),
}
_HEADINGS = ("", "Calls", "&" * 300, "\U0001f600" * 300)


@settings(deadline=None)
@given(
    parts=st.lists(
        st.tuples(st.sampled_from(_HEADINGS), st.sampled_from(sorted(_KINDS)), st.integers(0, 60)),
        max_size=5,
    ),
    single=st.integers(0, 120),
    longest=st.sampled_from([2000, 4000]),
)
def test_the_limits_hold_whatever_a_notice_says(
    parts: list[tuple[str, str, int]], single: int, longest: int
) -> None:
    several = [a_part(heading, *[_KINDS[kind]] * count) for heading, kind, count in parts]
    notice = a_notice(a_part("No lines"), *several, *[a_part("Own", a_line("y"))] * single)
    said = message(notice, longest)

    assert len(said["blocks"]) <= 50
    assert all(1 <= units(text) <= 3000 for text in texts(said["blocks"]))
    assert units(json.dumps(said["blocks"], ensure_ascii=False)) <= 10_000
    assert units(said["text"]) <= longest
    lines = sum(len(part.lines) for part in notice.parts)
    for written in (said["text"], "\n".join(texts(said["blocks"]))):
        shown = len(re.findall("^• ", written, re.MULTILINE))
        assert shown == lines or written.endswith(f"and {lines - shown} more")
        assert shown or not lines


@pytest.mark.parametrize("longest", [2000, 4000])
def test_one_line_is_always_shown_however_long_it_is(longest: int) -> None:
    line = a_line("&" * 5000, "<" * 5000, f"https://desk.example.com/{'x' * 370}")
    said = message(a_notice(a_part("&" * 5000, line), title="&" * 5000), longest)

    assert "|Open>" in said["text"]
    assert "more" not in said["text"]


def test_a_link_that_is_too_long_is_left_out() -> None:
    said = message(a_notice(a_part("", a_line("x", link=f"https://desk.example.com/{'x' * 400}"))))

    assert "Open" not in said["text"]
