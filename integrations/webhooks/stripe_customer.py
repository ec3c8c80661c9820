"""Stripe's customers, and what they are charged by."""

from integrations.webhooks.json_part import Part
from integrations.webhooks.stripe_event import NAME, StripeEvent
from models.billing import CustomerStated, MeansState, MeansStated, News
from models.ledger import ContactRow, CustomerRow
from models.vocabulary import Method


def customer_stated(event: StripeEvent) -> list[News]:
    """The customer as it stands."""
    customer = event.object
    address = customer.maybe_part("address")
    languages = customer.words("preferred_locales")
    email = customer.email("email")
    row = CustomerRow(
        id=customer.id("id"),
        name=customer.said("name"),
        country=address.country("country") if address else "",
        language=languages[0][:2].lower() if languages else "",
    )
    contact = ContactRow(row.id, email, phone=customer.said("phone", 50))
    return [
        CustomerStated(as_of=event.happened_at, customer=row, contacts=(contact,) if email else ())
    ]


def customer_updated(event: StripeEvent) -> list[News]:
    """The customer, and the means that is now the default where that has changed.

    Somebody has just chosen it, so it is taken for usable; what kind it is the event does not say.
    """
    chosen = _default(event.object) if event.before and _default_changed(event.before) else ""
    news = customer_stated(event)
    if chosen:
        news.append(
            MeansStated(
                provider=NAME,
                reference=chosen,
                as_of=event.happened_at,
                state=MeansState.USABLE,
                method=Method.OTHER,
                customer_id=event.object.id("id"),
                holder=event.object.id("id"),
                is_default=True,
            )
        )
    return news


def _default_changed(before: Part) -> bool:
    settings = before.maybe_part("invoice_settings")
    by_settings = settings is not None and settings.has_name("default_payment_method")
    return by_settings or before.has_name("default_source")


def _default(customer: Part) -> str:
    settings = customer.maybe_part("invoice_settings")
    chosen = settings.maybe_id("default_payment_method") if settings else ""
    return chosen or customer.maybe_id("default_source")
