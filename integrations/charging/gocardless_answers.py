"""What GoCardless answers, in our words."""

from typing import Annotated

from pydantic import Field

from integrations.http.answers import Answer
from models.charging import ChargeState

# https://developer.gocardless.com/api-reference/#payment-statuses
STATES = {
    "pending_customer_approval": ChargeState.NEEDS_CUSTOMER,
    "pending_submission": ChargeState.PROCESSING,
    "submitted": ChargeState.PROCESSING,
    "confirmed": ChargeState.SUCCEEDED,
    "paid_out": ChargeState.SUCCEEDED,
    "cancelled": ChargeState.CANCELLED,
    "customer_approval_denied": ChargeState.DECLINED,
    "failed": ChargeState.DECLINED,
    "charged_back": ChargeState.DECLINED,
}
FAILED = "failed"

# Causes of a failure that can pass by themselves: the account had too little, or the bank says no
# more than that (Bacs ARUDD 0). Every other cause is about the account or the mandate.
MAY_PASS = frozenset({"insufficient_funds", "refer_to_payer"})

# Why no payment can be made under a mandate any more; the request was in order.
MEANS_GONE = frozenset(
    {"bank_account_disabled", "customer_data_removed", "mandate_is_inactive", "mandate_replaced"}
)
CONFLICT = "idempotent_creation_conflict"


class _Links(Answer):
    mandate: str | None = None


class Payment(Answer):
    """A payment: one debit."""

    id: Annotated[str, Field(min_length=1)]
    status: str
    amount: int
    currency: str
    links: _Links = _Links()
    metadata: dict[str, str] = Field(default_factory=dict)


class Made(Answer):
    """The envelope of one payment."""

    payments: Payment


class _Cursors(Answer):
    after: str | None = None


class _Meta(Answer):
    cursors: _Cursors = _Cursors()


class Payments(Answer):
    """A page of payments, the newest first."""

    payments: tuple[Payment, ...]
    meta: _Meta = _Meta()


class _Details(Answer):
    cause: str | None = None


class _Event(Answer):
    details: _Details = _Details()


class Events(Answer):
    """What happened to a payment, the latest first."""

    events: tuple[_Event, ...]


class _Conflicting(Answer):
    conflicting_resource_id: str = ""


class _Reason(Answer):
    reason: str = ""
    field: str = ""
    links: _Conflicting = _Conflicting()


class Problem(Answer):
    """An error with its reasons. Messages are left out: they may quote the request."""

    type: str = ""
    errors: tuple[_Reason, ...] = ()

    @property
    def reason(self) -> str:
        """The first reason; of a wrong field, its name; else the kind of error."""
        first = next(iter(self.errors), _Reason())
        field = f"{self.type} {first.field}" if first.field else self.type
        return first.reason or field

    @property
    def conflicting(self) -> str:
        """The payment that was made with the same key before."""
        found = (one.links.conflicting_resource_id for one in self.errors if one.reason == CONFLICT)
        return next(found, "")


class Trouble(Answer):
    """The envelope of an error."""

    error: Problem
