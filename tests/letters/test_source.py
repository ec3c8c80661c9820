"""A letter's source, unedited, is the letter: whatever a ledger holds, in every letter."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integrations.letters import Letters
from integrations.letters.edited import missing_facts
from integrations.letters.edited_amounts import unknown_amounts
from integrations.letters.ledger_text import several_lines, single_line
from integrations.letters.sample import FIRM, WRITTEN_ON, sample_facts, sample_line
from integrations.letters.source import filled_source
from models.letter import Firm, Letter, LetterFacts, Remark
from tests.letters.hostile import LINKS, markdown_text
from tests.letters.shipped import LETTERS, NAMES, every, samples, version_of

_REGIONS = ("de", "en", "fr", "de-AT", "en-GB", "it")
_FACTS = sample_facts("first_notice", "en")


def assert_the_same(facts: LetterFacts, letter: Letter) -> None:
    """The letter and what comes of its own source are one, and that source lacks nothing."""
    retold = LETTERS.retell(facts, letter.subject, letter.source)
    assert retold == replace(letter, template_version=f"{letter.template_version}+edited")
    assert missing_facts(facts, letter.subject, letter.source) == ()


@every(NAMES)
def test_an_untouched_source_gives_its_letter_and_adds_no_amount(language: str, name: str) -> None:
    for kind, facts, letter in samples(language, name):
        assert_the_same(facts, letter)
        assert unknown_amounts(facts, letter.subject, letter.source) == (), kind


def firms() -> st.SearchStrategy[Firm]:
    return st.builds(
        Firm,
        markdown_text,
        markdown_text,
        markdown_text,
        markdown_text,
        markdown_text,
        markdown_text,
    )


@st.composite
def hostile_facts(draw: st.DrawFn) -> LetterFacts:
    """Facts with such text in every field that takes text."""
    lines = [
        replace(
            sample_line(days, draw(markdown_text)),
            purchase_order=draw(markdown_text),
            payment_link=draw(st.sampled_from(LINKS)),
        )
        for days in draw(st.sampled_from([(12,), (12, -3), (1, 60, 0)]))
    ]
    return replace(
        sample_facts(draw(st.sampled_from(NAMES)), draw(st.sampled_from(_REGIONS)), *lines),
        firm=draw(firms() | st.just(FIRM)),
        customer_name=draw(markdown_text),
        contact_name=draw(markdown_text),
        set_aside=tuple(draw(st.lists(markdown_text, max_size=2))),
        remarks=draw(st.sampled_from([(), tuple(Remark)])),
        promised_on=WRITTEN_ON - timedelta(days=3),
    )


@settings(deadline=None, max_examples=200)
@given(facts=hostile_facts())
@example(facts=replace(_FACTS, customer_name="1. FC Kickers", contact_name="2"))
@example(facts=replace(_FACTS, firm=replace(FIRM, address="- | -", phone="a|b\\")))
@example(facts=replace(_FACTS, firm=replace(FIRM, phone="a|b", reply_to="---")))
def test_whatever_a_ledger_holds_the_source_gives_the_same_letter(facts: LetterFacts) -> None:
    assert_the_same(facts, LETTERS.render(facts))


@pytest.mark.parametrize(
    ("markdown", "value", "source"),
    [
        ("Dear {}", "Smith & Co", "Dear Smith & Co"),
        ("Dear {}", "AT&T;", "Dear AT\\&T;"),
        ("Dear {}", "a_b _c_ *d*", "Dear a_b \\_c\\_ \\*d\\*"),
        ("Dear {}", "back\\slash", "Dear back&#92;slash"),
        ("Dear {}", "1. FC", "Dear 1. FC"),
        ("{} plays", "1. FC", "1\\. FC plays"),
        ("- {}", "1) FC", "- 1\\) FC"),
        ("{}. plays", "7", "7\\. plays"),
        ("{}", "+44 117", "+44 117"),
        ("{}", "+ 44", "\\+ 44"),
        ("{}", "--- x", "\\--- x"),
        ("# {}", "A #", "# A \\#"),
        ("| {} |", "a|b", "| a\\|b |"),
        ("[x]({})", "https://a.example/?a=(1)&b=2", "[x](https://a.example/?a=\\(1\\)&b=2)"),
        ("[{}](https://a.example)", "INV[1]", "[INV\\[1\\]](https://a.example)"),
    ],
)
def test_a_value_is_escaped_for_where_it_stands_and_no_further(
    markdown: str, value: str, source: str
) -> None:
    assert filled_source(markdown.format("qzvalue0valuezq"), [value]) == source


def test_a_source_reads_as_the_letter_does(letters: Letters) -> None:
    source = letters.render(sample_facts("final_notice", "en")).source
    assert "| INV-1042 | PO-7781 | Jan 29, 2026 | Feb 28, 2026 | 12 | €1,234.50 |" in source
    assert "Please pay **€1,234.50** now." in source
    assert "[Pay this invoice online](https://pay.example.com/INV-1042)" in source
    assert "\n\n\n" not in source


@given(text=st.text())
def test_several_lines_keep_their_ends_and_nothing_else_that_cannot_be_shown(text: str) -> None:
    told = several_lines(text)
    assert told.count("\n") == text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    assert [single_line(line) for line in told.split("\n")] == [
        single_line(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ]
    told.encode()


@pytest.mark.parametrize(("language", "name"), [("en", "thank_you"), ("de", "payment_failed")])
def test_an_edited_letter_says_so_in_its_version(language: str, name: str) -> None:
    facts = sample_facts(name, language)
    retold = LETTERS.retell(facts, "S", "Text")
    assert retold.template_version == f"{version_of(language, name)}+edited"
