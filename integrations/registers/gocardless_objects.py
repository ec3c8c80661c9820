"""GoCardless' mandates and refunds in our words."""

from datetime import datetime

from integrations.registers.gocardless_values import customer_id_of, method_of
from integrations.registers.parts import Part, translating
from models.billing import MeansState, MeansStated, News, PaymentRefunded

_MANDATES = {
    "pending_customer_approval": MeansState.PENDING,
    "pending_submission": MeansState.PENDING,
    "submitted": MeansState.PENDING,
    "active": MeansState.USABLE,
    "suspended_by_payer": MeansState.REVOKED,
    "failed": MeansState.REVOKED,
    "cancelled": MeansState.REVOKED,
    "consumed": MeansState.REVOKED,
    "blocked": MeansState.REVOKED,
    "expired": MeansState.EXPIRED,
}

_REFUND_COUNTS = frozenset({"submitted", "paid"})


@translating
def mandate_news(said: Part, as_of: datetime) -> list[News]:
    """What a mandate tells."""
    links = said.child("links")
    stated = MeansStated(
        provider="gocardless",
        reference=said.text("id"),
        as_of=as_of,
        state=said.one_of("status", _MANDATES),
        method=method_of(said),
        customer_id=customer_id_of(said),
        holder=links.optional("customer"),
    )
    return [stated]


@translating
def refund_news(said: Part, as_of: datetime) -> list[News]:
    """What a refund tells once it is on its way. One to a mandate without a payment tells
    nothing."""
    payment_id = said.child("links").optional("payment")
    counts = not said.has("status") or said.text("status") in _REFUND_COUNTS
    if not payment_id or not counts:
        return []
    code = said.currency("currency")
    refunded = PaymentRefunded(
        refund_id=said.text("id"),
        payment_id=payment_id,
        happened_at=as_of,
        refunded_on=said.moment("created_at").date(),
        amount=said.units("amount", code),
        currency=code,
    )
    return [refunded]
