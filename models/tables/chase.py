"""What is under way about an invoice: its round, disputes, promises, plans, and its timeline."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.column_types import Amount
from models.tables.columns import moment, money, words
from models.vocabulary import Disposition, Method, Outcome, OwnerWord, PlanState, Stage, Status


class PolicyVersion(SQLModel, table=True):
    """The text of a policy as it was when a follow-up was first pinned to it."""

    __tablename__: ClassVar[str] = "policies"

    name: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    body: str


class FollowUpRow(SQLModel, table=True):
    """The current round of an invoice's chase. Only the workflow's activities write it.

    `broken_on`, `dispute_settled`, `plan_broken`, `kept_in_part` (a promise about a part) and
    `payment_returned` are what the next letter has to mention.
    `draft_id` is the draft that it is part of, whichever invoice carries it. `asked_step`,
    `answer_by` and `owner_word` are the question to an owner who is asked first. `priority` is that
    of its open tasks, `owner_email` whoever looks after the customer as of the last decision.
    """

    __tablename__: ClassVar[str] = "follow_ups"

    invoice_id: str = Field(primary_key=True, foreign_key="invoices.id")
    customer_id: str = Field(index=True)
    round: int = 1
    policy: str
    policy_version: int
    status: Status = Field(sa_type=words(Status), index=True)
    reason: str = ""
    says: str = ""
    step: str | None = None
    stage: Stage | None = Field(default=None, sa_type=words(Stage))
    next_at: datetime | None = moment(nullable=True, index=True)
    shift_days: int = 0
    held_step: str | None = None
    not_before: date | None = Field(default=None, index=True)
    paused: bool = False
    paused_until: date | None = None
    pause_note: str = ""
    dispute_id: int | None = None
    promise_id: int | None = None
    broken_promises: int = 0
    broken_on: date | None = None
    dispute_settled: bool = False
    plan_id: int | None = None
    plan_broken: bool = False
    kept_in_part: bool = False
    payment_returned: bool = False
    draft_id: int | None = None
    asked_step: str | None = None
    answer_by: datetime | None = moment(nullable=True)
    owner_word: OwnerWord | None = Field(default=None, sa_type=words(OwnerWord))
    suspended: bool = False
    disposition: Disposition | None = Field(default=None, sa_type=words(Disposition))
    disposed_on: date | None = None
    priority: Decimal = Field(default=Decimal(0), sa_type=Amount)
    owner_email: str = Field(default="", index=True)
    seen_revision: int = 0
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(nullable=True)
    outcome: Outcome | None = Field(default=None, sa_type=words(Outcome))


class Dispute(SQLModel, table=True):
    """An invoice contested, whole (`amount` None) or in part.

    `owed_when_settled` is what was owed when it was settled for the customer: the hold ends when
    that falls by a credit note. `owed_when_opened` tells whether that has come before.
    `in_register` when the register's mark is about this one: a mark that stays there longer than
    the dispute opens no other.
    """

    __tablename__: ClassVar[str] = "disputes"

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    amount: Decimal | None = money(nullable=True)
    code: str = ""
    line: str = ""
    note: str = ""
    owner: str = ""
    opened_by: str = ""
    opened_on: date
    resolved_on: date | None = None
    in_favour_of: str = ""
    owed_when_settled: Decimal | None = money(nullable=True)
    in_register: bool = False
    owed_when_opened: Decimal | None = money(nullable=True)


class Promise(SQLModel, table=True):
    """A promise to pay: `state` is open, kept, broken, replaced, withdrawn, or unconfirmed while it
    holds nothing because too many were broken before and no person has accepted it."""

    __tablename__: ClassVar[str] = "promises"

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    pay_on: date
    amount: Decimal | None = money(nullable=True)
    method: Method = Field(default=Method.WIRE, sa_type=words(Method))
    made_at: datetime = moment()
    made_by: str = ""
    state: str = "open"


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
    at: datetime = moment()
    kind: str
    code: str
    text: str
    event_id: str | None = None


class Plan(SQLModel, table=True):
    """Instalments agreed for one invoice instead of its due date."""

    __tablename__: ClassVar[str] = "plans"

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    round: int
    state: PlanState = Field(default=PlanState.RUNNING, sa_type=words(PlanState))
    agreed_at: datetime = moment()
    agreed_on: date
    agreed_by: str = ""
    note: str = ""


class Instalment(SQLModel, table=True):
    """One instalment of a plan, counted from 1."""

    __tablename__: ClassVar[str] = "instalments"

    plan_id: int = Field(primary_key=True, foreign_key="plans.id")
    number: int = Field(primary_key=True)
    due_on: date
    amount: Decimal = money()


class Suspension(SQLModel, table=True):
    """The customer's service suspended for an invoice, until `restored_at`."""

    __tablename__: ClassVar[str] = "suspensions"

    key: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    customer_id: str = Field(index=True)
    suspended_at: datetime = moment()
    restored_at: datetime | None = moment(nullable=True)
    restored_because: str = ""
