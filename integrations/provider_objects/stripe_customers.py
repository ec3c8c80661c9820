"""Stripe's customers, and what they have chosen to be charged by."""

from datetime import datetime

from integrations.provider_objects import parties
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_values import NAME
from integrations.provider_objects.translating import translating
from models.billing import CustomerStated, MeansState, MeansStated, News
from models.ledger import ContactRow, CustomerRow
from models.vocabulary import Method


@translating
def customer_news(customer: JsonPart, as_of: datetime) -> list[News]:
    """What a customer tells. One that was deleted tells nothing."""
    if customer.flag("deleted"):
        return []
    row, people = customer_of(customer)
    return [CustomerStated(as_of=as_of, customer=row, contacts=people)]


@translating
def customer_updated(customer: JsonPart, as_of: datetime, before: JsonPart | None) -> list[News]:
    """The customer, and the means that is now the default where that has changed.

    Somebody has just chosen it, so it is taken for usable; what kind it is the event does not say.
    """
    news = customer_news(customer, as_of)
    chosen = _default(customer) if before and _default_changed(before) else ""
    if chosen:
        means = MeansStated(
            provider=NAME,
            reference=chosen,
            as_of=as_of,
            state=MeansState.USABLE,
            method=Method.OTHER,
            customer_id=customer.text("id"),
            holder=customer.text("id"),
            is_default=True,
        )
        news.append(means)
    return news


def customer_of(customer: JsonPart) -> tuple[CustomerRow, tuple[ContactRow, ...]]:
    """A customer and its people."""
    address = customer.maybe("address")
    languages = customer.words("preferred_locales")
    row = parties.customer(
        customer.text("id"),
        name=customer.said("name") or customer.said("description"),
        country=address.said("country") if address else "",
        language=languages[0] if languages else "",
    )
    people = parties.contacts(row.id, customer.said("email"), phone=customer.said("phone"))
    return row, parties.distinct(people)


def _default_changed(before: JsonPart) -> bool:
    settings = before.maybe("invoice_settings")
    by_settings = settings is not None and "default_payment_method" in settings.value
    return by_settings or "default_source" in before.value


def _default(customer: JsonPart) -> str:
    settings = customer.maybe("invoice_settings")
    chosen = settings.maybe_id("default_payment_method") if settings else ""
    return chosen or customer.maybe_id("default_source")
