"""What our own people are to do and to know."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from sqlmodel import Field, SQLModel

from models.tables.columns import moment, money, words
from models.vocabulary import TaskKind


class Task(SQLModel, table=True):
    """Work that waits for a person: a call to make, a contact to mend, a decision to take.

    `priority` is the cash at stake times the risk, in base currency (domain/priority.py), kept up
    to date while the task is open. `escalate_at` is when
    the next one is told, unless it is taken up before; `escalated` how many were. `not_before` is
    when a call that nobody answered is to be made again, after `attempts` of them.
    """

    __tablename__: ClassVar[str] = "tasks"

    key: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    customer_id: str = Field(index=True)
    kind: TaskKind = Field(sa_type=words(TaskKind), index=True)
    why: str
    what: str = ""
    owner: str = ""
    priority: Decimal = money()
    opened_at: datetime = moment()
    escalate_at: datetime | None = moment(nullable=True, index=True)
    escalated: int = 0
    acknowledged_at: datetime | None = moment(nullable=True)
    acknowledged_by: str = ""
    attempts: int = 0
    not_before: datetime | None = moment(nullable=True)
    closed_at: datetime | None = moment(nullable=True)
    closed_because: str = ""


class Alert(SQLModel, table=True):
    """Something that one of our people is to be told; several may share one notice.

    `task_key` is the task it is about, if it is about one. An empty `recipient` is the receivables
    staff.
    """

    __tablename__: ClassVar[str] = "alerts"

    key: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    customer_id: str = ""
    kind: str = ""
    task_key: str = ""
    recipient: str = Field(index=True)
    text: str
    detail: str = ""
    urgent: bool = False
    raised_at: datetime = moment()
    sent_at: datetime | None = moment(nullable=True, index=True)
    notice_key: str = ""


class NoticeRow(SQLModel, table=True):
    """A message to one of our people: alerts of a day, or a digest; sent once."""

    __tablename__: ClassVar[str] = "notices"

    key: str = Field(primary_key=True)
    recipient: str
    title: str
    sent_at: datetime = moment()
    failed: str = ""
