"""Chargebee's webhooks: whose they are, and their one event."""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Mapping, Sequence
from datetime import datetime

from integrations.provider_objects.chargebee_values import NAME
from integrations.provider_objects.moments import moment_of
from integrations.webhooks.chargebee_event import event_of
from integrations.webhooks.chargebee_news import meaning_of
from integrations.webhooks.json_body import malformed_if_unfit, parsed, text_of
from integrations.webhooks.json_part import Part
from integrations.webhooks.signatures import header, live_secrets, must_match, variable
from models.billing import Arrived, News
from models.errors import SettingInvalid, SignatureWrong

_HEADER = "authorization"
_SCHEME = "basic"


class Chargebee:
    """Events of Chargebee, which signs nothing: it comes with a name and a password.

    Each secret is `name:password`, as set up for the webhook there. Whoever can read a request can
    make others, so the address must be https. Nothing is ever too old either: Chargebee tries for
    days, and what it sends has no other time than the event's own.

    Raises:
        SettingInvalid: there is no secret, or one is not `name:password`; none is quoted.
    """

    name = NAME

    def __init__(self, secrets: Sequence[str]) -> None:
        known = live_secrets(NAME, secrets)
        if not all(all(part for part in secret.partition(":")) for secret in known):
            raise SettingInvalid(variable(NAME), "expected name:password.")
        # By their digests, so that no comparison tells how long a password is.
        self._known = [_digest(secret.encode()) for secret in known]

    def verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """As `WebhookSource` has it, by HTTP's basic authentication."""
        scheme, _, credentials = header(headers, _HEADER).partition(" ")
        try:
            given = b64decode(credentials.strip(), validate=True)
        except (binascii.Error, ValueError):
            given = b""
        if scheme.lower() != _SCHEME or not given:
            raise SignatureWrong(f"{NAME}: the header has no name and password")
        must_match(NAME, self._known, [_digest(given)])

    def take_apart(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Arrived]:
        """As `WebhookSource` has it: a request holds one event."""
        event = Part(parsed(NAME, body), NAME)
        with malformed_if_unfit(NAME):
            return [
                Arrived(
                    source=NAME,
                    event_id=event.id("id"),
                    kind=event.id("event_type"),
                    occurred_at=moment_of(event.value.get("occurred_at")),
                    body=text_of(NAME, body),
                )
            ]

    @staticmethod
    def translate(arrived: Arrived) -> Sequence[News] | None:
        """As `WebhookSource` has it."""
        meaning = meaning_of(arrived.kind)
        if meaning is None:
            return None
        with malformed_if_unfit(NAME):
            return meaning(event_of(arrived))


def _digest(credentials: bytes) -> bytes:
    return hashlib.sha256(credentials).digest()
