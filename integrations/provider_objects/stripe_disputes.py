"""Payments that are contested at the payer's bank, by Stripe's disputes."""

from datetime import datetime

from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_values import beside, money, payment_of
from integrations.provider_objects.translating import translating
from models.billing import ChargeContested, ContestEnded, News

_TAKES = {
    "needs_response": True,
    "under_review": True,
    # An inquiry takes no money until it becomes a dispute.
    "warning_needs_response": False,
    "warning_under_review": False,
}
_WON = {
    "won": True,
    # An inquiry that was closed never took the money.
    "warning_closed": True,
    "lost": False,
    # The payer has the money back before there was a dispute. A refund tells that by itself.
    "prevented": False,
    "charge_refunded": False,
}


@translating
def dispute_news(dispute: JsonPart, at: datetime | None = None) -> list[News]:
    """What a dispute tells by its status: that it is open, or how it ended."""
    won, takes = (known.get(dispute.text("status")) for known in (_WON, _TAKES))
    if won is not None:
        return _ended(dispute, at, is_won=won)
    if takes is None:
        raise dispute.wrong("status")
    return _contested(dispute, at, takes_money=takes)


@translating
def dispute_took(dispute: JsonPart, at: datetime) -> list[News]:
    """charge.dispute.funds_withdrawn"""
    return _contested(dispute, at, takes_money=True)


@translating
def dispute_gave_back(dispute: JsonPart, at: datetime) -> list[News]:
    """charge.dispute.funds_reinstated: the money is back."""
    return _ended(dispute, at, is_won=True)


def _contested(dispute: JsonPart, at: datetime | None, *, takes_money: bool) -> list[News]:
    amount, payment = money(dispute, "amount"), _payment(dispute)
    if amount <= 0:
        return []
    opened_at = at or dispute.moment("created")
    contested = ChargeContested(
        contest_id=_contest(dispute),
        payment_id=payment,
        other_ids=beside(payment, dispute.maybe_id("charge")),
        happened_at=opened_at,
        opened_on=opened_at.date(),
        amount=amount,
        currency=dispute.currency("currency"),
        code=dispute.said("reason"),
        takes_money=takes_money,
    )
    return [contested]


def _ended(dispute: JsonPart, at: datetime | None, *, is_won: bool) -> list[News]:
    amount, payment = money(dispute, "amount"), _payment(dispute)
    if amount <= 0:
        return []
    ended_at = at or _last_moved(dispute)
    ended = ContestEnded(
        contest_id=_contest(dispute),
        payment_id=payment,
        other_ids=beside(payment, dispute.maybe_id("charge")),
        happened_at=ended_at,
        ended_on=ended_at.date(),
        amount=amount,
        currency=dispute.currency("currency"),
        is_won=is_won,
    )
    return [ended]


def _payment(dispute: JsonPart) -> str:
    return payment_of(dispute) if dispute.has("payment_intent") else dispute.id("charge")


def _contest(dispute: JsonPart) -> str:
    # In the oldest API a dispute has no id: there is one to a charge.
    return dispute.optional("id") or dispute.id("charge")


def _last_moved(dispute: JsonPart) -> datetime:
    """When money moved last for a dispute that is read by itself: it does not say when it ended."""
    moved = (one.maybe_moment("created") for one in dispute.parts("balance_transactions"))
    return max((at for at in moved if at), default=dispute.moment("created"))
