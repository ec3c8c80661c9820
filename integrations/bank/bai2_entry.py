"""One entry of BAI2: what its type code means, and its text where a bank gives it names."""

import re
from datetime import date

from integrations.bank import values
from integrations.bank.bai2_funds import Walk
from integrations.bank.broken import Broken
from integrations.bank.keys import said
from integrations.bank.remittance import account_of, kept
from models.bank import BankEntry

_CREDITS = (range(100, 400), range(920, 960))
_DEBITS = (range(400, 700), range(960, 1000))
_TAKEN_BACK = frozenset(
    [*range(251, 253), *range(255, 259), 261, 266, *range(551, 553), *range(555, 559), 561, 566]
)
"""Reversals, returned and rejected items, by the code list of BAI2 (version 2, appendix A)."""
_NAMED = re.compile(r"([A-Z]{4}): ?(.*)")
_REASON = re.compile(r"\bReason: ?\"?([A-Z][0-9]{2})\b")


def entry_of(walk: Walk, account: str, currency: str, day: date) -> BankEntry:
    """The entry; its booking day is the day that the group reports on.

    Raises:
        Broken: its type code is neither a credit nor a debit, or a field cannot be read.
    """
    code = walk.next()
    is_credit = _is_credit(code, walk.line)
    amount = values.in_smallest_units(walk.next(), currency, walk.line)
    kind, of_funds = walk.funds()
    valued = of_funds[0] if kind == "V" else ""
    bank_reference, customer_reference = walk.next(), walk.next()
    lines = [line.strip() for line in walk.text()]
    named = {found[1]: found[2].strip() for line in lines if (found := _NAMED.fullmatch(line))}
    incoming = is_credit != (int(code) in _TAKEN_BACK)
    text = " ".join(" ".join(lines).split())
    reason = _REASON.search(text)
    return BankEntry(
        account=account,
        booked_on=day,
        value_on=values.short_date(valued, walk.line) if valued else None,
        amount=abs(amount),
        currency=currency,
        is_credit=is_credit if amount >= 0 else not is_credit,
        is_reversal=int(code) in _TAKEN_BACK,
        bank_reference=said(bank_reference),
        customer_reference=said(customer_reference),
        end_to_end_id=said(named.get("EREF", "")),
        remittance=named.get("REMI") or text,
        remittance_lines=kept(lines),
        payer_name=named.get("DBNM" if incoming else "CRNM", ""),
        payer_account=account_of(named.get("DACT" if incoming else "CACT", "")),
        code=code,
        return_reason=reason[1] if reason else "",
        line=walk.line,
    )


def _is_credit(code: str, line: int) -> bool:
    number = int(code) if code.isdecimal() and len(code) == 3 else 0
    if any(number in one for one in _CREDITS):
        return True
    if any(number in one for one in _DEBITS):
        return False
    raise Broken(
        line,
        f"type code {code[:10]!r} is neither a credit nor a debit. Ask the bank what it means.",
    )
