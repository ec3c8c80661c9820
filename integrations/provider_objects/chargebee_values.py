"""What Chargebee's objects have in common."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from integrations.provider_objects.json_part import JsonPart
from models.billing import Share
from models.vocabulary import Method

NAME = "chargebee"

_METHODS: dict[str, Method] = {
    "card": Method.CARD,
    "apple_pay": Method.CARD,
    "google_pay": Method.CARD,
    "check": Method.CHEQUE,
    "bank_transfer": Method.WIRE,
    "wire_transfer": Method.WIRE,
    "ach_credit": Method.ACH,
    "us_automated_bank_transfer": Method.ACH,
    "sepa_credit": Method.SEPA,
    "sepa_instant_transfer": Method.SEPA,
    "eu_automated_bank_transfer": Method.SEPA,
}
# A direct debit may be any country's; the currency tells which.
_DEBIT: Mapping[str, Method] = {"USD": Method.ACH, "EUR": Method.SEPA}


def changed_at(said: JsonPart, at: datetime | None = None) -> datetime:
    """When an object was changed last: its version is that moment in milliseconds, and tells apart
    what events of one second do not. Where it says neither, the event's moment."""
    if said.has("resource_version"):
        return said.milliseconds("resource_version")
    return said.maybe_moment("updated_at") or at or said.moment("updated_at")


def moved_at(said: JsonPart, at: datetime | None = None) -> datetime:
    """When a transaction moved money: read again after a change, old money does not look new."""
    return said.maybe_moment("date") or changed_at(said, at)


def money(said: JsonPart, name: str) -> Decimal:
    """An amount in the object's currency, which must be there."""
    return said.units(name, said.currency("currency_code"))


def maybe_money(said: JsonPart, name: str) -> Decimal:
    """The same, zero where it is not said."""
    return said.maybe_units(name, said.currency("currency_code"))


def method_of(kind: str, currency: str) -> Method:
    """By what money of a kind travels."""
    if kind == "direct_debit":
        return _DEBIT.get(currency, Method.OTHER)
    return _METHODS.get(kind, Method.OTHER)


def shares(said: JsonPart, links: str, name: str) -> tuple[Share, ...]:
    """What is for which invoice, by a list of links and the amount's name in it."""
    code = said.currency("currency_code")
    found = ((one.text("invoice_id"), one.maybe_units(name, code)) for one in said.parts(links))
    return tuple(Share(invoice=(invoice,), amount=part) for invoice, part in found if part > 0)


def total(told: tuple[Share, ...]) -> Decimal:
    """What shares are together."""
    return sum((share.amount for share in told), Decimal(0))
