"""What all objects of QuickBooks Online have in common."""

from datetime import datetime

from integrations.registers.parts import Part

# Ids are small numbers, one count for all kinds of transactions, that other systems use too.
PREFIX = "qbo-"
DELETED = "Deleted"
_VOIDED = "voided"


def changed_at(said: Part) -> datetime:
    """When an object was changed last."""
    return said.child("MetaData").moment("LastUpdatedTime")


def as_of_it(said: Part, otherwise: datetime) -> datetime:
    """The same; `otherwise` for one that was deleted and has no time of its own."""
    if is_deleted(said) and not said.has("MetaData"):
        return otherwise
    return changed_at(said)


def is_deleted(said: Part) -> bool:
    """True for what is no more; nothing but its id is left then."""
    return said.value.get("status") == DELETED


def is_voided(said: Part) -> bool:
    """True for what was voided. There is no mark for it: it keeps its lines at nothing, and gets a
    note."""
    is_nothing = said.amount("TotalAmt", "") == 0
    return is_nothing and said.said("PrivateNote").casefold().startswith(_VOIDED)


def currency_of(said: Part, otherwise: str) -> str:
    """An object's currency; `otherwise` where the company has only one and does not say it."""
    if otherwise and not said.has("CurrencyRef"):
        return otherwise
    return said.child("CurrencyRef").currency("value")
