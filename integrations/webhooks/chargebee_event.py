"""What every event of Chargebee has."""

from dataclasses import dataclass
from datetime import datetime

from integrations.provider_objects.chargebee_values import NAME
from integrations.webhooks.json_body import parsed
from integrations.webhooks.json_part import Part
from models.billing import Arrived


@dataclass(frozen=True, slots=True)
class ChargebeeEvent:
    """An event, and the objects that it is about as they stood then."""

    kind: str
    at: datetime
    content: Part

    @property
    def customer(self) -> Part | None:
        """The customer, where the event brings it."""
        return self.content.maybe("customer")


def event_of(arrived: Arrived) -> ChargebeeEvent:
    """The event in what arrived."""
    event = Part(parsed(NAME, arrived.body), NAME)
    return ChargebeeEvent(arrived.kind, event.moment("occurred_at"), event.child("content"))
