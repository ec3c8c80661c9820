"""What a letter to a customer is made of: every figure in it is a field, read from the ledger."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from models.vocabulary import Stage, Tone


class Remark(StrEnum):
    """What came before a letter that asks for money, and is said in it before anything else."""

    DISPUTE_SETTLED = "dispute_settled"
    PROMISE_MISSED = "promise_missed"
    PARTIAL_PROMISE = "partial_promise"
    PAYMENT_RETURNED = "payment_returned"
    PLAN_ENDED = "plan_ended"


@dataclass(frozen=True, slots=True)
class Firm:
    """The sender: who we are to the customer."""

    name: str
    address: str
    sender_name: str
    sender_email: str
    reply_to: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One invoice in the letter's table. `days_past_due` is negative before the due date.

    `amount_asked` is what the letter asks for: the open amount less what is disputed of it.
    """

    invoice_id: str
    number: str
    issued_on: date
    due_on: date
    days_past_due: int
    amount: Decimal
    amount_open: Decimal
    amount_asked: Decimal
    currency: str
    purchase_order: str = ""
    payment_link: str = ""

    @property
    def partly_disputed(self) -> bool:
        return self.amount_asked < self.amount_open


@dataclass(frozen=True, slots=True)
class InstalmentLine:
    """One instalment of an agreed plan, counted from 1, in the letter's currency."""

    number: int
    due_on: date
    amount: Decimal
    amount_open: Decimal


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """Everything a template may say. `lines[0]` is the carrying invoice; all share `currency`.

    `promised_on` is the day for which a payment was promised that `promise_missed` speaks of.
    `set_aside` are the numbers of the customer's other open invoices, left out because they are
    contested or promised. `instalment` is the one of `instalments` that the letter is about.
    """

    template: str
    language: str
    stage: Stage
    tone: Tone
    written_on: date
    firm: Firm
    customer_name: str
    contact_name: str
    currency: str
    lines: tuple[LetterLine, ...]
    remarks: tuple[Remark, ...] = ()
    promised_on: date | None = None
    set_aside: tuple[str, ...] = ()
    instalments: tuple[InstalmentLine, ...] = ()
    instalment: InstalmentLine | None = None

    @property
    def carrying(self) -> LetterLine:
        """The invoice that set stage and tone."""
        return self.lines[0]

    @property
    def total_asked(self) -> Decimal:
        """The sum of what the letter asks for, in `currency`."""
        return sum((line.amount_asked for line in self.lines), Decimal(0))


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter. `template_version` is `{language}/{name}@{version}`, and `+edited` after
    it where a person changed the wording. `source` is the letter as Markdown, values and all; it
    is empty where a letter was not rendered from a template.
    """

    subject: str
    text: str
    html: str
    template_version: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter on its way. `message_id` and `references` are bare, without angle brackets."""

    letter: Letter
    sender_name: str
    sender_email: str
    reply_to: str
    to: str
    to_name: str
    message_id: str
    dated: datetime
    cc: tuple[str, ...] = ()
    references: tuple[str, ...] = field(default=())
    language: str = "en"
