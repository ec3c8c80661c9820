"""Money that went back by Stripe, refund by refund."""

from integrations.webhooks.json_part import Part
from integrations.webhooks.stripe_event import StripeEvent, money
from integrations.webhooks.stripe_payment import payment_of
from models.billing import News, PaymentRefunded

_WENT, _CAME_BACK = {"succeeded"}, {"failed", "canceled"}


def refund_told(event: StripeEvent) -> list[News]:
    """An event about one refund. One that is still pending tells nothing yet; of one that failed,
    which a bank may say weeks later, the money is ours again."""
    return _refunded(event, event.object)


def charge_refunded(event: StripeEvent) -> list[News]:
    """charge.refunded, which brings its refunds up to the API of 2022. Later ones say only how
    much was refunded in all, and leave the refunds to events of their own."""
    charge = event.object
    listed = charge.maybe_part("refunds")
    return [
        news
        for refund in (listed.parts("data") if listed else [])
        for news in _refunded(event, refund, charge)
    ]


def _refunded(event: StripeEvent, refund: Part, charge: Part | None = None) -> list[News]:
    status = refund.said("status")
    if status not in _WENT | _CAME_BACK or money(refund, "amount") <= 0:
        return []
    by_charge = refund.maybe_id("charge")
    payment = refund.maybe_id("payment_intent") or (payment_of(charge) if charge else by_charge)
    is_undone = status in _CAME_BACK
    at = event.happened_at if is_undone else refund.maybe_moment("created") or event.happened_at
    return [
        PaymentRefunded(
            refund_id=refund.id("id"),
            payment_id=payment,
            other_ids=(by_charge,) if by_charge and by_charge != payment else (),
            happened_at=event.happened_at,
            refunded_on=at.date(),
            amount=money(refund, "amount"),
            currency=refund.currency("currency"),
            is_undone=is_undone,
        )
    ]
