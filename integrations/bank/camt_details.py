"""The details of one payment inside a CAMT entry: references, parties, text, amounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from integrations.bank import values
from integrations.bank.keys import said
from integrations.bank.remittance import account_of, distinct, joined
from integrations.bank.xml_tree import Element

_WIDTH = 140  # of one unstructured line in ISO 20022
_AMOUNTS = (
    ("Amt",),
    ("AmtDtls", "TxAmt", "Amt"),
    ("AmtDtls", "CntrValAmt", "Amt"),
    ("AmtDtls", "InstdAmt", "Amt"),
)
"""Where a payment's amount stands, likeliest first: early versions have it in the details only."""
_ORIGINALS = (("AmtDtls", "InstdAmt", "Amt"), ("Amt",), ("AmtDtls", "TxAmt", "Amt"))
_REFERENCES = (
    ("CdtrRefInf", "Ref"),
    ("CdtrRefInf", "CdtrRef"),
    ("RfrdDocInf", "Nb"),
    ("RfrdDocInf", "RfrdDocNb"),
    ("RfrdDocInf", "LineDtls", "Id", "Nb"),
)
_DEBTOR, _CREDITOR = ("Dbtr", "UltmtDbtr"), ("Cdtr", "UltmtCdtr")


@dataclass(frozen=True, slots=True)
class Detail:
    """One payment. `moved` is signed and in the entry's currency, None where not stated so."""

    moved: Decimal | None
    bank_reference: str
    customer_reference: str
    end_to_end_id: str
    mandate_id: str
    references: tuple[str, ...]
    remittance: str
    lines: tuple[str, ...]
    debtor: tuple[str, str]
    creditor: tuple[str, str]
    code: str
    return_reason: str
    is_return: bool
    stated: tuple[tuple[Decimal, str], ...]

    def original(self, amount: Decimal, currency: str) -> tuple[Decimal | None, str]:
        """What was sent, where it was converted or a charge was kept back."""
        differing = (one for one in self.stated if one[0] and one != (amount, currency))
        return next(differing, (None, ""))

    def other_side(self, account: str, *, incoming: bool) -> tuple[str, str]:
        """Name and account of whom the money came from, or goes to, who is not `account`."""
        first, second = (self.debtor, self.creditor) if incoming else (self.creditor, self.debtor)
        return second if first[1] == account and any(second) else first


def detail_of(tx: Element, currency: str, sign: str) -> Detail:
    """What a `TxDtls` says; `currency` and `sign` are those of its entry.

    Raises:
        Broken: it has an amount that cannot be read.
    """
    refs = tx.find("Refs") or tx
    told = tx.find("RmtInf")
    blocks = [one for one in told.children if one.name == "Strd"] if told else []
    lines = _lines(told, blocks) if told else ()
    returned = tx.find("RtrInf")
    return Detail(
        moved=_moved(tx, currency, sign),
        bank_reference=said(refs.said("AcctSvcrRef")),
        customer_reference=said(refs.said("InstrId")) or said(refs.said("PmtInfId")),
        end_to_end_id=said(refs.said("EndToEndId")),
        mandate_id=said(refs.said("MndtId")),
        references=distinct(
            one.text for block in blocks for path in _REFERENCES for one in block.all(*path)
        ),
        remittance=joined(lines, _WIDTH),
        lines=lines,
        debtor=_side(tx, _DEBTOR),
        creditor=_side(tx, _CREDITOR),
        code=code_of(tx)[0],
        return_reason=tx.said("RtrInf", "Rsn", "Cd") or tx.said("RtrInf", "Rsn", "Prtry"),
        is_return=returned is not None,
        stated=tuple(money for path in _ORIGINALS if (money := _money(tx, path))),
    )


def code_of(part: Element) -> tuple[str, str]:
    """The bank transaction code, ISO's before the bank's own, and ISO's sub-family or ""."""
    domain = part.find("BkTxCd", "Domn")
    if domain is None:
        return part.said("BkTxCd", "Prtry", "Cd"), ""
    family = domain.said("Fmly", "SubFmlyCd")
    steps = (domain.said("Cd"), domain.said("Fmly", "Cd"), family)
    return "-".join(step for step in steps if step), family


def _money(tx: Element, path: tuple[str, ...]) -> tuple[Decimal, str] | None:
    found = tx.find(*path)
    if found is None or not found.text:
        return None
    return values.amount(found.text, found.line), found.attributes.get("Ccy", "")


def _moved(tx: Element, currency: str, sign: str) -> Decimal | None:
    for path in _AMOUNTS:
        money = _money(tx, path)
        if money and money[1] == currency:
            return -money[0] if (tx.said("CdtDbtInd") or sign) == "DBIT" else money[0]
    return None


def _lines(told: Element, blocks: Sequence[Element]) -> tuple[str, ...]:
    texts = [one.text for one in told.children if one.name == "Ustrd"]
    texts += [one.text for block in blocks for one in block.all("AddtlRmtInf")]
    return tuple(text for text in texts if text)


def _side(tx: Element, roles: tuple[str, str]) -> tuple[str, str]:
    """Name and account of the debtor or creditor; the ultimate one where the first is not named."""
    parties = tx.find("RltdPties")
    if parties is None:
        return "", ""
    names = (
        party.said("Nm") or party.said("Pty", "Nm") or party.said("Agt", "FinInstnId", "Nm")
        for role in roles
        if (party := parties.find(role)) is not None
    )
    place = parties.find(f"{roles[0]}Acct", "Id")
    numbers = [] if place is None else [one.text or one.said("Id") for one in place.children]
    return (
        next((name for name in names if name), ""),
        account_of(next((number for number in numbers if number), "")),
    )
