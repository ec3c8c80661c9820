"""Small bank files of our own, as text."""

from collections.abc import Iterable
from textwrap import dedent

IBAN = "DE89370400440532013000"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.{}.001.{}"
_PARTS = {
    "053": ("BkToCstmrStmt", "Stmt"),
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def balance(code: str, amount: str, sign: str = "CRDT", currency: str = "EUR") -> str:
    """A balance of a CAMT statement."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<Dt><Dt>2026-03-02</Dt></Dt></Bal>"
    )


def entry(
    amount: str = "100.00",
    sign: str = "CRDT",
    *,
    details: str = "",
    status: str = "<Sts>BOOK</Sts>",
    reference: str = "",
    more: str = "",
    booked: str = "2026-03-02",
) -> str:
    """A CAMT entry; `details` are the insides of its one `TxDtls`, or whole ones."""
    inside = details if "<TxDtls>" in details or not details else f"<TxDtls>{details}</TxDtls>"
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{more}{status}'
        f"<BookgDt><Dt>{booked}</Dt></BookgDt><ValDt><Dt>2026-03-03</Dt></ValDt>"
        + (f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else "")
        + (f"<NtryDtls>{inside}</NtryDtls>" if inside else "")
        + "</Ntry>"
    )


def camt(
    *entries: str,
    balances: Iterable[str] = (),
    kind: str = "053",
    version: str = "08",
    more: str = "",
) -> str:
    """A CAMT document with one statement."""
    message, part = _PARTS[kind]
    body = "\n".join([*balances, *entries])
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="{NAMESPACE.format(kind, version)}"><{message}><GrpHdr/>\n'
        f"<{part}><Id>S1</Id>{more}<Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>\n"
        f"{body}\n</{part}></{message}></Document>\n"
    )


def mt940(
    *lines: str,
    opening: str = "C260301EUR0,00",
    closing: str = "C260302EUR100,00",
    number: str = "1/1",
    page: str = "F",
) -> str:
    """An MT940 statement around the lines of its entries."""
    return "\n".join(
        [
            ":20:STARTUMS",
            f":25:{IBAN}",
            f":28C:{number}",
            f":60{page}:{opening}",
            *lines,
            f":62F:{closing}",
            "-",
            "",
        ]
    )


OFX = dedent(
    """\
    OFXHEADER:100
    DATA:OFXSGML
    VERSION:102
    CHARSET:1252

    <OFX>
    <SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS><LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
    <BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
    <STMTRS><CURDEF>USD
    <BANKACCTFROM><BANKID>021000021<ACCTID>12345<ACCTTYPE>CHECKING</BANKACCTFROM>
    <BANKTRANLIST><DTSTART>20260301<DTEND>20260331
    <STMTTRN>
    <TRNTYPE>CREDIT
    <DTPOSTED>20260302120000.000[-5:EST]
    <TRNAMT>1250.00
    <FITID>F1
    <NAME>ASTER MILLS &amp; SONS
    <MEMO>INVOICE 1001
    </STMTTRN>
    <STMTTRN>
    <TRNTYPE>DEBIT
    <DTPOSTED>20260303
    <TRNAMT>-9.50
    <FITID>F2
    <NAME>
    <MEMO>FEE
    </STMTTRN>
    </BANKTRANLIST>
    <LEDGERBAL><BALAMT>1240.50<DTASOF>20260331</LEDGERBAL>
    </STMTRS></STMTTRNRS></BANKMSGSRSV1>
    </OFX>
    """
)

BAI2 = dedent(
    """\
    01,BANK,FIRM,260302,0800,1,,,2/
    02,FIRM,BANK,1,260302,,USD,2/
    03,12345,USD,010,100000,,,015,225000,,/
    16,195,125000,V,260303,,B1,C1,WIRE FROM ASTER MILLS, INVOICE 1001
    88,AND INVOICE 1002
    49,450000,4/
    98,450000,1,6/
    99,450000,1,8/
    """
)

CSV = dedent(
    """\
    Kontoauszug;;;;
    Buchungstag;Valutadatum;Auftraggeber/Empfänger;Verwendungszweck;IBAN;Betrag (€);Saldo
    02.03.2026;03.03.2026;Müller & Söhne GmbH;Rechnung 1001;DE02120300000000202051;1.250,00;1.350,00
    03.03.2026;03.03.2026;Bank;Entgelt;;-9,50;1.340,50
    """
)
