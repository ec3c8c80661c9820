"""The database: the register's facts, and what the follow-ups' activities write.

Ids of customers, contacts, invoices and payments are the register's own, kept as text. Keys of
touches, messages, tasks and alerts are the idempotency keys of what they record.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, Table, UniqueConstraint, text
from sqlalchemy import Enum as SqlEnum
from sqlmodel import Field, SQLModel

from models.column_types import Amount, Instant
from models.vocabulary import (
    InvoiceStatus,
    Method,
    Outcome,
    Role,
    Stage,
    Status,
    TaskKind,
    TouchOutcome,
)


def table_of(rows: type[SQLModel]) -> Table:
    """The table behind `rows`, for statements about columns: they make no object of a row."""
    return SQLModel.metadata.tables[str(rows.__tablename__)]


def _text(words: type[StrEnum]) -> Any:
    """The words themselves as text: a new word needs no migration, a wrong one is refused."""
    return SqlEnum(
        words,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def _amount(*, nullable: bool = False) -> Any:
    return Field(sa_type=Amount, nullable=nullable)


def _instant(*, nullable: bool = False, index: bool = False) -> Any:
    if nullable:
        return Field(default=None, sa_type=Instant, nullable=True, index=index)
    return Field(sa_type=Instant, nullable=False, index=index)


class Customer(SQLModel, table=True):
    """Who owes, and what must be respected in dealing with them."""

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


class Contact(SQLModel, table=True):
    """A person at a customer's. `rejected_at` is when a mail server refused the address."""

    __tablename__: ClassVar[str] = "contacts"
    __table_args__ = (UniqueConstraint("customer_id", "email"),)

    id: int | None = Field(default=None, primary_key=True)
    customer_id: str = Field(foreign_key="customers.id", index=True)
    email: str
    name: str = ""
    phone: str = ""
    role: Role = Field(default=Role.AP, sa_type=_text(Role))
    rejected_at: datetime | None = _instant(nullable=True)


class Invoice(SQLModel, table=True):
    """A row of the register. `revision` counts its changes; a follow-up is told of each.

    `register_open` and `register_status` are what the register last said: only a new statement of
    it counts, so that reading the same list twice does not undo a payment booked in between.
    `settled_elsewhere` is what it calls settled beyond the payments that are booked here.
    `disputed` is its mark that the invoice was contested before it came to us.
    """

    __tablename__: ClassVar[str] = "invoices"
    __table_args__ = (Index("ix_invoices_customer_status", "customer_id", "status"),)

    id: str = Field(primary_key=True)
    number: str
    customer_id: str = Field(foreign_key="customers.id")
    currency: str
    amount: Decimal = _amount()
    amount_open: Decimal = _amount()
    issued_on: date = Field(index=True)
    due_on: date = Field(index=True)
    status: InvoiceStatus = Field(sa_type=_text(InvoiceStatus), index=True)
    purchase_order: str = ""
    terms: str = ""
    payment_link: str = ""
    settled_elsewhere: Decimal = Field(default=Decimal(0), sa_type=Amount)
    register_open: Decimal | None = _amount(nullable=True)
    register_status: InvoiceStatus = Field(default=InvoiceStatus.OPEN, sa_type=_text(InvoiceStatus))
    disputed: bool = False
    revision: int = 1

    @property
    def owed(self) -> Decimal:
        """What is or was to be paid here, before the payments that are booked here."""
        return self.amount - self.settled_elsewhere


class Payment(SQLModel, table=True):
    """Money booked on an invoice, or taken back again. `applied` is what of it lowered the open
    amount; the rest was too much, or in another currency."""

    __tablename__: ClassVar[str] = "payments"

    id: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    currency: str
    amount: Decimal = _amount()
    applied: Decimal = _amount()
    received_on: date
    method: Method = Field(default=Method.OTHER, sa_type=_text(Method))
    source: str = ""
    recorded_at: datetime = _instant()
    reversed_on: date | None = None


class PolicyVersion(SQLModel, table=True):
    """The text of a policy as it was when a follow-up was first pinned to it."""

    __tablename__: ClassVar[str] = "policies"

    name: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    body: str


class FollowUpRow(SQLModel, table=True):
    """The current round of an invoice's chase. Only the workflow's activities write it."""

    __tablename__: ClassVar[str] = "follow_ups"

    invoice_id: str = Field(primary_key=True, foreign_key="invoices.id")
    customer_id: str = Field(index=True)
    round: int = 1
    policy: str
    policy_version: int
    status: Status = Field(sa_type=_text(Status), index=True)
    reason: str = ""
    says: str = ""
    step: str | None = None
    stage: Stage | None = Field(default=None, sa_type=_text(Stage))
    next_at: datetime | None = _instant(nullable=True, index=True)
    shift_days: int = 0
    held_step: str | None = None
    not_before: date | None = Field(default=None, index=True)
    paused: bool = False
    paused_until: date | None = None
    pause_note: str = ""
    dispute_id: int | None = None
    promise_id: int | None = None
    broken_promises: int = 0
    seen_revision: int = 0
    opened_at: datetime = _instant()
    closed_at: datetime | None = _instant(nullable=True)
    outcome: Outcome | None = Field(default=None, sa_type=_text(Outcome))


class Dispute(SQLModel, table=True):
    """An invoice contested, whole (`amount` None) or in part.

    `owed_when_settled` is what was owed when it was settled for the customer: the hold ends when
    that falls by a credit note.
    """

    __tablename__: ClassVar[str] = "disputes"

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    amount: Decimal | None = _amount(nullable=True)
    code: str = ""
    note: str = ""
    opened_by: str = ""
    opened_on: date
    resolved_on: date | None = None
    in_favour_of: str = ""
    owed_when_settled: Decimal | None = _amount(nullable=True)


class Promise(SQLModel, table=True):
    """A promise to pay: `state` is open, kept, broken or replaced."""

    __tablename__: ClassVar[str] = "promises"

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    pay_on: date
    amount: Decimal | None = _amount(nullable=True)
    method: Method = Field(default=Method.WIRE, sa_type=_text(Method))
    made_at: datetime = _instant()
    made_by: str = ""
    state: str = "open"


class Message(SQLModel, table=True):
    """A letter to a customer; one per customer, day (in their zone) and currency.

    `claimed_by` is the invoice whose follow-up sends it, `plan` the carrying invoice's touch with
    the actions of every invoice it covers. It has left once `sent_at` is set.
    """

    __tablename__: ClassVar[str] = "messages"
    __table_args__ = (UniqueConstraint("customer_id", "currency", "day"),)

    key: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customers.id", index=True)
    currency: str
    day: date
    stage: Stage = Field(sa_type=_text(Stage))
    template: str = ""
    language: str = ""
    message_id: str = ""
    recipient: str = ""
    cc: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    subject: str = ""
    total: Decimal = _amount()
    plan: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    claimed_by: str
    claimed_at: datetime = _instant()
    attempts: int = 0
    sent_at: datetime | None = _instant(nullable=True, index=True)


class Touch(SQLModel, table=True):
    """One thing that reached, or was meant to reach, the customer about one invoice."""

    __tablename__: ClassVar[str] = "touches"
    __table_args__ = (Index("ix_touches_invoice_round", "invoice_id", "round"),)

    key: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id")
    round: int
    step: str
    stage: Stage = Field(sa_type=_text(Stage))
    outcome: TouchOutcome = Field(sa_type=_text(TouchOutcome))
    message_key: str | None = Field(default=None, index=True)
    on: date
    at: datetime = _instant()


class TimelineEntry(SQLModel, table=True):
    """One line of an invoice's story. `event_id` makes an event count once."""

    __tablename__: ClassVar[str] = "timeline"
    __table_args__ = (
        Index("ix_timeline_invoice", "invoice_id", "id"),
        Index(
            "ux_timeline_event",
            "invoice_id",
            "event_id",
            unique=True,
            sqlite_where=text("event_id IS NOT NULL"),
            postgresql_where=text("event_id IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: str
    round: int
    at: datetime = _instant()
    kind: str
    code: str
    text: str
    event_id: str | None = None


class Task(SQLModel, table=True):
    """Work that waits for a person: a call to make, a contact to mend, a decision to take."""

    __tablename__: ClassVar[str] = "tasks"

    key: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    customer_id: str = Field(index=True)
    kind: TaskKind = Field(sa_type=_text(TaskKind), index=True)
    why: str
    owner: str = ""
    priority: Decimal = _amount()
    opened_at: datetime = _instant()
    closed_at: datetime | None = _instant(nullable=True)
    closed_because: str = ""


class Alert(SQLModel, table=True):
    """Word sent to an account owner."""

    __tablename__: ClassVar[str] = "alerts"

    key: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    recipient: str
    text: str
    raised_at: datetime = _instant()
    sent_at: datetime | None = _instant(nullable=True)


class Scan(SQLModel, table=True):
    """One run over the register and what it found."""

    __tablename__: ClassVar[str] = "scans"

    id: str = Field(primary_key=True)
    started_at: datetime = _instant()
    finished_at: datetime | None = _instant(nullable=True)
    seen: int = 0
    started: int = 0
    changed: int = 0
    closed: int = 0
    lost: int = 0
    problem: str = ""
