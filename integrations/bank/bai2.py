"""BAI2, the cash management reports of American banks: groups of accounts with their entries."""

from dataclasses import dataclass
from datetime import date

from integrations.bank import values
from integrations.bank.bai2_control import Controls
from integrations.bank.bai2_entry import entry_of
from integrations.bank.bai2_funds import Walk, summaries
from integrations.bank.bai2_records import ACCOUNT, ENTRY, GROUP, Record, records
from integrations.bank.booking import Booking, Draft
from integrations.bank.broken import Broken
from integrations.bank.remittance import account_of
from models.bank import Balance, BankStatement

_DEFAULT_CURRENCY = "USD"
_OPENING, _CLOSING = "010", "015"
_REFUSED = {"2": "takes an earlier report back", "4": "is a test"}


def read_bai2(text: str) -> list[Draft]:
    """Every account's report of a file.

    Raises:
        Broken: control totals or counts do not agree with the records, the file is cut off, or a
            field cannot be read.
    """
    controls = Controls()
    drafts: list[Draft] = []
    group = _Group(date.min, _DEFAULT_CURRENCY, 0)
    for record in records(text):
        controls.see(record)  # from here on a record stands where it belongs
        if record.code == GROUP:
            group = _group(record, len(drafts))
        elif record.code == ACCOUNT:
            draft = _account(record, group)
            # An account told in two parts of a group is told on, not told again.
            before = {one.statement.account for one in drafts[group.first :]}
            draft.follows_on = draft.statement.account in before
            drafts.append(draft)
        elif record.code == ENTRY:
            statement = drafts[-1].statement
            entry = entry_of(Walk(record), statement.account, statement.currency, group.day)
            drafts[-1].bookings.append(Booking(entry))
    controls.end()
    if not drafts:
        raise Broken(None, "holds no account. Download it again, for days with bookings.")
    return drafts


@dataclass(frozen=True, slots=True)
class _Group:
    """`first` is the place of its first account among all."""

    day: date
    currency: str
    first: int


def _group(record: Record, first: int) -> _Group:
    _receiver, _originator, status, day, _time, currency, *_ = (*record.fields, *[""] * 6)
    if status in _REFUSED:
        raise Broken(
            record.line, f"a group {_REFUSED[status]}. Dunlin reads reports of what was booked."
        )
    return _Group(
        values.short_date(day, record.line),
        values.currency(currency or _DEFAULT_CURRENCY, record.line),
        first,
    )


def _account(record: Record, group: _Group) -> Draft:
    walk = Walk(record)
    account, stated = walk.next(), walk.next()
    if not account:
        raise Broken(record.line, "a record 03 names no account. Download the file again.")
    currency = values.currency(stated, record.line) if stated else group.currency
    amounts = {one.code: one.amount for one in summaries(walk) if one.amount}
    opening, closing = (
        Balance(
            amount=values.in_smallest_units(amounts[code], currency, record.line),
            currency=currency,
            day=group.day,
        )
        if code in amounts
        else None
        for code in (_OPENING, _CLOSING)
    )
    statement = BankStatement(
        kind="BAI2",
        account=account_of(account),
        currency=currency,
        from_day=group.day,
        to_day=group.day,
        opening=opening,
        closing=closing,
        # Banks may list the larger entries only; that nothing was lost, the control totals prove.
        is_complete=False,
    )
    return Draft(statement, line=record.line)
