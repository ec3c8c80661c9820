"""What can happen to an invoice of the made-up firm, and what is remembered of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from models.vocabulary import Method, Status


@dataclass(frozen=True, slots=True)
class Pay:
    """The customer's money arrives."""

    amount: Decimal
    method: Method


@dataclass(frozen=True, slots=True)
class Dispute:
    """The customer contests the invoice, whole (`amount` None) or in part."""

    amount: Decimal | None
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class Resolve:
    """Staff settle the open dispute. In the customer's favour they credit `credit`, else 0."""

    in_favour_of: Literal["us", "customer"]
    credit: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Promise:
    """The customer says when they will pay and how; `amount` None means all that is open."""

    pay_on: date
    method: Method
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Staff hold the chase; `until` is the first day on which it may go on."""

    until: date
    note: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Staff end a pause before its time."""

    note: str


Act = Pay | Dispute | Resolve | Promise | Pause | Resume
STAFF_ACTS = (Resolve, Pause, Resume)


@dataclass(frozen=True, slots=True)
class InvoiceMemory:
    """What has happened to one invoice so far, in any order.

    `letters` are those in which the invoice stood and that were delivered, as (step, day); `calls`
    the days on which somebody spoke with the customer; `acts` what `acts_on` answered before.
    """

    amount_open: Decimal
    letters: tuple[tuple[str, date], ...] = ()
    calls: tuple[date, ...] = ()
    acts: tuple[tuple[date, Act], ...] = ()
    status: Status = Status.ACTIVE

    @property
    def closed(self) -> bool:
        return self.status is Status.CLOSED or self.amount_open <= 0
