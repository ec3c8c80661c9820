"""Matching money to invoices: what came in, what is open, and how well they fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.vocabulary import CreditKind

_ZERO = Decimal(0)
Amounts = dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[Decimal, Field(ge=0)]]


class CashRules(BaseModel):
    """How money is placed, by the firm's own judgement (`policies/cash.toml`).

    Amounts are per currency; a currency that is not named has 0. `small_rest` is what may be
    missing without being asked for, `small_surplus` what may be too much without anybody looking,
    `bank_fee` the most that banks on the way may have kept. `sure_name` is how alike (0 to 100) the
    payer's name must be to the customer's to count as theirs, `like_name` to be offered to a
    person. `days_early` before its issue and `days_late` after its due date money may come for an
    invoice that nobody has named. Money from a payer whose name begins as one of `set_aside` is no
    customer's payment: what a payment provider pays out, interest, our own transfers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    small_rest: Amounts = {}
    small_surplus: Amounts = {}
    bank_fee: Amounts = {}
    sure_name: Annotated[int, Field(ge=50, le=100)] = 95
    like_name: Annotated[int, Field(ge=50, le=100)] = 80
    days_early: Annotated[int, Field(ge=0, le=365)] = 5
    days_late: Annotated[int, Field(ge=0, le=3650)] = 365
    set_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """Money that came in, with all by which somebody might tell what it is for.

    `texts` are what the payer wrote, in any split; `references` were given as such.
    `customer_id` where it is known whose money it is.
    """

    key: str
    amount: Decimal
    currency: str
    received_on: date
    payer_name: str = ""
    payer_account: str = ""
    texts: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    original_amount: Decimal | None = None
    original_currency: str = ""
    customer_id: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An invoice that money may be for. `open` is 0 for one that was settled before, which still
    tells whose money it is."""

    invoice_id: str
    number: str
    customer_id: str
    currency: str
    open: Decimal
    issued_on: date
    due_on: date
    terms: str = ""
    purchase_order: str = ""


@dataclass(frozen=True, slots=True)
class Payers:
    """Whom payers are known as: names by customer, and what was learned from earlier decisions.

    `accounts` and `names` give the customer by account and by folded name.
    """

    customers: Mapping[str, str]
    accounts: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


class MatchReason(StrEnum):
    """By what money was recognised, the surest first."""

    REFERENCE = "reference"
    REFERENCES = "references"
    REFERENCE_SHORT = "reference_short"
    REFERENCE_OVER = "reference_over"
    REFERENCE_PART = "reference_part"
    ACCOUNT_AMOUNT = "account_amount"
    ACCOUNT_ALL = "account_all"
    ACCOUNT_SOME = "account_some"
    ACCOUNT_SHORT = "account_short"
    NAME_AMOUNT = "name_amount"
    NAME_ALL = "name_all"
    NAME_SOME = "name_some"
    NAME_SHORT = "name_short"
    WEAK_REFERENCE = "weak_reference"
    AMOUNT_ALONE = "amount_alone"
    CUSTOMER_ALONE = "customer_alone"
    SETTLED_BEFORE = "settled_before"
    WRONG_CURRENCY = "wrong_currency"


@dataclass(frozen=True, slots=True)
class Part:
    """What of the money goes to one invoice, and what of the invoice is given up with it: a
    discount taken, a bank's fee, a rest too small to ask for."""

    invoice_id: str
    amount: Decimal
    credit: Decimal = _ZERO
    credit_kind: CreditKind | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to place the money. `score` is from 0 to 100; `left` is what would stay with the
    customer."""

    customer_id: str
    parts: tuple[Part, ...]
    score: int
    reason: MatchReason
    says: str
    left: Decimal = _ZERO


@dataclass(frozen=True, slots=True)
class Match:
    """What became of the money: the candidates, the best one first, and whether the first is
    certain enough to be applied without a person."""

    key: str
    candidates: tuple[Candidate, ...] = ()
    is_certain: bool = False

    @property
    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None
