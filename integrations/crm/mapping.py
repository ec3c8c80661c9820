"""A mapping: which of a CRM's properties say what Dunlin asks of a customer (docs/crm.md)."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator

from models.vocabulary import Role

# Names go into queries as they stand, so nothing else may pass for one.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*")


def _name(text: str) -> str:
    if text and not _NAME.fullmatch(text):
        raise ValueError(f"{text!r} is no name of a property")
    return text


def _given(text: str) -> str:
    if not text:
        raise ValueError("a property has to be named")
    return text


def _listed(value: object) -> object:
    """One value as a list of one; anything but words, whole numbers and yes or no is refused."""
    values = tuple(value) if isinstance(value, list | tuple) else (value,)
    if not values:
        raise ValueError("name at least one value")
    if not all(isinstance(one, str | int) for one in values):
        raise ValueError("values are texts, whole numbers, true or false")
    return values


Property = Annotated[str, AfterValidator(_name)]
"""The name of a property, field or relationship; "" for none, which is not asked for."""

GivenProperty = Annotated[Property, AfterValidator(_given)]
Values = Annotated[tuple[bool | int | str, ...], BeforeValidator(_listed)]

Condition = dict[GivenProperty, Values]
"""Holds when every property named has one of its values. `false` also means "not said", and ""
means "empty"."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Customer(_Part):
    """Properties of a company or account. `key` is the one that holds the register's id."""

    key: GivenProperty
    owner: Property = ""
    csm: Property = ""
    backup: Property = ""
    manager: Property = ""
    segment: Property = ""
    language: Property = ""
    channel: Property = ""
    arr: Property = ""
    strategic: Property = ""


class HubSpotCustomer(Customer):
    """`unique` when HubSpot keeps the values of `key` unique, so that no search is needed."""

    unique: bool = False


class Flags(_Part):
    """Properties that say yes or no."""

    insolvent: Property = ""
    legal_hold: Property = ""
    do_not_contact: Property = ""
    paused_by_sales: Property = ""


class Until(_Part):
    """Properties with the last day on which the flag of the same name counts."""

    insolvent: Property = ""
    legal_hold: Property = ""
    do_not_contact: Property = ""
    paused_by_sales: Property = ""


class Health(_Part):
    """A word or a figure for how the customer does; at risk by value, or below a figure."""

    property: Property = ""
    at_risk: Values = ()
    at_risk_below: Decimal | None = None

    @model_validator(mode="after")
    def _is_of_something(self) -> Self:
        if not self.property and (self.at_risk or self.at_risk_below is not None):
            raise ValueError("property is missing: what is at risk is a value of it")
        return self


class Nps(_Part):
    """The net promoter score, -100 to 100."""

    property: Property = ""
    at_risk_below: Decimal | None = None

    @model_validator(mode="after")
    def _is_of_something(self) -> Self:
        if not self.property and self.at_risk_below is not None:
            raise ValueError("property is missing: what is at risk is a value of it")
        return self


class Deals(_Part):
    """Deals or opportunities: which are open, and which of those are what."""

    open: Condition = {}
    renewal: Condition = {}
    expansion: Condition = {}
    date: Property = ""

    @property
    def asked(self) -> tuple[str, ...]:
        """The properties to ask for, nothing when no deal is looked at."""
        if not self.renewal and not self.expansion:
            return ()
        return distinct([*self.open, *self.renewal, *self.expansion, self.date])


class Tickets(_Part):
    """Tickets or cases: which are open, and which are severe."""

    open: Condition = {}
    severe: Condition = {}

    @property
    def asked(self) -> tuple[str, ...]:
        """The properties to ask for, nothing when no ticket is looked at."""
        return distinct([*self.open, *self.severe]) if self.severe else ()


class Contacts(_Part):
    """People at the customer's. Without `roles` the words of ledger files are understood."""

    role: Property = ""
    roles: dict[Role, Values] = {}


class Tasks(_Part):
    """Tasks for the account owner. `key` is a property of the tasks that holds our key."""

    key: Property = ""


class Mapping(_Part):
    """Everything that is asked of a CRM; what is not named here is not asked for."""

    customer: Customer
    flags: Flags = Flags()
    until: Until = Until()
    health: Health = Health()
    nps: Nps = Nps()
    deals: Deals = Deals()
    tickets: Tickets = Tickets()
    contacts: Contacts = Contacts()
    tasks: Tasks = Tasks()

    @property
    def people(self) -> dict[str, str]:
        """Who looks after the customer, by what they are, with the property that says it."""
        said = {who: str(getattr(self.customer, who)) for who in PEOPLE}
        return {who: name for who, name in said.items() if name}

    @property
    def asked_of_customer(self) -> tuple[str, ...]:
        """The customer's own properties to ask for, without those that name people."""
        own = (name for what, name in self.customer if what not in {"key", "unique", *PEOPLE})
        parts = (name for part in (self.flags, self.until) for _, name in part)
        return distinct([*own, *parts, self.health.property, self.nps.property])


class HubSpotMapping(Mapping):
    """A mapping as HubSpot has it."""

    customer: HubSpotCustomer


PEOPLE = ("owner", "csm", "backup", "manager")


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, capitals aside, in the order given, without ""."""
    first: dict[str, str] = {}
    for name in filter(None, names):
        first.setdefault(name.casefold(), name)
    return tuple(first.values())
