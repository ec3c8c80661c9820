from datetime import date
from decimal import Decimal

import pytest

from tests.bank.conftest import Read, ReadEntries, Refused
from tests.bank.samples import BAI2

WIRE = "16,195,125000,V,260303,,B1,C1,WIRE FROM ASTER MILLS, INVOICE 1001\n88,AND INVOICE 1002"


def with_entry(record: str, amount: int, records: int = 1) -> str:
    """The sample with another entry of this amount in smallest units, and the totals to fit."""
    total, count = 325_000 + amount, 2 + records
    text = BAI2.replace(WIRE, record).replace("450000,4/", f"{total},{count}/")
    text = text.replace("450000,1,6/", f"{total},1,{count + 2}/")
    return text.replace("450000,1,8/", f"{total},1,{count + 4}/")


def test_an_account_with_an_entry(read: Read) -> None:
    [statement] = read(BAI2)

    assert (statement.account, statement.currency) == ("12345", "USD")
    assert statement.opening is not None
    assert statement.closing is not None
    assert (statement.opening.amount, statement.closing.amount) == (Decimal(1000), Decimal(2250))
    [paid] = statement.entries
    assert (paid.signed, paid.code) == (Decimal("1250.00"), "195")
    assert (paid.booked_on, paid.value_on) == (date(2026, 3, 2), date(2026, 3, 3))
    assert (paid.bank_reference, paid.customer_reference) == ("B1", "C1")
    assert paid.remittance == "WIRE FROM ASTER MILLS, INVOICE 1001 AND INVOICE 1002"
    assert paid.remittance_lines == ("WIRE FROM ASTER MILLS, INVOICE 1001", "AND INVOICE 1002")


@pytest.mark.parametrize(
    ("record", "signed", "is_reversal"),
    [
        ("16,142,500,Z,,,ACH/", "5.00", False),
        ("16,475,500,,B2,,CHECK/", "-5.00", False),
        ("16,555,500,0,B2,,DEPOSITED ITEM RETURNED/", "-5.00", True),
        ("16,257,500,S,100,200,200,B2,,RETURNED/", "5.00", True),
        ("16,142,500,D,2,0,200,1,300,B2,,SPREAD/", "5.00", False),
    ],
)
def test_the_type_code_says_which_way_and_whether_back(
    entries_of: ReadEntries, record: str, signed: str, is_reversal: bool
) -> None:
    [moved] = entries_of(with_entry(record, 500))

    assert (moved.signed, moved.is_reversal) == (Decimal(signed), is_reversal)


def test_fields_go_on_in_the_next_record(entries_of: ReadEntries) -> None:
    [paid] = entries_of(with_entry("16,195,500,V,260304,,B9,C9/\n88,LETTER OF CREDIT/", 500, 2))

    assert (paid.bank_reference, paid.customer_reference) == ("B9", "C9")
    assert paid.remittance == "LETTER OF CREDIT"


def test_named_lines_fill_their_fields(entries_of: ReadEntries) -> None:
    lines = "16,195,500,,B9,,WIRE\n88,EREF: E-1\n88,REMI: Invoice 1001\n88,DBNM: Aster Mills"

    [paid] = entries_of(with_entry(lines, 500, 4))

    assert (paid.end_to_end_id, paid.payer_name) == ("E-1", "Aster Mills")
    assert paid.remittance == "Invoice 1001"


def test_several_records_in_a_line_are_several(read: Read) -> None:
    assert read(BAI2.replace("/\n98,", "/   98,"))[0].entries == read(BAI2)[0].entries


def test_amounts_have_the_decimals_of_their_currency(entries_of: ReadEntries) -> None:
    [paid] = entries_of(BAI2.replace("USD", "JPY"))

    assert paid.amount == 125_000


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        (
            "16,195,125000",
            "16,195,125001",
            6,
            "should come to 450000, but its records come to 450001",
        ),
        ("88,AND INVOICE 1002\n", "", 5, "should have 4 records, but has 3"),
        ("450000,1,6/", "450000,2,6/", 7, "should hold 2, but holds 1"),
        ("99,450000,1,8/\n", "", 1, "the file that begins here never ends"),
        ("49,450000,4/\n", "", 6, "none is open"),
        ("02,FIRM,BANK,1,260302,,USD,2/\n", "", 2, "stands outside of its group"),
        ("16,195", "16,100000", 4, "neither a credit nor a debit"),
        ("125000,V,", "125000,Q,", 4, "is no type of funds"),
        ("125000,V", "12.50,V", 4, "is no whole number"),
        ("BANK,1,", "BANK,2,", 2, "takes an earlier report back"),
        ("1,260302", "1,261302", 2, "is no day"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(
    refusal_of: Refused, old: str, new: str, line: int, reason: str
) -> None:
    assert old in BAI2

    refused = refusal_of(BAI2.replace(old, new, 1))

    assert (refused.line, reason in refused.reason) == (line, True), refused
