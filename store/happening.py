"""Something that is about to be applied to the facts of one follow-up."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from domain.exchange import Rates
from domain.send_window import local_day
from domain.terms import OWNERS_WORK, Terms
from models.decision import TaskRequest
from models.tables import FollowUpRow, Invoice
from models.vocabulary import TaskKind
from store import tasks
from store.followed import Followed


@dataclass(frozen=True, slots=True)
class Happening:
    """An event or an act: about which follow-up, as it was read, under which terms, at what time.

    `staff` is the mail address of the receivables staff.
    """

    session: Session
    followed: Followed
    terms: Terms
    rates: Rates
    at: datetime
    staff: str = ""

    @property
    def row(self) -> FollowUpRow:
        return self.followed.row

    @property
    def invoice(self) -> Invoice:
        return self.followed.invoice

    @property
    def today(self) -> date:
        """The customer's day."""
        return local_day(self.at, self.followed.facts.customer.zone)

    @property
    def owner(self) -> str:
        """The mail address of whoever looks after the customer."""
        return self.followed.facts.customer.owner_email or self.staff

    def task(self, kind: TaskKind, why: str, about: str, owner: str = "") -> None:
        """Ask a person to deal with it; `about` keeps one matter apart from the next."""
        tasks.open_task(
            self.session,
            self.row,
            TaskRequest(kind=kind, why=why),
            self.at,
            key=self.key(kind, about),
            owner=owner or (self.owner if kind in OWNERS_WORK else ""),
            priority=self.row.priority,
            escalate_at=self.terms.escalate_at(kind, self.at),
        )

    def key(self, kind: TaskKind, about: str) -> str:
        """The key of the task about that matter."""
        return f"{self.row.invoice_id}/{kind}/{about}"

    def close(self, kind: TaskKind, because: str, about: str | None = None) -> None:
        """Close the open tasks of that kind, or the one about that matter."""
        key = self.key(kind, about) if about is not None else None
        tasks.close_tasks(self.session, self.row.invoice_id, self.at, because, kind=kind, key=key)
