from datetime import date
from decimal import Decimal

import pytest

from tests.bank.conftest import Read, ReadEntries, Refused
from tests.bank.samples import IBAN, balance, camt, entry

PARTIES = (
    "<RltdPties><Dbtr><Pty><Nm>Aster Mills</Nm></Pty></Dbtr><DbtrAcct><Id>"
    "<IBAN>NL56 AGDH 9619 0084 21</IBAN></Id></DbtrAcct><Cdtr><Nm>We Ltd</Nm></Cdtr>"
    f"<CdtrAcct><Id><IBAN>{IBAN}</IBAN></Id></CdtrAcct></RltdPties>"
)


def payment(amount: str, invoice: str) -> str:
    return (
        f"<TxDtls><Refs><EndToEndId>E-{invoice}</EndToEndId></Refs>"
        f'<Amt Ccy="EUR">{amount}</Amt><RmtInf><Strd><CdtrRefInf><Ref>{invoice}</Ref></CdtrRefInf>'
        f"</Strd></RmtInf></TxDtls>"
    )


def test_an_entry_with_all_that_a_bank_can_say(read: Read) -> None:
    details = (
        "<Refs><EndToEndId>E2E-1</EndToEndId><MndtId>M-7</MndtId></Refs>"
        f"{PARTIES}<RmtInf><Ustrd>Invoice 1001</Ustrd><Ustrd>less 2 %</Ustrd><Strd><RfrdDocInf>"
        "<Nb>1001</Nb></RfrdDocInf><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd>"
        "</RmtInf>"
    )
    code = (
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>"
        "</BkTxCd>"
    )

    [statement] = read(
        camt(
            entry("98.00", details=details, reference="BANK-1", more=code),
            balances=[balance("OPBD", "2.00", "DBIT"), balance("CLBD", "96.00")],
        )
    )

    assert (statement.kind, statement.account, statement.currency) == ("CAMT.053", IBAN, "EUR")
    assert statement.opening is not None
    assert statement.opening.amount == -2
    assert statement.difference == 0
    [paid] = statement.entries
    assert (paid.amount, paid.is_credit, paid.currency) == (Decimal("98.00"), True, "EUR")
    assert (paid.booked_on, paid.value_on) == (date(2026, 3, 2), date(2026, 3, 3))
    assert (paid.payer_name, paid.payer_account) == ("Aster Mills", "NL56AGDH9619008421")
    assert (paid.bank_reference, paid.end_to_end_id, paid.mandate_id) == ("BANK-1", "E2E-1", "M-7")
    assert set(paid.references) == {"1001", "RF18539007547034"}
    assert paid.remittance == "Invoice 1001 less 2 %"
    assert paid.remittance_lines == ("Invoice 1001", "less 2 %")
    assert paid.code == "PMNT-RCDT-ESCT"


def test_the_word_for_no_reference_is_no_reference(entries_of: ReadEntries) -> None:
    [paid] = entries_of(camt(entry(details="<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>")))

    assert paid.end_to_end_id == ""


def test_a_batch_that_adds_up_is_read_as_its_payments(entries_of: ReadEntries) -> None:
    first, second = entries_of(
        camt(entry("100.00", details=payment("60.00", "1") + payment("40.00", "2")))
    )

    assert [(one.amount, one.references) for one in (first, second)] == [
        (Decimal("60.00"), ("1",)),
        (Decimal("40.00"), ("2",)),
    ]
    assert first.part_of == second.part_of != ""
    assert first.key != second.key


def test_a_batch_that_does_not_add_up_is_one_entry_and_says_so(entries_of: ReadEntries) -> None:
    [paid] = entries_of(camt(entry("99.00", details=payment("60.00", "1") + payment("40.00", "2"))))

    assert (paid.amount, paid.details) == (Decimal("99.00"), 2)
    assert paid.references == ("1", "2", "E-1", "E-2")


def test_a_batch_that_is_only_counted_says_how_many(entries_of: ReadEntries) -> None:
    batch = "<Btch><NbOfTxs>20</NbOfTxs></Btch>"

    [paid] = entries_of(camt(entry().replace("</Ntry>", f"<NtryDtls>{batch}</NtryDtls></Ntry>")))

    assert paid.details == 20


def test_a_reversal_moves_money_as_its_sign_says_and_is_marked(entries_of: ReadEntries) -> None:
    [taken_back] = entries_of(
        camt(entry(sign="DBIT", more="<RvslInd>true</RvslInd>", details=PARTIES))
    )

    assert (taken_back.is_credit, taken_back.is_reversal) == (False, True)
    assert taken_back.payer_name == "Aster Mills"


def test_a_returned_debit_says_why_and_whose_it_was(entries_of: ReadEntries) -> None:
    [returned] = entries_of(
        camt(
            entry(
                sign="DBIT",
                details=f"{PARTIES}<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>",
            )
        )
    )

    assert returned.is_reversal
    assert (returned.return_reason, returned.payer_name) == ("AC04", "Aster Mills")


@pytest.mark.parametrize("status", ["<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>"])
def test_a_pending_entry_does_not_count_for_the_balance(read: Read, status: str) -> None:
    [statement] = read(
        camt(
            entry(),
            entry("5.00", status=status),
            balances=[balance("OPBD", "0.00"), balance("CLBD", "100.00")],
        )
    )

    assert [one.is_pending for one in statement.entries] == [False, True]


def test_a_converted_payment_keeps_what_was_sent(entries_of: ReadEntries) -> None:
    details = '<AmtDtls><InstdAmt><Amt Ccy="USD">108.10</Amt></InstdAmt></AmtDtls>'

    [paid] = entries_of(camt(entry(details=details)))

    assert (paid.original_amount, paid.original_currency) == (Decimal("108.10"), "USD")


def test_a_returned_debit_with_the_bank_s_charge_keeps_what_was_collected(
    entries_of: ReadEntries,
) -> None:
    details = '<AmtDtls><InstdAmt><Amt Ccy="EUR">97.00</Amt></InstdAmt></AmtDtls>'

    [returned] = entries_of(camt(entry(sign="DBIT", details=details)))

    assert (returned.amount, returned.original_amount) == (Decimal("100.00"), Decimal("97.00"))


def test_the_own_account_is_never_the_other_side(entries_of: ReadEntries) -> None:
    [paid] = entries_of(camt(entry(sign="DBIT", details=PARTIES)))

    assert paid.payer_name == "Aster Mills"


def test_one_page_of_several_need_not_add_up(read: Read) -> None:
    page = "<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>"

    [statement] = read(
        camt(entry(), balances=[balance("OPBD", "0.00"), balance("CLBD", "999.00")], more=page)
    )

    assert statement.difference is None


def test_balances_in_another_currency_prove_nothing(read: Read) -> None:
    [statement] = read(
        camt(
            entry(),
            balances=[balance("OPBD", "0.00"), balance("CLBD", "9.00", currency="SEK")],
        )
    )

    assert statement.difference is None


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (entry().replace("<CdtDbtInd>CRDT</CdtDbtInd>", ""), "lacks its amount or its CdtDbtInd"),
        (entry("1,00.00"), "is no amount"),
        (entry("-100.00"), "is no amount"),
        (entry().replace("2026-03-02", "2026-02-30"), "is no day"),
        (entry().replace('Ccy="EUR"', ""), "is none"),
    ],
)
def test_a_broken_entry_refuses_the_file_with_its_line(
    refusal_of: Refused, broken: str, reason: str
) -> None:
    refused = refusal_of(camt(entry(), broken))

    assert reason in refused.reason
    assert refused.line == 5


def test_a_statement_that_does_not_add_up_names_the_difference(
    refusal_of: Refused, read: Read
) -> None:
    text = camt(entry(), balances=[balance("OPBD", "0.00"), balance("CLBD", "90.00")])

    refused = refusal_of(text)

    assert refused.line == 3
    assert "by -10.00 EUR" in refused.reason
    [statement] = read(text, accept_unbalanced=True)
    assert statement.difference == -10


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (camt().replace("Stmt>", "Other>"), "is CAMT without any statement"),
        (camt(entry()).replace(f"<IBAN>{IBAN}</IBAN>", ""), "Stmt names no account"),
        ('<Document xmlns="urn:x"><CstmrCdtTrfInitn/></Document>', "is XML with the root Document"),
        ("<html><body>Please log in</body></html>", "is XML with the root html"),
    ],
)
def test_another_document_is_refused(refusal_of: Refused, text: str, reason: str) -> None:
    assert reason in refusal_of(text).reason
