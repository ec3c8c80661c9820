"""Which language a letter comes in, and how it then writes days and amounts."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from integrations.letters import Letters
from integrations.letters.sample import sample_facts


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("de", "de/first_notice@2"),
        ("de-AT", "de/first_notice@2"),
        ("de_CH", "de/first_notice@2"),
        ("FR", "fr/first_notice@2"),
        ("en-GB", "en/first_notice@2"),
        ("it", "en/first_notice@2"),
        ("", "en/first_notice@2"),
        ("../../de", "en/first_notice@2"),
    ],
)
def test_a_language_falls_back_from_region_to_language_to_english(
    letters: Letters, wanted: str, version: str
) -> None:
    assert letters.render(sample_facts("first_notice", wanted)).template_version == version


@pytest.mark.parametrize(
    ("wanted", "day", "amount", "lang"),
    [
        ("de", "2. Januar 2026", "1.234,50\u00a0€", "de"),
        ("de-AT", "2. Jänner 2026", "€\u00a01.234,50", "de-AT"),
        ("en", "January 2, 2026", "€1,234.50", "en"),
        ("en-GB", "2 January 2026", "€1,234.50", "en-GB"),
        ("fr", "2 janvier 2026", "1\u202f234,50\u00a0€", "fr"),
        ("it", "January 2, 2026", "€1,234.50", "en"),
        ("de-XX", "2. Januar 2026", "1.234,50\u00a0€", "de"),
    ],
)
def test_days_and_amounts_follow_the_region_in_its_own_language(
    letters: Letters, wanted: str, day: str, amount: str, lang: str
) -> None:
    facts = replace(sample_facts("first_notice", wanted), written_on=date(2026, 1, 2))
    letter = letters.render(facts)
    assert day in letter.text
    assert amount in letter.text
    assert f'<html lang="{lang}">' in letter.html


def test_a_regional_folder_may_hold_one_letter_and_lean_on_its_language(tmp_path: Path) -> None:
    head = '+++\nsubject = "S"\napproved_by = "A"\nversion = {}\ntone = "firm"\n+++\n'
    shipped = Path(__file__).parents[2] / "templates"
    for language in ("en", "de"):
        (tmp_path / language).mkdir()
        words = (shipped / language / "words.toml").read_text()
        (tmp_path / language / "words.toml").write_text(words)
    (tmp_path / "de" / "parts").mkdir()
    (tmp_path / "de" / "parts" / "hello.md").write_text("Hallo")
    (tmp_path / "de" / "a.md").write_text(head.format(1) + "DE")
    (tmp_path / "de" / "b.md").write_text(head.format(2) + "DE")
    (tmp_path / "de-AT").mkdir()
    (tmp_path / "de-AT" / "a.md").write_text(head.format(3) + '{% include "hello.md" %}')
    letters = Letters(tmp_path)

    servus = letters.render(sample_facts("a", "de-AT"))
    assert (servus.text, servus.template_version) == ("Hallo\n", "de-AT/a@3")
    assert letters.render(sample_facts("b", "de-AT")).template_version == "de/b@2"
    assert letters.render(sample_facts("a", "de-CH")).template_version == "de/a@1"
    assert letters.languages == ("de", "de-AT", "en")
