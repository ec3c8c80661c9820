"""What a billing system or payment provider tells us, in our words: news about invoices and money.

Translators in `integrations/webhooks` and `integrations/registers` make these, `store/intake` and
what stands beside it apply them. Every one carries an id of its own, so that the same news by two
roads counts once, and the moment as of which it holds, so that older news never undoes newer.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.events import CurrencyCode, Day, EventId, Note, Positive
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import Method

Aware = Annotated[datetime, Field(description="UTC, or with its offset")]
Names = Annotated[tuple[str, ...], Field(max_length=10)]


class _News(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Share(_News):
    """What of a payment is for one invoice.

    `invoice` are the names it may be known by here, the surest first: its id, its number, what
    our own system wrote into the provider's metadata.
    """

    invoice: Names
    amount: Positive


class InvoiceStated(_News):
    """The invoice as the system has it as of a moment; its status may be open, paid, credited,
    voided or written off. A draft is no invoice yet and is not told.

    `is_gone`: it is no more, and nothing is left of it but its id. All else of `invoice` is filler
    then; one that is not known here stays so.
    """

    kind: Literal["invoice_stated"] = "invoice_stated"
    as_of: Aware
    invoice: InvoiceRow
    customer: CustomerRow | None = None
    contacts: tuple[ContactRow, ...] = ()
    is_gone: bool = False


class CustomerStated(_News):
    """The customer as the system has it."""

    kind: Literal["customer_stated"] = "customer_stated"
    as_of: Aware
    customer: CustomerRow
    contacts: tuple[ContactRow, ...] = ()


class PaymentSettled(_News):
    """Money arrived. What of `amount` is in no share belongs to the customer, or to nobody known.

    `payment_id` is the same in every event about this movement of money; `other_ids` are names
    that later news, or another system, may know it by. Not `is_whole`: only the part for these
    shares is told, the payment may be larger.
    """

    kind: Literal["payment_settled"] = "payment_settled"
    payment_id: EventId
    other_ids: Names = ()
    happened_at: Aware
    received_on: Day
    amount: Positive
    currency: CurrencyCode
    is_whole: bool = True
    method: Method = Method.OTHER
    shares: tuple[Share, ...] = ()
    customer_id: str = ""
    payer_name: Note = ""
    reference: Note = ""


class PaymentUnderWay(_News):
    """A payment was begun and may take days: a debit that was submitted, a transfer announced."""

    kind: Literal["payment_under_way"] = "payment_under_way"
    payment_id: EventId
    happened_at: Aware
    since: Day
    amount: Positive
    currency: CurrencyCode
    method: Method = Method.OTHER
    shares: tuple[Share, ...] = ()
    customer_id: str = ""


class PaymentDeclined(_News):
    """An attempt to pay did not succeed. `attempt_id` tells the attempts of one payment apart.

    `code` is the provider's. `is_final`: asking this card or mandate again is pointless or
    forbidden. `needs_customer`: the customer must confirm it themselves.
    """

    kind: Literal["payment_declined"] = "payment_declined"
    attempt_id: EventId
    payment_id: EventId
    happened_at: Aware
    failed_on: Day
    amount: Positive | None = None
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    shares: tuple[Share, ...] = ()
    customer_id: str = ""
    code: Note = ""
    is_final: bool = False
    needs_customer: bool = False


class PaymentReturned(_News):
    """A payment was taken back by the payer's bank: a returned debit, a late failure."""

    kind: Literal["payment_returned"] = "payment_returned"
    return_id: EventId
    payment_id: EventId
    happened_at: Aware
    returned_on: Day
    code: Note = ""


class PaymentRefunded(_News):
    """We gave money back. `amount` is this refund's own. `is_undone`: it did not reach the payer,
    and the money is ours again."""

    kind: Literal["payment_refunded"] = "payment_refunded"
    refund_id: EventId
    payment_id: EventId
    other_ids: Names = ()
    happened_at: Aware
    refunded_on: Day
    amount: Positive
    currency: CurrencyCode
    is_undone: bool = False


class ChargeContested(_News):
    """The payer contests a payment at their bank (a chargeback), or asks about it.

    `takes_money`: the money is gone until it is decided. `other_ids` are names the payment may be
    known by beside `payment_id`.
    """

    kind: Literal["charge_contested"] = "charge_contested"
    contest_id: EventId
    payment_id: EventId
    other_ids: Names = ()
    happened_at: Aware
    opened_on: Day
    amount: Positive
    currency: CurrencyCode
    code: Note = ""
    takes_money: bool = True


class ContestEnded(_News):
    """The payer's bank has decided. Won: the money is ours again."""

    kind: Literal["contest_ended"] = "contest_ended"
    contest_id: EventId
    payment_id: EventId
    other_ids: Names = ()
    happened_at: Aware
    ended_on: Day
    amount: Positive
    currency: CurrencyCode
    is_won: bool


class DisputeStated(_News):
    """The customer contests an invoice with us, or no longer does (`is_open` false)."""

    kind: Literal["dispute_stated"] = "dispute_stated"
    dispute_id: EventId
    invoice: Names
    happened_at: Aware
    is_open: bool = True
    amount: Positive | None = None
    code: Note = ""
    line: Note = ""
    note: Note = ""
    in_favour_of: Literal["us", "customer"] = "us"


class CreditIssued(_News):
    """A credit note was set against invoices; what is in no share is the customer's credit."""

    kind: Literal["credit_issued"] = "credit_issued"
    credit_id: EventId
    happened_at: Aware
    issued_on: Day
    amount: Positive
    currency: CurrencyCode
    shares: tuple[Share, ...] = ()
    customer_id: str = ""


class CreditVoided(_News):
    """A credit note was taken back."""

    kind: Literal["credit_voided"] = "credit_voided"
    credit_id: EventId
    happened_at: Aware
    voided_on: Day


class MeansState(StrEnum):
    """Whether a card or mandate can be charged."""

    USABLE = "usable"
    PENDING = "pending"
    EXPIRED = "expired"
    REVOKED = "revoked"


class MeansStated(_News):
    """A card or mandate on file, as the provider has it as of a moment.

    `reference` is what a charge names (`pm_…`, `MD…`), `holder` the provider's own customer id.
    `is_default`: the one to charge where there are several.
    """

    kind: Literal["means_stated"] = "means_stated"
    provider: str
    reference: EventId
    as_of: Aware
    state: MeansState
    method: Method = Method.CARD
    customer_id: str = ""
    holder: str = ""
    expires_on: date | None = None
    is_default: bool = False


class ObjectKind(StrEnum):
    """What a provider whose webhook holds ids only can be asked for."""

    INVOICE = "invoice"
    PAYMENT = "payment"
    CREDIT_NOTE = "credit_note"
    CUSTOMER = "customer"
    REFUND = "refund"
    MANDATE = "mandate"


class ObjectChanged(_News):
    """Something of the provider's changed; ask it what it is now. `deleted`: it is no more."""

    kind: Literal["object_changed"] = "object_changed"
    object: ObjectKind
    id: EventId
    happened_at: Aware
    account: str = ""
    deleted: bool = False


News = Annotated[
    InvoiceStated
    | CustomerStated
    | PaymentSettled
    | PaymentUnderWay
    | PaymentDeclined
    | PaymentReturned
    | PaymentRefunded
    | ChargeContested
    | ContestEnded
    | DisputeStated
    | CreditIssued
    | CreditVoided
    | MeansStated
    | ObjectChanged,
    Field(discriminator="kind"),
]


class Arrived(BaseModel):
    """One event as a provider sent it, before anybody has read what it means.

    `event_id` is the provider's own, or one made of what identifies the event where it gives
    none. `body` is the event's JSON text: of a request with several events, this one's part.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    event_id: Annotated[str, Field(min_length=1, max_length=255)]
    kind: Annotated[str, Field(max_length=200)]
    occurred_at: datetime | None = None
    body: str


class RegisterPage(BaseModel):
    """A page of what a register tells. `next` continues it, empty at the end.

    `since` is what to ask with the next time: nothing that changed from then on is missing here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    news: tuple[News, ...] = ()
    next: str = ""
    since: datetime | None = None
