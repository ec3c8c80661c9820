"""The register's facts: who owes what, what was paid, and what is known of them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.column_types import Amount
from models.tables.columns import moment, money, words
from models.vocabulary import InvoiceStatus, Method, Role


class Customer(SQLModel, table=True):
    """Who owes, and what must be respected in dealing with them, as the register says it.

    What other sources say stands beside it (`ContextRow`). `context_revision` counts the changes of
    those, of the contacts, of money that waits to be placed, and of what is respected: a letter on
    its way is looked at anew. `stated_at` is the moment of what a billing system last said.
    `unapplied_cash` is not read any more (`CustomerCash` is); it goes when no version that wrote it
    runs.
    """

    __tablename__: ClassVar[str] = "customers"

    id: str = Field(primary_key=True)
    name: str
    country: str = ""
    subdivision: str = ""
    zone: str = "UTC"
    language: str = "en"
    segment: str = ""
    tags: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    strategic: bool = False
    owner: str = ""
    owner_name: str = ""
    owner_email: str = ""
    insolvent: bool = False
    legal_hold: bool = False
    do_not_contact: bool = False
    contract_clauses: list[str] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False)
    )
    unapplied_cash: Decimal = Field(default=Decimal(0), sa_type=Amount)
    context_revision: int = 0
    stated_at: datetime | None = moment(nullable=True)


class Contact(SQLModel, table=True):
    """A person at a customer's. `rejected_at` is when a mail server refused the address; `source`
    is the connected system that brought them, empty for the register and staff."""

    __tablename__: ClassVar[str] = "contacts"
    __table_args__ = (UniqueConstraint("customer_id", "email"),)

    id: int | None = Field(default=None, primary_key=True)
    customer_id: str = Field(foreign_key="customers.id", index=True)
    email: str
    name: str = ""
    phone: str = ""
    role: Role = Field(default=Role.AP, sa_type=words(Role))
    rejected_at: datetime | None = moment(nullable=True)
    source: str = ""


class ContextRow(SQLModel, table=True):
    """What one source says of one customer (`models.context.CustomerContext`, as JSON).

    The source `staff` is what our own people said. `fetched_at` is when a connected one last
    answered, `tried_at` when it was last asked, `failing_since` the first of the attempts that it
    has not answered since, with the `problem` of the latest.
    """

    __tablename__: ClassVar[str] = "customer_contexts"

    customer_id: str = Field(primary_key=True, foreign_key="customers.id")
    source: str = Field(primary_key=True)
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    fetched_at: datetime | None = moment(nullable=True)
    tried_at: datetime | None = moment(nullable=True)
    failing_since: datetime | None = moment(nullable=True)
    problem: str = ""


class Invoice(SQLModel, table=True):
    """A row of the register. `revision` counts its changes; a follow-up is told of each.

    `register_open` and `register_status` are what the register last said: only a new statement of
    it counts, so that reading the same list twice does not undo a payment booked in between.
    `settled_elsewhere` is what it calls settled beyond the payments that are booked here.
    `disputed` is its mark that the invoice was contested before it came to us. `source` is the
    system that says so, `register_as_of` the latest and `register_since` the earliest moment at
    which that was true: older statements are not taken, and a payment from before is part of what
    it calls settled. `credited` is what was credited here, `under_way` what travels towards this
    invoice, since then and by that method.
    """

    __tablename__: ClassVar[str] = "invoices"
    __table_args__ = (Index("ix_invoices_customer_status", "customer_id", "status"),)

    id: str = Field(primary_key=True)
    number: str = Field(index=True)
    customer_id: str = Field(foreign_key="customers.id")
    currency: str
    amount: Decimal = money()
    amount_open: Decimal = money()
    issued_on: date = Field(index=True)
    due_on: date = Field(index=True)
    status: InvoiceStatus = Field(sa_type=words(InvoiceStatus), index=True)
    purchase_order: str = ""
    terms: str = ""
    payment_link: str = ""
    settled_elsewhere: Decimal = Field(default=Decimal(0), sa_type=Amount)
    register_open: Decimal | None = money(nullable=True)
    register_status: InvoiceStatus = Field(default=InvoiceStatus.OPEN, sa_type=words(InvoiceStatus))
    source: str = ""
    register_as_of: datetime | None = moment(nullable=True)
    register_since: datetime | None = moment(nullable=True)
    disputed: bool = False
    credited: Decimal = Field(default=Decimal(0), sa_type=Amount)
    under_way: Decimal = Field(default=Decimal(0), sa_type=Amount)
    under_way_since: date | None = None
    under_way_by: Method = Field(default=Method.OTHER, sa_type=words(Method))
    revision: int = 1

    @property
    def owed(self) -> Decimal:
        """What is or was to be paid here, before the payments that are booked here."""
        return self.amount - self.settled_elsewhere - self.credited


class Payment(SQLModel, table=True):
    """Money booked on an invoice, or taken back again. `applied` is what of it lowered the open
    amount; the rest was too much, or in another currency.

    `receipt_key` is the money it is a part of, where that is known by itself. `is_under_way` until
    it has arrived, `is_news` until the invoice's follow-up has heard of it. `happened_at` and
    `reversed_at` are the moments of the system that told of it; `in_register` when the register's
    latest statement has counted it: as `claimed`, what came before a part of it went at
    `lowered_at` (None for all of `amount`).
    """

    __tablename__: ClassVar[str] = "payments"

    id: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    currency: str
    amount: Decimal = money()
    applied: Decimal = money()
    received_on: date
    method: Method = Field(default=Method.OTHER, sa_type=words(Method))
    source: str = ""
    recorded_at: datetime = moment()
    reversed_on: date | None = None
    receipt_key: str | None = Field(default=None, index=True)
    is_under_way: bool = False
    is_news: bool = False
    claimed: Decimal | None = money(nullable=True)
    lowered_at: datetime | None = moment(nullable=True)
    happened_at: datetime | None = moment(nullable=True)
    reversed_at: datetime | None = moment(nullable=True)
    in_register: bool = False


class Scan(SQLModel, table=True):
    """One run over the register and what it found."""

    __tablename__: ClassVar[str] = "scans"

    id: str = Field(primary_key=True)
    started_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)
    seen: int = 0
    started: int = 0
    changed: int = 0
    closed: int = 0
    lost: int = 0
    missed: int = 0
    problem: str = ""
