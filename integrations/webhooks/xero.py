"""Xero's webhooks: whose they are, and what in its books changed."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime

from integrations.provider_objects.moments import moment_of
from integrations.webhooks.identity import identity
from integrations.webhooks.json_body import malformed_if_unfit, parsed, written
from integrations.webhooks.json_part import Part
from integrations.webhooks.signatures import header, live_secrets, must_match, sha256
from models.billing import Arrived, News, ObjectChanged, ObjectKind

NAME = "xero"
_HEADER = "x-xero-signature"
_OBJECTS: dict[str, ObjectKind] = {
    "INVOICE": ObjectKind.INVOICE,
    "CONTACT": ObjectKind.CUSTOMER,
    "CREDITNOTE": ObjectKind.CREDIT_NOTE,
}
_OF_NO_USE = {"SUBSCRIPTION"}
# Documents of suppliers: we owe them, nobody owes us.
_PAYABLE = {"ACCPAY", "ACCPAYCREDIT"}


class Xero:
    """Changes in Xero, signed by `x-xero-signature` with the app's signing key.

    The signature covers the body alone and there is no time in it. A replay does no harm: it only
    has us ask once more for what is there now. When an address is set up, Xero sends requests with
    no events, some of them signed wrongly, and wants to see them told apart.

    Raises:
        SettingInvalid: there is no signing key, or one is blank.
    """

    name = NAME

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = live_secrets(NAME, secrets)

    def verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """As `WebhookSource` has it, but nothing is ever too old."""
        given = header(headers, _HEADER)
        must_match(NAME, map(b64encode, sha256(self._secrets, body)), [given])

    def take_apart(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Arrived]:
        """As `WebhookSource` has it: one for each change, none where the address is tested."""
        whole = Part(parsed(NAME, body), NAME)
        with malformed_if_unfit(NAME):
            return [_arrived(event) for event in whole.needed_parts("events")]

    @staticmethod
    def translate(arrived: Arrived) -> Sequence[News] | None:
        """As `WebhookSource` has it."""
        event = Part(parsed(NAME, arrived.body), NAME)
        with malformed_if_unfit(NAME):
            return _news_of(event)


def _arrived(event: Part) -> Arrived:
    category, kind = event.id("eventCategory"), event.id("eventType")
    return Arrived(
        source=NAME,
        event_id=identity(
            event.id("tenantId"), category, event.id("resourceId"), kind, event.said("eventDateUtc")
        ),
        kind=f"{category}.{kind}",
        occurred_at=moment_of(event.value.get("eventDateUtc")),
        body=written(NAME, event.value),
    )


def _news_of(event: Part) -> list[News] | None:
    category = event.id("eventCategory").upper()
    if category in _OF_NO_USE:
        return []
    kind = _OBJECTS.get(category)
    if kind is None:
        return None
    data = event.maybe("data")
    if data and data.said("Type") in _PAYABLE:
        return []
    return [
        ObjectChanged(
            object=kind,
            id=event.id("resourceId"),
            happened_at=event.moment("eventDateUtc"),
            account=event.id("tenantId"),
            deleted=data is not None and data.said("Status") == "DELETED",
        )
    ]
