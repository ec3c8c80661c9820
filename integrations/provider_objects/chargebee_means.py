"""Cards and mandates on file at Chargebee."""

from datetime import datetime

from integrations.provider_objects.chargebee_values import NAME, changed_at, method_of
from integrations.provider_objects.expiry import last_day
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.translating import translating
from models.billing import MeansState, MeansStated, News

_STATES: dict[str, MeansState] = {
    "valid": MeansState.USABLE,
    "expiring": MeansState.USABLE,
    "expired": MeansState.EXPIRED,
    "invalid": MeansState.REVOKED,
    "pending_verification": MeansState.PENDING,
}


@translating
def usual_means(
    customer: JsonPart, card: JsonPart | None, at: datetime | None = None
) -> list[News]:
    """The payment source that a customer's invoices are charged to, where it has one."""
    means, reference = customer.maybe("payment_method"), "primary_payment_source_id"
    if means is None or not customer.has(reference):
        return []
    stated = MeansStated(
        provider=NAME,
        reference=customer.text(reference),
        as_of=changed_at(customer, at),
        state=means.one_of("status", _STATES),
        method=method_of(means.said("type"), customer.said("preferred_currency_code")),
        customer_id=customer.text("id"),
        holder=customer.text("id"),
        expires_on=last_day(card, "expiry_month", "expiry_year"),
        is_default=True,
    )
    return [stated]


@translating
def source_news(
    source: JsonPart,
    customer: JsonPart | None,
    at: datetime | None = None,
    *,
    is_deleted: bool = False,
) -> list[News]:
    """What a payment source tells; `is_deleted` that it is no more although it does not say so."""
    holder = source.text("customer_id")
    gone = is_deleted or source.flag("deleted")
    stated = MeansStated(
        provider=NAME,
        reference=source.text("id"),
        as_of=changed_at(source, at),
        state=MeansState.REVOKED if gone else source.one_of("status", _STATES),
        method=method_of(
            source.said("type"), customer.said("preferred_currency_code") if customer else ""
        ),
        customer_id=holder,
        holder=holder,
        expires_on=last_day(source.maybe("card"), "expiry_month", "expiry_year"),
        is_default=not gone and customer is not None and _is_usual(source, customer),
    )
    return [stated]


def _is_usual(source: JsonPart, customer: JsonPart) -> bool:
    return customer.optional("primary_payment_source_id") == source.text("id")
