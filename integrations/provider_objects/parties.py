"""Customers and the people at them, of what billing systems say of both."""

import re

from integrations.crm import values
from integrations.csv_ledger import places
from models.ledger import ContactRow, CustomerRow

_BETWEEN = re.compile(r"[,;\s]+")
_MOST = 20


def customer(id: str, *, name: str, country: str = "", language: str = "") -> CustomerRow:  # noqa: A002
    """A customer; country and language by code or by name, left out where they are neither."""
    return CustomerRow(
        id=id,
        name=name,
        country=places.country_code(country) if country else "",
        language=places.language_code(language) if language else "",
    )


def contacts(customer_id: str, emails: str, *, name: str = "", phone: str = "") -> list[ContactRow]:
    """The people whose addresses stand in a field, one or several.

    A name and a telephone number belong to one person, so to the only one.
    """
    found: dict[str, str] = {}
    for part in _BETWEEN.split(emails)[:_MOST]:
        if email := values.address(part):
            found.setdefault(email.casefold(), email)
    if len(found) > 1:
        name = phone = ""
    return [
        ContactRow(customer_id=customer_id, email=email, name=name, phone=phone)
        for email in found.values()
    ]


def distinct(people: list[ContactRow]) -> tuple[ContactRow, ...]:
    """Each address once, the first that has it."""
    found: dict[str, ContactRow] = {}
    for one in people:
        found.setdefault(one.email.casefold(), one)
    return tuple(found.values())
