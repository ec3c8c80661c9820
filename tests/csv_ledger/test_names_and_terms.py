import pytest

from integrations.csv_ledger.currencies import Currencies, meanings
from integrations.csv_ledger.places import country_code, language_code, zone_name
from integrations.csv_ledger.terms import days_of
from integrations.csv_ledger.words import (
    invoice_status,
    method_of,
    refused_document,
    role_of,
    yes_or_no,
)
from models.vocabulary import InvoiceStatus, Method, Role


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("DE", "DE"),
        ("deu", "DE"),
        ("Germany", "DE"),
        ("Deutschland", "DE"),
        ("Allemagne", "DE"),
        ("USA", "US"),
        ("United States", "US"),
        ("États-Unis", "US"),
        ("UK", "GB"),
        ("Österreich", "AT"),
        ("EU", ""),
        ("Atlantis", ""),
    ],
)
def test_countries_go_by_code_and_by_name(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["391", "818", "840"])
def test_a_number_is_no_country_since_it_may_be_any_systems_own(text: str) -> None:
    assert country_code(text) == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "de"),
        ("de-CH", "de"),
        ("pt_BR", "pt"),
        ("German", "de"),
        ("Deutsch", "de"),
        ("français", "fr"),
        ("deu", "de"),
        ("gibberish", ""),
    ],
)
def test_languages_go_by_code_locale_and_name(text: str, code: str) -> None:
    assert language_code(text) == code


def test_zones_go_by_their_name_in_any_capitals() -> None:
    assert zone_name("europe/berlin") == "Europe/Berlin"
    assert zone_name("Berlin time") == ""


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ("net 30", 30),
        ("Net30", 30),
        ("N30", 30),
        ("30", 30),
        ("30 days", 30),
        ("2/10 net 30", 30),
        ("2/10, n/30", 30),
        ("14 Tage", 14),
        ("30 Tage netto", 30),
        ("14 Tage 2% Skonto, 30 Tage netto", 30),
        ("zahlbar innerhalb von 14 Tagen", 14),
        ("30 jours", 30),
        ("Due on receipt", 0),
        ("sofort", 0),
        ("NAA8", None),
        ("30 days end of month", None),
        ("30 jours fin de mois", None),
        ("", None),
        (" -" * 5000, None),
    ],
)
def test_terms_say_days_or_nothing(terms: str, days: int | None) -> None:
    assert days_of(terms) == days


def test_a_dollar_is_the_defaults_dollar_or_the_columns() -> None:
    assert Currencies("CAD").of("", "$") == "CAD"
    assert Currencies("EUR").of("AUD", "$") == "AUD"


def test_a_dollar_alone_is_taken_for_the_american_one_and_remembered() -> None:
    currencies = Currencies("")

    assert currencies.of("", "$") == "USD"
    assert currencies.assumed == {"$": "USD"}


def test_the_column_goes_before_the_default_and_the_default_before_nothing() -> None:
    assert Currencies("EUR").of("usd", "") == "USD"
    assert Currencies("EUR").of("", "£") == "GBP"
    assert Currencies("EUR").of("", "") == "EUR"


@pytest.mark.parametrize(
    ("cell", "symbol", "problem"),
    [
        ("EUR", "$", "amount says"),
        ("EURS", "", "no currency"),
        ("", "?", "no currency"),
        ("", "", "missing"),
    ],
)
def test_an_unknown_or_contradictory_currency_is_refused(
    cell: str, symbol: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Currencies("").of(cell, symbol)


def test_no_money_and_test_codes_are_no_currencies() -> None:
    assert meanings("XXX") == meanings("XTS") == ()


@pytest.mark.parametrize(
    ("text", "status", "disputed"),
    [
        ("Open", InvoiceStatus.OPEN, False),
        ("Invoice : Paid In Full", InvoiceStatus.PAID, False),
        ("AUTHORISED", InvoiceStatus.OPEN, False),
        ("uncollectible", InvoiceStatus.WRITTEN_OFF, False),
        ("storniert", InvoiceStatus.VOIDED, False),
        ("In dispute", InvoiceStatus.OPEN, True),
        *((str(status), status, False) for status in InvoiceStatus),
    ],
)
def test_statuses_in_their_common_words(text: str, status: InvoiceStatus, disputed: bool) -> None:
    assert invoice_status(text) == (status, disputed)


@pytest.mark.parametrize(("text", "problem"), [("Draft", "not sent"), ("???", "values.status")])
def test_a_draft_or_an_unknown_status_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        invoice_status(text)


def test_yes_and_no_in_three_languages() -> None:
    assert [yes_or_no(text) for text in ("Yes", "ja", "OUI", "1", "no", "Nein", "non", "0")] == [
        *[True] * 4,
        *[False] * 4,
    ]


def test_every_method_and_role_is_known_by_its_own_name() -> None:
    assert [method_of(method) for method in Method] == list(Method)
    assert [role_of(role) for role in Role] == list(Role)


def test_documents_that_are_no_invoices_are_known() -> None:
    assert refused_document("Credit Memo") == refused_document("Gutschrift") == "credit note"
    assert refused_document("Invoice") == refused_document("RV") == ""
