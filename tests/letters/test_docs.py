"""docs/templates.md tells an author every name and filter there is."""

import re
from pathlib import Path

from jinja2 import DictLoader

from integrations.letters.formats import formats_for
from integrations.letters.sample import sample_facts, sample_plan
from integrations.letters.sandbox import letter_environment
from integrations.letters.slots import Slots
from integrations.letters.view import view
from integrations.letters.words import read_words
from models.letter import Remark

_PAGE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text()
_INNER = {"slots", "formats"}


def in_tables(heading: str) -> set[str]:
    """The words in backquotes in the first column of the table under `heading`."""
    section = _PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [re.split(r"(?<!\\)\|", row)[1] for row in section.splitlines() if row.startswith("|")]
    return {word for cell in cells for word in re.findall(r"(\w+)`", cell)}


def test_every_name_is_documented(templates: Path) -> None:
    words = read_words(templates / "en" / "words.toml")
    names = view(sample_facts("first_notice", "en"), words, formats_for("en", "en"), Slots())
    assert in_tables("Names") == set(names) - _INNER


def test_every_filter_is_documented() -> None:
    assert in_tables("Filters") == set(letter_environment(DictLoader({})).filters)


def test_every_line_field_is_documented() -> None:
    line = sample_facts("first_notice", "en").carrying
    fields = set(type(line).__slots__) | {"partly_disputed"}
    assert {f for f in fields if f"`.{f}`" not in _PAGE} == {"invoice_id"}


def test_every_field_of_an_instalment_is_documented() -> None:
    (instalment, *_) = sample_plan()
    assert [f for f in type(instalment).__slots__ if f"`.{f}`" not in _PAGE] == []


def test_every_letter_part_and_remark_is_documented(templates: Path) -> None:
    letters = {path.stem for path in (templates / "en").glob("*.md")}
    parts = {
        path.name for folder in (".", "en") for path in (templates / folder / "parts").glob("*.md")
    }
    assert in_tables("The letters") == letters
    assert in_tables("The parts") == {name.removesuffix(".md") for name in parts}
    assert in_tables("Remarks") == set(Remark)
