"""Cards and mandates on file at Stripe."""

from datetime import date

from integrations.webhooks.expiry import last_day
from integrations.webhooks.json_part import Part
from integrations.webhooks.stripe_event import NAME, StripeEvent, method_of
from models.billing import MeansState, MeansStated, News
from models.vocabulary import Method

_MANDATE: dict[str, MeansState] = {
    "active": MeansState.USABLE,
    "pending": MeansState.PENDING,
    "inactive": MeansState.REVOKED,
}


def means_stated(event: StripeEvent) -> list[News]:
    """A payment method that was attached to a customer, or changed there."""
    means = event.object
    expires_on = _expires_on(means)
    is_over = expires_on is not None and expires_on < event.day
    holder = means.maybe_id("customer")
    if not holder:
        return []
    state = MeansState.EXPIRED if is_over else MeansState.USABLE
    return [_stated(event, means.id("id"), state, _method(means), holder, expires_on)]


def means_detached(event: StripeEvent) -> list[News]:
    """A payment method that is its customer's no more; whose it was stands in what was before."""
    means = event.object
    holder = event.before.maybe_id("customer") if event.before else ""
    return [_stated(event, means.id("id"), MeansState.REVOKED, _method(means), holder)]


def means_set_up(event: StripeEvent) -> list[News]:
    """setup_intent.succeeded, of a session of Checkout too: what may be charged from now on."""
    setup = event.object
    reference, holder = setup.maybe_id("payment_method"), setup.maybe_id("customer")
    kinds = setup.words("payment_method_types")
    if not reference or not holder:
        return []
    method = method_of(kinds[0]) if len(kinds) == 1 else Method.OTHER
    return [_stated(event, reference, MeansState.USABLE, method, holder)]


def mandate_stated(event: StripeEvent) -> list[News]:
    """mandate.updated: whether the payment method that it allows can be charged."""
    mandate = event.object
    state = _MANDATE.get(mandate.said("status"))
    details = mandate.maybe_part("payment_method_details")
    if state is None or mandate.said("type") == "single_use":
        return []
    method = method_of(details.said("type")) if details else Method.OTHER
    return [_stated(event, mandate.id("payment_method"), state, method, "")]


def _stated(
    event: StripeEvent,
    reference: str,
    state: MeansState,
    method: Method,
    holder: str,
    expires_on: date | None = None,
) -> MeansStated:
    return MeansStated(
        provider=NAME,
        reference=reference,
        as_of=event.happened_at,
        state=state,
        method=method,
        customer_id=holder,
        holder=holder,
        expires_on=expires_on,
    )


def _method(means: Part) -> Method:
    return method_of(means.said("type"))


def _expires_on(means: Part) -> date | None:
    """The last day of the month that a card names."""
    card = means.maybe_part("card")
    month, year = (card.maybe_whole(name) if card else None for name in ("exp_month", "exp_year"))
    return last_day(year, month)
