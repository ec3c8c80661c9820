"""Cards and mandates on file at Chargebee."""

from integrations.webhooks.chargebee_event import NAME, ChargebeeEvent, as_of
from integrations.webhooks.expiry import last_day
from integrations.webhooks.json_part import Part
from models.billing import MeansState, MeansStated, News
from models.vocabulary import Method

_STATES: dict[str, MeansState] = {
    "valid": MeansState.USABLE,
    "expiring": MeansState.USABLE,
    "expired": MeansState.EXPIRED,
    "invalid": MeansState.REVOKED,
    "pending_verification": MeansState.PENDING,
}


def means_stated(event: ChargebeeEvent) -> list[News]:
    """A card or mandate: the event's own, else the one that the customer is charged by."""
    customer = event.content.maybe_part("customer")
    source = event.content.maybe_part("payment_source")
    if source is not None:
        return _of_source(event, source, customer)
    return _of_customer(event, customer) if customer else []


def means_deleted(event: ChargebeeEvent) -> list[News]:
    """A card or mandate that is gone, where the event says which."""
    source = event.content.maybe_part("payment_source")
    if source is None:
        return []
    return [_stated(event, source, source.id("id"), MeansState.REVOKED, source.id("customer_id"))]


def _of_source(event: ChargebeeEvent, source: Part, customer: Part | None) -> list[News]:
    state = MeansState.REVOKED if source.yes("deleted") else _STATES.get(source.said("status"))
    if state is None:
        return []
    holder = source.id("customer_id")
    primary = customer.maybe_id("primary_payment_source_id") if customer else ""
    means = _stated(event, source, source.id("id"), state, holder, source.maybe_part("card"))
    return [means.model_copy(update={"is_default": primary == source.id("id")})]


def _of_customer(event: ChargebeeEvent, customer: Part) -> list[News]:
    """Older versions bring the customer only, with the kind and state of its primary one."""
    means = customer.maybe_part("payment_method")
    reference = customer.maybe_id("primary_payment_source_id")
    state = _STATES.get(means.said("status")) if means else None
    if means is None or state is None or not reference:
        return []
    card = event.content.maybe_part("card")
    stated = _stated(event, customer, reference, state, customer.id("id"), card, means)
    return [stated.model_copy(update={"is_default": True})]


def _stated(
    event: ChargebeeEvent,
    told: Part,
    reference: str,
    state: MeansState,
    holder: str,
    card: Part | None = None,
    kind: Part | None = None,
) -> MeansStated:
    months = (card.maybe_whole("expiry_year"), card.maybe_whole("expiry_month")) if card else None
    return MeansStated(
        provider=NAME,
        reference=reference,
        as_of=as_of(told, event),
        state=state,
        method=_method((kind or told).said("type"), event),
        customer_id=holder,
        holder=holder,
        expires_on=last_day(*months) if months else None,
    )


def _method(kind: str, event: ChargebeeEvent) -> Method:
    """By what it is charged. A direct debit may be any country's; the customer's currency tells."""
    if kind != "direct_debit":
        return Method.CARD if kind == "card" else Method.OTHER
    customer = event.content.maybe_part("customer")
    currency = customer.said("preferred_currency_code") if customer else ""
    return {"USD": Method.ACH, "EUR": Method.SEPA}.get(currency, Method.OTHER)
