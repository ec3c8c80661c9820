"""Which letters are shipped, by what they are for, and how their parts are read in tests."""

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from babel.numbers import format_currency

from integrations.letters import Letters
from integrations.letters.sample import sample_letters
from models.letter import Letter, LetterFacts

FOLDER = Path(__file__).parents[2] / "templates"
LETTERS = Letters(FOLDER)
LANGUAGES = ("de", "en", "fr")
NAMES = sorted(path.stem for path in (FOLDER / "en").glob("*.md"))
ABOUT_A_PLAN = ["instalment_missed", "instalment_reminder", "plan_confirmation"]
GLAD = ["service_restored", "thank_you"]
ABOUT_INVOICES = sorted(set(NAMES) - set(ABOUT_A_PLAN))
DEMANDS = sorted(set(ABOUT_INVOICES) - set(GLAD))
ASKING = sorted(set(NAMES) - set(GLAD) - {"plan_confirmation"})


def every(names: list[str]) -> pytest.MarkDecorator:
    """Each of these letters, in each language."""
    each = [(language, name) for language in LANGUAGES for name in names]
    return pytest.mark.parametrize(("language", "name"), each)


@cache
def samples(language: str, name: str) -> list[tuple[str, LetterFacts, Letter]]:
    """The letter from every side: a word for each, its facts, and what comes of them."""
    told = sample_letters(name, language)
    return [(kind, facts, LETTERS.render(facts)) for kind, facts in told]


def source_of(language: str, name: str) -> str:
    return (FOLDER / language / f"{name}.md").read_text()


def version_of(language: str, name: str) -> str:
    """What a letter says of itself: language, name and the version in its file."""
    found = re.search(r"^version = (\d+)$", source_of(language, name), re.MULTILINE)
    assert found
    return f"{language}/{name}@{found[1]}"


def money(amount: Decimal, facts: LetterFacts) -> str:
    return format_currency(amount, facts.currency, locale=facts.language)


def prose(text: str) -> str:
    """The text part without its line breaks; no-break spaces stay."""
    return re.sub(r"[ \n]+", " ", text)
