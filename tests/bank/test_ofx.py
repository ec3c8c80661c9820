from datetime import date
from decimal import Decimal

import pytest

from tests.bank.conftest import Read, ReadEntries, Refused
from tests.bank.samples import OFX


def as_xml(text: str) -> str:
    """The sample as version 2 would write it, with an end for every value."""
    body = text[text.index("<OFX>") :].replace("&amp;", "%")
    lines = []
    for tag in body.replace("\n", "").split("<")[1:]:
        name, _, value = tag.partition(">")
        lines.append(f"<{tag}</{name}>" if value else f"<{tag}")
    return '<?xml version="1.0"?>\n<?OFX OFXHEADER="200"?>\n' + "\n".join(lines).replace(
        "%", "&amp;"
    )


def test_a_statement_without_end_tags(read: Read) -> None:
    [statement] = read(OFX)

    assert (statement.account, statement.currency) == ("12345", "USD")
    assert (statement.from_day, statement.to_day) == (date(2026, 3, 1), date(2026, 3, 31))
    assert statement.closing is not None
    assert statement.closing.amount == Decimal("1240.50")
    paid, fee = statement.entries
    assert (paid.signed, paid.booked_on) == (Decimal("1250.00"), date(2026, 3, 2))
    assert (paid.payer_name, paid.bank_reference) == ("ASTER MILLS & SONS", "F1")
    assert paid.remittance == "ASTER MILLS & SONS INVOICE 1001"
    assert (fee.signed, fee.remittance, fee.payer_name) == (Decimal("-9.50"), "FEE", "")


def test_version_2_says_the_same(entries_of: ReadEntries) -> None:
    def without_lines(text: str) -> list[object]:
        return [one.model_dump(exclude={"line"}) for one in entries_of(text)]

    assert without_lines(as_xml(OFX).replace("<NAME>\n", "<NAME></NAME>\n")) == without_lines(OFX)


def test_text_in_cdata_stands_as_it_is(entries_of: ReadEntries) -> None:
    paid, _ = entries_of(OFX.replace("INVOICE 1001", "<![CDATA[A <1001> & B]]>"))

    assert paid.remittance.endswith("A <1001> & B")


def test_an_amount_is_in_the_currency_that_stands_beside_it(entries_of: ReadEntries) -> None:
    rate = "<CURRATE>1.1<CURSYM>CAD"

    foreign, _ = entries_of(OFX.replace("<NAME>ASTER", f"<CURRENCY>{rate}</CURRENCY><NAME>ASTER"))
    converted, _ = entries_of(
        OFX.replace("<NAME>ASTER", f"<ORIGCURRENCY>{rate}</ORIGCURRENCY><NAME>ASTER")
    )

    assert (foreign.currency, foreign.original_currency) == ("CAD", "")
    assert (converted.currency, converted.original_currency) == ("USD", "CAD")


def test_pending_entries_are_marked(entries_of: ReadEntries) -> None:
    pending = (
        "<BANKTRANLISTP><STMTTRNP><TRNTYPE>CREDIT<TRNAMT>5.00<NAME>LATER</STMTTRNP></BANKTRANLISTP>"
    )

    *_, last = entries_of(OFX.replace("<LEDGERBAL>", f"{pending}<LEDGERBAL>"))

    assert (last.is_pending, last.booked_on, last.amount) == (True, None, Decimal("5.00"))


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("<TRNAMT>1250.00", "<TRNAMT>$1250", 12, "is no amount"),
        ("<DTPOSTED>20260303", "<DTPOSTED>20260231", 20, "is no day"),
        ("<DTPOSTED>20260303\n", "", 20, "has no DTPOSTED"),
        ("<ACCTID>12345", "", 9, "names no account"),
        ("<CURDEF>USD", "", 9, "names no currency"),
        ("</OFX>", "", 6, "ends inside <OFX>"),
        ("</BANKTRANLIST>", "</NOSUCH>", 28, "ends what never began"),
        ("<FITID>F1", "<CORRECTFITID>F0<FITID>F1", 12, "corrects one of an earlier file"),
        ("INVOICE 1001", "<![CDATA[INVOICE", 18, "never ends"),
        (
            "<SEVERITY>INFO</STATUS>\n<STMTRS>",
            "<SEVERITY>INFO</STATUS>\n<NO>",
            30,
            "ends what never",
        ),
    ],
)
def test_a_broken_file_is_refused_with_its_line(
    refusal_of: Refused, old: str, new: str, line: int, reason: str
) -> None:
    assert old in OFX

    refused = refusal_of(OFX.replace(old, new, 1))

    assert (refused.line, reason in refused.reason) == (line, True), refused


def test_an_answer_without_statement_says_what_the_bank_said(refusal_of: Refused) -> None:
    status = "<STATUS><CODE>2000<SEVERITY>ERROR<MESSAGE>Come back tomorrow</STATUS>"

    refused = refusal_of(f"OFXHEADER:100\n<OFX><SIGNONMSGSRSV1>{status}</SIGNONMSGSRSV1></OFX>")

    assert "the bank refused: Come back tomorrow" in refused.reason


def test_an_investment_account_is_no_bank_account(refusal_of: Refused) -> None:
    assert "investment account" in refusal_of("<OFX><INVSTMTRS><A>1</INVSTMTRS></OFX>").reason
