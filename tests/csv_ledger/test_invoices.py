from datetime import date
from decimal import Decimal

import pytest

from integrations.csv_ledger import Kind, Mapping
from models.errors import LedgerUnreadable
from models.ledger import InvoiceRow, PaymentRow
from models.vocabulary import InvoiceStatus, Method
from tests.csv_ledger.conftest import ReadText

HEADER = "Invoice Number,Customer ID,Currency,Amount,Invoice Date,Due Date"
ROW = "0042,C1,EUR,120.50,2026-03-01,2026-03-31"


def test_a_plain_row_is_an_invoice_with_its_leading_zeros(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"{HEADER}\n{ROW}\n")

    assert ledger.invoices == (
        InvoiceRow(
            id="0042",
            number="0042",
            customer_id="C1",
            currency="EUR",
            amount=Decimal("120.50"),
            issued_on=date(2026, 3, 1),
            due_on=date(2026, 3, 31),
        ),
    )
    assert [customer.id for customer in ledger.customers] == ["C1"]
    assert not ledger.rejects
    assert not ledger.payments


def test_a_file_with_a_header_alone_is_an_empty_ledger(ledger_of: ReadText) -> None:
    ledger = ledger_of(HEADER)

    assert not ledger.invoices
    assert not ledger.rejects


def test_blank_lines_and_rows_of_empty_cells_are_passed_over(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"{HEADER}\n\n,,,,,\n{ROW}\n\n")

    assert len(ledger.invoices) == 1
    assert ledger.rejects == ()


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (",C1,EUR,1,2026-03-01,2026-03-31", "Invoice Number", "is missing"),
        ("1,,EUR,1,2026-03-01,2026-03-31", "Customer ID", "names no customer"),
        ("1,C1,,1,2026-03-01,2026-03-31", "Currency", "is missing"),
        ("1,C1,EURO?,1,2026-03-01,2026-03-31", "Currency", "ISO 4217"),
        ("1,C1,EUR,,2026-03-01,2026-03-31", "Amount", "is missing"),
        ("1,C1,EUR,one,2026-03-01,2026-03-31", "Amount", "is no amount"),
        ("1,C1,EUR,0.00,2026-03-01,2026-03-31", "Amount", "is zero"),
        ("1,C1,EUR,-5,2026-03-01,2026-03-31", "Amount", "credit notes are not followed up"),
        ("1,C1,EUR,1,,2026-03-31", "Invoice Date", "is missing"),
        ("1,C1,EUR,1,2026-03-01,", "Due Date", "no terms"),
        ("1,C1,EUR,1,2026-03-01,later", "Due Date", "year-month-day"),
        ("1,C1,EUR,1,2026-03-01,2026-02-28", "Due Date", "before the issue date 2026-03-01"),
        ("1.93E+09,C1,EUR,1,2026-03-01,2026-03-31", "Invoice Number", "as text"),
        ("1,C1,EUR,1,2026-03-01,2026-03-31,x", "", "7 cells under 6 headers"),
    ],
)
def test_a_row_that_cannot_be_taken_is_rejected_alone(
    ledger_of: ReadText, row: str, column: str, reason: str
) -> None:
    ledger = ledger_of(f"{HEADER}\n{ROW}\n{row}\n")

    assert len(ledger.invoices) == 1
    (reject,) = ledger.rejects
    assert (reject.line, reject.column) == (3, column)
    assert reason in reject.reason
    assert ".".join(reject.cells) == ".".join(row.split(","))
    assert str(reject).startswith("line 3: ")


def test_a_reject_shows_the_value_as_it_stands_in_the_file(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"{HEADER}\n1,C1,EUR,1,31.3.2026,1.3.2026\n")

    assert ledger.rejects[0].value == "1.3.2026"


def test_the_same_row_twice_is_taken_once_and_counted(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"{HEADER}\n{ROW}\n{ROW}\n{ROW}\n")

    assert len(ledger.invoices) == 1
    assert ledger.rejects == ()
    assert (
        "Rows that repeat an earlier one, dropped: 2; first 'Invoice Number' in line 3 is 0042."
        in (ledger.notes)
    )


def test_the_same_id_with_other_content_is_rejected_naming_the_first_line(
    ledger_of: ReadText,
) -> None:
    ledger = ledger_of(f"{HEADER}\n{ROW}\n0042,C1,EUR,99.00,2026-03-01,2026-03-31\n")

    assert ledger.invoices[0].amount == Decimal("120.50")
    assert "is in line 2 already" in ledger.rejects[0].reason


def test_a_rejected_row_leaves_its_id_free_for_the_corrected_one(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"{HEADER}\n0042,C1,EUR,120.50,2026-03-01,\n{ROW}\n")

    assert len(ledger.invoices) == len(ledger.rejects) == 1


def test_a_missing_due_date_follows_from_the_terms(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        f"{HEADER},Terms\n"
        "1,C1,EUR,1,2026-03-01,,net 30\n"
        "2,C1,EUR,1,2026-03-01,2026-03-05,net 30\n"
        "3,C1,EUR,1,2026-03-01,,NAA8\n"
    )

    assert [invoice.due_on for invoice in ledger.invoices] == [date(2026, 3, 31), date(2026, 3, 5)]
    assert "[values.terms]" in ledger.rejects[0].reason


def test_a_settled_date_is_a_payment_of_the_whole_and_leaves_the_invoice_open(
    ledger_of: ReadText,
) -> None:
    ledger = ledger_of(
        f"{HEADER},SettledDate,Status,Payment Method\n{ROW},2026-04-02,Paid,Bank transfer\n"
    )

    assert ledger.payments == (
        PaymentRow(
            id="0042/settled/2026-04-02/120.5",
            invoice_id="0042",
            currency="EUR",
            amount=Decimal("120.50"),
            received_on=date(2026, 4, 2),
            method=Method.WIRE,
            settles=True,
        ),
    )
    assert ledger.invoices[0].status is InvoiceStatus.OPEN
    assert ledger.invoices[0].amount_open is None


@pytest.mark.parametrize(
    ("columns", "cells", "paid"),
    [
        ("Amount Paid,Settled Date", "120.50,2026-04-02", "120.50"),
        ("Amount Paid,Balance,Settled Date", "118.00,0,2026-04-02", "118.00"),
        ("Amount Paid,Status,Settled Date", "118.00,Paid,2026-04-02", "118.00"),
        ("Balance,Settled Date", "0,2026-04-02", "120.50"),
        ("Balance,Settled Date", "120.50,2026-04-02", "120.50"),
    ],
)
def test_a_day_of_payment_after_which_nothing_is_open_pays_what_the_row_says_was_paid(
    ledger_of: ReadText, columns: str, cells: str, paid: str
) -> None:
    ledger = ledger_of(f"{HEADER},{columns}\n{ROW},{cells}\n")

    assert ledger.payments[0].amount == Decimal(paid)
    assert ledger.invoices[0].amount_open is None


@pytest.mark.parametrize(
    ("columns", "cells"),
    [
        ("Amount Paid,Settled Date", "20.50,2026-04-02"),
        ("Balance,Settled Date", "100.00,2026-04-02"),
        ("Amount Paid,Balance,Settled Date", "15.50,100.00,2026-04-02"),
        ("Amount Paid,Balance,Settled Date", "20.50,120.50,2026-04-02"),
    ],
)
def test_what_is_still_open_after_a_day_of_payment_is_a_balance_and_no_payment(
    ledger_of: ReadText, columns: str, cells: str
) -> None:
    ledger = ledger_of(f"{HEADER},{columns}\n{ROW},{cells}\n")

    assert ledger.payments == ()
    (invoice,) = ledger.invoices
    assert (invoice.amount_open, invoice.status) == (Decimal(100), InvoiceStatus.OPEN)


def test_a_settled_date_with_nothing_paid_is_rejected(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"{HEADER},Amount Paid,Settled Date\n{ROW},0.00,2026-04-02\n")

    assert ledger.rejects[0].column == "Amount Paid"


@pytest.mark.parametrize(
    ("columns", "cells", "status", "amount_open"),
    [
        ("isOpen", "1", InvoiceStatus.OPEN, None),
        ("isOpen", "0", InvoiceStatus.PAID, "0"),
        ("Balance", "20.00", InvoiceStatus.OPEN, "20.00"),
        ("Balance", "0.00", InvoiceStatus.PAID, "0"),
        ("Amount Paid", "100.00", InvoiceStatus.OPEN, "20.50"),
        ("Amount Paid", "120.50", InvoiceStatus.PAID, "0"),
        ("Status", "void", InvoiceStatus.VOIDED, None),
        ("Status,Balance", "Overdue,0.00", InvoiceStatus.PAID, "0"),
    ],
)
def test_what_is_open_and_paid_without_a_date(
    ledger_of: ReadText, columns: str, cells: str, status: InvoiceStatus, amount_open: str | None
) -> None:
    ledger = ledger_of(f"{HEADER},{columns}\n{ROW},{cells}\n")

    (invoice,) = ledger.invoices
    assert invoice.status is status
    assert invoice.amount_open == (None if amount_open is None else Decimal(amount_open))
    assert ledger.payments == ()


@pytest.mark.parametrize("balance", ["-1.00", "200.00"])
def test_a_balance_that_the_amount_does_not_allow_is_rejected(
    ledger_of: ReadText, balance: str
) -> None:
    ledger = ledger_of(f"{HEADER},Balance\n{ROW},{balance}\n")

    assert ledger.rejects[0].column == "Balance"


def test_the_open_amount_stands_for_the_invoices_own_where_that_is_lacking(
    ledger_of: ReadText,
) -> None:
    ledger = ledger_of(f"{HEADER.replace('Amount', 'Open Amount')}\n{ROW}\n")

    assert ledger.invoices[0].amount == ledger.invoices[0].amount_open == Decimal("120.50")
    assert "No column gives invoice amounts: the open amount stands for both." in ledger.notes


def test_disputed_invoices_are_named_however_the_file_marks_them(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        f"{HEADER},Disputed,Status\n{ROW},Yes,open\n"
        "43,C1,EUR,1,2026-03-01,2026-03-31,No,in dispute\n44,C1,EUR,1,2026-03-01,2026-03-31,,\n"
    )

    assert ledger.disputed == ("0042", "43")


@pytest.mark.parametrize(
    ("kind", "reason"), [("Credit Memo", "not followed up"), ("Payment", "file of their own")]
)
def test_documents_that_are_no_invoices_are_rejected(
    ledger_of: ReadText, kind: str, reason: str
) -> None:
    ledger = ledger_of(f"{HEADER},Transaction Type\n{ROW},{kind}\n")

    assert reason in ledger.rejects[0].reason


def test_a_number_beside_an_id_is_kept_as_the_number(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"id,{HEADER}\nin_77,{ROW}\n")

    assert (ledger.invoices[0].id, ledger.invoices[0].number) == ("in_77", "0042")


def test_a_symbol_beside_the_amount_goes_before_the_default(ledger_of: ReadText) -> None:
    text = (
        "Invoice Number,Customer ID,Amount,Invoice Date,Due Date\n"
        "1,C1,£12.00,2026-03-01,2026-03-31\n2,C1,12.00,2026-03-01,2026-03-31\n"
    )

    assert [invoice.currency for invoice in ledger_of(text, currency="eur").invoices] == [
        "GBP",
        "EUR",
    ]


def test_a_dollar_that_nothing_explains_is_noted(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        "Invoice Number,Customer ID,Amount,Invoice Date,Due Date\n"
        '1,C1,"$1,200.00",2026-03-01,2026-03-31\n'
    )

    assert (ledger.invoices[0].currency, ledger.invoices[0].amount) == ("USD", Decimal(1200))
    assert "$ was taken for USD." in ledger.notes


def test_a_file_that_nowhere_says_its_currency_is_refused(ledger_of: ReadText) -> None:
    text = (
        "Invoice Number,Customer ID,Amount,Invoice Date,Due Date\n"
        "1,C1,12.00,2026-03-01,2026-03-31\n"
    )

    with pytest.raises(LedgerUnreadable, match="says the currency"):
        ledger_of(text)
    assert ledger_of(text, currency="USD").invoices[0].currency == "USD"


def test_an_unknown_default_is_refused_by_its_name(ledger_of: ReadText) -> None:
    with pytest.raises(LedgerUnreadable, match="currency: 'EURS' is not known"):
        ledger_of(f"{HEADER}\n{ROW}\n", currency="EURS")


def test_ids_that_a_spreadsheet_made_fractions_of_are_noted_and_can_be_mended(
    ledger_of: ReadText,
) -> None:
    text = f"{HEADER}\n1930.0,C1,EUR,1,2026-03-01,2026-03-31\n"

    untouched = ledger_of(text)
    mended = ledger_of(text, mapping=Mapping.model_validate({"ids": {"strip": ".0"}}))

    assert untouched.invoices[0].id == "1930.0"
    assert any('strip = ".0"' in note for note in untouched.notes)
    assert mended.invoices[0].id == "1930"


def test_the_words_by_which_databases_say_nothing_are_nothing(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"{HEADER},Settled Date,Balance\n{ROW},NaT,NULL\n")

    assert ledger.payments == ()
    assert ledger.invoices[0].amount_open is None


def test_the_date_order_is_decided_over_all_date_columns(ledger_of: ReadText) -> None:
    ledger = ledger_of(
        f"{HEADER},SettledDate\n1,C1,EUR,1,3/1/2026,4/2/2026,\n2,C1,EUR,1,3/1/2026,3/2/2026,4/26/2026\n"
    )

    assert ledger.invoices[0].due_on == date(2026, 4, 2)
    assert "Dates are month-first: 'SettledDate' in line 3 is 4/26/2026." in ledger.notes


def test_a_date_order_that_is_told_settles_what_the_file_leaves_open(ledger_of: ReadText) -> None:
    text = f"{HEADER}\n1,C1,EUR,1,3/1/2026,4/2/2026\n"

    with pytest.raises(
        LedgerUnreadable, match=r"ledger.csv: Dates could be day-first or month-first"
    ):
        ledger_of(text)
    assert ledger_of(text, day_first=True).invoices[0].due_on == date(2026, 2, 4)
    assert ledger_of(text, day_first=False).invoices[0].due_on == date(2026, 4, 2)


def test_what_is_told_goes_before_the_mapping(ledger_of: ReadText) -> None:
    mapping = Mapping.model_validate(
        {"defaults": {"currency": "USD"}, "dates": {"format": "month_first"}, "kind": "customers"}
    )

    ledger = ledger_of(
        f"{HEADER.replace('Currency', 'X')}\n1,C1,,1,3/1/2026,4/2/2026\n",
        mapping=mapping,
        kind=Kind.INVOICES,
        currency="CHF",
        day_first=True,
    )

    assert (ledger.invoices[0].currency, ledger.invoices[0].due_on) == ("CHF", date(2026, 2, 4))
