from collections import Counter

import pytest

from integrations.csv_ledger import spellings
from integrations.csv_ledger.fields import Field, Kind
from integrations.csv_ledger.headers import columns_of, kind_of
from models.errors import LedgerUnreadable

EXPORTS = {
    "a payment provider": (
        (
            "id,Number,Customer,Customer Name,Customer Email,Currency,Amount Due,Amount Paid,"
            "Amount Remaining,Total,Date (UTC),Due Date (UTC),Paid At (UTC),Status,Invoice URL"
        ),
        {
            Field.INVOICE_ID: "id",
            Field.NUMBER: "Number",
            Field.CUSTOMER_ID: "Customer",
            Field.AMOUNT: "Total",
            Field.AMOUNT_OPEN: "Amount Remaining",
            Field.PAID_ON: "Paid At (UTC)",
        },
    ),
    "a small firm's books": (
        "Date,Transaction Type,Num,Customer,Due Date,Amount,Open Balance,Terms,P.O. #",
        {
            Field.ISSUED_ON: "Date",
            Field.NUMBER: "Num",
            Field.CUSTOMER_NAME: "Customer",
            Field.AMOUNT_OPEN: "Open Balance",
            Field.PURCHASE_ORDER: "P.O. #",
            Field.DOCUMENT_TYPE: "Transaction Type",
        },
    ),
    "an online ledger": (
        (
            "ContactName,EmailAddress,POCountry,InvoiceNumber,Reference,InvoiceDate,DueDate,Total,"
            "InvoiceAmountPaid,InvoiceAmountDue,Currency,Type,Status"
        ),
        {Field.AMOUNT_OPEN: "InvoiceAmountDue", Field.NUMBER: "InvoiceNumber"},
    ),
    "a large firm's ledger": (
        (
            "Customer,Name 1,Document Number,Document Date,Net due date,Amount in doc. curr.,"
            "Document currency,Clearing Date,Posting Date,Payment Terms"
        ),
        {
            Field.CUSTOMER_ID: "Customer",
            Field.CUSTOMER_NAME: "Name 1",
            Field.DUE_ON: "Net due date",
            Field.ISSUED_ON: "Document Date",
            Field.PAID_ON: "Clearing Date",
        },
    ),
    "its tables": (
        "KUNNR,BELNR,BLDAT,FAEDT,WRBTR,WAERS,ZTERM,AUGDT",
        {Field.CUSTOMER_ID: "KUNNR", Field.DUE_ON: "FAEDT", Field.AMOUNT: "WRBTR"},
    ),
    "a German ledger": (
        "Kundennummer;Firma;Rechnungs-Nr.;Rechnungsdatum;Fälligkeit;Betrag;Offener Betrag;WKZ",
        {Field.NUMBER: "Rechnungs-Nr.", Field.DUE_ON: "Fälligkeit", Field.CURRENCY: "WKZ"},
    ),
    "a French ledger": (
        "N° client;Raison sociale;N° facture;Date de facture;Échéance;Montant TTC;Solde dû;Devise",
        {Field.NUMBER: "N° facture", Field.DUE_ON: "Échéance", Field.AMOUNT: "Montant TTC"},
    ),
}


@pytest.mark.parametrize("export", EXPORTS)
def test_the_headers_of_common_exports_are_recognised(export: str) -> None:
    text, expected = EXPORTS[export]
    header = text.split(";" if ";" in text else ",")

    assert kind_of(header, {}) is Kind.INVOICES
    found = columns_of(header, Kind.INVOICES, {}, frozenset())

    assert {field: header[found[field]] for field in expected} == expected


@pytest.mark.parametrize(
    "header",
    ["Invoice Number", "invoiceNumber", "INVOICE_NUMBER", " Invoice-number ", "*InvoiceNumber"],
)
def test_capitals_spaces_and_marks_of_a_header_do_not_matter(header: str) -> None:
    assert spellings.clear()[spellings.plain(header)] is Field.NUMBER


@pytest.mark.parametrize("header", ["Fälligkeit", "Fa\u0308lligkeit", "Faelligkeit"])
def test_umlauts_are_known_in_each_way_of_writing_them(header: str) -> None:
    assert spellings.clear()[spellings.plain(header)] is Field.DUE_ON


def test_no_spelling_means_two_things() -> None:
    tables = [
        spellings._CLEAR,
        *(stage for stages in spellings._VAGUE.values() for stage in stages),
    ]
    for table in tables:
        meant = Counter(
            (spellings.plain(word), field)
            for field, words in table.items()
            for word in words.split("|")
        )
        assert [
            word for word, times in Counter(word for word, _ in meant).items() if times > 1
        ] == []
        assert "" not in {word for word, _ in meant}


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Payment ID,Invoice Number,Amount,Payment Date", Kind.PAYMENTS),
        ("Invoice,Amount,Date", Kind.PAYMENTS),
        ("Customer ID,Contact Name,Email,Phone,Role", Kind.CONTACTS),
        ("Customer ID,Name,Country,Language", Kind.CUSTOMERS),
        ("Customer ID,Name,Email", Kind.CUSTOMERS),
        ("Kundennummer,Firma,Land", Kind.CUSTOMERS),
    ],
)
def test_the_kind_of_a_file_shows_in_its_headers(header: str, kind: Kind) -> None:
    assert kind_of(header.split(","), {}) is kind


def test_a_header_that_fits_nothing_is_refused() -> None:
    with pytest.raises(LedgerUnreadable, match="Cannot tell what the file holds"):
        kind_of(["apples", "pears"], {})


def test_two_columns_that_mean_the_same_are_refused_by_name_until_one_is_named() -> None:
    header = ["Invoice Number", "Customer ID", "Amount", "Total", "Invoice Date", "Due Date"]

    with pytest.raises(LedgerUnreadable, match=r"'Amount' \(column 3\) and 'Total' \(column 4\)"):
        columns_of(header, Kind.INVOICES, {}, frozenset())

    found = columns_of(header, Kind.INVOICES, {Field.AMOUNT: "Total"}, frozenset())
    assert header[found[Field.AMOUNT]] == "Total"


def test_a_column_named_in_a_mapping_must_be_there_once() -> None:
    header = ["Invoice Number", "Customer ID", "X", "X", "Invoice Date", "Due Date"]

    with pytest.raises(LedgerUnreadable, match=r"columns.amount names 'Y', which the file lacks"):
        columns_of(header, Kind.INVOICES, {Field.AMOUNT: "Y"}, frozenset())
    with pytest.raises(LedgerUnreadable, match="stands in columns 3 and 4"):
        columns_of(header, Kind.INVOICES, {Field.AMOUNT: "X"}, frozenset())


def test_a_field_named_as_nothing_has_no_column() -> None:
    header = ["Invoice Number", "Customer ID", "Amount", "Invoice Date", "Due Date", "Country"]

    found = columns_of(header, Kind.INVOICES, {Field.COUNTRY: ""}, frozenset())

    assert Field.COUNTRY not in found


def test_a_file_without_a_needed_column_is_refused_by_its_name() -> None:
    header = ["Invoice Number", "Customer ID", "Amount", "Due Date"]

    with pytest.raises(LedgerUnreadable, match="needs a column for issued_on"):
        columns_of(header, Kind.INVOICES, {}, frozenset())
