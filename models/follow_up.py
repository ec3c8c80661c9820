"""What the workflow of one invoice starts with, carries along, hands to activities and shows."""

from datetime import date, datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict

from models.acts import Act
from models.clock import Clock
from models.decision import Decision, TouchPlan, touch_key
from models.events import Event
from models.vocabulary import Outcome, Reason, Stage, Status, TouchOutcome

WORKFLOW = "InvoiceFollowUp"


def workflow_id(invoice_id: str) -> str:
    """The id under which the invoice's follow-up runs, whatever its round."""
    return f"invoice/{invoice_id}"


class FollowUp(BaseModel):
    """The input of `InvoiceFollowUp`, and all that continue-as-new carries over.

    `not_before` delays the first touch when a backlog is spread; `inbox` are events that nobody
    has handled yet.
    """

    model_config = ConfigDict(frozen=True)

    invoice_id: str
    customer_id: str
    due_on: date
    policy: str
    policy_version: int
    round: int = 1
    not_before: date | None = None
    clock: Clock = Clock()
    inbox: tuple[Event | Act, ...] = ()

    def next_round(self) -> Self:
        """The same invoice chased once more, after its round had ended."""
        return self.model_copy(update={"round": self.round + 1, "not_before": None})


class Question(BaseModel):
    """What every activity of a follow-up is asked with: which one, and when it is now."""

    model_config = ConfigDict(frozen=True)

    follow_up: FollowUp
    now: datetime


class EventNote(BaseModel):
    """One event to apply, once however often it comes."""

    model_config = ConfigDict(frozen=True)

    follow_up: FollowUp
    event: Event
    now: datetime


class ActNote(BaseModel):
    """One decision of a person to apply, once however often it comes."""

    model_config = ConfigDict(frozen=True)

    follow_up: FollowUp
    act: Act
    now: datetime


class Recorded(BaseModel):
    """What came of an event or an act: whether the invoice is open now, and for an act the
    sentence that says what happened, or why it was `refused`. `nudge` as in `Checked`."""

    model_config = ConfigDict(frozen=True)

    is_open: bool
    says: str = ""
    refused: str = ""
    nudge: tuple[str, ...] = ()


class Checked(BaseModel):
    """The answer of `check_context`: the decision, and what the UI shows beside it.

    `draft` is the version of the draft that a person may sign. `nudge` are sibling invoices for
    which something has changed that they wait for: they must look again. `service_runs` once the
    system that runs the customer's service was told to let it run again.
    """

    model_config = ConfigDict(frozen=True)

    decision: Decision
    amount_open: Decimal
    currency: str
    owner: str = ""
    draft: int | None = None
    nudge: tuple[str, ...] = ()
    service_runs: bool = False


class LetterOrder(BaseModel):
    """A step whose letter is to be sent, if it is still up at `now`."""

    model_config = ConfigDict(frozen=True)

    follow_up: FollowUp
    step: str
    now: datetime

    @property
    def key(self) -> str:
        """The idempotency key of this follow-up's touch."""
        return touch_key(self.follow_up.invoice_id, self.step, self.follow_up.round)


class TouchOrder(BaseModel):
    """What a touch does beside its letter, as decided at `now`."""

    model_config = ConfigDict(frozen=True)

    follow_up: FollowUp
    touch: TouchPlan
    now: datetime


class ReceiptOrder(BaseModel):
    """A letter that asks for nothing, by the name of its template."""

    model_config = ConfigDict(frozen=True)

    follow_up: FollowUp
    template: str
    now: datetime


class Touched(BaseModel):
    """What became of a touch, and what to do next as of then.

    `plan` is the touch of the letter that this follow-up sent, with the actions of all invoices
    it covers; None when it sent none.
    """

    model_config = ConfigDict(frozen=True)

    outcome: TouchOutcome
    plan: TouchPlan | None = None
    next: Checked


class Trouble(BaseModel):
    """An activity that failed for good, in carrying out `step`: what a person must be told."""

    model_config = ConfigDict(frozen=True)

    follow_up: FollowUp
    step: str
    activity: str
    error: str
    now: datetime


class Closing(BaseModel):
    """The end of a follow-up."""

    model_config = ConfigDict(frozen=True)

    follow_up: FollowUp
    decision: Decision
    now: datetime


class FollowUpState(BaseModel):
    """The answer to the query `state`."""

    model_config = ConfigDict(frozen=True)

    invoice_id: str
    round: int
    status: Status
    stage: Stage | None = None
    step: str | None = None
    next_at: datetime | None = None
    reason: Reason | None = None
    says: str = ""
    amount_open: Decimal | None = None
    currency: str = ""
    draft: int | None = None
    unread_events: int = 0
    outcome: Outcome | None = None
    clock: Clock = Clock()
