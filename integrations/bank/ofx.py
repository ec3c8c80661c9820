"""OFX and QFX: statements of bank accounts and credit cards."""

import re
from collections.abc import Iterator

from integrations.bank import values
from integrations.bank.booking import Booking, Draft
from integrations.bank.broken import Broken
from integrations.bank.keys import said
from integrations.bank.remittance import account_of
from integrations.bank.xml_tree import Element
from models.bank import Balance, BankEntry, BankStatement

_ACCOUNTS = {"STMTRS": "BANKACCTFROM", "CCSTMTRS": "CCACCTFROM"}
"""Statements, and where each names its account."""
_INVESTMENT = "INVSTMTRS"
_LISTS = (("BANKTRANLIST", "STMTTRN", False), ("BANKTRANLISTP", "STMTTRNP", True))
_DAY = re.compile(r"[0-9]{8}")
_DEEP_ENOUGH = 12


def read_ofx(root: Element) -> list[Draft]:
    """Every statement of a bank account or card; those of investments beside them are passed over.

    Raises:
        Broken: there is none, or one lacks what it must have.
    """
    found = [one for one in _below(root) if one.name in _ACCOUNTS]
    if not found:
        raise Broken(root.line, _why_none(root))
    return [_statement(one) for one in found]


def _below(element: Element, depth: int = 0) -> Iterator[Element]:
    for child in element.children:
        yield child
        if depth < _DEEP_ENOUGH and child.name not in _ACCOUNTS:
            yield from _below(child, depth + 1)


def _why_none(root: Element) -> str:
    names = {one.name for one in _below(root)}
    if _INVESTMENT in names:
        return "holds an investment account, no bank account. Download the bank account's file."
    for status in _below(root):
        if status.name == "STATUS" and status.said("SEVERITY").upper() == "ERROR":
            told = status.said("MESSAGE") or f"error {status.said('CODE')}"
            return f"holds no statement, the bank refused: {told[:200]}. Download it again."
    return "holds no statement of an account. Download it again, for days with bookings."


def _statement(part: Element) -> Draft:
    account = part.said(_ACCOUNTS[part.name], "ACCTID")
    if not account:
        raise Broken(part.line, "a statement names no account (ACCTID). Download the file again.")
    account = account_of(account)
    listed = [(one, pending) for name, each, pending in _LISTS for one in part.all(name, each)]
    currency = _currency(part, [one for one, _ in listed])
    days = part.find("BANKTRANLIST") or part
    statement = BankStatement(
        kind="OFX",
        account=account,
        currency=currency,
        from_day=values.compact_date(start[:8], days.line)
        if (start := days.said("DTSTART"))
        else None,
        to_day=values.compact_date(end[:8], days.line) if (end := days.said("DTEND")) else None,
        closing=_balance(part, currency),
        is_complete=False,
    )
    bookings = [
        Booking(_entry(one, account, currency, is_pending=pending)) for one, pending in listed
    ]
    return Draft(statement, bookings, line=part.line)


def _currency(part: Element, listed: list[Element]) -> str:
    if stated := part.said("CURDEF"):
        return values.currency(stated, part.line)
    symbols = {one.said("CURRENCY", "CURSYM") for one in listed} - {""}
    if len(symbols) == 1:
        return values.currency(symbols.pop(), part.line)
    raise Broken(part.line, "a statement names no currency (CURDEF). Download the file again.")


def _balance(part: Element, currency: str) -> Balance | None:
    found = part.find("LEDGERBAL")
    if found is None or not (amount := found.said("BALAMT")):
        return None
    day = found.said("DTASOF")
    return Balance(
        amount=values.signed(amount, found.line, "balance"),
        currency=currency,
        day=values.compact_date(day[:8], found.line) if _DAY.match(day) else None,
    )


def _entry(part: Element, account: str, currency: str, *, is_pending: bool) -> BankEntry:
    if part.said("CORRECTFITID"):
        raise Broken(
            part.line,
            "an entry corrects one of an earlier file (CORRECTFITID). Download the days anew from "
            "the bank, so that they come corrected.",
        )
    moved = values.signed(_must(part, "TRNAMT"), part.line)
    posted = part.said("DTPOSTED") if is_pending else _must(part, "DTPOSTED")
    available = part.said("DTAVAIL")
    name = part.said("EXTDNAME") or part.said("NAME") or part.said("PAYEE", "NAME")
    other = part.said("BANKACCTTO", "ACCTID") or part.said("CCACCTTO", "ACCTID")
    # CURRENCY: the amount is in that one. ORIGCURRENCY: it was converted from that one.
    stated = part.said("CURRENCY", "CURSYM")
    return BankEntry(
        account=account,
        booked_on=values.compact_date(posted[:8], part.line) if posted else None,
        value_on=values.compact_date(available[:8], part.line) if available else None,
        amount=abs(moved),
        currency=values.currency(stated, part.line) if stated else currency,
        is_credit=moved >= 0,
        is_pending=is_pending,
        bank_reference=said(part.said("FITID")),
        customer_reference=said(part.said("REFNUM") or part.said("CHECKNUM")),
        remittance=_text(name, part.said("MEMO")),
        payer_name=" ".join(name.split()),
        payer_account=account_of(other),
        code=part.said("TRNTYPE").upper(),
        original_currency=part.said("ORIGCURRENCY", "CURSYM").upper(),
        line=part.line,
    )


def _must(part: Element, name: str) -> str:
    text = part.said(name)
    if not text:
        raise Broken(part.line, f"an entry has no {name}. Download the file again from the bank.")
    return text


def _text(name: str, memo: str) -> str:
    """Name and memo, since American banks describe a payment in either; the name once."""
    name, memo = " ".join(name.split()), " ".join(memo.split())
    return memo if name in memo else f"{name} {memo}".strip()
