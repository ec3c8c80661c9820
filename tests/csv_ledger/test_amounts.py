from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.csv_ledger.amounts import AmountEvidence, Amounts, marks
from models.errors import LedgerUnreadable


@pytest.mark.parametrize(
    ("text", "amount", "symbol"),
    [
        ("1,234.56", "1234.56", ""),
        ("1'234.56", "1234.56", ""),
        ("1\u2019234.56", "1234.56", ""),
        ("1 234.56", "1234.56", ""),
        ("12,34,567.89", "1234567.89", ""),
        ("1234.5", "1234.5", ""),
        ("(12.00)", "-12.00", ""),
        ("-5", "-5", ""),
        ("\u22125", "-5", ""),
        ("12.00-", "-12.00", ""),
        ("12.00 CR", "-12.00", ""),
        ("12.00 DR", "12.00", ""),
        ("$1,200", "1200", "$"),
        ("-$1,200.50", "-1200.50", "$"),
        ("USD 12.00", "12.00", "USD"),
        ("12.-", "12", ""),
        (".5", "0.5", ""),
        ("0.5000000", "0.5", ""),
    ],
)
def test_amounts_with_a_decimal_point(text: str, amount: str, symbol: str) -> None:
    assert Amounts(".").read(text) == (Decimal(amount), symbol)


@pytest.mark.parametrize(
    ("text", "amount", "symbol"),
    [
        ("1.234,56", "1234.56", ""),
        ("1 234,56", "1234.56", ""),
        ("1\u202f234,56 €", "1234.56", "€"),
        ("€ 12,00", "12.00", "€"),
        ("1.234", "1234", ""),
        ("12,5", "12.5", ""),
        ("12,00-", "-12.00", ""),
    ],
)
def test_amounts_with_a_decimal_comma(text: str, amount: str, symbol: str) -> None:
    assert Amounts(",").read(text) == (Decimal(amount), symbol)


@pytest.mark.parametrize(
    "text",
    [
        "12,5",
        "1,23",
        "1.2.3",
        "abc",
        "1 23",
        "1.2E+05",
        "NaN",
        "Infinity",
        "1_000",
        "٣",
        "0.12345",
        "9" * 15,
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\."):
        Amounts(".").read(text)


@pytest.mark.parametrize(
    ("text", "possible"),
    [
        ("1,234.56", "."),
        ("1.234,56", ","),
        ("12,5", ","),
        ("1234,567", ","),
        ("0,123", ","),
        ("1 234,567", ","),
        ("1,234,567", "."),
        ("1.234.567", ","),
        ("1'234.56", "."),
        ("1,234", ".,"),
        ("1.234", ".,"),
        ("1234", ".,"),
        ("1 234", ".,"),
    ],
)
def test_which_decimal_marks_an_amount_allows(text: str, possible: str) -> None:
    assert marks(text) == set(possible)


def test_another_amount_of_the_file_decides_for_one_that_could_be_either() -> None:
    evidence = AmountEvidence()
    evidence.add("Betrag", 2, "1.234")
    evidence.add("Betrag", 3, "12,50")

    mark, why = evidence.decide(None)

    assert mark == ","
    assert why == "Amounts are written with a decimal comma: 'Betrag' in line 3 is 12,50."


def test_three_digits_after_the_only_mark_are_refused_until_told() -> None:
    evidence = AmountEvidence()
    evidence.add("Betrag", 2, "1.234")

    with pytest.raises(LedgerUnreadable, match=r"line 2 is 1\.234.*\[amounts\]"):
        evidence.decide(None)

    assert evidence.decide(",")[0] == ","


def test_amounts_that_contradict_each_other_are_refused_naming_both_lines() -> None:
    evidence = AmountEvidence()
    evidence.add("Total", 2, "1,234.56")
    evidence.add("Total", 9, "1.234,56")

    with pytest.raises(LedgerUnreadable, match=r"line 2 is 1,234\.56.*line 9 is 1\.234,56"):
        evidence.decide(None)


@given(
    st.decimals(min_value=-(10**13), max_value=10**13, places=2),
    st.sampled_from(
        [(".", ","), (".", "'"), (".", " "), (",", "."), (",", " "), (".", ""), (",", "")]
    ),
)
def test_every_amount_reads_back_as_it_was_grouped(amount: Decimal, way: tuple[str, str]) -> None:
    mark, group = way
    text = f"{amount:,.2f}".replace(",", "g").replace(".", mark).replace("g", group)

    assert Amounts(mark).read(text) == (amount, "")
    assert mark in marks(text)


@given(st.text(max_size=80))
def test_any_text_is_an_amount_or_a_refusal(text: str) -> None:
    marks(text)
    try:
        amount, _ = Amounts(".").read(text)
    except ValueError:
        return
    assert amount.is_finite()
