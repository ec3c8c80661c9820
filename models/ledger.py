"""Rows of a ledger as read from outside, before they meet the database."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from models.vocabulary import InvoiceStatus, Method, Role


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer. Empty strings mean that the source did not say.

    Not `strategic` counts only where `strategic_is_said`: most sources know nothing of it.
    """

    id: str
    name: str = ""
    country: str = ""
    zone: str = ""
    language: str = ""
    segment: str = ""
    tags: tuple[str, ...] = ()
    strategic: bool = False
    owner_name: str = ""
    owner_email: str = ""
    strategic_is_said: bool = False


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A person at a customer's."""

    customer_id: str
    email: str
    name: str = ""
    phone: str = ""
    role: Role = Role.AP


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice. `amount_open` is None when the source gives no balance of its own."""

    id: str
    number: str
    customer_id: str
    currency: str
    amount: Decimal
    issued_on: date
    due_on: date
    amount_open: Decimal | None = None
    status: InvoiceStatus = InvoiceStatus.OPEN
    purchase_order: str = ""
    terms: str = ""
    payment_link: str = ""


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment on one invoice.

    One that `settles` says that nothing is open any more: `amount` then sums up all that was paid
    until `received_on`, whatever of it is known from elsewhere.
    """

    id: str
    invoice_id: str
    currency: str
    amount: Decimal
    received_on: date
    method: Method = Method.OTHER
    settles: bool = False
