"""Stripe's payment methods and mandates in our words."""

from datetime import datetime

from integrations.registers.cards import last_day
from integrations.registers.parts import Part, translating
from integrations.registers.stripe_links import named
from models.billing import MeansState, MeansStated, News
from models.vocabulary import Method

METHODS = {
    "card": Method.CARD,
    "card_present": Method.CARD,
    "ach_debit": Method.ACH,
    "us_bank_account": Method.ACH,
    "ach_credit_transfer": Method.ACH,
    "sepa_debit": Method.SEPA,
    "customer_balance": Method.WIRE,
}


@translating
def means_news(
    said: Part, as_of: datetime, *, is_default: bool = False, customer_id: str = ""
) -> list[News]:
    """What a payment method tells. One of nobody's any more cannot be charged; `customer_id` is
    whose it was, where that is known."""
    kind, holder = said.text("type"), named(said, "customer")
    card = said.maybe("card")
    expires_on = last_day(card, "exp_month", "exp_year") if card else None
    state = MeansState.USABLE if holder else MeansState.REVOKED
    if holder and expires_on and expires_on < as_of.date():
        state = MeansState.EXPIRED
    stated = MeansStated(
        provider="stripe",
        reference=said.text("id"),
        as_of=as_of,
        state=state,
        method=METHODS.get(kind, Method.OTHER),
        customer_id=holder or customer_id,
        holder=holder or customer_id,
        expires_on=expires_on,
        is_default=is_default,
    )
    return [stated]


@translating
def mandate_news(said: Part, as_of: datetime) -> list[News]:
    """What a mandate tells of the payment method that it is for."""
    states = {
        "active": MeansState.USABLE,
        "pending": MeansState.PENDING,
        "inactive": MeansState.REVOKED,
    }
    details = said.maybe("payment_method_details")
    kind = details.said("type") if details else ""
    stated = MeansStated(
        provider="stripe",
        reference=named(said, "payment_method"),
        as_of=as_of,
        state=said.one_of("status", states),
        method=METHODS.get(kind, Method.OTHER),
    )
    return [stated]
