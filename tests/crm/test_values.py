"""Single values: what CRMs write, what cannot be read, and what conditions make of them."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.crm import values
from integrations.crm.properties import Properties, is_one_of
from models.vocabulary import Channel

READ = [
    (values.text, "  Mid\x00market\n\u200b ", "Mid market"),
    (values.text, "x" * 400, "x" * 300),
    (values.text, 7, "7"),
    (values.text, "", None),
    (values.text, True, None),
    (values.text, ["a"], None),
    (values.yes_or_no, True, True),
    (values.yes_or_no, "false", False),
    (values.yes_or_no, "Yes", True),
    (values.yes_or_no, 1, True),
    (values.yes_or_no, "perhaps", None),
    (values.yes_or_no, None, None),
    (values.number, "120000.50", Decimal("120000.50")),
    (values.number, 0.1, Decimal("0.1")),
    (values.number, "1e3", Decimal(1000)),
    (values.number, "0.1234567", Decimal("0.123457")),
    (values.number, "1e-999999999", Decimal(0)),
    (values.number, "abc", None),
    (values.number, "1,234", None),
    (values.number, "NaN", None),
    (values.number, "1e999999999999", None),
    (values.number, True, None),
    (values.score, "41.6", 42),
    (values.score, -100, -100),
    (values.score, "101", None),
    (values.score, "good", None),
    (values.day, "2026-03-31", date(2026, 3, 31)),
    (values.day, "2026-03-31T23:30:00.000+0000", date(2026, 3, 31)),
    (values.day, "1774915200000", date(2026, 3, 31)),
    (values.day, 1774915200000, date(2026, 3, 31)),
    (values.day, "31.03.2026", None),
    (values.day, "99999999999999", None),
    (values.day, "2026-02-30", None),
    (values.address, " anna@customer.example ", "anna@customer.example"),
    (values.address, "anna", None),
    (values.address, "anna@customer.example, bob@customer.example", None),
    (values.address, "a\u200bnna@customer.example", None),
    (values.address, f"{'a' * 250}@customer.example", None),
    (values.address, 5, None),
    (values.language, "de-AT", "de"),
    (values.language, "German", "de"),
    (values.language, "Klingonese", None),
    (values.channel, "Phone", Channel.CALL),
    (values.channel, "E-Mail", Channel.MAIL),
    (values.channel, "pigeon", None),
]


@pytest.mark.parametrize(("read", "value", "wanted"), READ)
def test_a_value_is_read_or_left_unsaid(read: Any, value: object, wanted: object) -> None:
    assert read(value) == wanted


@given(
    st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.none(), st.lists(st.text()))
)
def test_no_value_is_an_error(value: object) -> None:
    readers = (values.yes_or_no, values.number, values.score, values.day, values.address)
    for read in (*readers, values.text, values.language, values.channel):
        read(value)
    is_one_of(value, (True, "a", 5))


@pytest.mark.parametrize(
    ("value", "wanted", "is_one"),
    [
        ("high", ("HIGH", "URGENT"), True),
        ("LOW", ("HIGH",), False),
        ("a; CFO ;b", ("cfo",), True),
        (5, ("5",), True),
        ("5", (5,), True),
        (False, (False,), True),
        ("false", (False,), True),
        (None, (False,), True),
        ("true", (True,), True),
        (None, (True,), False),
        (None, ("",), True),
        ("2026-01-01", ("",), False),
    ],
)
def test_a_condition_is_met_whatever_the_spelling(
    value: object, wanted: tuple[bool | int | str, ...], is_one: bool
) -> None:
    assert is_one_of(value, wanted) is is_one


def test_properties_are_found_whatever_the_capitals_of_their_name() -> None:
    said = Properties({"CloseDate": "2026-03-31"})

    assert said["closedate"] == "2026-03-31"
    assert said["Amount"] is None
    assert said.fulfil({})
    assert not said.fulfil({"CloseDate": ("2026-03-31",), "Amount": (5,)})
