"""What a CRM's records of a customer come to as context; the same for every CRM."""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import date

from integrations.crm import values
from integrations.crm.mapping import Contacts, Deals, Mapping
from integrations.crm.properties import Properties, is_one_of
from integrations.csv_ledger.words import role_of
from models.context import CustomerContext, KnownContact
from models.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of our own firm, as the CRM has them."""

    name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A customer's records; None for what the mapping does not ask for.

    `people` goes by what they are to the customer. `severe` counts open severe tickets.
    """

    customer: Properties
    people: Table[str, Person]
    deals: Sequence[Properties] | None
    severe: int | None
    contacts: Sequence[KnownContact] | None


_NOBODY = Person()


def context_of(found: Found, mapping: Mapping) -> CustomerContext:
    """The context; a value that cannot be read is left unsaid."""
    said, asked, people = found.customer, mapping.customer, found.people
    owner, csm = people.get("owner", _NOBODY), people.get("csm", _NOBODY)
    return CustomerContext(
        owner_name=owner.name,
        owner_email=owner.email,
        backup_email=people.get("backup", _NOBODY).email,
        manager_email=people.get("manager", _NOBODY).email,
        csm_name=csm.name,
        csm_email=csm.email,
        segment=values.text(said[asked.segment]),
        language=values.language(said[asked.language]),
        channel=values.channel(said[asked.channel]),
        arr=values.number(said[asked.arr]),
        strategic=values.yes_or_no(said[asked.strategic]),
        severe_tickets=found.severe,
        health=values.text(said[mapping.health.property]),
        nps=values.score(said[mapping.nps.property]),
        health_at_risk=_at_risk(said, mapping),
        contacts=None if found.contacts is None else tuple(found.contacts),
        until=_until(said, mapping),
        **_flags(said, mapping),
        **_deals(found.deals, mapping.deals),
    )


def _flags(said: Properties, mapping: Mapping) -> dict[str, bool | None]:
    return {flag: values.yes_or_no(said[name]) for flag, name in mapping.flags}


def _until(said: Properties, mapping: Mapping) -> dict[str, date]:
    days = {flag: values.day(said[name]) for flag, name in mapping.until}
    return {flag: day for flag, day in days.items() if day is not None}


def _at_risk(said: Properties, mapping: Mapping) -> bool | None:
    """True when one sign says so, False when all that can be read say otherwise."""
    health, nps = said[mapping.health.property], said[mapping.nps.property]
    signs = []
    if mapping.health.at_risk and values.text(health):
        signs.append(is_one_of(health, mapping.health.at_risk))
    for value, bound in (
        (values.number(health), mapping.health.at_risk_below),
        (values.score(nps), mapping.nps.at_risk_below),
    ):
        if value is not None and bound is not None:
            signs.append(value < bound)
    return any(signs) if signs else None


def _deals(deals: Sequence[Properties] | None, asked: Deals) -> dict[str, bool | date | None]:
    """What open deals come to. A renewal is no expansion, even where both conditions hold."""
    if deals is None:
        return {}
    under_way = [deal for deal in deals if deal.fulfil(asked.open)]
    renewals = [deal for deal in under_way if asked.renewal and deal.fulfil(asked.renewal)]
    others = [deal for deal in under_way if deal not in renewals]
    days = (values.day(deal[asked.date]) for deal in renewals)
    return {
        "renewal_under_way": bool(renewals) if asked.renewal else None,
        "renewal_on": min((day for day in days if day), default=None),
        "expansion_under_way": (
            any(deal.fulfil(asked.expansion) for deal in others) if asked.expansion else None
        ),
    }


def known_contact(
    said: Properties, asked: Contacts, *, email: object, name: object, phone: object
) -> KnownContact | None:
    """The contact; None without a usable address, or when their role is none that matters."""
    found, role = values.address(email), _role(said[asked.role], asked)
    if found is None or role is None:
        return None
    return KnownContact(
        email=found, name=values.text(name) or "", phone=values.text(phone) or "", role=role
    )


def _role(value: object, asked: Contacts) -> Role | None:
    """Of several roles that hold, the first in the order of `Role`: who pays is written to."""
    if asked.roles:
        return next(
            (one for one in Role if one in asked.roles and is_one_of(value, asked.roles[one])), None
        )
    return _first(role_of(one) for one in (values.text(value) or "").split(";"))


def _first(roles: Iterable[Role | None]) -> Role | None:
    known = {role for role in roles if role}
    return next((role for role in Role if role in known), None)
