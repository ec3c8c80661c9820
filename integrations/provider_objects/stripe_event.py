"""What every event of Stripe has."""

from dataclasses import dataclass
from datetime import datetime

from integrations.provider_objects.json_part import JsonPart


@dataclass(frozen=True, slots=True)
class StripeEvent:
    """An event: the object as it stood then, and what of it was otherwise before."""

    kind: str
    at: datetime
    object: JsonPart
    before: JsonPart | None


def event_of(said: JsonPart) -> StripeEvent:
    """The event that a webhook brought or the list of events has."""
    data = said.child("data")
    return StripeEvent(
        kind=said.text("type"),
        at=said.moment("created"),
        object=data.child("object"),
        before=data.maybe("previous_attributes"),
    )
