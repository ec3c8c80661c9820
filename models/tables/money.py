"""Money as it came in, before and after it was placed on invoices, and what brought the news."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.billing import MeansState
from models.charging import ChargeState
from models.column_types import Amount
from models.tables.columns import moment, money, words
from models.vocabulary import CashState, CreditKind, InboundState, Method

_ZERO = Decimal(0)


class InboundEvent(SQLModel, table=True):
    """A provider's event as it came, kept before anybody reads it.

    `problem` says why it is `refused`. One that waits is not read again before `not_before`,
    however often what it waits for seems to have come.
    """

    __tablename__: ClassVar[str] = "inbound_events"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        Index("ix_inbound_events_state", "state", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    event_id: str
    kind: str
    occurred_at: datetime | None = moment(nullable=True)
    received_at: datetime = moment(index=True)
    body: str
    state: InboundState = Field(default=InboundState.STORED, sa_type=words(InboundState))
    problem: str = ""
    attempts: int = 0
    not_before: datetime | None = moment(nullable=True)
    applied_at: datetime | None = moment(nullable=True)


class InboundWait(SQLModel, table=True):
    """What an event waits for: an invoice, payment or credit by one of the names it may have."""

    __tablename__: ClassVar[str] = "inbound_waits"

    event_id: int = Field(primary_key=True, foreign_key="inbound_events.id")
    name: str = Field(primary_key=True, index=True)


class CashReceipt(SQLModel, table=True):
    """Money that came in, as the bank or provider states it; `payments` say where it was placed.

    `key` is the same wherever the same movement is told again. `told_amount` is the amount of the
    whole, None while only parts were told; `amount` is what it comes to. `placed` is what of it
    stands on invoices, `refunded` what we gave back, `gone` what the payer's bank took back; the
    rest is unapplied.

    `settled_at`, `under_way_at` and `declined_at` are the latest moments at which it was told so,
    by the system's own clock, `shares_at` that of the latest telling of what it is for.
    `hints` are references that the payer gave, `said_customer` whose it is as its system says.
    `part_of` is the key of the batch that it is one payment of. `explains` says by which rule it
    was placed, `decided_by` by whom. One that `is_reversal` went out again. `same_as` is the money
    that this turned out to be.
    """

    __tablename__: ClassVar[str] = "cash_receipts"
    __table_args__ = (
        Index("ix_cash_receipts_customer", "customer_id", "currency"),
        Index("ix_cash_receipts_state", "state", "received_on"),
    )

    key: str = Field(primary_key=True)
    part_of: str = Field(default="", index=True)
    source: str
    statement: str = ""
    customer_id: str | None = Field(default=None, foreign_key="customers.id")
    said_customer: str = Field(default="", index=True)
    currency: str
    amount: Decimal = money()
    told_amount: Decimal | None = money(nullable=True)
    placed: Decimal = Field(default=_ZERO, sa_type=Amount)
    refunded: Decimal = Field(default=_ZERO, sa_type=Amount)
    gone: Decimal = Field(default=_ZERO, sa_type=Amount)
    original_amount: Decimal | None = money(nullable=True)
    original_currency: str = ""
    received_on: date
    method: Method = Field(default=Method.OTHER, sa_type=words(Method))
    account: str = ""
    payer_name: str = ""
    payer_account: str = Field(default="", index=True)
    remittance: str = ""
    hints: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    bank_reference: str = ""
    end_to_end_id: str = Field(default="", index=True)
    code: str = ""
    is_reversal: bool = False
    same_as: str = ""
    state: CashState = Field(sa_type=words(CashState))
    explains: str = ""
    decided_by: str = ""
    recorded_at: datetime = moment()
    settled_at: datetime | None = moment(nullable=True)
    under_way_at: datetime | None = moment(nullable=True)
    declined_at: datetime | None = moment(nullable=True)
    shares_at: datetime | None = moment(nullable=True)

    @property
    def is_here(self) -> bool:
        """True once the money arrived, whatever became of it afterwards."""
        return self.settled_at is not None

    @property
    def is_under_way(self) -> bool:
        """True while it travels: it was begun, and has neither arrived nor failed since."""
        if self.is_here or self.under_way_at is None:
            return False
        return self.declined_at is None or self.under_way_at > self.declined_at

    @property
    def rest(self) -> Decimal:
        """What of it is here and neither placed nor given back."""
        if not self.is_here or self.is_reversal or self.state is CashState.SET_ASIDE:
            return _ZERO
        return max(_ZERO, self.amount - self.gone - self.placed - self.refunded)


class CashShare(SQLModel, table=True):
    """What of a receipt is for one invoice, as its system, a rule or a person says.

    `name` is the surest name of the invoice, `names` all it may go by; `invoice_id` once the
    register has brought it. `rank` keeps the order in which they were told. `origin` is `told`,
    `part` (told by itself, not with the whole), `matched` or `person`.
    """

    __tablename__: ClassVar[str] = "cash_shares"

    receipt_key: str = Field(primary_key=True, foreign_key="cash_receipts.key")
    name: str = Field(primary_key=True)
    names: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    invoice_id: str | None = Field(default=None, foreign_key="invoices.id", index=True)
    amount: Decimal = money()
    rank: int = 0
    origin: str = "told"
    told_at: datetime | None = moment(nullable=True)


class CashName(SQLModel, table=True):
    """A name by which news may mean a receipt: a provider's payment, a charge, another system's."""

    __tablename__: ClassVar[str] = "cash_names"

    name: str = Field(primary_key=True)
    receipt_key: str = Field(foreign_key="cash_receipts.key", index=True)


class InvoiceName(SQLModel, table=True):
    """The id by which a system knows an invoice that goes by another one here."""

    __tablename__: ClassVar[str] = "invoice_names"

    source: str = Field(primary_key=True)
    name: str = Field(primary_key=True, index=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)


class CustomerCash(SQLModel, table=True):
    """What of a customer's money in one currency is not placed yet (`unapplied`), kept for them by
    a person's decision (`on_account`), or travelling towards no invoice in particular
    (`under_way`)."""

    __tablename__: ClassVar[str] = "customer_cash"

    customer_id: str = Field(primary_key=True, foreign_key="customers.id")
    currency: str = Field(primary_key=True)
    unapplied: Decimal = Field(default=_ZERO, sa_type=Amount)
    on_account: Decimal = Field(default=_ZERO, sa_type=Amount)
    under_way: Decimal = Field(default=_ZERO, sa_type=Amount)
    under_way_since: date | None = None


class Credit(SQLModel, table=True):
    """What an invoice is lowered by without money: a credit note, a discount taken, a fee or small
    rest that we bear, a refund that is not asked for again. Source and moments as in `Payment`."""

    __tablename__: ClassVar[str] = "credits"

    id: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    kind: CreditKind = Field(sa_type=words(CreditKind))
    currency: str
    amount: Decimal = money()
    applied: Decimal = money()
    issued_on: date
    issued_id: str = Field(index=True)
    note: str = ""
    source: str = ""
    recorded_at: datetime = moment()
    voided_on: date | None = None
    happened_at: datetime | None = moment(nullable=True)
    voided_at: datetime | None = moment(nullable=True)
    in_register: bool = False


class Refund(SQLModel, table=True):
    """Money that we gave back, once however often it is told."""

    __tablename__: ClassVar[str] = "refunds"

    id: str = Field(primary_key=True)
    receipt_key: str = Field(index=True)
    currency: str
    amount: Decimal = money()
    refunded_on: date
    is_undone: bool = False


class Reversal(SQLModel, table=True):
    """Money that the payer's bank took back, or tried to; once however often it is told.

    `amount` is None for all of it. `undone_on` is when it was ours again, which may be told before
    it was taken. Contested money (`is_contest`) comes back by the bank's decision alone, returned
    money also by a later settlement.
    """

    __tablename__: ClassVar[str] = "reversals"

    id: str = Field(primary_key=True)
    receipt_key: str = Field(index=True)
    is_contest: bool = False
    amount: Decimal | None = money(nullable=True)
    taken_on: date | None = None
    taken_at: datetime | None = moment(nullable=True)
    undone_on: date | None = None
    code: str = ""


class DisputeTold(SQLModel, table=True):
    """A dispute as a system has it, and as of when: an older word changes nothing."""

    __tablename__: ClassVar[str] = "disputes_told"

    source: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    told_at: datetime = moment()


class PayerAlias(SQLModel, table=True):
    """How a payer shows on statements, and whose they turned out to be. `kind` is account or
    name."""

    __tablename__: ClassVar[str] = "payer_aliases"

    kind: str = Field(primary_key=True)
    value: str = Field(primary_key=True)
    customer_id: str = Field(foreign_key="customers.id", index=True)
    learned_at: datetime = moment()
    learned_from: str = ""


class StatementFile(SQLModel, table=True):
    """A bank file that was taken in, by the digest of its bytes."""

    __tablename__: ClassVar[str] = "statement_files"

    digest: str = Field(primary_key=True)
    name: str
    taken_at: datetime = moment()
    entries: int = 0
    new: int = 0


class PaymentMeans(SQLModel, table=True):
    """A card or mandate on file at a provider."""

    __tablename__: ClassVar[str] = "payment_means"

    provider: str = Field(primary_key=True)
    reference: str = Field(primary_key=True)
    customer_id: str = Field(index=True)
    holder: str = ""
    method: Method = Field(default=Method.CARD, sa_type=words(Method))
    state: MeansState = Field(sa_type=words(MeansState))
    is_default: bool = False
    expires_on: date | None = None
    as_of: datetime = moment()


class Charge(SQLModel, table=True):
    """One attempt to charge a means on file. `key` is the touch's and the attempt's number."""

    __tablename__: ClassVar[str] = "charges"

    key: str = Field(primary_key=True)
    invoice_id: str = Field(foreign_key="invoices.id", index=True)
    step: str
    round: int
    attempt: int
    provider: str
    reference: str
    method: Method = Field(sa_type=words(Method))
    currency: str
    amount: Decimal = money()
    state: ChargeState = Field(sa_type=words(ChargeState))
    payment_id: str = Field(default="", index=True)
    code: str = ""
    is_final: bool = False
    link: str = ""
    started_at: datetime = moment()
    started_on: date
    answered_at: datetime | None = moment(nullable=True)
    result_by: date
    retry_on: date | None = None


class Telling(SQLModel, table=True):
    """An event that an invoice's follow-up is still to be told of, or was."""

    __tablename__: ClassVar[str] = "tellings"
    __table_args__ = (
        Index(
            "ix_tellings_untold",
            "id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    invoice_id: str = Field(index=True)
    event: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    made_at: datetime = moment()
    told_at: datetime | None = moment(nullable=True)


class RegisterMark(SQLModel, table=True):
    """Up to when a register outside was read, and what its tokens are (encrypted)."""

    __tablename__: ClassVar[str] = "register_marks"

    source: str = Field(primary_key=True)
    since: datetime | None = moment(nullable=True)
    tokens: str = ""
