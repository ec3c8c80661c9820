"""Whose invoices the demo lives through: a made-up firm's, or those of a recorded ledger."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from demo.acts import Act, InvoiceMemory, Pay
from demo.habits import NEVER
from demo.ledger_people import dress
from demo.people import people_of
from demo.portfolio import RUN_DAYS, Flags, Portfolio, make_portfolio
from domain.receivables import Receipt, Receivable
from integrations.csv_ledger import Ledger, read_ledger
from integrations.csv_ledger import Mapping as LedgerMapping
from models.errors import LedgerUnreadable, WrongUse
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import Method

_MADE_UP_CURRENCY = "USD"
_SETTLED_WITHIN_DAYS = 20
_SURELY_LATE = "day_45"


class World(Protocol):
    """A ledger over time, and what its people do.

    `notes` say what was decided or made up. `invoices` are all there will be, by issue date.
    `mended` are contacts that staff find out for customers whose address bounces, `history` what
    was issued and settled before the first day: sales without which no DSO can be told. `past` are
    invoices of years ago, with the day on which each was paid: how a customer pays.
    """

    @property
    def begins(self) -> date: ...
    @property
    def customers(self) -> Sequence[CustomerRow]: ...
    @property
    def contacts(self) -> Sequence[ContactRow]: ...
    @property
    def invoices(self) -> Sequence[InvoiceRow]: ...
    @property
    def flags(self) -> Sequence[Flags]: ...
    @property
    def mended(self) -> Mapping[str, ContactRow]: ...
    @property
    def notes(self) -> Sequence[str]: ...
    @property
    def history(self) -> Sequence[Receivable]: ...

    @property
    def past(self) -> Sequence[tuple[InvoiceRow, date]]: ...

    def never_pays(self, customer_id: str) -> bool:
        """True for a customer who would not pay whatever is written to them."""
        ...

    def acts_on(
        self, day: date, memories: Mapping[str, InvoiceMemory]
    ) -> list[tuple[InvoiceRow, Act]]:
        """What happens on `day` to the invoices whose memories are given."""
        ...


class MadeUpWorld:
    """About forty customers with habits, and their 150 invoices."""

    def __init__(self, begins: date, seed: int) -> None:
        portfolio = make_portfolio(begins, seed)
        self.begins = begins
        self.customers, self.contacts = portfolio.customers, portfolio.contacts
        self.invoices, self.flags = portfolio.invoices, portfolio.flags
        self.mended = {contact.customer_id: contact for contact in portfolio.mended}
        self.notes = ("Every name, address and amount is made up.",)
        self.history = _quarter_before(portfolio)
        self._people = people_of(portfolio, seed)
        self.past = [
            past
            for customer in portfolio.customers
            if self._people.habit_of(customer.id).name == _SURELY_LATE
            for past in _paid_on_day_45(portfolio, customer.id)
        ]

    def never_pays(self, customer_id: str) -> bool:
        return self._people.habit_of(customer_id) is NEVER

    def acts_on(
        self, day: date, memories: Mapping[str, InvoiceMemory]
    ) -> list[tuple[InvoiceRow, Act]]:
        return [
            (invoice, act)
            for invoice in self.invoices
            if invoice.id in memories
            for act in self._people.acts_on(day, invoice, memories[invoice.id])
        ]


def _paid_on_day_45(portfolio: Portfolio, customer_id: str) -> list[tuple[InvoiceRow, date]]:
    """Ten invoices of the years before, like the customer's first one, each paid on day 45."""
    like = next(one for one in portfolio.invoices if one.customer_id == customer_id)
    terms = like.due_on - like.issued_on
    past = []
    for number in range(10):
        issued = portfolio.begins - timedelta(days=100 + 40 * number)
        row = replace(
            like,
            id=f"{customer_id}-{number}",
            number=f"HS-{19_000 + number}-{customer_id}",
            issued_on=issued,
            due_on=issued + terms,
        )
        past.append((row, issued + timedelta(days=45)))
    return past


def _quarter_before(portfolio: Portfolio) -> list[Receivable]:
    """A quarter like the one to come, as far as it was settled by the first day."""
    earlier = timedelta(days=RUN_DAYS)
    history = []
    for number, invoice in enumerate(portfolio.invoices):
        issued, due = invoice.issued_on - earlier, invoice.due_on - earlier
        paid_on = due + timedelta(days=number % _SETTLED_WITHIN_DAYS)
        if invoice.issued_on > portfolio.begins and paid_on <= portfolio.begins:
            receipt = Receipt(paid_on, invoice.amount)
            history.append(Receivable(invoice.currency, invoice.amount, issued, due, (receipt,)))
    return history


class RecordedWorld:
    """A ledger of years ago from `begins` on: what was settled before is left out, and recorded
    settlement dates are the only acts."""

    def __init__(self, ledger: Ledger, begins: date, currency_made_up: bool) -> None:
        self.begins = begins
        settled: dict[str, date] = {}
        paid_on: dict[date, list[tuple[str, Decimal, Method]]] = defaultdict(list)
        for payment in ledger.payments:
            paid_on[payment.received_on].append(
                (payment.invoice_id, payment.amount, payment.method)
            )
            settled[payment.invoice_id] = payment.received_on
        self.invoices = sorted(
            (one for one in ledger.invoices if settled.get(one.id, date.max) > begins),
            key=lambda one: (one.issued_on, one.id),
        )
        self._by_id = {one.id: one for one in self.invoices}
        self._paid_on = paid_on
        dressed = dress(
            (one.customer_id for one in self.invoices),
            known={row.id: row for row in ledger.customers},
            addressed=(contact.customer_id for contact in ledger.contacts),
            currency="" if currency_made_up else self._by_id[self.invoices[0].id].currency,
        )
        self.customers = tuple(dressed.customers.values())
        self.contacts = (*ledger.contacts, *dressed.contacts.values())
        self.flags: tuple[Flags, ...] = ()
        self.mended: dict[str, ContactRow] = {}
        self.past: tuple[tuple[InvoiceRow, date], ...] = ()
        self.notes = (*ledger.notes, *dressed.notes)
        self.history = [
            Receivable(
                one.currency,
                one.amount,
                one.issued_on,
                one.due_on,
                (Receipt(settled[one.id], one.amount),),
            )
            for one in ledger.invoices
            if settled.get(one.id, date.max) <= begins
        ]

    def never_pays(self, customer_id: str) -> bool:
        del customer_id  # nobody knows
        return False

    def acts_on(
        self, day: date, memories: Mapping[str, InvoiceMemory]
    ) -> list[tuple[InvoiceRow, Act]]:
        del memories  # what was recorded happened whatever we did
        return [
            (self._by_id[invoice_id], Pay(amount=amount, method=method))
            for invoice_id, amount, method in self._paid_on.get(day, ())
            if invoice_id in self._by_id
        ]


def recorded_world(path: Path, begins: date, mapping: LedgerMapping | None) -> RecordedWorld:
    """The ledger in that file as it stood on `begins`, and as it went on.

    Raises:
        LedgerUnreadable: the file cannot be read.
        WrongUse: no invoice in it was open on that day or issued later.
    """
    made_up = False
    try:
        ledger = read_ledger(path, mapping=mapping)
    except LedgerUnreadable:
        ledger, made_up = read_ledger(path, mapping=mapping, currency=_MADE_UP_CURRENCY), True
    first = min((one.issued_on for one in ledger.invoices), default=begins)
    if not any(one.issued_on >= begins - timedelta(days=3650) for one in ledger.invoices):
        raise WrongUse(f"{path}: no invoice is near {begins}; its first is of {first}.")
    return RecordedWorld(ledger, begins, made_up)


@dataclass(frozen=True, slots=True)
class Span:
    """The days of a run: from `begins`, `days` calendar days after it included."""

    begins: date
    days: int

    @property
    def ends(self) -> date:
        return self.begins + timedelta(days=self.days)

    def all_days(self) -> list[date]:
        """Every day, `begins` first."""
        return [self.begins + timedelta(days=n) for n in range(self.days + 1)]


def lowered(invoice: InvoiceRow, credit: Decimal) -> InvoiceRow:
    """The register's row after a credit note."""
    return replace(invoice, amount=invoice.amount - credit)
