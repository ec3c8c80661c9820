from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.bank import read_bank_mapping
from models.errors import StatementUnreadable
from tests.bank.conftest import Read, ReadEntries, Refused
from tests.bank.samples import CSV


def test_a_german_export_with_a_title_and_the_currency_in_its_header(read: Read) -> None:
    [statement] = read(CSV)

    assert (statement.kind, statement.currency) == ("CSV", "EUR")
    assert (statement.from_day, statement.to_day) == (date(2026, 3, 2), date(2026, 3, 3))
    assert statement.opening is not None
    assert statement.closing is not None
    assert (statement.opening.amount, statement.closing.amount) == (
        Decimal(100),
        Decimal("1340.50"),
    )
    paid, fee = statement.entries
    assert (paid.signed, paid.booked_on) == (Decimal("1250.00"), date(2026, 3, 2))
    assert (paid.payer_name, paid.payer_account) == (
        "Müller & Söhne GmbH",
        "DE02120300000000202051",
    )
    assert (paid.remittance, paid.line) == ("Rechnung 1001", 3)
    assert fee.signed == Decimal("-9.50")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_any_encoding_that_banks_send(read: Read, encoding: str) -> None:
    assert read(CSV, encoding=encoding) == read(CSV)


HEADERS = {
    "English": """\
Date,Amount,Currency,Description,Payer
2026-03-02,1250.00,EUR,Invoice 1001,Aster
""",
    "two columns": """\
Booking Date|Credit|Debit|Ccy|Details|Counterparty
2026-03-02|1,250.00||EUR|Invoice 1001|Aster
""",
    "German": """\
Buchungstag;Betrag;S/H;Währung;Verwendungszweck;Auftraggeber
02.03.2026;1.250,00;H;EUR;Invoice 1001;Aster
""",
    "French": """\
Date opération;Libellé;Débit;Crédit;Devise;Tiers
02/03/2026;Invoice 1001;;1250,00;EUR;Aster
31/03/2026;Frais;3,00;;EUR;
""",
    "Dutch": """\
Datum;Naam / Omschrijving;Af Bij;Bedrag (EUR);Mededelingen
20260302;Aster;Bij;1250,00;Invoice 1001
""",
    "Spanish": """\
Fecha operación;Concepto;Importe;Divisa;Ordenante
02/03/2026;Invoice 1001;1.250,00;EUR;Aster
31/03/2026;Comisión;-3,00;EUR;
""",
}


@pytest.mark.parametrize("text", HEADERS.values(), ids=HEADERS)
def test_headers_in_five_languages(entries_of: ReadEntries, text: str) -> None:
    paid, *_ = entries_of(text)

    assert (paid.signed, paid.currency) == (Decimal("1250.00"), "EUR")
    assert paid.booked_on == date(2026, 3, 2)
    assert (paid.remittance, paid.payer_name) == ("Invoice 1001", "Aster")


BANKS = {
    "Sparkasse": """\
"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";\
"Mandatsreferenz";"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";\
"Auslagenersatz Ruecklastschrift";"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";\
"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"
"DE89370400440532013000";"31.03.26";"31.03.26";"GUTSCHR. UEBERW.";"Invoice 1001";"";"";"E-1";"";"";\
"";"Aster";"DE02120300000000202051";"BYLADEM1001";"1250,00";"EUR";"Umsatz gebucht"
""",
    "DKB": """\
"Girokonto";"DE89370400440532013000"
""
"Kontostand vom 31.03.2026:";"1.250,00 €"
""
"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";\
"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"
"31.03.26";"31.03.26";"Gebucht";"Aster";"We Ltd";"Invoice 1001";"Eingang";"DE02120300000000202051";\
"1.250,00";"";"";"E-1"
""",
    "ING in Germany": """\
Buchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;\
Betrag;Währung
31.03.2026;31.03.2026;Aster;Gutschrift;Invoice 1001;1.350,00;EUR;1.250,00;EUR
""",
    "Commerzbank": """\
Buchungstag;Wertstellung;Umsatzart;Buchungstext;Betrag;Währung;Auftraggeber
31.03.2026;31.03.2026;Gutschrift;Invoice 1001;1250,00;EUR;Aster
""",
    "Rabobank": """\
"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn",\
"Tegenrekening IBAN/BBAN","Naam tegenpartij","Code","Omschrijving-1","Omschrijving-2"
"NL71RABO0123456789","EUR","RABONL2U","17","2026-03-31","2026-03-31","+1250,00","+1350,00",\
"NL56AGDH9619008421","Aster","cb","Invoice 1001",""
""",
    "N26": """\
"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference",\
"Account Name","Amount (EUR)","Original Amount","Original Currency","Exchange Rate"
2026-03-31,2026-03-31,Aster,DE02120300000000202051,Credit,"Invoice 1001",Main,1250.00,1250.00,EUR,1
""",
    "Chase": """\
Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #,Currency,Name
,03/31/2026,Invoice 1001,1250.00,ACH_CREDIT,1350.00,,EUR,Aster
""",
    "a card": """\
Transaction Date,Post Date,Description,Type,Amount,Currency,Name
03/30/2026,03/31/2026,Invoice 1001,Payment,1250.00,EUR,Aster
""",
    "Wise": """\
"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Running Balance",\
"Payer Name","Payee Name"
T-1,31-03-2026,1250.00,EUR,Invoice,1001,1350.00,Aster,
""",
}


@pytest.mark.parametrize("text", BANKS.values(), ids=BANKS)
def test_exports_as_banks_head_them(entries_of: ReadEntries, text: str) -> None:
    [paid] = entries_of(text)

    assert (paid.signed, paid.currency) == (Decimal("1250.00"), "EUR")
    assert paid.booked_on == date(2026, 3, 31)
    assert (paid.remittance, paid.payer_name) == ("Invoice 1001", "Aster")
    assert paid.original_amount is None
    assert not paid.is_pending


def test_several_texts_are_joined_and_kept(entries_of: ReadEntries) -> None:
    [paid] = entries_of(
        "Datum,Bedrag,Munt,Omschrijving-1,Omschrijving-2,Omschrijving-3\n"
        "2026-03-02,+12.00,EUR,Factuur 1001,,met dank\n"
    )

    assert paid.remittance == "Factuur 1001 met dank"
    assert paid.remittance_lines == ("Factuur 1001", "met dank")


def test_one_file_of_two_accounts_and_currencies_is_a_statement_for_each(read: Read) -> None:
    rows = ["A,2026-03-02,1,EUR", "B,2026-03-02,2,EUR", "A,2026-03-02,3,USD"]
    text = "\n".join(["Own account,Date,Amount,Currency", *rows])

    assert [(one.account, one.currency, len(one.entries)) for one in read(text)] == [
        ("A", "EUR", 1),
        ("B", "EUR", 1),
        ("A", "USD", 1),
    ]


@pytest.mark.parametrize(
    ("rows", "signed"),
    [
        ("33.50,D,-23.50\n-1533.50,C,1510.00", ["-33.50", "1533.50"]),
        ("20.00,D,80.00\n-5.00,D,85.00", ["-20.00", "5.00"]),
        ("20.00,D,80.00\n5.00,C,100.00", ["-20.00", "5.00"]),
    ],
)
def test_the_balance_decides_what_a_minus_beside_a_mark_means(
    entries_of: ReadEntries, rows: str, signed: list[str]
) -> None:
    text = "Date,Currency,Amount,D/C,Balance\n" + "\n".join(
        f"2026-03-02,EUR,{row}" for row in rows.split("\n")
    )

    assert [str(one.signed) for one in entries_of(text)] == signed


@pytest.mark.parametrize(
    ("rows", "signed"),
    [
        (",20.00,120.00\n5.00,,115.00", ["20.00", "-5.00"]),
        ("20.00,,120.00\n,5.00,115.00", ["20.00", "-5.00"]),
        (",20.00,120.00\n-5.00,,115.00", ["20.00", "-5.00"]),
        (",20.00,115.00\n5.00,,95.00", ["20.00", "-5.00"]),
    ],
    ids=["as the bank says", "as the books say", "with a minus", "newest first"],
)
def test_the_balance_decides_whose_debit_it_is(
    entries_of: ReadEntries, rows: str, signed: list[str]
) -> None:
    text = "Date,Currency,Debit,Credit,Balance\n" + "\n".join(
        f"2026-03-02,EUR,{row}" for row in rows.split("\n")
    )

    assert [str(one.signed) for one in entries_of(text)] == signed


@pytest.mark.parametrize(
    ("amount", "signed"),
    [("1,250.00 CR", "1250.00"), ("1,250.00 DR", "-1250.00"), ("1,250.00Cr.", "1250.00")],
)
def test_cr_beside_an_amount_is_money_that_came_in(
    entries_of: ReadEntries, amount: str, signed: str
) -> None:
    [moved] = entries_of(f'Date,Amount,Currency\n2026-03-02,"{amount}",INR\n')

    assert str(moved.signed) == signed


def test_money_that_has_not_moved_is_pending(entries_of: ReadEntries) -> None:
    text = "Date,Amount,Currency,State\n2026-03-02,1,EUR,COMPLETED\n2026-03-02,2,EUR,PENDING\n"

    assert [one.is_pending for one in entries_of(text)] == [False, True]


def test_a_foreign_amount_is_the_original(entries_of: ReadEntries) -> None:
    text = "Date,Amount,Amount Currency,Currency\n2026-03-20,1525.00,1000.00,EUR\n"

    [paid] = entries_of(text, mapping={"defaults": {"currency": "USD"}})

    assert (paid.currency, paid.original_amount, paid.original_currency) == (
        "USD",
        Decimal(1000),
        "EUR",
    )


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("Date,Amount,Currency\n02/03/2026,1,EUR\n", None, "could be day-first or month-first"),
        (
            "Date,Amount,Currency\n13/03/2026,1,EUR\n03/13/2026,1,EUR\n",
            None,
            "Dates are written in two ways",
        ),
        ('Date,Amount,Currency\n2026-03-02,"1,234",EUR\n', None, "Amounts could be"),
        ("Date,Amount\n2026-03-02,1\n", 1, "says the currency"),
        ("Date,Amount,Currency\n2026-03-02,1,\n", 2, "give a default in a mapping file"),
        ("Date,Amount,Currency\n", 1, "has no rows below its header"),
        ("Date,Amount,Currency\n2026-03-02,1,EUR\n2026-03-03,,EUR\n", 3, "the row has no amount"),
        ("Date,Amount,Currency\n2026-03-02,1,EUR\n,1,EUR\n", 3, "the row has no date"),
        (
            "Date,Amount,Currency\n2026-03-02,1,EUR\n2026-03-03,x,EUR\n",
            3,
            "amount 'x' is no amount",
        ),
        ("Date,Amount,Currency\n2026-03-02,1,EUR,7\n", 2, "4 cells under 3 headers"),
        ("Date,Description,Currency\n2026-03-02,x,EUR\n", 1, "no column is an amount"),
        ("Amount,Description,Currency\n1,x,EUR\n", 1, "no column is a date"),
        ("Date,Amount,Betrag,Currency\n2026-03-02,1,1,EUR\n", 1, "both mean amount"),
        ("Date,Amount,D/C,Currency\n2026-03-02,1,?,EUR\n", 2, "neither credit nor debit"),
        ("Date,Amount,D/C,Currency\n2026-03-02,-1,C,EUR\n", 2, "could mean either way"),
        (
            "Date,Amount,D/C,Currency\n2026-03-02,1,C,EUR\n2026-03-02,1,,EUR\n",
            3,
            "says neither credit nor debit",
        ),
        (
            "Date,Amount,Currency,Balance\n2026-03-02,1,EUR,1\n2026-03-02,1,EUR,5\n",
            3,
            "the balance does not follow",
        ),
        ("Date,Amount,Currency\n2026-03-02,1,XXX\n", 2, "has no currency"),
        ("Date,Amount,Amount Currency,Currency\n2026-03-02,1,1,EUR\n", 1, "in two currencies"),
        ('Date,Amount,Currency\n2026-03-02,1,"EUR\n', None, "line 2: unexpected end of data"),
        ("Once upon a time\nthere was a bank\n", None, "no CSV whose columns are known"),
    ],
)
def test_a_table_that_cannot_be_read_for_sure_is_refused(
    refusal_of: Refused, text: str, line: int | None, reason: str
) -> None:
    refused = refusal_of(text)

    assert (refused.line, reason in refused.reason) == (line, True), refused


def test_a_mapping_says_what_the_file_does_not(entries_of: ReadEntries, tmp_path: Path) -> None:
    path = tmp_path / "bank.toml"
    path.write_text(
        '[columns]\nbooked_on = "When"\namount = "How much"\ntext = ["What", "More"]\n'
        'sign = "Way"\nbalance = ""\n[defaults]\naccount = "A1"\ncurrency = "EUR"\n'
        '[dates]\nformat = "day_first"\n[amounts]\ndecimal = ","\n',
        encoding="utf-8",
    )
    mapping = read_bank_mapping(path).model_dump(exclude_defaults=True)
    mapping["credit_words"] = ["in!"]

    [paid] = entries_of(
        "When;How much;Way;What;More;Balance\n02/03/2026;1.234;In!;Invoice;1001;nonsense\n",
        mapping=mapping,
    )

    assert (paid.account, paid.signed, paid.booked_on) == ("A1", Decimal(1234), date(2026, 3, 2))
    assert paid.remittance == "Invoice 1001"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[columns]\nwhen = 'x'\n", "columns.when"),
        ("[defaults]\ncurrency = 'euros'\n", "is no currency"),
        ("[dates]\nformat = 'soon'\n", "dates.format"),
        ("columns = \n", "is no TOML"),
    ],
)
def test_a_wrong_mapping_names_its_key(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "bank.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(StatementUnreadable, match=reason):
        read_bank_mapping(path)


def test_a_mapping_that_names_a_missing_column_is_refused(refusal_of: Refused) -> None:
    refused = refusal_of(
        "Date,Amount,Currency\n2026-03-02,1,EUR\n", mapping={"columns": {"text": "Note"}}
    )

    assert "columns.text names 'Note', which the file lacks" in refused.reason
