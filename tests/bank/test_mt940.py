from datetime import date
from decimal import Decimal

import pytest

from tests.bank.conftest import Read, ReadEntries, Refused
from tests.bank.samples import IBAN, mt940

CREDIT = ":61:2603030302CR100,00NTRFNONREF//BANK-1"


def test_an_entry_with_all_that_a_german_bank_says(read: Read) -> None:
    [statement] = read(
        mt940(
            CREDIT,
            ":86:166?00GUTSCHRIFT?20EREF+E2E-1?21MREF+M-7?22SVWZ+Rechnung 1001 vom 02",
            ".?23 Maerz 2026 Teil 1 von 2 un?24d danke?30BYLADEMM?31DE0212030000000",
            "0202051?32Mueller und Soehne Maschine?33nbau GmbH",
        )
    )

    assert (statement.kind, statement.account, statement.number) == ("MT940", IBAN, "1/1")
    assert statement.difference == 0
    [paid] = statement.entries
    assert (paid.signed, paid.currency) == (Decimal("100.00"), "EUR")
    assert (paid.booked_on, paid.value_on) == (date(2026, 3, 2), date(2026, 3, 3))
    assert (paid.bank_reference, paid.end_to_end_id, paid.mandate_id) == ("BANK-1", "E2E-1", "M-7")
    assert paid.remittance == "Rechnung 1001 vom 02. Maerz 2026 Teil 1 von 2 und danke"
    assert paid.payer_name == "Mueller und Soehne Maschinenbau GmbH"
    assert paid.payer_account == "DE02120300000000202051"
    assert paid.code == "NTRF+166"


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (
            "?20Zahlung fuer die Rechnungen?21 1001 und 1002",
            "Zahlung fuer die Rechnungen 1001 und 1002",
        ),
        ("?20Zahlung der Rechnungsnummer?21n 1001", "Zahlung der Rechnungsnummern 1001"),
        ("?20Rechnung 1001?211002", "Rechnung 1001 1002"),
        ("?20EREF+E1?21Rechnung 1001", "Rechnung 1001"),
        ("?20SVWZ+1001?21ABWA+Somebody", "1001"),
        ("?00DAUERAUFTRAG", "DAUERAUFTRAG"),
    ],
)
def test_pieces_of_27_signs_are_joined_as_a_person_reads_them(
    entries_of: ReadEntries, pieces: str, text: str
) -> None:
    [paid] = entries_of(mt940(CREDIT, f":86:166{pieces}"))

    assert paid.remittance == text


def test_the_pieces_are_kept_for_whom_a_join_hides_a_break(entries_of: ReadEntries) -> None:
    [paid] = entries_of(mt940(CREDIT, ":86:166?20Datum der Bestellung:2.3.26?21Nummer 1001"))

    assert paid.remittance_lines == ("Datum der Bestellung:2.3.26", "Nummer 1001")


@pytest.mark.parametrize(
    ("mark", "is_credit", "is_reversal"),
    [("C", True, False), ("D", False, False), ("RC", False, True), ("RD", True, True)],
)
def test_taking_back_a_credit_takes_money_away(
    entries_of: ReadEntries, mark: str, is_credit: bool, is_reversal: bool
) -> None:
    [moved] = entries_of(mt940(f":61:260303{mark}100,00NTRFNONREF"), accept_unbalanced=True)

    assert (moved.is_credit, moved.is_reversal, moved.booked_on) == (is_credit, is_reversal, None)


def test_a_return_says_why(entries_of: ReadEntries) -> None:
    [returned] = entries_of(
        mt940(
            ":61:2603030302DR12,00NRTINONREF",
            ":86:109?00RUECKLASTSCHRIFT?20EREF+E-9?34914",
            closing="D260302EUR12,00",
        )
    )

    assert (returned.is_reversal, returned.return_reason) == (True, "MS03")
    assert returned.end_to_end_id == "E-9"


@pytest.mark.parametrize(
    ("lines", "amount", "currency"),
    [
        ((CREDIT, "/OCMT/USD108,10/CHGS/EUR3,/"), "108.10", "USD"),
        ((CREDIT, ":86:/OCMT/USD108,10//REMI/Invoice 1001"), "108.10", "USD"),
        ((CREDIT, ":86:109?20OAMT+103,00?21SVWZ+Rechnung 1001"), "103.00", "EUR"),
    ],
)
def test_what_was_sent_is_kept(
    entries_of: ReadEntries, lines: tuple[str, ...], amount: str, currency: str
) -> None:
    [paid] = entries_of(mt940(*lines))

    assert (paid.original_amount, paid.original_currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "details",
    [
        "/TRTP/SEPA/IBAN/NL56AGDH9619008421/NAME/Aster\n Mills/REMI/Factuur 1001/EREF/E-1",
        "/EREF/E-1//CNTP/NL56AGDH9619008421/AGDHNL2A/Aster Mills///REMI/USTD//Factuur\n 1001/",
    ],
)
def test_dutch_details_by_words_between_slashes(entries_of: ReadEntries, details: str) -> None:
    [paid] = entries_of(mt940(CREDIT, f":86:{details}"))

    assert (paid.payer_name, paid.payer_account) == ("Aster Mills", "NL56AGDH9619008421")
    assert (paid.remittance, paid.end_to_end_id) == ("Factuur 1001", "E-1")


def test_lines_of_65_signs_are_cut_and_shorter_ones_end(entries_of: ReadEntries) -> None:
    full = "PAYMENT OF INVOICES 1001 AND 1002 AND 1003 AND 1004 FROM CUSTOMER"
    assert len(full) == 65

    [paid] = entries_of(mt940(CREDIT, f":86:{full}", "S ACCOUNT", "WITH THANKS"))

    assert paid.remittance == f"{full}S ACCOUNT WITH THANKS"


def test_what_only_looks_like_a_field_is_text(entries_of: ReadEntries) -> None:
    [paid] = entries_of(mt940(CREDIT, ":86:166?20Bestellt am 02.03. um 11?21 Uhr", ":12:30 Ende"))

    assert "12:30 Ende" in paid.remittance


def test_the_year_of_the_booking_day_is_the_nearest_to_the_value_day(
    entries_of: ReadEntries,
) -> None:
    before, after = entries_of(
        mt940(":61:2601021231C60,00NTRF", ":61:2512310102C40,00NTRF"),
    )

    assert (before.booked_on, after.booked_on) == (date(2025, 12, 31), date(2026, 1, 2))


def test_the_thirtieth_of_february_is_its_last_day(entries_of: ReadEntries) -> None:
    [paid] = entries_of(mt940(":61:2602300302C100,00NTRF"))

    assert paid.value_on == date(2026, 2, 28)


def test_pages_of_a_statement_are_proved_each(read: Read) -> None:
    first = mt940(":61:260302C60,00NTRF", closing="C260302EUR60,00").replace(":62F:", ":62M:")
    second = mt940(":61:260302C40,00NTRF", opening="C260302EUR60,00", number="1/2", page="M")

    assert [one.difference for one in read(first + second)] == [0, 0]


def test_an_interim_report_has_no_balances_to_prove(read: Read) -> None:
    [report] = read(
        f":20:R\n:25:{IBAN}\n:28C:1/1\n:34F:EUR0,00\n:13D:2603021200+0100\n{CREDIT}\n:90C:1EUR100,00\n"
    )

    assert (report.kind, report.currency, report.is_complete) == ("MT942", "EUR", False)
    assert report.entries[0].amount == 100


def test_an_envelope_and_lines_around_statements_are_passed_over(read: Read) -> None:
    text = mt940(CREDIT).replace("-\n", "-}{5:{CHK:1}}\n")

    assert len(read(f"{{1:F01BANKDEFF}}{{2:O940}}{{4:\n{text}")) == 1
    assert len(read(f"BANKDEFF\n940\n{text}\n{text}")) == 2


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (mt940(CREDIT).partition(":62F:")[0], 1, "has no :62F: or :62M:, the closing balance"),
        (mt940(CREDIT).replace(":60F:C260301EUR0,00\n", ""), 1, "has no :60F: or :60M:"),
        (mt940(CREDIT).replace(f":25:{IBAN}\n", ""), 1, "has no :25:"),
        (mt940(CREDIT).partition("\n")[2], 1, "stands outside of a statement"),
        (mt940(CREDIT, ":25:AGAIN"), 6, "a second :25:"),
        (mt940(CREDIT, ":61:26030XC1,00"), 6, "the entry :61:26030XC1,00 cannot be read"),
        (mt940(":61:261303C100,00NTRF"), 5, "is no day"),
        (mt940(CREDIT, closing="C260302EUR100,01"), 1, "by 0.01 EUR"),
        (mt940(CREDIT, closing="X260302EUR100,00"), 6, "the balance"),
    ],
)
def test_a_broken_statement_is_refused_with_its_line(
    refusal_of: Refused, text: str, line: int, reason: str
) -> None:
    refused = refusal_of(text)

    assert (refused.line, reason in refused.reason) == (line, True), refused
