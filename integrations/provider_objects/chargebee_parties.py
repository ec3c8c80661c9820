"""Chargebee's customers and the people at them."""

from integrations.provider_objects import parties
from integrations.provider_objects.json_part import JsonPart
from models.ledger import ContactRow, CustomerRow


def parties_of(
    said: JsonPart, customer: JsonPart | None
) -> tuple[CustomerRow, tuple[ContactRow, ...]]:
    """An invoice's customer as it is now, or as it was when the invoice was made."""
    if customer is not None:
        row, people = customer_of(customer)
        return row, parties.distinct(people)
    address = said.maybe("billing_address")
    name, country = _named(address) if address else ("", "")
    return parties.customer(said.text("customer_id"), name=name, country=country), ()


def customer_of(said: JsonPart) -> tuple[CustomerRow, list[ContactRow]]:
    """A customer and its people."""
    address = said.maybe("billing_address")
    name, country = _named(address) if address else ("", "")
    person = _person(said)
    row = parties.customer(
        said.text("id"),
        name=said.said("company") or name or person,
        country=country,
        language=said.said("locale"),
    )
    people = parties.contacts(row.id, said.said("email"), name=person, phone=said.said("phone"))
    for one in said.parts("contacts"):
        if one.flag("enabled") and one.flag("send_billing_email"):
            people += parties.contacts(row.id, one.said("email"), name=_person(one))
    return row, people


def _named(address: JsonPart) -> tuple[str, str]:
    return address.said("company") or _person(address), address.said("country")


def _person(said: JsonPart) -> str:
    return " ".join(filter(None, (said.said("first_name"), said.said("last_name"))))
