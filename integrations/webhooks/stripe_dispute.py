"""Payments that are contested at the payer's bank, by Stripe's disputes."""

from integrations.webhooks.json_part import Part
from integrations.webhooks.stripe_event import StripeEvent, money
from integrations.webhooks.stripe_payment import payment_of
from models.billing import ChargeContested, ContestEnded, News

_INQUIRY = "warning_"
_UNDER_WAY = {"needs_response", "under_review", "warning_needs_response", "warning_under_review"}
# An inquiry that was closed never took the money.
_ENDS = {"won": True, "warning_closed": True, "lost": False, "prevented": False}
_WITHDRAWN = "charge.dispute.funds_withdrawn"


def dispute_opened(event: StripeEvent) -> list[News]:
    """A dispute began, or took the money. An inquiry takes none until it becomes a dispute."""
    dispute = event.object
    is_inquiry = dispute.said("status").startswith(_INQUIRY)
    return _contested(event, takes_money=event.kind == _WITHDRAWN or not is_inquiry)


def dispute_moved(event: StripeEvent) -> list[News]:
    """A change of a dispute's status; one of its evidence tells nothing."""
    status = event.object.said("status")
    if event.before is None or "status" not in event.before or status not in _UNDER_WAY:
        return []
    return _contested(event, takes_money=not status.startswith(_INQUIRY))


def dispute_won_back(event: StripeEvent) -> list[News]:
    """The money is back."""
    return _ended(event, is_won=True)


def dispute_closed(event: StripeEvent) -> list[News]:
    """The end, where its status says whose favour it is in."""
    is_won = _ENDS.get(event.object.said("status"))
    return [] if is_won is None else _ended(event, is_won=is_won)


def _contested(event: StripeEvent, *, takes_money: bool) -> list[News]:
    dispute = event.object
    if money(dispute, "amount") <= 0:
        return []
    return [
        ChargeContested(
            contest_id=_contest(dispute),
            payment_id=_payment(dispute),
            other_ids=_others(dispute),
            happened_at=event.happened_at,
            opened_on=event.day,
            amount=money(dispute, "amount"),
            currency=dispute.currency("currency"),
            code=dispute.said("reason", 100),
            takes_money=takes_money,
        )
    ]


def _ended(event: StripeEvent, *, is_won: bool) -> list[News]:
    dispute = event.object
    if money(dispute, "amount") <= 0:
        return []
    return [
        ContestEnded(
            contest_id=_contest(dispute),
            payment_id=_payment(dispute),
            other_ids=_others(dispute),
            happened_at=event.happened_at,
            ended_on=event.day,
            amount=money(dispute, "amount"),
            currency=dispute.currency("currency"),
            is_won=is_won,
        )
    ]


def _payment(dispute: Part) -> str:
    return payment_of(dispute) if "payment_intent" in dispute else dispute.id("charge")


def _contest(dispute: Part) -> str:
    # In the oldest API a dispute has no id: there is one to a charge.
    return dispute.maybe_id("id") or dispute.id("charge")


def _others(dispute: Part) -> tuple[str, ...]:
    charge = dispute.maybe_id("charge")
    return (charge,) if charge and charge != _payment(dispute) else ()
