"""What is known at one moment about one invoice, its customer and its chase.

The store builds these from the database, the simulator from a ledger of years ago; the rules in
`domain/` read nothing else. Facts that need a connected system (CRM, bank) default to "nothing
known", which never holds a chase.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from models.vocabulary import (
    Channel,
    Disposition,
    DraftState,
    InvoiceStatus,
    Method,
    OwnerWord,
    Reason,
    TouchOutcome,
)


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """The invoice as the register has it. `base_open` is the open amount in the firm's base
    currency, or None when no exchange rate is known: it then counts as above every threshold.

    `under_way` is money that travels towards this invoice, the first of it since then and by that
    method.
    """

    id: str
    number: str
    currency: str
    amount: Decimal
    amount_open: Decimal
    base_open: Decimal | None
    issued_on: date
    due_on: date
    status: InvoiceStatus = InvoiceStatus.OPEN
    purchase_order: str = ""
    payment_link: str = ""
    clauses: frozenset[str] = frozenset()
    under_way: Decimal = Decimal(0)
    under_way_since: date | None = None
    under_way_by: Method = Method.OTHER


@dataclass(frozen=True, slots=True)
class Address:
    """Where a letter can go. `rejected` when a mail server refused it for good."""

    email: str
    name: str = ""
    role: str = "ap"
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class PaymentHabit:
    """How a customer has paid settled invoices of this currency; days count from the due date,
    and are negative before it.

    `spread_days` is the distance between the quartiles. `trend_days` is the median of the latest
    quarter of them less that of those before; above 0 they pay later than they used to.
    `late_share` and `promises_kept` are percentages, the latter of `promises` that are settled.
    """

    settled: int = 0
    median_days_late: int = 0
    spread_days: int = 0
    trend_days: int = 0
    late_share: int = 0
    promises: int = 0
    promises_kept: int = 0


@dataclass(frozen=True, slots=True)
class ContextFreshness:
    """How fresh what a connected system says of the customer is; `connected` is its name.

    `fetched_at` is when it last answered, `tried_at` when it was last asked, `failing_since` the
    first of the attempts that it has not answered since.
    """

    connected: str = ""
    fetched_at: datetime | None = None
    tried_at: datetime | None = None
    failing_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """The customer. `owner` stands for the account owner where a name would be too much, `delicate`
    holds the relationship conditions that apply today.

    In the invoice's currency: `unapplied_cash` waits for a person to place it, `credit_on_account`
    was left with the customer by a person, `cash_in_transit` travels towards no invoice in
    particular.
    """

    id: str
    name: str
    country: str
    zone: str
    language: str
    subdivision: str = ""
    segment: str = ""
    strategic: bool = False
    insolvent: bool = False
    legal_hold: bool = False
    do_not_contact: bool = False
    owner: str = ""
    owner_name: str = ""
    owner_email: str = ""
    addresses: tuple[Address, ...] = ()
    channel: Channel | None = None
    delicate: frozenset[Reason] = frozenset()
    context: ContextFreshness = ContextFreshness()
    habit: PaymentHabit = PaymentHabit()
    unapplied_cash: Decimal = Decimal(0)
    credit_on_account: Decimal = Decimal(0)
    cash_in_transit: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class PauseFacts:
    """A pause by staff; `until` is the first day on which the chase may go on."""

    until: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """An open dispute; `amount` is None when the whole invoice is contested. `awaits_credit` when
    it was settled for the customer, and holds until the credit note has come."""

    opened_on: date
    amount: Decimal | None = None
    code: str = ""
    line: str = ""
    awaits_credit: bool = False


@dataclass(frozen=True, slots=True)
class PromiseFacts:
    """An open promise; `amount` is None for all that is open. `paid_since` came after it."""

    pay_on: date
    method: Method
    amount: Decimal | None = None
    paid_since: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class InstalmentFacts:
    """One instalment of a payment plan, counted from 1."""

    number: int
    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A running payment plan; instalments in the order of their dates, which add up to the debt.

    `paid_since` is by how much less is owed since it was agreed, by payments and credit notes; it
    fills the instalments in their order.
    """

    id: int
    agreed_on: date
    instalments: tuple[InstalmentFacts, ...]
    paid_since: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """The latest draft that this invoice is part of. `is_current` while all that it states holds;
    `own` when this invoice's follow-up sends it, rather than a sibling's."""

    step: str
    version: int
    state: DraftState
    is_current: bool = True
    own: bool = True


@dataclass(frozen=True, slots=True)
class OwnerQuestion:
    """The account owner was asked about the letter of `step`; `word` is None until they answer."""

    step: str
    answer_by: datetime
    word: OwnerWord | None = None


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of this round that needs no touch any more. `warned` when its letter told of what the
    contract allows, such as a suspension."""

    step: str
    outcome: TouchOutcome
    on: date
    warned: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far this round of the chase has come.

    `shift_days` is how long the cadence has stood still; `held_step` is the step that was up when
    a hold began. `not_before` spreads a backlog over several days. `broken_on` is the day that a
    promise broken since the last letter was for; `settled` and `plan_broken` tell of a dispute
    settled for us, and of a plan that ended, since then, `kept_in_part` of a promise about a part
    that was kept, `payment_returned` of money that went back. `disposed_on` is when somebody
    decided what is to become of the invoice.
    """

    round: int = 1
    done: tuple[StepDone, ...] = ()
    shift_days: int = 0
    held_step: str | None = None
    not_before: date | None = None
    pause: PauseFacts | None = None
    dispute: DisputeFacts | None = None
    promise: PromiseFacts | None = None
    plan: PlanFacts | None = None
    draft: DraftFacts | None = None
    question: OwnerQuestion | None = None
    broken_promises: int = 0
    broken_on: date | None = None
    settled: bool = False
    plan_broken: bool = False
    kept_in_part: bool = False
    payment_returned: bool = False
    suspended: bool = False
    disposition: Disposition | None = None
    disposed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """When this customer was last written to: in this currency, and in all (30 days back).

    `messages_under_policy` counts letters to anybody under this version of the policy, where the
    policy asks for it.
    """

    last_message_on: date | None = None
    messages_30_days: tuple[date, ...] = ()
    messages_under_policy: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that `decide` may look at. `now` is not among them."""

    invoice: InvoiceFacts
    customer: CustomerFacts
    progress: Progress = field(default_factory=Progress)
    contact: ContactHistory = field(default_factory=ContactHistory)
