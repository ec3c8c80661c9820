"""Money that went back by Stripe, refund by refund."""

from datetime import datetime

from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_values import beside, money, payment_of
from integrations.provider_objects.translating import translating
from models.billing import News, PaymentRefunded

_WENT, _CAME_BACK = frozenset({"succeeded"}), frozenset({"failed", "canceled"})


@translating
def refund_news(
    refund: JsonPart, at: datetime | None = None, charge: JsonPart | None = None
) -> list[News]:
    """What a refund tells. One that is still pending tells nothing yet; of one that failed, which
    a bank may say weeks later, the money is ours again. `charge` is its charge where that is there
    as a whole."""
    status, amount = refund.optional("status"), money(refund, "amount")
    by_charge = refund.maybe_id("charge")
    payment = refund.maybe_id("payment_intent") or (payment_of(charge) if charge else by_charge)
    if status not in _WENT | _CAME_BACK or amount <= 0 or not payment:
        return []
    made_at = refund.maybe_moment("created") or at or refund.moment("created")
    is_undone = status in _CAME_BACK
    refunded = PaymentRefunded(
        refund_id=refund.text("id"),
        payment_id=payment,
        other_ids=beside(payment, by_charge),
        happened_at=at or made_at,
        refunded_on=(at if at and is_undone else made_at).date(),
        amount=amount,
        currency=refund.currency("currency"),
        is_undone=is_undone,
    )
    return [refunded]


def charge_refunds(charge: JsonPart, at: datetime) -> list[News]:
    """charge.refunded, which brings its refunds up to the API of 2022. Later ones say only how
    much was refunded in all, and leave the refunds to events of their own."""
    listed = charge.maybe("refunds")
    return [
        news
        for refund in (listed.parts("data") if listed else [])
        for news in refund_news(refund, at, charge)
    ]
