"""An edit may change words; what it drops or changes of the ledger's facts is found."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from integrations.letters.edited import missing_facts
from integrations.letters.edited_amounts import unknown_amounts
from integrations.letters.sample import sample_facts, sample_letters, sample_line
from models.letter import LetterFacts
from tests.letters.shipped import ABOUT_A_PLAN, LETTERS

FACTS = sample_facts("first_notice", "en")
SUBJECT = "Invoice INV-1042"


def edited(old: str, new: str, facts: LetterFacts = FACTS) -> tuple[str, ...]:
    """What is missing once every `old` of the letter's source became `new`."""
    letter = LETTERS.render(facts)
    source = letter.source.replace(old, new)
    assert source != letter.source
    return missing_facts(facts, letter.subject, source)


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("INV-1042", "your invoice", ("INV-1042",)),
        ("INV-1042", "INV-10421", ("INV-1042",)),
        ("INV-1042", "INV-1042-2", ("INV-1042",)),
        ("INV-1042", "XINV-1042", ("INV-1042",)),
        ("INV-1042", "INV\\-1042", ()),
        ("€1,234.50", "€1,243.50", ("€1,234.50",)),
        ("€1,234.50", "€21,234.50", ("€1,234.50",)),
        ("€1,234.50", "€1,234.505", ("€1,234.50",)),
        ("€1,234.50", "the amount", ("€1,234.50",)),
        ("€1,234.50", "*€* 1,234.50", ()),
        ("€1,234.50", "€1,234\\.50", ()),
        ("€1,234.50", "&euro;1,234.50", ()),
    ],
)
def test_an_edit_that_drops_or_changes_a_figure_is_found(
    old: str, new: str, missing: tuple[str, ...]
) -> None:
    assert edited(old, new) == missing


@pytest.mark.parametrize(
    ("language", "old", "new", "missing"),
    [
        ("de", "1.234,50\u00a0€", "1.234,50 €", ()),
        ("de", "1.234,50\u00a0€", "1.234,50€", ()),
        ("de", "1.234,50\u00a0€", "1.234,50&nbsp;€", ()),
        ("de", "1.234,50\u00a0€", "€1,234.50", ()),
        ("de", "1.234,50\u00a0€", "234,50 €", ("1.234,50\u00a0€",)),
        ("fr", "1\u202f234,50\u00a0€", "1 234,50 €", ()),
        ("fr", "1\u202f234,50\u00a0€", "1234,50 €", ()),
        ("fr", "1\u202f234,50\u00a0€", "234,50 €", ("1\u202f234,50\u00a0€",)),
        ("de-AT", "€\u00a01.234,50", "1.234,50 €", ()),
    ],
)
def test_an_amount_counts_however_its_spaces_are_typed(
    language: str, old: str, new: str, missing: tuple[str, ...]
) -> None:
    assert edited(old, new, sample_facts("first_notice", language)) == missing


def test_an_amount_is_not_the_end_of_a_larger_one() -> None:
    line = replace(sample_line(12), amount_open=Decimal("234.50"), amount_asked=Decimal("234.50"))
    for language, new in (("fr", "1\u202f234,50\u00a0€"), ("de", "1.234,50\u00a0€")):
        facts = sample_facts("first_notice", language, line)
        assert edited("234,50\u00a0€", new, facts) == ("234,50\u00a0€",)


def test_a_number_in_a_links_address_says_nothing() -> None:
    source = "€1,234.50 [here](https://pay.example.com/INV-1042)"
    assert missing_facts(FACTS, SUBJECT, source) == ("INV-1042",)


def test_a_number_is_not_put_together_from_two_cells() -> None:
    facts = sample_facts("first_notice", "en", sample_line(12, "INV 1042"))
    assert edited("INV 1042", "INV | 1042", facts) == ("INV 1042",)


def test_the_subject_keeps_the_carrying_invoice() -> None:
    source = LETTERS.render(FACTS).source
    missing = missing_facts(FACTS, "Your account with us", source)
    assert missing == ("INV-1042 in the subject",)


def test_every_invoice_and_the_total_are_asked_for() -> None:
    second = replace(
        sample_line(3, "INV-1043"), amount_open=Decimal(100), amount_asked=Decimal(100)
    )
    facts = sample_facts("second_notice", "en", sample_line(12), second)
    assert missing_facts(facts, "", "") == (
        "INV-1042",
        "INV-1043",
        "€1,234.50",
        "€100.00",
        "€1,334.50",
        "INV-1042 in the subject",
    )


def test_a_settled_invoice_needs_its_number_alone() -> None:
    facts = dict(sample_letters("thank_you", "en"))["settled"]
    assert missing_facts(facts, "", "") == ("INV-1042", "INV-1042 in the subject")


@pytest.mark.parametrize("name", ABOUT_A_PLAN)
def test_a_letter_about_a_plan_keeps_the_instalment_and_its_day(name: str) -> None:
    facts = sample_facts(name, "en")
    if name == "plan_confirmation":
        facts = replace(facts, instalment=None)
    days = {"March 2, 2026": "March 3, 2026", "Mar 2, 2026": "Mar 3, 2026"}
    letter = LETTERS.render(facts)
    source = re.sub("|".join(days), lambda match: days[match[0]], letter.source)
    assert missing_facts(facts, letter.subject, source) == ("March 2, 2026",)
    assert edited("€308.62", "€308.60", facts) == ("€308.62",)
    of_the_last = () if name != "plan_confirmation" else ("€308.64",)
    assert edited("€308.64", "€308.60", facts) == of_the_last


@pytest.mark.parametrize(
    ("language", "written", "unknown"),
    [
        ("en", "Please pay €1,200.00 now.", ("€1,200.00",)),
        ("en", "Please pay €1,234.50 now.", ()),
        ("en", "Please pay 1,234.50 EUR now, or EUR 1.00.", ("EUR 1.00",)),
        ("en", "You paid €245.50 of €1,480.", ()),
        ("en", "It costs $5.", ()),
        ("en", "12 days", ()),
        ("de", "Bitte zahlen Sie 1.200,00 €.", ("1.200,00 €",)),
        ("de", "Bitte zahlen Sie 1.234,50&nbsp;€.", ()),
        ("fr", "Merci de régler 1 200,00 €.", ("1 200,00 €",)),
        ("fr", "Merci de régler 1 234,50 €.", ()),
    ],
)
def test_an_amount_that_the_ledger_does_not_know_is_found(
    language: str, written: str, unknown: tuple[str, ...]
) -> None:
    facts = sample_facts("first_notice", language)
    assert unknown_amounts(facts, SUBJECT, written) == unknown


def test_an_amount_in_a_subject_or_beside_a_known_one_is_found() -> None:
    letter = LETTERS.render(FACTS)
    source = letter.source.replace("payment of **€1,234.50**", "payment of **€1,200.00**")
    assert missing_facts(FACTS, letter.subject, source) == ()
    assert unknown_amounts(FACTS, letter.subject, source) == ("€1,200.00",)
    assert unknown_amounts(FACTS, "€7 for INV-1042", letter.source) == ("€7",)


def test_a_name_with_an_amount_in_it_is_a_name() -> None:
    facts = replace(FACTS, customer_name="The €1 Shop")
    letter = LETTERS.render(facts)
    assert unknown_amounts(facts, letter.subject, letter.source) == ()
