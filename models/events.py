"""What happened outside and reaches a follow-up as a signal.

Each event carries an `event_id` chosen by its sender: however often it is delivered, it is applied
once. `kind` is the signal's name.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.vocabulary import CallResult, Method

EventId = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]+$")]
Positive = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=4)]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
_NO_NUL = r"^[^\x00]*$"  # no database keeps one in text
Note = Annotated[str, Field(max_length=2000, pattern=_NO_NUL)]
# Beyond these a day is a slip of the pen, and a calendar may have no answer.
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2199, 12, 31))]


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True)

    event_id: EventId


class PaymentReceived(_Event):
    """Money arrived for this invoice. `payment_id` is the payment's own, one per booking."""

    kind: Literal["payment_received"] = "payment_received"
    payment_id: EventId
    amount: Positive
    currency: CurrencyCode
    received_on: Day
    method: Method = Method.OTHER
    source: Note = ""


class PaymentReversed(_Event):
    """A payment booked earlier was taken back: a returned debit, a bounced cheque."""

    kind: Literal["payment_reversed"] = "payment_reversed"
    payment_id: EventId
    reversed_on: Day
    note: Note = ""


class PaymentFailed(_Event):
    """An attempt to pay did not succeed; nothing was booked."""

    kind: Literal["payment_failed"] = "payment_failed"
    failed_on: Day
    amount: Positive | None = None
    note: Note = ""


class DisputeOpened(_Event):
    """The customer contests the invoice, whole (`amount` absent) or in part.

    `line` names the line that is contested, `owner` the mail address of whoever is to settle it.
    """

    kind: Literal["dispute_opened"] = "dispute_opened"
    amount: Positive | None = None
    code: Note = ""
    line: Note = ""
    note: Note = ""
    owner: Note = ""
    by: Note = ""


class DisputeResolved(_Event):
    """A dispute is settled: that about `line`, or all that are open where it is empty. In the
    customer's favour a credit note follows."""

    kind: Literal["dispute_resolved"] = "dispute_resolved"
    in_favour_of: Literal["us", "customer"] = "us"
    line: Note = ""
    note: Note = ""
    by: Note = ""


class PromiseMade(_Event):
    """The customer said when, and perhaps how much and how, they will pay.

    `confirmed` when a person accepts it although earlier promises were broken.
    """

    kind: Literal["promise_made"] = "promise_made"
    pay_on: Day
    amount: Positive | None = None
    method: Method = Method.WIRE
    confirmed: bool = False
    by: Note = ""


class Pause(_Event):
    """Staff hold the chase, to a date (resumed on that day) or until told otherwise."""

    kind: Literal["pause"] = "pause"
    until: Day | None = None
    note: Note = ""
    by: Note = ""


class Resume(_Event):
    """Staff end a pause."""

    kind: Literal["resume"] = "resume"
    note: Note = ""
    by: Note = ""


class InvoiceChanged(_Event):
    """The register changed the invoice; what it says now is read from the database."""

    kind: Literal["invoice_changed"] = "invoice_changed"
    note: Note = ""


class CustomerReplied(_Event):
    """The customer wrote back; the text itself stays in the mailbox."""

    kind: Literal["customer_replied"] = "customer_replied"
    received_at: datetime
    note: Note = ""


class CallLogged(_Event):
    """Somebody called the customer and noted how it went.

    A promise needs `pay_on`; `amount` is what was promised or is contested, all where it is absent.
    """

    kind: Literal["call_logged"] = "call_logged"
    task_key: Note = ""
    result: CallResult
    pay_on: Day | None = None
    amount: Positive | None = None
    method: Method = Method.WIRE
    code: Note = ""
    note: Note = ""
    by: Note = ""

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if self.result is CallResult.PROMISED and self.pay_on is None:
            raise ValueError("a promise needs the day it is for: pay_on")
        return self


class ContextChanged(_Event):
    """Something about the customer or a sibling invoice changed: look again."""

    kind: Literal["context_changed"] = "context_changed"
    note: Note = ""


Event = Annotated[
    PaymentReceived
    | PaymentReversed
    | PaymentFailed
    | DisputeOpened
    | DisputeResolved
    | PromiseMade
    | Pause
    | Resume
    | InvoiceChanged
    | CustomerReplied
    | CallLogged
    | ContextChanged,
    Field(discriminator="kind"),
]
PaymentEvent = PaymentReceived | PaymentReversed | PaymentFailed
