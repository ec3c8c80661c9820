"""Texts in a query stay texts, whatever stands in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.crm.mapping import Condition
from integrations.crm.soql import ending_in, quoted, select, where
from tests.crm.soql_reader import read_soql

HOSTILE = [
    "'",
    "\\",
    "\\'",
    "' OR Name != '",
    "\\\\'",
    "\n",
    "\x00",
    "%",
    "_",
    "\\%",
    "\\u0027",
    "é",
]


def finds(test: str, value: str) -> bool:
    query = read_soql(select(["Id"], "Account", f" WHERE {test} LIMIT 2"))
    assert query.limit == 2
    return query.test(lambda _: value)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_is_found_as_itself_and_nothing_else_is(text: str) -> None:
    assert finds(f"Name = {quoted(text)}", text)
    assert not finds(f"Name = {quoted(text)}", "Acme")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_found_as_itself(text: str) -> None:
    assert finds(f"Name = {quoted(text)}", text)
    assert finds(f"Name LIKE {ending_in(text)}", f"before {text}")


@pytest.mark.parametrize(("text", "other"), [("a_b", "axb"), ("50%", "50 of a"), ("a\\%", "a\\x")])
def test_a_pattern_takes_its_text_literally(text: str, other: str) -> None:
    assert not finds(f"Name LIKE {ending_in(text)}", other)


def test_conditions_become_a_clause() -> None:
    opened: Condition = {"IsClosed": (False,), "Closed__c": ("",)}
    severe: Condition = {"Priority": ("High", "It's"), "Level__c": (1,)}

    assert where() == ""
    assert where({}, {}) == ""
    assert where(opened, severe) == (
        " WHERE (IsClosed = false) AND (Closed__c = null)"
        " AND (Priority = 'High' OR Priority = 'It\\'s') AND (Level__c = 1)"
    )
