"""What a person made of a letter: their words, and nothing but words, in the same look."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.letters.edited import missing_facts
from integrations.letters.edited_amounts import unknown_amounts
from integrations.letters.ledger_text import is_web_link
from integrations.letters.sample import sample_facts
from models.errors import TemplateInvalid
from models.letter import LetterFacts
from tests.letters.hostile import markdown_text
from tests.letters.page import Page
from tests.letters.shipped import LETTERS

FACTS = sample_facts("first_notice", "en")
SUBJECT = "Invoice INV-1042"


def retold(source: str, facts: LetterFacts = FACTS) -> Page:
    return Page(LETTERS.retell(facts, SUBJECT, source).html)


def test_new_words_come_in_the_same_look() -> None:
    letter = LETTERS.render(FACTS)
    source = letter.source.replace("We are writing about", "May I write to you about")
    edited = LETTERS.retell(FACTS, "A word on INV-1042", source)
    assert edited.subject == "A word on INV-1042"
    assert edited.text == letter.text.replace("We are writing", "May I write to you")
    assert Page(edited.html).tags == Page(letter.html).tags
    assert "<title>A word on INV-1042</title>" in edited.html


def test_a_short_name_still_stays_in_one_line() -> None:
    source = LETTERS.render(FACTS).source
    for width in range(60):
        padded = f"{'N' * width} " + source
        text = LETTERS.retell(FACTS, SUBJECT, padded).text
        for whole in ("Mara Lindqvist", "March 12, 2026", "February 28, 2026"):
            assert whole in text


@pytest.mark.parametrize(
    "written",
    [
        "{{ 7 * 7 }}",
        "{% for x in lines %}",
        "{# x #}",
        "{{ firm.name }}",
        "<b onclick=x>Dear</b>",
        "<script>alert(1)</script>",
        "<!-- x -->",
        "![x](javascript:alert(1))",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "[x](mailto:a@b.example)",
        "[x](//evil.example)",
        "[x](/pay)",
        "[x](https://bank.example@evil.example)",
        "<https://evil.example>",
        "https://evil.example",
        "%s %(title)s 100%",
        "qzvalue0valuezq",
        "`code`",
        "&lt",
    ],
)
def test_what_is_not_markdown_of_ours_is_shown_as_it_is_written(written: str) -> None:
    page = retold(f"Dear {written} all")
    assert f"Dear {written} all" in page.text
    assert page.links == []
    plain = LETTERS.retell(FACTS, SUBJECT, f"Dear {written} all").text
    assert plain == f"Dear {written} all\n"


def test_a_link_to_the_web_is_a_link_and_alone_a_button() -> None:
    page = retold("See [here](https://a.example/x) \n\n[Pay](http://b.example/?q=[1]&r=(2))")
    assert page.links == ["https://a.example/x", "http://b.example/?q=[1]&r=(2)"]
    html = LETTERS.retell(FACTS, SUBJECT, "[Pay](https://b.example)").html
    assert html.count("display:inline-block") == 1


def test_line_ends_of_a_web_form_make_no_difference() -> None:
    letter = LETTERS.render(FACTS)
    by_form = LETTERS.retell(FACTS, letter.subject, letter.source.replace("\n", "\r\n") + "\r\n")
    assert by_form == replace(letter, template_version=by_form.template_version)


def test_a_subject_stays_one_line() -> None:
    edited = LETTERS.retell(FACTS, "Hello\r\nBcc: x@evil.example", "Text")
    assert edited.subject == "Hello Bcc: x@evil.example"


def test_a_table_of_heads_alone_is_no_trouble() -> None:
    heads = " | ".join(f"A rather long head {n}" for n in range(9))
    source = f"| {heads} |\n|{' -- |' * 9}"
    assert "A rather long head 3" in LETTERS.retell(FACTS, SUBJECT, source).text


def test_a_letter_that_is_not_there_cannot_be_retold() -> None:
    with pytest.raises(TemplateInvalid, match="no such letter"):
        LETTERS.retell(replace(FACTS, template="nosuch"), SUBJECT, "Text")


@settings(deadline=None)
@given(subject=markdown_text, source=st.lists(markdown_text, max_size=8).map("\n".join))
def test_whatever_is_written_makes_a_letter_with_safe_links(subject: str, source: str) -> None:
    edited = LETTERS.retell(FACTS, subject, source)
    page = Page(edited.html)
    assert all(is_web_link(link) for link in page.links)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "form"}
    assert not [name for _, attributes in page.tags for name, _ in attributes if name[:2] == "on"]
    (edited.subject + edited.text + edited.html + edited.source).encode()
    missing_facts(FACTS, subject, source)
    unknown_amounts(FACTS, subject, source)
