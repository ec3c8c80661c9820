"""Every shipped letter, in every language, from every side."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from babel.dates import format_date

from integrations.letters import Letters
from integrations.letters.sample import sample_facts, sample_letters, sample_line
from tests.letters.page import Page
from tests.letters.shipped import (
    ABOUT_INVOICES,
    DEMANDS,
    GLAD,
    LANGUAGES,
    NAMES,
    every,
    money,
    prose,
    samples,
    source_of,
    version_of,
)

every_letter = every(NAMES)
every_letter_about_invoices = every(ABOUT_INVOICES)
every_demand = every(DEMANDS)


@every_letter
def test_a_letter_reads_right_from_every_side(language: str, name: str) -> None:
    for kind, facts, letter in samples(language, name):
        for part in (letter.subject, letter.text, Page(letter.html).text):
            assert not re.search(r"None|Undefined|qzvalue|[{}]|\*\*|\]\(|%s", part), kind
            assert " ," not in part, kind
            assert " ." not in part, kind
        for paragraph in re.split(r"\n\n+", letter.text):
            laid_out = "---" in paragraph or "\n  " in paragraph
            assert laid_out or "  " not in paragraph, kind
        assert not re.search(r"[ \t]\n", letter.text), kind
        assert "\n\n\n" not in letter.text, kind
        assert letter.text.endswith(f"{facts.firm.reply_to}\n"), kind
        assert letter.subject == letter.subject.strip(), kind
        assert letter.subject.splitlines() == [letter.subject], kind
        assert letter.template_version == version_of(language, name), kind


@every_letter
def test_a_letter_fits_the_width_of_a_mail(language: str, name: str) -> None:
    for kind, _, letter in samples(language, name):
        too_wide = [line for line in letter.text.split("\n") if len(line) > 76]
        assert too_wide == [], kind


@every_letter_about_invoices
def test_a_letter_names_each_open_invoice_with_its_day_and_amount(language: str, name: str) -> None:
    for kind, facts, letter in samples(language, name):
        for part in (letter.text, Page(letter.html).text):
            for line in facts.lines:
                if line.amount_open:
                    assert line.number in part, kind
                    assert money(line.amount_asked, facts) in part, kind
                    assert format_date(line.due_on, "medium", locale=language) in part, kind
        assert facts.carrying.number in letter.subject, kind


@every_letter
def test_text_and_html_say_the_same(letters: Letters, language: str, name: str) -> None:
    facts = sample_facts(name, language, sample_line(3))
    letter = letters.render(facts)
    shown = prose(Page(letter.html).text)
    for paragraph in letter.text.split("\n\n"):
        if "--" not in paragraph and "<" not in paragraph:
            assert prose(paragraph) in shown


@every_demand
def test_a_letter_asks_for_what_is_overdue_and_shows_the_total(
    letters: Letters, language: str, name: str
) -> None:
    facts = dict(sample_letters(name, language))["many invoices"]
    letter = letters.render(facts)
    assert money(facts.total_asked, facts) in letter.text
    if "pay_now" in source_of(language, name):
        assert money(Decimal("2469.00"), facts) in letter.text


@every_letter_about_invoices
def test_the_disputed_part_is_named_and_left_out(
    letters: Letters, language: str, name: str
) -> None:
    for kind in ("partly disputed", "one of many partly disputed"):
        facts = dict(sample_letters(name, language))[kind]
        text = prose(letters.render(facts).text)
        assert money(Decimal("234.50"), facts) in text
        assert {"de": "strittige Teil", "en": "disputed part", "fr": "part contestée"}[
            language
        ] in text
        undisputed = letters.render(dict(sample_letters(name, language))["12 days past due"])
        assert "234.50" not in undisputed.text.replace("1,234.50", "")


@every_demand
def test_days_are_worded_by_their_number(letters: Letters, language: str, name: str) -> None:
    one_day = {"de": "1 Tag ", "en": "1 day ", "fr": "1 jour"}[language]
    many_days = {"de": "12 Tagen", "en": "12 days", "fr": "12 jours"}[language]
    says_days = "standing.md" in source_of(language, name)
    wording = {
        days: prose(letters.render(sample_facts(name, language, sample_line(days))).text)
        for days in (-3, 0, 1, 12)
    }
    assert (one_day in wording[1]) == says_days
    assert (many_days in wording[12]) == says_days
    head = {"de": "Tage überfällig", "en": "Days past due", "fr": "Jours de retard"}[language]
    for days in (-3, 0):
        assert head not in wording[days]
        assert "-3" not in wording[days]
    assert {"de": "heute, am", "en": "today, ", "fr": "aujourd\u2019hui, "}[language] in wording[0]


@every_demand
def test_a_payment_link_is_offered_only_where_there_is_one(
    letters: Letters, language: str, name: str
) -> None:
    kinds = dict(sample_letters(name, language))
    bare = letters.render(kinds["no link, no purchase order"])
    assert Page(bare.html).links == []
    assert "http" not in bare.text
    one = letters.render(kinds["12 days past due"])
    assert Page(one.html).links == ["https://pay.example.com/INV-1042"]
    assert one.text.count("<https://pay.example.com/INV-1042>") == 1
    shared = letters.render(kinds["one link for all"])
    assert Page(shared.html).links == ["https://pay.example.com/all"]
    some = letters.render(kinds["some without link and purchase order"])
    assert len(Page(some.html).links) == 3


@every_letter_about_invoices
def test_the_order_column_stands_only_where_an_invoice_has_one(
    letters: Letters, language: str, name: str
) -> None:
    head = {"de": "Bestellnr.", "en": "PO number", "fr": "N° de commande"}[language]
    kinds = dict(sample_letters(name, language))
    assert head in Page(letters.render(kinds["12 days past due"]).html).text
    assert head not in Page(letters.render(kinds["no link, no purchase order"]).html).text


@every_letter
def test_no_letter_speaks_of_earlier_ones(letters: Letters, language: str, name: str) -> None:
    # An invoice that enters late starts with the letter of its age, so there may be none.
    text = prose(letters.render(sample_facts(name, language)).text).lower()
    earlier = r"previous|earlier|again|second|bereits gemahnt|erneut|zweite|précédent|à nouveau"
    assert not re.search(rf"\b({earlier})", text)


@every(GLAD)
def test_glad_news_ask_for_nothing_once_all_is_settled(
    letters: Letters, language: str, name: str
) -> None:
    facts = dict(sample_letters(name, language))["settled"]
    letter = letters.render(facts)
    assert money(facts.carrying.amount, facts) in letter.text
    assert "<table" not in letter.html
    assert Page(letter.html).links == []


def test_amounts_carry_their_own_currency_and_digits(letters: Letters) -> None:
    line = replace(
        sample_line(2), amount_open=Decimal(125_000), amount_asked=Decimal(125_000), currency="JPY"
    )
    facts = replace(sample_facts("first_notice", "en", line), currency="JPY")
    assert "¥125,000 " in prose(letters.render(facts).text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_part_says_its_language(letters: Letters, language: str) -> None:
    page = Page(letters.render(sample_facts("first_notice", language)).html)
    assert page.tags[0] == ("html", (("lang", language),))
