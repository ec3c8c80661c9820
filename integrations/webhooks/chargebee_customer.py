"""Chargebee's customers."""

from integrations.webhooks.chargebee_event import ChargebeeEvent, as_of, full_name
from integrations.webhooks.json_part import Part
from models.billing import CustomerStated, News
from models.ledger import ContactRow, CustomerRow


def customer_stated(event: ChargebeeEvent) -> list[News]:
    """The customer as it stands."""
    customer = event.content.part("customer")
    if customer.yes("deleted"):
        return []
    return [
        CustomerStated(
            as_of=as_of(customer, event),
            customer=row_of(customer),
            contacts=contacts_of(customer),
        )
    ]


def row_of(customer: Part) -> CustomerRow:
    """The customer as a row of the ledger."""
    address = customer.maybe_part("billing_address")
    return CustomerRow(
        id=customer.id("id"),
        name=full_name(customer),
        country=address.country("country") if address else "",
        language=customer.said("locale")[:2].lower(),
    )


def contacts_of(customer: Part) -> tuple[ContactRow, ...]:
    """The person whom Chargebee itself writes to."""
    email = customer.email("email")
    if not email:
        return ()
    person = " ".join(filter(None, (customer.said("first_name"), customer.said("last_name"))))
    return (ContactRow(customer.id("id"), email, person, customer.said("phone", 50)),)
