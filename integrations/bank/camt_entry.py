"""One entry of a CAMT message: a booking, with its payments where the bank breaks it down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from integrations.bank import values
from integrations.bank.booking import Booking
from integrations.bank.broken import Broken
from integrations.bank.camt_details import Detail, code_of, detail_of
from integrations.bank.keys import said
from integrations.bank.remittance import distinct
from integrations.bank.xml_tree import Element
from models.bank import BankEntry

_SIGNS = {"CRDT": 1, "DBIT": -1}
_NOT_BOOKED = frozenset({"PDNG", "FUTR", "INFO"})
_CAME_BACK = frozenset({"UPDD", "PRDD", "RCDD", "RRTN", "RPCR", "UPCQ", "CQRV", "UPCT"})
"""Sub-families of ISO's external bank transaction codes by which a payment comes back."""


def booking_of(entry: Element, account: str) -> Booking:
    """The booking that an `Ntry` tells of.

    It is broken down when the amounts of its payments are in its own currency and add up to it.

    Raises:
        Broken: it lacks an amount or a sign, or has a value that cannot be read.
    """
    head = _head(entry, account)
    sign = entry.said("CdtDbtInd")
    details = [
        detail_of(one, head.currency, sign)
        for block in entry.all("NtryDtls")
        for one in block.all("TxDtls")
    ]
    stated = entry.said("NtryDtls", "Btch", "NbOfTxs") or entry.said("Btch", "NbOfTxs")
    behind = int(stated) if stated.isdecimal() and len(stated) < 8 else 1
    whole = head.entry(head.moved, details, max(behind, len(details), 1))
    amounts = [one.moved for one in details if one.moved is not None]
    if len(details) < 2 or len(amounts) < len(details) or sum(amounts) != head.moved:
        return Booking(whole)
    parts = [head.entry(amount, [one], 1) for amount, one in zip(amounts, details, strict=True)]
    return Booking(whole, tuple(parts))


@dataclass(frozen=True, slots=True)
class _Head:
    """What holds for a whole entry; `taken_back` as the bank marks it."""

    account: str
    booked_on: date | None
    value_on: date | None
    moved: Decimal
    currency: str
    is_pending: bool
    taken_back: bool
    reference: str
    code: str
    text: str
    line: int

    def entry(self, moved: Decimal, details: Sequence[Detail], count: int) -> BankEntry:
        """An entry of this amount with what these payments of it say."""
        taken_back = self.taken_back or any(one.is_return for one in details)
        # A payment that comes back keeps the roles of its first way.
        incoming = (moved >= 0) != taken_back
        sides = [one.other_side(self.account, incoming=incoming) for one in details]
        lines = [line for one in details for line in one.lines]
        original, original_currency = (
            details[0].original(abs(moved), self.currency) if len(details) == 1 else (None, "")
        )
        return BankEntry(
            account=self.account,
            booked_on=self.booked_on,
            value_on=self.value_on,
            amount=abs(moved),
            currency=self.currency,
            is_credit=moved >= 0,
            is_reversal=taken_back,
            is_pending=self.is_pending,
            bank_reference=self.reference or _shared(one.bank_reference for one in details),
            customer_reference=_shared(one.customer_reference for one in details),
            end_to_end_id=_shared(one.end_to_end_id for one in details),
            mandate_id=_shared(one.mandate_id for one in details),
            references=_references(details),
            remittance=" ".join(distinct(one.remittance for one in details)) or self.text,
            remittance_lines=tuple(lines) if len(lines) > 1 else (),
            payer_name=_shared(name for name, _ in sides),
            payer_account=_shared(number for _, number in sides),
            code=self.code or _shared(one.code for one in details),
            return_reason=_shared(one.return_reason for one in details),
            original_amount=original,
            original_currency=original_currency,
            details=count,
            line=self.line,
        )


def _head(entry: Element, account: str) -> _Head:
    amount, sign = entry.find("Amt"), _SIGNS.get(entry.said("CdtDbtInd"))
    if amount is None or sign is None:
        raise Broken(
            entry.line, "an entry lacks its amount or its CdtDbtInd. Download the file again."
        )
    code, family = code_of(entry)
    status = entry.said("Sts") or entry.said("Sts", "Cd") or entry.said("Sts", "Prtry")
    return _Head(
        account=account,
        booked_on=day_of(entry, "BookgDt"),
        value_on=day_of(entry, "ValDt"),
        moved=sign * values.amount(amount.text, amount.line),
        currency=values.currency(amount.attributes.get("Ccy", ""), amount.line),
        is_pending=status in _NOT_BOOKED,
        taken_back=entry.said("RvslInd") in {"true", "1"} or family in _CAME_BACK,
        reference=said(entry.said("AcctSvcrRef")),
        code=code,
        text=" ".join(entry.said("AddtlNtryInf").split()),
        line=entry.line,
    )


def day_of(part: Element, name: str) -> date | None:
    """The day under `name`, given as a day or as a moment; None where there is none.

    Raises:
        Broken: it is no day.
    """
    for form in ("Dt", "DtTm"):
        found = part.find(name, form)
        if found is not None and found.text:
            return values.iso_date(found.text, found.line)
    return None


def _shared(texts: Iterable[str]) -> str:
    """What all of them say, "" where they differ or there is none."""
    found = set(texts)
    return found.pop() if len(found) == 1 else ""


def _references(details: Sequence[Detail]) -> tuple[str, ...]:
    given = [reference for one in details for reference in one.references]
    if len(details) > 1:
        given += [one.end_to_end_id for one in details]
    return distinct(given)
