"""What goes to customers: drafts, letters, and the touch that a letter is for each invoice."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from models.tables.columns import moment, money, words
from models.vocabulary import DraftState, Stage, TouchOutcome


class Message(SQLModel, table=True):
    """A letter to a customer. Of those that chase there is one per customer, day (in their zone)
    and currency; a receipt or a confirmation does not chase.

    `claimed_by` is the invoice whose follow-up sends it, `plan` the carrying invoice's touch with
    the actions of every invoice it covers. It has left once `sent_at` is set.
    """

    __tablename__: ClassVar[str] = "messages"
    __table_args__ = (
        Index(
            "ux_messages_chase",
            "customer_id",
            "currency",
            "day",
            unique=True,
            sqlite_where=text("chases"),
            postgresql_where=text("chases"),
        ),
        Index("ix_messages_policy", "policy", "policy_version"),
    )

    key: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customers.id", index=True)
    currency: str
    day: date
    stage: Stage = Field(sa_type=words(Stage))
    template: str = ""
    language: str = ""
    message_id: str = ""
    recipient: str = ""
    cc: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    subject: str = ""
    total: Decimal = money()
    plan: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    policy: str = ""
    policy_version: int = 0
    chases: bool = True
    claimed_by: str
    claimed_at: datetime = moment()
    attempts: int = 0
    handed_over_after: int | None = None
    sent_at: datetime | None = moment(nullable=True, index=True)


class Touch(SQLModel, table=True):
    """One thing that reached, or was meant to reach, the customer about one invoice.

    `warned` when its letter told of what the contract allows, such as a suspension.
    """

    __tablename__: ClassVar[str] = "touches"
    __table_args__ = (Index("ix_touches_invoice_round", "invoice_id", "round"),)

    key: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id")
    round: int
    step: str
    stage: Stage = Field(sa_type=words(Stage))
    outcome: TouchOutcome = Field(sa_type=words(TouchOutcome))
    message_key: str | None = Field(default=None, index=True)
    warned: bool = False
    on: date
    at: datetime = moment()


class Draft(SQLModel, table=True):
    """A letter that waits for a person's signature, one row per version.

    `key` is that of the touch. `seen` is what must still be the case when it leaves, `reason` why
    it needs a signature. An edited one keeps what the person wrote in `subject` and `source`.
    """

    __tablename__: ClassVar[str] = "drafts"
    __table_args__ = (UniqueConstraint("key", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str
    version: int
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    customer_id: str
    step: str
    state: DraftState = Field(sa_type=words(DraftState), index=True)
    reason: str = ""
    template: str = ""
    language: str = ""
    recipient: str = ""
    cc: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    subject: str = ""
    source: str = ""
    body: str = ""
    total: Decimal = money()
    currency: str
    seen: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    edited: bool = False
    requested_at: datetime = moment()
    decided_at: datetime | None = moment(nullable=True)
    decided_by: str = ""
    note: str = ""


class DraftMember(SQLModel, table=True):
    """An invoice that a draft is about, and the step it takes for it."""

    __tablename__: ClassVar[str] = "draft_members"

    draft_id: int = Field(primary_key=True, foreign_key="drafts.id")
    invoice_id: str = Field(primary_key=True, foreign_key="invoices.id", index=True)
    step: str
