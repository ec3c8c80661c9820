"""What several sources say of one customer, as one: who looks after them, and what is delicate."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from models.context import CustomerContext
from models.facts import CustomerFacts
from models.vocabulary import Reason

STAFF = "staff"
_FORBIDDING = ("insolvent", "legal_hold", "do_not_contact")
_OVER_THE_REGISTER = (
    "channel",
    "owner_name",
    "owner_email",
    "segment",
    "language",
    "strategic",
    "insolvent",
    "legal_hold",
    "do_not_contact",
)


def merged(said: Iterable[CustomerContext], today: date) -> CustomerContext:
    """The sources' words as one, what comes first going before what comes later.

    A field whose day has passed counts as unsaid. `contacts` are not merged: they are taken into
    the customer's own.
    """
    known: dict[str, object] = {}
    for context in said:
        lapsed = {name for name, day in context.until.items() if day < today}
        for name, value in context:
            if value is not None and name not in lapsed | {"until", "contacts"}:
                known.setdefault(name, value)
    return CustomerContext.model_validate(known)


def in_order(sources: dict[str, CustomerContext]) -> Sequence[CustomerContext]:
    """Our own people's word first, then the connected systems by name.

    Only our own people may lift what forbids writing to a customer; a system that knows nothing of
    it says no as well.
    """
    return [
        sources[name] if name == STAFF else _lifting_nothing(sources[name])
        for name in sorted(sources, key=lambda name: (name != STAFF, name))
    ]


def _lifting_nothing(said: CustomerContext) -> CustomerContext:
    return said.model_copy(
        update={name: None for name in _FORBIDDING if getattr(said, name) is False}
    )


def conditions(context: CustomerContext) -> frozenset[Reason]:
    """The delicate conditions that `context` amounts to."""
    applying = {
        Reason.PAUSED_BY_SALES: context.paused_by_sales,
        Reason.RENEWAL_UNDER_WAY: context.renewal_under_way,
        Reason.EXPANSION_UNDER_WAY: context.expansion_under_way,
        Reason.SEVERE_TICKET: (context.severe_tickets or 0) > 0,
        Reason.HEALTH_AT_RISK: context.health_at_risk,
    }
    return frozenset(reason for reason, applies in applying.items() if applies)


def overlaid(customer: CustomerFacts, context: CustomerContext) -> CustomerFacts:
    """The register's customer with what `context` knows better."""
    better = {
        name: value
        for name in _OVER_THE_REGISTER
        if (value := getattr(context, name)) not in (None, "")
    }
    if email := better.get("owner_email"):
        better["owner"] = str(email).partition("@")[0]
    return replace(customer, **better, delicate=conditions(context))
