"""What our own people are told together: the urgent, the day's alerts, the week's digest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import blake2b
from itertools import groupby
from typing import Protocol

from models.notice import Notice, NoticeLine, NoticePart


class Alerted(Protocol):
    """Something that one of our people is to be told: the staff, where it names nobody."""

    key: str
    recipient: str
    customer_id: str
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Account:
    """A customer in a digest: what is open by currency, how late the oldest is, how pressing."""

    name: str
    open_by_currency: tuple[tuple[str, Decimal], ...]
    days_late: int
    invoices: int


@dataclass(frozen=True, slots=True)
class Week:
    """What a digest tells of one owner's accounts, or of all.

    `paid` is what came in by currency, with the number of invoices it closed.
    """

    accounts: tuple[Account, ...] = ()
    paid: tuple[tuple[str, Decimal, int], ...] = ()
    promises_broken: int = 0
    disputes_opened: int = 0
    plans_broken: int = 0
    promises_due: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()


Told = tuple[Notice, list[str]]
# Nobody reads further; the tasks themselves are in the queue all the same.
_MOST_LINES = 60


def urgent(alerts: Sequence[Alerted], staff: str, now: datetime) -> list[Told]:
    """A notice for each recipient with all that is urgent now. Its key follows from what it
    tells, so that a round that is made twice tells it once."""
    notices = []
    for recipient, told in _by_recipient(alerts, staff):
        digest = blake2b("\n".join(one.key for one in told).encode(), digest_size=8).hexdigest()
        title = told[0].text if len(told) == 1 else f"{len(told)} matters need you now"
        notice = Notice(
            key=f"urgent/{recipient}/{digest}",
            recipient=recipient,
            title=title,
            parts=(NoticePart(lines=_lines(told)),),
            written_at=now,
            urgent=True,
            customer_id=_only_customer(told),
        )
        notices.append((notice, [one.key for one in told]))
    return notices


def daily(alerts: Sequence[Alerted], staff: str, today: date, now: datetime) -> list[Told]:
    """One notice a day for each recipient, however many invoices it is about."""
    notices = []
    for recipient, told in _by_recipient(alerts, staff):
        many = "1 matter" if len(told) == 1 else f"{len(told)} matters"
        notice = Notice(
            key=f"alerts/{recipient}/{today}",
            recipient=recipient,
            title=f"{many} for {today}",
            parts=(NoticePart(lines=_lines(told)),),
            written_at=now,
            customer_id=_only_customer(told),
        )
        notices.append((notice, [one.key for one in told]))
    return notices


def _by_recipient(alerts: Sequence[Alerted], staff: str) -> Iterator[tuple[str, list[Alerted]]]:
    def recipient(alert: Alerted) -> str:
        return alert.recipient or staff

    for who, theirs in groupby(sorted(alerts, key=recipient), key=recipient):
        yield who, list(theirs)


def week_of(day: date) -> str:
    """The ISO week that a day is in, as 2026-W10."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def weekly_key(recipient: str, week: str) -> str:
    """The key under which a recipient has the week's digest once."""
    return f"digest/{recipient}/{week}"


def weekly(recipient: str, told: Week, week: str, now: datetime) -> Notice:
    """The week's digest: which accounts first, what has changed, what is due, what waits."""
    return Notice(
        key=weekly_key(recipient, week),
        recipient=recipient,
        title=f"The week {week}",
        parts=(
            _part("Accounts to look at first", map(_account, told.accounts), "Nobody is late."),
            _part("What has changed in a week", _changes(told), "Nothing has changed."),
            _part("Promised for the coming week", told.promises_due, "Nothing is promised."),
            _part("Decisions that wait", told.decisions, "None waits."),
        ),
        written_at=now,
    )


def _only_customer(alerts: Iterable[Alerted]) -> str | None:
    """The customer that all of them are about; None when there are several."""
    customers = {one.customer_id for one in alerts}
    return customers.pop() if len(customers) == 1 else None


def _lines(alerts: Sequence[Alerted]) -> tuple[NoticeLine, ...]:
    lines = [NoticeLine(text=one.text, detail=one.detail) for one in alerts[:_MOST_LINES]]
    if len(alerts) > _MOST_LINES:
        lines.append(NoticeLine(text=f"… and {len(alerts) - _MOST_LINES} more: starter.py status"))
    return tuple(lines)


def _part(heading: str, lines: Iterable[str], otherwise: str) -> NoticePart:
    said = tuple(NoticeLine(text=line) for line in lines)
    return NoticePart(heading=heading, lines=said or (NoticeLine(text=otherwise),))


def _account(account: Account) -> str:
    money = " and ".join(
        f"{amount:,.2f} {currency}" for currency, amount in account.open_by_currency
    )
    many = "1 invoice" if account.invoices == 1 else f"{account.invoices} invoices"
    return f"{account.name}: {money} open on {many}, the oldest {account.days_late} days late"


def _changes(told: Week) -> list[str]:
    changes = [
        f"{amount:,.2f} {currency} came in; {_many(closed, 'invoice is', 'invoices are')} paid"
        for currency, amount, closed in told.paid
    ]
    counted = (
        (told.promises_broken, "promise was broken", "promises were broken"),
        (told.disputes_opened, "dispute was opened", "disputes were opened"),
        (told.plans_broken, "payment plan has ended unpaid", "payment plans have ended unpaid"),
    )
    return changes + [_many(number, one, more) for number, one, more in counted if number]


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
