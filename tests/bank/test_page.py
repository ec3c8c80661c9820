"""docs/bank-files.md says what the code does."""

import tomllib

from integrations.bank import LARGEST, BankMapping
from integrations.bank.csv_columns import Column
from integrations.bank.xml_tree import DEEPEST
from models.bank import BankEntry
from tests.docs.pages import blocks, pages, rows, section, words

_PAGE = "docs/bank-files.md"


def test_every_field_of_an_entry_is_explained() -> None:
    named = {word for row in rows(section(_PAGE, "What an entry says")) for word in words(row[0])}

    assert named == set(BankEntry.model_fields)


def test_every_column_of_a_mapping_is_listed() -> None:
    table = rows(section(_PAGE, "A mapping for CSV"))

    assert {word for row in table for word in words(row[0])} == set(Column)


def test_the_mapping_shown_is_one() -> None:
    [block] = [one for one in blocks("toml") if one.page == _PAGE]

    assert BankMapping.model_validate(tomllib.loads(block.text)).columns[Column.BALANCE] == ()


def test_the_limits_are_the_real_ones() -> None:
    text = pages()[_PAGE]

    assert f"at most {LARGEST >> 20} MB" in text
    assert f"more than {DEEPEST} deep" in text
