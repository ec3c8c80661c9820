"""CAMT.052, .053 and .054 of ISO 20022, every version: an account's entries as XML."""

from datetime import date

from integrations.bank import values
from integrations.bank.booking import Booking, Draft
from integrations.bank.broken import Broken
from integrations.bank.camt_entry import booking_of, day_of
from integrations.bank.remittance import account_of
from integrations.bank.xml_tree import Element, xml_tree
from models.bank import Balance, BankStatement

_STATEMENTS = {
    "Stmt": ("CAMT.053", "StmtPgntn"),
    "Rpt": ("CAMT.052", "RptPgntn"),
    "Ntfctn": ("CAMT.054", "NtfctnPgntn"),
}
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)
_FULL = "CAMT.053"
_ENTRY = "Ntry"


def read_camt(content: bytes) -> list[Draft]:
    """Every statement, report and notification of a document.

    Raises:
        Broken: it is no XML or another document, there is no statement in it, or one lacks what it
            must have.
    """
    entries = _Entries()
    root = xml_tree(content, _ENTRY, entries.take)
    if not _is_camt(root):
        raise Broken(
            root.line,
            f"is XML with the root {root.name[:40]}, but no CAMT.052, .053 or .054. Choose one of "
            f"these in the bank's download.",
        )
    drafts = [
        _statement(part, entries.of(part))
        for message in root.children
        for part in message.children
        if part.name in _STATEMENTS
    ]
    if not drafts:
        raise Broken(
            root.line, "is CAMT without any statement. Download it again, for days with bookings."
        )
    return drafts


def _is_camt(root: Element) -> bool:
    return root.name == "Document" and any(
        message.name.startswith("BkToCstmr") for message in root.children
    )


class _Entries:
    """The bookings of each statement, taken while the document is read."""

    def __init__(self) -> None:
        self._accounts: dict[Element, str] = {}
        self._bookings: dict[Element, list[Booking]] = {}

    def take(self, element: Element, within: Element) -> bool:
        """Take an entry of a statement; anything else stays where it is."""
        if within.name not in _STATEMENTS:
            return False
        if within not in self._accounts:
            # The account stands before the entries in every version.
            self._accounts[within] = _account(within)
        booking = booking_of(element, self._accounts[within])
        self._bookings.setdefault(within, []).append(booking)
        return True

    def of(self, part: Element) -> list[Booking]:
        """Those of one statement, in order."""
        return self._bookings.get(part, [])


def _statement(part: Element, bookings: list[Booking]) -> Draft:
    kind, pagination = _STATEMENTS[part.name]
    account = _account(part)
    opening, closing = (_balance(part, codes) for codes in (_OPENING, _CLOSING))
    page = part.find(pagination)
    first = page is None or page.said("PgNb").lstrip("0") in {"", "1"}
    only = page is None or (first and page.said("LastPgInd") in {"true", "1"})
    statement = BankStatement(
        kind=kind,
        account=account,
        currency=_currency(part, opening or closing, bookings),
        number=part.said("Id"),
        from_day=_moment(part, "FrDtTm") or _moment(part, "FrDt"),
        to_day=_moment(part, "ToDtTm") or _moment(part, "ToDt"),
        opening=opening,
        closing=closing,
        is_complete=kind == _FULL and only,
    )
    return Draft(statement, bookings, follows_on=not first, line=part.line)


def _account(part: Element) -> str:
    place = part.find("Acct", "Id")
    numbers = [] if place is None else [one.text or one.said("Id") for one in place.children]
    account = next((number for number in numbers if number), "")
    if not account:
        raise Broken(part.line, f"{part.name} names no account. Download the file again.")
    return account_of(account)


def _balance(part: Element, codes: tuple[str, ...]) -> Balance | None:
    # The first of a kind counts.
    by_code = {
        one.said("Tp", "CdOrPrtry", "Cd") or one.said("Tp", "Cd"): one
        for one in reversed([*part.all("Bal")])
    }
    found = next((by_code[code] for code in codes if code in by_code), None)
    amount = None if found is None else found.find("Amt")
    if found is None or amount is None:
        return None
    number = values.amount(amount.text, amount.line, "balance")
    return Balance(
        amount=-number if found.said("CdtDbtInd") == "DBIT" else number,
        currency=values.currency(amount.attributes.get("Ccy", ""), amount.line),
        day=day_of(found, "Dt"),
    )


def _currency(part: Element, balance: Balance | None, bookings: list[Booking]) -> str:
    if said := part.said("Acct", "Ccy"):
        return values.currency(said, part.line)
    if balance is not None:
        return balance.currency
    return bookings[0].whole.currency if bookings else ""


def _moment(part: Element, name: str) -> date | None:
    found = part.find("FrToDt", name)
    return values.iso_date(found.text, found.line) if found is not None and found.text else None
