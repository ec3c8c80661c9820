"""Letters about a payment plan: its instalments, and the one that is due or was missed."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date

from integrations.letters import Letters
from integrations.letters.sample import sample_facts, sample_letters, sample_plan
from models.errors import TemplateInvalid
from models.letter import InstalmentLine
from tests.letters.page import Page
from tests.letters.shipped import ABOUT_A_PLAN, LANGUAGES, every, money, prose, samples

ONE_OF_THEM = ["instalment_missed", "instalment_reminder"]

CONFIRMATION = """\
Dear Mara Lindqvist,

Thank you for agreeing on a payment plan with us for invoice INV-1042. We
confirm these instalments:

Instalment  Due              Amount
----------  ------------  ---------
1           Mar 2, 2026     €308.62
2           Apr 1, 2026     €308.62
3           May 1, 2026     €308.62
4           May 31, 2026    €308.64
Total                     €1,234.50

Please see that each of them reaches us by its day. If a date or an amount
becomes difficult for you, please tell us beforehand, so that we can find a
solution together.

Pay online <https://pay.example.com/INV-1042>

Please quote the invoice number with your payment.

With kind regards,

Ines Calder
Northwind Instruments Ltd
4 Harbour Lane, Bristol BS1 4QA
+44 117 496 0000
accounts@northwind.example
"""


def test_a_confirmation_looks_like_a_letter(letters: Letters) -> None:
    letter = letters.render(sample_facts("plan_confirmation", "en"))
    assert letter.subject == "Your payment plan: invoice INV-1042"
    assert letter.text == CONFIRMATION


@every(ABOUT_A_PLAN)
def test_every_instalment_has_its_day_and_amount_and_they_add_up(language: str, name: str) -> None:
    for kind, facts, letter in samples(language, name):
        for part in (letter.text, Page(letter.html).text):
            for one in facts.instalments:
                assert money(one.amount, facts) in part, kind
                assert money(one.amount_open, facts) in part, kind
                assert format_date(one.due_on, "medium", locale=language) in part, kind
            total = sum(one.amount for one in facts.instalments)
            assert money(Decimal(total), facts) in part, kind
        for line in facts.lines:
            assert line.number in letter.text, kind


@every(ABOUT_A_PLAN)
def test_what_is_still_open_has_a_column_once_something_is_paid(
    letters: Letters, language: str, name: str
) -> None:
    head = {"de": "Noch offen", "en": "Still open", "fr": "Reste dû"}[language]
    kinds = dict(sample_letters(name, language))
    assert head not in letters.render(kinds["12 days past due"]).text
    begun = letters.render(kinds["an instalment paid in part"])
    assert head in begun.text
    assert money(Decimal("834.50"), kinds["12 days past due"]) in begun.text


@every(ONE_OF_THEM)
def test_the_instalment_in_question_is_named_with_its_day_and_rest(
    letters: Letters, language: str, name: str
) -> None:
    facts = dict(sample_letters(name, language))["an instalment paid in part"]
    instalment = facts.instalment
    assert instalment is not None
    letter = letters.render(facts)
    day = format_date(instalment.due_on, "long", locale=language)
    number = {"de": "Rate 2 von 4", "en": "Instalment 2 of 4", "fr": "échéance 2 sur 4"}[language]
    told = prose(letter.text.split("\n\n")[2])
    assert day in letter.subject
    for words in (number, day, money(Decimal("217.24"), facts)):
        assert words in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_missed_instalment_warns_that_the_plan_may_end(
    letters: Letters, language: str
) -> None:
    ends = {"de": "endet die Vereinbarung", "en": "the plan ends", "fr": "il prend fin"}[language]
    told = {name: prose(letters.render(sample_facts(name, language)).text) for name in ABOUT_A_PLAN}
    assert [name for name in ABOUT_A_PLAN if ends in told[name]] == ["instalment_missed"]


@every(ABOUT_A_PLAN)
def test_no_letter_about_a_plan_asks_for_the_whole_invoice(
    letters: Letters, language: str, name: str
) -> None:
    plan = tuple(
        InstalmentLine(number, date(2026, 3 + number, 1), Decimal("100.00"), Decimal("100.00"))
        for number in (1, 2)
    )
    facts = replace(sample_facts(name, language), instalments=plan, instalment=plan[0])
    assert not re.search(r"1\D?234", letters.render(facts).text)


@every(ABOUT_A_PLAN)
def test_a_link_leads_to_where_an_instalment_is_paid(
    letters: Letters, language: str, name: str
) -> None:
    kinds = dict(sample_letters(name, language))
    assert Page(letters.render(kinds["no link, no purchase order"]).html).links == []
    letter = letters.render(kinds["12 days past due"])
    assert Page(letter.html).links == ["https://pay.example.com/INV-1042"]
    assert letter.html.count("display:inline-block") == 1
    some = letters.render(kinds["some without link and purchase order"])
    assert len(Page(some.html).links) == 3


@every(ONE_OF_THEM)
def test_a_letter_about_no_instalment_is_refused(
    letters: Letters, language: str, name: str
) -> None:
    facts = replace(sample_facts(name, language), instalment=None)
    with pytest.raises(TemplateInvalid, match=f"{language}/{name}.md"):
        letters.render(facts)


def test_the_sample_plan_adds_up_whatever_is_paid() -> None:
    for paid in ("0", "1", "308.62", "400", "1234.50"):
        plan = sample_plan(Decimal(paid))
        assert sum(one.amount for one in plan) == Decimal("1234.50")
        assert sum(one.amount_open for one in plan) == Decimal("1234.50") - Decimal(paid)
