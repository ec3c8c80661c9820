"""A made-up firm's receivables: about forty customers and a quarter of their invoices.

Everything follows from the first day and a seed. The ledger is as uneven as a real one: some
invoices are long overdue when the firm starts to follow them up, some are not due yet, and the
rest are issued while the demo runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from math import exp
from random import Random
from statistics import NormalDist
from typing import TypeVar

from demo.names import (
    BOUNCING_DOMAIN,
    HOMES,
    FirmName,
    FirmNames,
    Home,
    mailbox,
    person,
    telephone,
)
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import Role

RUN_DAYS = 105
_Choice = TypeVar("_Choice")

_OWNERS = (
    ("Mara Quillfeather", "mara.quillfeather@harbour.example"),
    ("Teo Saltmarsh", "teo.saltmarsh@harbour.example"),
    ("Ines Bellweather", "ines.bellweather@harbour.example"),
    ("Rafe Underhill", "rafe.underhill@harbour.example"),
    ("Jun Copperfield", "jun.copperfield@harbour.example"),
)
_TWO_CURRENCIES_IN = "trade"
_SECOND_CURRENCY = {("CA", "en"): "USD", ("GB", "en"): "EUR"}
_ORDERING = frozenset({"enterprise", "trade"})
_SATURDAY = 5
_APART = (0, 0, 1, 4)
_FIRST_NUMBER = 20_401


@dataclass(frozen=True, slots=True)
class Flags:
    """What a customer's row has no room for.

    `bounces` when a mail server refuses the address of accounts payable (it ends in
    `names.BOUNCING_DOMAIN`).
    """

    customer_id: str
    subdivision: str = ""
    contract_clauses: tuple[str, ...] = ()
    insolvent: bool = False
    bounces: bool = False


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The firm's ledger from `begins` on.

    `invoices` stand in the order of issue; those with `issued_on` after a day are not in the
    register yet on that day. `flags` has one entry for each customer. `mended` are the contacts
    that staff find out once they learn that a customer's only address bounces.
    """

    begins: date
    customers: tuple[CustomerRow, ...]
    contacts: tuple[ContactRow, ...]
    invoices: tuple[InvoiceRow, ...]
    flags: tuple[Flags, ...]
    mended: tuple[ContactRow, ...]

    @property
    def ends(self) -> date:
        """The day after the last one: 105 calendar days, about 75 business days."""
        return self.begins + timedelta(days=RUN_DAYS)

    def known_on(self, day: date) -> tuple[InvoiceRow, ...]:
        """The invoices that the register holds on `day`, paid or not."""
        return tuple(invoice for invoice in self.invoices if invoice.issued_on <= day)


@dataclass(frozen=True, slots=True)
class _Segment:
    """How the customers of one segment buy.

    `issues` are days from the first day of the demo around which invoices are issued, each that
    often within a week; `median` and `spread` shape a log-normal amount.
    """

    name: str
    customers: int
    strategic: int
    terms: tuple[int, ...]
    issues: tuple[tuple[int, int], ...]
    wobble: int
    median: int
    spread: float
    roles: tuple[tuple[Role, ...], ...]
    tags: tuple[tuple[str, ...], ...] = ((),)
    clauses: tuple[tuple[str, ...], ...] = ((),)


_AP = (Role.AP,)
_AP_AND_LEAD = (Role.AP, Role.FINANCE_LEAD)
_AP_TO_CFO = (Role.AP, Role.FINANCE_LEAD, Role.CFO)
_SUSPENSION = ("suspension",)

_SEGMENTS: tuple[_Segment, ...] = (
    _Segment(
        name="enterprise",
        customers=7,
        strategic=1,
        terms=(45, 60, 45),
        issues=((-94, 1), (-38, 1), (6, 1), (50, 1)),
        wobble=16,
        median=15_000,
        spread=1.0,
        roles=(_AP_TO_CFO,),
        tags=(("framework",), (), ("framework", "export")),
    ),
    _Segment(
        name="saas",
        customers=11,
        strategic=0,
        terms=(14, 30),
        issues=((-46, 1), (-16, 1), (14, 1), (44, 1)),
        wobble=12,
        median=2_400,
        spread=0.8,
        roles=((Role.AP, Role.CFO), _AP, _AP_AND_LEAD),
        tags=((), ("annual",)),
        clauses=(_SUSPENSION, _SUSPENSION, ()),
    ),
    _Segment(
        name="small",
        customers=10,
        strategic=0,
        terms=(14, 30),
        issues=((-34, 1), (-5, 1), (28, 1)),
        wobble=18,
        median=620,
        spread=0.75,
        roles=(_AP,),
    ),
    _Segment(
        name="trade",
        customers=12,
        strategic=1,
        terms=(30, 45, 30),
        issues=((-38, 2), (28, 2)),
        wobble=24,
        median=8_000,
        spread=0.8,
        roles=(_AP_AND_LEAD, _AP),
        tags=((), ("reseller",), (), ("export",)),
    ),
)
_INSOLVENT = ("trade", 8)
_ONLY_ADDRESS_BOUNCES = ("small", 3)
_ONE_ADDRESS_BOUNCES = ("trade", 4)


@dataclass(frozen=True, slots=True)
class _Account:
    """A customer before it is cut into rows; `place` counts within its segment."""

    id: str
    key: str
    segment: _Segment
    place: int
    home: Home
    firm: FirmName
    owner: tuple[str, str]

    def is_the(self, chosen: tuple[str, int]) -> bool:
        return (self.segment.name, self.place) == chosen


def make_portfolio(begins: date, seed: int = 7) -> Portfolio:
    """The ledger of the made-up firm on the morning of `begins`; the same seed, the same ledger."""
    accounts = _accounts(seed)
    return Portfolio(
        begins=begins,
        customers=tuple(map(_customer, accounts)),
        contacts=tuple(
            _contact(account, role, _domain(account, role))
            for account in accounts
            for role in _one_of(account.segment.roles, account.place)
        ),
        invoices=_numbered(
            [draft for segment in _SEGMENTS for draft in _drafts(segment, accounts, begins, seed)]
        ),
        flags=tuple(map(_flags, accounts)),
        mended=tuple(
            _contact(account, Role.AP, account.firm.domain)
            for account in accounts
            if account.is_the(_ONLY_ADDRESS_BOUNCES)
        ),
    )


def _accounts(seed: int) -> list[_Account]:
    firms = FirmNames()
    places = [(segment, place) for segment in _SEGMENTS for place in range(segment.customers)]
    accounts = []
    for i, ((segment, place), home, owner) in enumerate(zip(places, cycle(HOMES), cycle(_OWNERS))):
        key = f"{seed}/{segment.name}/{place}"
        firm = firms.draw(key, home)
        accounts.append(_Account(f"C-{1001 + i}", key, segment, place, home, firm, owner))
    return accounts


def _customer(account: _Account) -> CustomerRow:
    return CustomerRow(
        id=account.id,
        name=account.firm.name,
        country=account.home.country,
        zone=account.home.zone,
        language=account.home.language,
        segment=account.segment.name,
        tags=_one_of(account.segment.tags, account.place),
        strategic=account.place < account.segment.strategic,
        owner_name=account.owner[0],
        owner_email=account.owner[1],
    )


def _flags(account: _Account) -> Flags:
    return Flags(
        customer_id=account.id,
        subdivision=account.home.subdivision,
        contract_clauses=_one_of(account.segment.clauses, account.place),
        insolvent=account.is_the(_INSOLVENT),
        bounces=_bounces(account),
    )


def _bounces(account: _Account) -> bool:
    return account.is_the(_ONLY_ADDRESS_BOUNCES) or account.is_the(_ONE_ADDRESS_BOUNCES)


def _domain(account: _Account, role: Role) -> str:
    return BOUNCING_DOMAIN if role is Role.AP and _bounces(account) else account.firm.domain


def _contact(account: _Account, role: Role, domain: str) -> ContactRow:
    name = person(account.key, account.home.language, tuple(Role).index(role))
    return ContactRow(
        customer_id=account.id,
        email=mailbox(name, domain),
        name=name,
        phone=telephone(f"{account.key}/{role}", account.home),
        role=role,
    )


def _drafts(
    segment: _Segment, accounts: list[_Account], begins: date, seed: int
) -> Iterator[InvoiceRow]:
    """The segment's invoices, without numbers yet."""
    mine = [account for account in accounts if account.segment is segment]
    count = len(mine) * sum(times for _, times in segment.issues)
    amounts = _amounts(segment, count, Random(f"{seed}/{segment.name}/amounts"))
    for account in mine:
        lots = Random(f"{account.key}/invoices")
        days = _one_of(segment.terms, account.place)
        for nth, issued_on in enumerate(_issue_days(segment, begins, lots)):
            yield InvoiceRow(
                id="",
                number="",
                customer_id=account.id,
                currency=_currency(account, nth),
                amount=next(amounts),
                issued_on=issued_on,
                due_on=issued_on + timedelta(days=days),
                purchase_order=_purchase_order(account, lots),
                terms=f"net {days}",
            )


def _amounts(segment: _Segment, count: int, lots: Random) -> Iterator[Decimal]:
    # Evenly spaced quantiles, dealt out at random: every seed has its few very large invoices,
    # and none has a great many.
    quantiles = [(i + 0.5) / count for i in range(count)]
    lots.shuffle(quantiles)
    standard = NormalDist()
    for quantile in quantiles:
        amount = segment.median * exp(segment.spread * standard.inv_cdf(quantile))
        yield Decimal(round(amount * 20) * 5).scaleb(-2)


def _issue_days(segment: _Segment, begins: date, lots: Random) -> Iterator[date]:
    shift = lots.randint(-segment.wobble, segment.wobble)
    for around, times in segment.issues:
        first = begins + timedelta(days=around + shift)
        for nth in range(times):
            yield _on_a_workday(first + timedelta(days=nth * lots.choice(_APART)))


def _on_a_workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= _SATURDAY else day


def _currency(account: _Account, nth: int) -> str:
    home = account.home
    if account.segment.name == _TWO_CURRENCIES_IN and nth % 2:
        return _SECOND_CURRENCY.get((home.country, home.language), home.currency)
    return home.currency


def _purchase_order(account: _Account, lots: Random) -> str:
    """Some customers of the larger sort put one on every invoice, the others on none."""
    if account.segment.name not in _ORDERING or account.place % 3:
        return ""
    return f"PO-{lots.randint(10_000, 99_999)}"


def _numbered(drafts: list[InvoiceRow]) -> tuple[InvoiceRow, ...]:
    in_order = sorted(drafts, key=lambda draft: (draft.issued_on, draft.customer_id, draft.amount))
    return tuple(
        replace(draft, id=f"HS-{number}", number=f"HS-{number}")
        for number, draft in enumerate(in_order, start=_FIRST_NUMBER)
    )


def _one_of(choices: tuple[_Choice, ...], place: int) -> _Choice:
    return choices[place % len(choices)]
