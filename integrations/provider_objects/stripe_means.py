"""Cards and mandates on file at Stripe."""

from datetime import datetime

from integrations.provider_objects.expiry import last_day
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_values import NAME, method_of
from integrations.provider_objects.translating import translating
from models.billing import MeansState, MeansStated, News
from models.vocabulary import Method

_MANDATE: dict[str, MeansState] = {
    "active": MeansState.USABLE,
    "pending": MeansState.PENDING,
    "inactive": MeansState.REVOKED,
}


@translating
def means_news(
    means: JsonPart, as_of: datetime, *, is_default: bool = False, was_of: str = ""
) -> list[News]:
    """What a payment method tells. One of nobody's any more cannot be charged; `was_of` is whose it
    was, where that is known."""
    holder, card = means.maybe_id("customer"), means.maybe("card")
    expires_on = last_day(card, "exp_month", "exp_year")
    is_over = expires_on is not None and expires_on < as_of.date()
    state = MeansState.EXPIRED if is_over else MeansState.USABLE
    stated = MeansStated(
        provider=NAME,
        reference=means.text("id"),
        as_of=as_of,
        state=state if holder else MeansState.REVOKED,
        method=method_of(means.said("type")),
        customer_id=holder or was_of,
        holder=holder or was_of,
        expires_on=expires_on,
        is_default=is_default,
    )
    return [stated]


@translating
def means_set_up(setup: JsonPart, as_of: datetime) -> list[News]:
    """setup_intent.succeeded, of a session of Checkout too: what may be charged from now on."""
    reference, holder = setup.maybe_id("payment_method"), setup.maybe_id("customer")
    kinds = setup.words("payment_method_types")
    if not reference or not holder:
        return []
    stated = MeansStated(
        provider=NAME,
        reference=reference,
        as_of=as_of,
        state=MeansState.USABLE,
        method=method_of(kinds[0]) if len(kinds) == 1 else Method.OTHER,
        customer_id=holder,
        holder=holder,
    )
    return [stated]


@translating
def mandate_news(mandate: JsonPart, as_of: datetime) -> list[News]:
    """What a mandate tells of the payment method that it is for; one for a single payment tells
    nothing."""
    details = mandate.maybe("payment_method_details")
    if mandate.said("type") == "single_use":
        return []
    stated = MeansStated(
        provider=NAME,
        reference=mandate.id("payment_method"),
        as_of=as_of,
        state=mandate.one_of("status", _MANDATE),
        method=method_of(details.said("type")) if details else Method.OTHER,
    )
    return [stated]
