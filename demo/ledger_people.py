"""Names for a real ledger that has none, so that letters can be written to somebody.

What the ledger says of a customer stays as it is; only what it leaves open is made up, and every
kind of thing made up is said in a sentence.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from demo.names import HOMES, FirmName, FirmNames, Home, mailbox, person, telephone
from models.ledger import ContactRow, CustomerRow

_CURRENCY = "USD"
_CURRENCY_NOTE = f"the currency {_CURRENCY}"
_ELSEWHERE = Home(country="", zone="", language="", currency="", legal_form="Ltd")
_MAY_BE_MADE_UP = {
    "names": "name",
    "countries": "country",
    "time zones": "zone",
    "languages": "language",
}


@dataclass(frozen=True, slots=True)
class DressedLedger:
    """The customers of a ledger, fit to be written to.

    `contacts` holds one for each customer that had none. `currency` is that of all invoices.
    `notes` are sentences that say what was made up; none when nothing was.
    """

    customers: dict[str, CustomerRow]
    contacts: dict[str, ContactRow]
    currency: str
    notes: tuple[str, ...]


def dress(
    ledger_customers: Iterable[str],
    *,
    known: Mapping[str, CustomerRow] | None = None,
    addressed: Iterable[str] = (),
    currency: str = "",
    seed: int = 7,
) -> DressedLedger:
    """Make up what a ledger with these customer ids does not say.

    `known` are the rows that the ledger has, `addressed` the customers of whom it has an address,
    `currency` its currency; "" is made up as USD. What is made up follows from the customer's id,
    a name or domain also from the others', since none is made up twice. Ids may come twice and
    in any order. In a country of which nothing is known here, zone and language stay open.
    """
    ids, rows, has_address = sorted(set(ledger_customers)), known or {}, frozenset(addressed)
    said = {customer_id: rows.get(customer_id, CustomerRow(customer_id)) for customer_id in ids}
    firms = FirmNames()
    domains = {id_: firms.domain_for(row.name) for id_, row in said.items() if row.name}
    customers, contacts = {}, {}
    for customer_id, row in said.items():
        key = f"{seed}/{customer_id}"
        home = _home(key, row)
        firm = FirmName(row.name, domains[customer_id]) if row.name else firms.draw(key, home)
        customers[customer_id] = replace(
            row,
            name=firm.name,
            country=row.country or home.country,
            zone=row.zone or home.zone,
            language=row.language or home.language,
        )
        if customer_id not in has_address:
            contacts[customer_id] = _contact(key, customer_id, firm.domain, home)
    return DressedLedger(
        customers=customers,
        contacts=contacts,
        currency=currency or _CURRENCY,
        notes=tuple(_notes(said, customers, contacts, currency)),
    )


def _home(key: str, said: CustomerRow) -> Home:
    homes = [home for home in HOMES if said.country in ("", home.country)]
    return Random(f"{key}/home").choice(homes or [_ELSEWHERE])


def _contact(key: str, customer_id: str, domain: str, home: Home) -> ContactRow:
    name = person(key, home.language)
    return ContactRow(customer_id, mailbox(name, domain), name, telephone(key, home))


def _notes(
    said: Mapping[str, CustomerRow],
    customers: Mapping[str, CustomerRow],
    contacts: Mapping[str, ContactRow],
    currency: str,
) -> Iterator[str]:
    """A sentence for all that the ledger lacks throughout, and one for each thing it lacks in
    part."""
    made_up = {
        what: sum(
            getattr(said[customer_id], name) != getattr(customer, name)
            for customer_id, customer in customers.items()
        )
        for what, name in _MAY_BE_MADE_UP.items()
    } | {"addresses": len(contacts)}
    throughout = [what for what, count in made_up.items() if count == len(customers) > 0]
    throughout += [] if currency else [_CURRENCY_NOTE]
    if throughout:
        listed = " and ".join(filter(None, (", ".join(throughout[:-1]), throughout[-1])))
        verb = "is" if throughout == [_CURRENCY_NOTE] else "are"
        yield f"{listed[0].upper()}{listed[1:]} {verb} made up: the ledger has none."
    for what, count in made_up.items():
        if 0 < count < len(customers):
            yield f"The {what} of {count} among {len(customers)} customers are made up."
