"""Webhooks in a format of our own (docs/webhooks.md), for systems that have none we know.

Signed as Standard Webhooks (standardwebhooks.com, version 1.0.0).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from integrations.provider_objects.moments import moment_of
from integrations.webhooks.generic_news import TYPES, news_of
from integrations.webhooks.json_body import malformed_if_unfit, parsed, text_of
from integrations.webhooks.json_part import Part
from integrations.webhooks.signatures import header, must_be_fresh, must_match, seconds
from integrations.webhooks.source import TOLERANCE
from integrations.webhooks.standard import signers
from models.billing import Arrived, News
from models.errors import SignatureWrong

NAME = "generic"
_SECRETS = "DUNLIN_WEBHOOK_SECRETS"
_ID, _TIMESTAMP, _SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
_VERSION = "v1,"
_LONGEST_ID = 200


class Generic:
    """Events of any system that signs them with one of `secrets`: `whsec_` and 24 to 64 random
    octets in base64.

    Raises:
        SettingInvalid: there is no secret, or one is not so written; none is quoted.
    """

    name = NAME

    def __init__(self, secrets: Sequence[str]) -> None:
        self._signers = signers(_SECRETS, secrets)

    def verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """As `WebhookSource` has it.

        The package's own `verify` reads its own clock and has one error for all, so we let it sign
        and compare ourselves.
        """
        event_id = _event_id(headers)
        made = seconds(NAME, header(headers, _TIMESTAMP))
        given = header(headers, _SIGNATURE).split(" ")
        text = _signed_text(body)
        must_match(
            NAME,
            [signer.sign(event_id, made, text).encode() for signer in self._signers],
            [one for one in given if one.startswith(_VERSION)],
        )
        must_be_fresh(NAME, made, now, TOLERANCE)

    def take_apart(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Arrived]:
        """As `WebhookSource` has it: a request holds one event, whose id is in a header."""
        event = Part(parsed(NAME, body), NAME)
        with malformed_if_unfit(NAME):
            return [
                Arrived(
                    source=NAME,
                    event_id=headers.get(_ID, "").strip(),
                    kind=event.id("type"),
                    occurred_at=moment_of(event.value.get("timestamp")),
                    body=text_of(NAME, body),
                )
            ]

    @staticmethod
    def translate(arrived: Arrived) -> Sequence[News] | None:
        """As `WebhookSource` has it."""
        if arrived.kind not in TYPES:
            return None
        event = Part(parsed(NAME, arrived.body), NAME)
        with malformed_if_unfit(NAME):
            return news_of(arrived.kind, event.moment("timestamp"), event.value.get("data"))


def _event_id(headers: Mapping[str, str]) -> str:
    event_id = header(headers, _ID)
    if len(event_id) > _LONGEST_ID or not event_id.isprintable() or "." in event_id:
        raise SignatureWrong(f"{NAME}: the header {_ID} is none that can be read")
    return event_id


def _signed_text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise SignatureWrong(f"{NAME}: signed text is in UTF-8, and this is not") from None
