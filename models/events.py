"""What happened outside and reaches a follow-up as a signal.

Each event carries an `event_id` chosen by its sender: however often it is delivered, it is applied
once. `kind` is the signal's name.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.vocabulary import Method

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
    """The customer contests the invoice, whole (`amount` absent) or in part."""

    kind: Literal["dispute_opened"] = "dispute_opened"
    amount: Positive | None = None
    code: Note = ""
    note: Note = ""
    by: Note = ""


class DisputeResolved(_Event):
    """The open dispute is settled; in the customer's favour a credit note follows."""

    kind: Literal["dispute_resolved"] = "dispute_resolved"
    in_favour_of: Literal["us", "customer"] = "us"
    note: Note = ""
    by: Note = ""


class PromiseMade(_Event):
    """The customer said when, and perhaps how much and how, they will pay."""

    kind: Literal["promise_made"] = "promise_made"
    pay_on: Day
    amount: Positive | None = None
    method: Method = Method.WIRE
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
    """Somebody called the customer and noted how it went."""

    kind: Literal["call_logged"] = "call_logged"
    task_key: Note = ""
    result: Note
    by: Note = ""


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
