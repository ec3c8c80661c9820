"""What every event of Chargebee has, and what its objects have in common."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from integrations.webhooks.json_body import parsed
from integrations.webhooks.json_part import Part
from integrations.webhooks.minor_units import ISO, amount
from models.billing import Arrived, Share
from models.errors import WebhookMalformed

NAME = "chargebee"
_START = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 7_258_118_400_000


@dataclass(frozen=True, slots=True)
class ChargebeeEvent:
    """An event, and the objects that it is about as they stood then."""

    kind: str
    happened_at: datetime
    content: Part

    @property
    def day(self) -> date:
        """The day on which it happened, in UTC."""
        return self.happened_at.date()


def event_of(arrived: Arrived) -> ChargebeeEvent:
    """The event in what arrived."""
    event = Part(parsed(NAME, arrived.body), NAME)
    return ChargebeeEvent(arrived.kind, event.moment("occurred_at"), event.part("content"))


def as_of(part: Part, event: ChargebeeEvent) -> datetime:
    """When the object was as it is told. Its version is that moment in milliseconds, and it tells
    apart what events of one second do not."""
    version = part.maybe_whole("resource_version")
    if version is None:
        return part.maybe_moment("updated_at") or event.happened_at
    if not 0 < version < _LATEST:
        raise WebhookMalformed(f"{part.place}.resource_version is missing, or no moment")
    return _START + timedelta(milliseconds=version)


def money(part: Part, name: str) -> Decimal:
    """An amount in the object's currency, zero where there is none."""
    return amount(part.maybe_whole(name) or 0, part.currency("currency_code"), ISO)


def needed_money(part: Part, name: str) -> Decimal:
    """An amount that must be there, in the object's currency."""
    return amount(part.whole(name), part.currency("currency_code"), ISO)


def shares(links: list[Part], name: str, currency: str, whole: Decimal) -> tuple[Share, ...]:
    """What is for which invoice, by a list of links.

    Raises:
        WebhookMalformed: it is more than there is.
    """
    found = [
        (link.id("invoice_id"), amount(link.maybe_whole(name) or 0, currency, ISO))
        for link in links
    ]
    if sum(part for _, part in found) > whole:
        raise WebhookMalformed(f"{NAME}: more is for invoices than there is")
    return tuple(Share(invoice=(invoice,), amount=part) for invoice, part in found if part > 0)


def full_name(part: Part) -> str:
    """A firm's name, else a person's."""
    person = " ".join(filter(None, (part.said("first_name"), part.said("last_name"))))
    return part.said("company") or person
