"""GoCardless's webhooks: whose they are, and their events."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from integrations.provider_objects.gocardless_values import NAME
from integrations.provider_objects.moments import moment_of
from integrations.webhooks.gocardless_news import news_of
from integrations.webhooks.json_body import malformed_if_unfit, parsed, written
from integrations.webhooks.json_part import Part
from integrations.webhooks.signatures import header, live_secrets, must_match, sha256
from models.billing import Arrived, News

_HEADER = "webhook-signature"


class GoCardless:
    """Events of GoCardless, signed by `webhook-signature` with an endpoint's secret.

    The signature covers the body alone and there is no time in it: a request that was recorded
    holds for ever. That an event is taken once, by its id, is what a replay meets.

    Raises:
        SettingInvalid: there is no secret, or one is blank.
    """

    name = NAME

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = live_secrets(NAME, secrets)

    def verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """As `WebhookSource` has it, but nothing is ever too old."""
        given = header(headers, _HEADER)
        digests = sha256(self._secrets, body)
        must_match(NAME, [digest.hex().encode() for digest in digests], [given])

    def take_apart(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Arrived]:
        """As `WebhookSource` has it: a request holds up to some hundred events."""
        whole = Part(parsed(NAME, body), NAME)
        with malformed_if_unfit(NAME):
            return [
                Arrived(
                    source=NAME,
                    event_id=event.id("id"),
                    kind=f"{event.id('resource_type')}.{event.id('action')}",
                    occurred_at=moment_of(event.value.get("created_at")),
                    body=written(NAME, event.value),
                )
                for event in whole.needed_parts("events")
            ]

    @staticmethod
    def translate(arrived: Arrived) -> Sequence[News] | None:
        """As `WebhookSource` has it."""
        event = Part(parsed(NAME, arrived.body), NAME)
        with malformed_if_unfit(NAME):
            return news_of(arrived.kind, event)
