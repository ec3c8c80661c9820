"""QuickBooks Online's webhooks: whose they are, and what in its books changed."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from integrations.provider_objects.moments import moment_of
from integrations.webhooks.identity import identity
from integrations.webhooks.json_body import malformed_if_unfit, parsed, written
from integrations.webhooks.json_part import Part
from integrations.webhooks.quickbooks_news import NAME, news_of
from integrations.webhooks.signatures import header, live_secrets, must_match, sha256
from models.billing import Arrived, News
from models.errors import WebhookMalformed

_HEADER = "intuit-signature"


class QuickBooks:
    """Changes in QuickBooks Online, signed by `intuit-signature` with the app's verifier token.

    The signature covers the body alone and there is no time in it. A replay does no harm: it only
    has us ask once more for what is there now. Both forms are read: the list of CloudEvents, and
    the notifications that it replaced in 2026.

    Raises:
        SettingInvalid: there is no verifier token, or one is blank.
    """

    name = NAME

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = live_secrets(NAME, secrets)

    def verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """As `WebhookSource` has it, but nothing is ever too old."""
        given = header(headers, _HEADER)
        must_match(NAME, map(b64encode, sha256(self._secrets, body)), [given])

    def take_apart(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Arrived]:
        """As `WebhookSource` has it: one for each change."""
        whole = parsed(NAME, body)
        with malformed_if_unfit(NAME):
            if isinstance(whole, list):
                return [_cloud_event(Part(one, NAME)) for one in whole]
            return list(_notifications(Part(whole, NAME)))

    @staticmethod
    def translate(arrived: Arrived) -> Sequence[News] | None:
        """As `WebhookSource` has it."""
        event = Part(parsed(NAME, arrived.body), NAME)
        with malformed_if_unfit(NAME):
            return news_of(event)


def _cloud_event(event: Part) -> Arrived:
    return Arrived(
        source=NAME,
        event_id=event.id("id"),
        kind=event.id("type"),
        occurred_at=moment_of(event.value.get("time")),
        body=written(NAME, event.value),
    )


def _notifications(whole: Part) -> Iterator[Arrived]:
    for notification in whole.needed_parts("eventNotifications"):
        realm = notification.id("realmId")
        change = notification.maybe("dataChangeEvent")
        for entity in change.parts("entities") if change else []:
            name, operation = entity.id("name"), entity.id("operation")
            said = entity.value
            if not isinstance(said, dict):
                raise WebhookMalformed(f"{NAME}: expected an object")
            yield Arrived(
                source=NAME,
                event_id=identity(
                    realm, name, entity.id("id"), operation, entity.said("lastUpdated")
                ),
                kind=f"{name}.{operation}",
                occurred_at=moment_of(entity.value.get("lastUpdated")),
                body=written(NAME, {"realmId": realm, **said}),
            )
