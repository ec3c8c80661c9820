"""Every published file is read whole or refused with a reason, and says what others read in it."""

from decimal import Decimal
from typing import Any

import pytest
from babel.numbers import get_currency_precision

from integrations.bank import BankMapping, read_statements
from models.bank import BankEntry, BankStatement
from models.errors import StatementUnreadable
from tests.bank.shared_files import BANK, content, json_beside, names, needed, yaml_beside

pytestmark = needed

READ: dict[str, int] = {
    "bai2/sample1.txt": 17,
    "bai2/sample2.txt": 4,
    "bai2/sample3.txt": 26,
    "camt/camt052.v1.xml": 1,
    "camt/camt052.v2.other-account.xml": 1,
    "camt/camt052.v2.with-account-name.xml": 1,
    "camt/camt052.v2.xml": 1,
    "camt/camt052.v4.xml": 1,
    "camt/camt052.v6.Amt-zero.xml": 1,
    "camt/camt052.v6.xml": 1,
    "camt/camt052.v8.xml": 1,
    "camt/camt053.v2.minimal.ultimate.xml": 1,
    "camt/camt053.v2.minimal.xml": 1,
    "camt/camt053.v2.multi.statement.xml": 2,
    "camt/camt053.v2.with-account-name.xml": 1,
    "camt/camt053.v2.with-party-ids.xml": 1,
    "camt/camt053.v3.xml": 1,
    "camt/camt053.v4.xml": 1,
    "camt/camt053.v8.xml": 1,
    "camt/camt054.v2.with-account-name.xml": 1,
    "camt/camt054.v2.xml": 1,
    "camt/camt054.v4.xml": 1,
    "camt/camt054.v8-with-UETR.xml": 1,
    "camt/camt054.v8-with-financial-institution.xml": 1,
    "camt/camt054.v8.xml": 1,
    "camt/camt53.only-Dt-with-DtTm.xml": 0,
    "csv/multi_currency.csv": 2,
    "mt940/betterplace/sepa_mt9401.sta": 97,
    "mt940/betterplace/with_binary_character.sta": 4,
    "mt940/jejik/generic.sta": 2,
    "mt940/jejik/rabobank-iban.sta": 4,
    "mt940/jejik/sns.sta": 2,
    "mt940/self-provided/february_30.sta": 1,
    "mt940/self-provided/long_statement_number.sta": 0,
    "mt940/self-provided/mt942.sta": 1,
    "mt940/self-provided/raphaelm.sta": 9,
    "mt940/self-provided/transaction_details_wrapped.sta": 1,
    "mt940/self-provided/wrapped_timestamp.sta": 1,
    "ofx/anzcc.ofx": 1,
    "ofx/bank_medium.ofx": 3,
    "ofx/checking.ofx": 3,
    "ofx/fail_nice/empty_balance.ofx": 1,
    "ofx/multiple_accounts.ofx": 0,
    "ofx/multiple_accounts2.ofx": 0,
    "ofx/ofx-v102-empty-tags.ofx": 1,
    "ofx/suncorp.ofx": 1,
}
"""How many entries each has."""

UNBALANCED: dict[str, list[str]] = {
    "camt/camt053.v2.all-balance-types.xml": ["-5.820"],
    "camt/camt053.v2.five.decimals.xml": ["0.050"],
    "mt940/betterplace/sepa_snippet.sta": ["300.08"],
    "mt940/jejik/abnamro.sta": ["-2038.00", "-1002.60"],
    "mt940/jejik/ing.sta": ["49.06"],
    "mt940/jejik/knab.sta": ["4500.00"],
    "mt940/jejik/postfinance.sta": ["0.2"],
    "mt940/jejik/rabobank.sta": ["1135.93", "236.56"],
    "mt940/jejik/triodos.sta": ["111.40"],
    "mt940/self-provided/details_60-63.sta": ["234.01"],
    "mt940/self-provided/malformed_details.sta": ["234.01"],
    "mt940/self-provided/overly_long_details.sta": ["234.01"],
    "mt940/self-provided/raiffeisen-cmi.sta": ["1123264.00"],
    "mt940/self-provided/whitespace.sta": ["234.01"],
}
"""What their entries miss the closing balances by: they were made up, or shortened and anonymised
by those who published them. Accepted unbalanced, they are read."""

_PART = "stands outside of a statement, which begins with :20:"
_INVESTMENT = "holds an investment account, no bank account"
_NOTHING = "holds no statement of an account"
_CURRENCY = "no column and no symbol says the currency"
REFUSED: dict[str, tuple[int | None, str]] = {
    "bai2/errors/sample-parseError.txt": (1, "is no record of BAI2, which begins with 01"),
    "bai2/sample4-continuations-newline-delimited.txt": (22, "the account should come to"),
    "bai2/sample5-issue113.txt": (22, "the account should come to"),
    "camt/camt053.v2.wrong.xml": (2, "is CAMT without any statement"),
    "csv/balance.csv": (1, _CURRENCY),
    "csv/debit_credit.csv": (1, _CURRENCY),
    "csv/debit_credit_amount.csv": (1, _CURRENCY),
    "csv/sample_statement_en.csv": (1, "amounts in two currencies and one column of currencies"),
    "mt940/betterplace/amount_formats.sta": (1, _PART),
    "mt940/betterplace/currency_in_25.sta": (1, _PART),
    "mt940/betterplace/empty_86.sta": (1, _PART),
    "mt940/betterplace/empty_entry_date.sta": (1, _PART),
    "mt940/betterplace/empty_line.sta": (2, "has no :60F: or :60M:, the opening balance"),
    "mt940/betterplace/missing_crlf_at_end.sta": (1, _PART),
    "mt940/betterplace/sepa_snippet_broken.sta": (6, "a second :25: in the statement of line 1"),
    "mt940/self-provided/empty_non_swift.sta": (1, _PART),
    "mt940/self-provided/gv_codes.sta": (1, "has no :62F: or :62M:, the closing balance"),
    "mt940/self-provided/invalid_statement.sta": (None, "and no CSV whose columns are known"),
    "mt940/self-provided/sparkassen.sta": (1, _PART),
    "ofx/account_listing_aggregation.ofx": (11, _NOTHING),
    "ofx/bank_small.ofx": (11, _NOTHING),
    "ofx/error_message.ofx": (3, "the bank refused: General Server Error"),
    "ofx/fail_nice/date_missing.ofx": (33, "an entry has no DTPOSTED"),
    "ofx/fail_nice/decimal_error.ofx": (34, "amount '$120' is no amount"),
    "ofx/fidelity-savings.ofx": (12, _INVESTMENT),
    "ofx/fidelity.ofx": (11, _INVESTMENT),
    "ofx/investment_401k.ofx": (11, _INVESTMENT),
    "ofx/investment_medium.ofx": (10, _INVESTMENT),
    "ofx/signon_fail.ofx": (11, "the bank refused: Your request could not be processed"),
    "ofx/signon_success.ofx": (11, _NOTHING),
    "ofx/signon_success_no_message.ofx": (11, _NOTHING),
    "ofx/td_ameritrade.ofx": (11, _INVESTMENT),
    "ofx/tiaacref.ofx": (11, _INVESTMENT),
    "ofx/vanguard.ofx": (11, _INVESTMENT),
    "ofx/vanguard401k.ofx": (11, _INVESTMENT),
}
"""In which line and why: parts of statements, other answers of a bank, accounts that hold shares,
files that were broken for a test, and tables that need a mapping."""

WITH_A_CURRENCY = {
    "csv/balance.csv": ["-33.50", "1533.50"],
    "csv/debit_credit.csv": ["-33.50", "1533.50"],
    "csv/debit_credit_amount.csv": ["-20.00", "-13.50", "33.50", "1500.00"],
    "csv/sample_statement_en.csv": ["-33.50", "1525.00"],
}
"""What the tables come to once a mapping tells the account's currency; their balances agree."""

TAKEN_BACK = Decimal("204.88")
"""Credits marked RC in one file, which the YAML beside it has as money that came in. The balances
of the file say that it went out."""


def read(name: str, *, accept_unbalanced: bool = False) -> list[BankStatement]:
    return read_statements(content(name), name, accept_unbalanced=accept_unbalanced)


def all_entries(name: str) -> list[BankEntry]:
    return [one for each in read(name, accept_unbalanced=True) for one in each.entries]


def files(under: str, suffix: str) -> list[str]:
    """Those that are read and have a file with this ending beside them."""
    able = (name for name in names(under) if name not in REFUSED)
    return [name for name in able if (BANK / name).with_suffix(suffix).is_file()]


def test_every_file_has_its_place_in_a_table() -> None:
    assert sorted([*READ, *UNBALANCED, *REFUSED]) == names()


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_whole(name: str) -> None:
    assert sum(len(statement.entries) for statement in read(name)) == READ[name]


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_with_line_and_reason(name: str) -> None:
    line, reason = REFUSED[name]
    with pytest.raises(StatementUnreadable) as refused:
        read(name, accept_unbalanced=True)

    assert (refused.value.line, reason in refused.value.reason) == (line, True), refused.value


@pytest.mark.parametrize("name", UNBALANCED)
def test_a_file_that_does_not_add_up_is_refused_unless_accepted(name: str) -> None:
    with pytest.raises(StatementUnreadable, match=f"by {UNBALANCED[name][0]} "):
        read(name)

    statements = read(name, accept_unbalanced=True)
    assert [str(one.difference) for one in statements if one.difference] == UNBALANCED[name]


@pytest.mark.parametrize("name", WITH_A_CURRENCY)
def test_a_table_is_read_with_a_mapping(name: str) -> None:
    mapping = BankMapping.model_validate({"defaults": {"currency": "USD"}})

    statements = read_statements(content(name), name, mapping=mapping)

    entries = [one for statement in statements for one in statement.entries]
    assert [str(one.signed) for one in entries] == WITH_A_CURRENCY[name]


@pytest.mark.parametrize("name", names())
def test_no_two_movements_of_a_file_have_one_key(name: str) -> None:
    if name not in REFUSED:
        keys = [one.key for one in all_entries(name)]
        assert len(set(keys)) == len(keys)


def money(said: dict[str, Any]) -> tuple[Decimal, str]:
    code = said["getCurrency"]["getCode"]
    return Decimal(said["getAmount"]).scaleb(-get_currency_precision(code)), code


def day(said: dict[str, str] | None) -> str:
    return said["0"][:10] if said else ""


@pytest.mark.parametrize("name", files("camt", ".json"))
def test_genkgo_reads_the_same_amounts_dates_and_references(name: str) -> None:
    entries, told = all_entries(name), json_beside(name)["getEntries"]

    # Of a file with two statements, the JSON has the last one's entries.
    assert 0 < len(told) <= len(entries) or entries == told == []
    for entry, said in zip(entries[-len(told) :], told, strict=True):
        assert (entry.signed, entry.currency) == money(said["getAmount"])
        assert entry.is_credit == (said["getCreditDebitIndicator"] == "CRDT")
        assert entry.is_reversal == bool(said["getReversalIndicator"])
        assert str(entry.booked_on or "") == day(said["getBookingDate"])
        assert str(entry.value_on or "") == day(said["getValueDate"])
        assert entry.bank_reference == (said["getAccountServicerReference"] or "")
        assert entry.is_pending == (said["getStatus"] == "PDNG")
        details = [one for one in said["getTransactionDetails"] if isinstance(one, dict)]
        details = details or [one for one in [said["getTransactionDetail"]] if one]
        assert_same_references(entry, details)


def assert_same_references(entry: BankEntry, details: list[dict[str, Any]]) -> None:
    refs = [one["getReference"] for one in details if isinstance(one["getReference"], dict)]
    ours = {entry.end_to_end_id, *entry.references}
    assert {one["getEndToEndId"] for one in refs} - {None} <= ours
    assert {one["getMandateId"] for one in refs} - {None} <= {entry.mandate_id}
    for text in [one["getRemittanceInformation"] for one in details]:
        blocks = (
            [one for one in text["getStructuredBlocks"] if isinstance(one, dict)] if text else []
        )
        blocks += [text["getStructuredBlock"]] if text and text["getStructuredBlock"] else []
        for block in blocks:
            if isinstance(info := block["getCreditorReferenceInformation"], dict):
                assert info["getRef"] in entry.references
        if text and text["getUnstructuredBlock"]:
            assert text["getUnstructuredBlock"]["getMessage"] in entry.remittance


@pytest.mark.parametrize("name", files("camt", ".json"))
def test_genkgo_reads_the_same_account_and_balances(name: str) -> None:
    told = json_beside(name)
    said = next((one["getRecord"] for one in told["getEntries"]), *told["getRecords"][:1])
    statement = read(name, accept_unbalanced=True)[-1]

    assert statement.account == said["getAccount"]["getIdentification"]
    stated = {one["getType"]: one["getAmount"] for one in reversed(said.get("getBalances", []))}
    for ours, type_ in ((statement.opening, "opening"), (statement.closing, "closing")):
        if ours is not None and type_ in stated:
            amount, currency = money(stated[type_])
            assert (ours.amount.quantize(amount), ours.currency) == (amount, currency)


@pytest.mark.parametrize("name", files("mt940", ".yml"))
def test_mt_940_reads_the_same_amounts_dates_and_references(name: str) -> None:
    entries, told = all_entries(name), list(yaml_beside(name))

    assert len(entries) == len(told)
    for entry, said in zip(entries, told, strict=True):
        sign = -1 if entry.is_reversal and said.amount == TAKEN_BACK else 1
        assert entry.signed == sign * said.amount
        assert (entry.value_on, entry.booked_on) == (said.value_on, said.booked_on)
        # Where it says no reference of the bank, it ran both references into one.
        assert said.bank_reference in {"", entry.bank_reference}
