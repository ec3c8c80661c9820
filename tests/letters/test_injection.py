"""Whatever a ledger holds, it stays text: no tag, link, line, cell or template comes of it."""

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from integrations.letters import Letters
from integrations.letters.ledger_text import is_web_link, single_line, visible
from integrations.letters.sample import FIRM, sample_facts, sample_line
from models.letter import LetterFacts
from tests.letters.hostile import ledger_text
from tests.letters.page import Page

_LETTERS = Letters(Path(__file__).parents[2] / "templates")
FIELDS = ("customer_name", "contact_name", "number", "purchase_order", "set_aside")
FIRM_FIELDS = tuple(field.name for field in fields(FIRM))
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def facts_with(field: str, text: str) -> LetterFacts:
    told: dict[str, Any] = {field: text}
    facts = sample_facts("second_notice", "en", sample_line(12), sample_line(3, "INV-1043"))
    if field == "set_aside":
        return replace(facts, set_aside=(text,))
    if field in FIRM_FIELDS:
        return replace(facts, firm=replace(FIRM, **told))
    if field in {"number", "purchase_order", "payment_link"}:
        return replace(facts, lines=(replace(facts.carrying, **told), facts.lines[1]))
    return replace(facts, **told)


@pytest.mark.parametrize("field", FIELDS + FIRM_FIELDS)
@settings(deadline=None)  # the first letter of a kind compiles its template
@given(text=ledger_text)
@example(text="<b>x</b>\r\nSubject: y {{ 1 }} ](http://evil.example) | %s")
def test_ledger_text_stays_text(field: str, text: str) -> None:
    assume(visible(text))
    letter = _LETTERS.render(facts_with(field, text))
    plain = _LETTERS.render(facts_with(field, "Harmless"))

    page, plain_page = Page(letter.html), Page(plain.html)
    assert page.tags == plain_page.tags
    assert page.text == plain_page.text.replace("Harmless", single_line(text))
    assert not _BREAKS.search(letter.subject)
    assert not _BREAKS.search(letter.text.replace("\n", ""))
    assert letter.text.count("\n\n") >= plain.text.count("\n\n")
    (letter.subject + letter.text + letter.html).encode()


@settings(deadline=None)
@given(text=ledger_text)
def test_an_invoice_number_in_a_letter_about_a_plan_stays_text(text: str) -> None:
    assume(visible(text))
    lines = [replace(sample_line(12), number=number) for number in (text, "Harmless")]
    page, plain_page = (
        Page(_LETTERS.render(sample_facts("plan_confirmation", "en", line)).html) for line in lines
    )
    assert page.tags == plain_page.tags
    assert page.text == plain_page.text.replace("Harmless", single_line(text))


@settings(deadline=None)
@given(link=ledger_text | st.builds("https://{}".format, ledger_text))
@example(link="javascript:alert(1)")
@example(link="https://pay.example.com/a?b=1&c=(2)'")
@example(link='https://pay.example.com/"onmouseover="x')
@example(link="https://[")
def test_a_payment_link_is_an_http_link_or_none(link: str) -> None:
    letter = _LETTERS.render(facts_with("payment_link", link))
    others = ["https://pay.example.com/INV-1043"]
    assert Page(letter.html).links == ([link] if is_web_link(link) else []) + others
    assert is_web_link(link) == (f"<{link}>" in letter.text)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)", "data:text/html,x", "https:/x", "http://", "//pay.example.com",
        "https://a b", "https://[", "https://%s", "https://pay.example.com@evil.example/",
        "https://1.2.3.999", "https://pay.example.com:x", "https://pay.example.com\\@evil.example",
        "https://p\u0430y.example.com", "https://pay.example.com/\n",
    ],
)  # fmt: skip
def test_what_is_no_plain_http_address_is_no_link(link: str) -> None:
    assert not is_web_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "https://pay.example.com", "http://127.0.0.1:8000/pay", "HTTPS://Pay.Example.com/INV%2F1",
        "https://pay.example.com/i/9?token=a_b-c~d&x=(1)#pay", "http://localhost/i?q=[1]",
        "https://xn--zahlung-n2a.example/",
    ],
)  # fmt: skip
def test_a_plain_http_address_is_a_link_as_it_stands(link: str) -> None:
    letter = _LETTERS.render(facts_with("payment_link", link))
    assert Page(letter.html).links[0] == link
    assert f"<{link}>" in letter.text


@given(text=st.text())
def test_a_single_line_is_one_line_and_stays_as_it_is(text: str) -> None:
    line = single_line(text)
    assert not _BREAKS.search(line)
    assert "  " not in line
    assert single_line(line) == line


def test_names_keep_their_letters() -> None:
    names = "Ægir & Søns — Zürich", "شركة\u200cآ", "株式会社\u3000日本", "O'Brien #1 * <Co>"
    assert [single_line(name) for name in names] == list(names)


def test_a_name_of_nothing_visible_counts_as_none() -> None:
    letter = _LETTERS.render(facts_with("contact_name", "\u200b \n\u2060"))
    assert letter.text.startswith("Dear Accounts Payable team at Tidewater Foods GmbH,")
