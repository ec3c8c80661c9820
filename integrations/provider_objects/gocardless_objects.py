"""GoCardless' mandates and refunds."""

from datetime import datetime

from integrations.provider_objects.gocardless_values import NAME, customer_id_of, method_of
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.translating import translating
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

_WENT = frozenset({"", "submitted", "paid"})
_CAME_BACK = frozenset({"cancelled", "failed", "bounced", "funds_returned"})


@translating
def mandate_news(said: JsonPart, as_of: datetime) -> list[News]:
    """What a mandate tells."""
    stated = MeansStated(
        provider=NAME,
        reference=said.text("id"),
        as_of=as_of,
        state=said.one_of("status", _MANDATES),
        method=method_of(said.said("scheme")),
        customer_id=customer_id_of(said),
        holder=said.child("links").optional("customer"),
    )
    return [stated]


@translating
def refund_news(said: JsonPart) -> list[News]:
    """What a refund tells once it is on its way; of one that came back, that the money is ours
    again. One to a mandate without a payment tells nothing."""
    payment_id, status = said.child("links").optional("payment"), said.optional("status")
    if not payment_id or status not in _WENT | _CAME_BACK:
        return []
    code, made_at = said.currency("currency"), said.moment("created_at")
    refunded = PaymentRefunded(
        refund_id=said.text("id"),
        payment_id=payment_id,
        happened_at=made_at,
        refunded_on=made_at.date(),
        amount=said.units("amount", code),
        currency=code,
        is_undone=status in _CAME_BACK,
    )
    return [refunded]
