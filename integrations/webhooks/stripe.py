"""Stripe's webhooks: whose they are, and their one event."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from integrations.provider_objects.moments import moment_of
from integrations.provider_objects.stripe_events import event_news
from integrations.provider_objects.stripe_values import NAME
from integrations.webhooks.json_body import malformed_if_unfit, parsed, text_of
from integrations.webhooks.json_part import Part
from integrations.webhooks.signatures import (
    header,
    live_secrets,
    must_be_fresh,
    must_match,
    seconds,
    sha256,
    variable,
)
from integrations.webhooks.source import TOLERANCE
from models.billing import Arrived, News
from models.errors import SettingInvalid, SignatureWrong

_HEADER = "stripe-signature"
_PREFIX = "whsec_"


class Stripe:
    """Events of Stripe, signed by `stripe-signature` (scheme v1).

    Each secret is an endpoint's, `whsec_…` as a whole. There are several while one is rolled, or
    for several endpoints.

    Raises:
        SettingInvalid: there is no secret, or one is none of an endpoint's; none is quoted.
    """

    name = NAME

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = live_secrets(NAME, secrets)
        if not all(secret.startswith(_PREFIX) for secret in self._secrets):
            raise SettingInvalid(
                variable(NAME), "expected the signing secret of an endpoint, whsec_ and more."
            )

    def verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None:
        """As `WebhookSource` has it. Other schemes than v1 in the header count for nothing."""
        stamps, signatures = _pieces(header(headers, _HEADER))
        if len(stamps) != 1:
            raise SignatureWrong("stripe: the signature has no time, or two")
        made = seconds(NAME, stamps[0])
        digests = sha256(self._secrets, stamps[0].encode() + b"." + body)
        must_match(NAME, [digest.hex().encode() for digest in digests], signatures)
        must_be_fresh(NAME, made, now, TOLERANCE)

    def take_apart(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Arrived]:
        """As `WebhookSource` has it: a request holds one event."""
        event = Part(parsed(NAME, body), NAME)
        with malformed_if_unfit(NAME):
            return [
                Arrived(
                    source=NAME,
                    event_id=event.id("id"),
                    kind=event.id("type"),
                    occurred_at=moment_of(event.value.get("created")),
                    body=text_of(NAME, body),
                )
            ]

    @staticmethod
    def translate(arrived: Arrived) -> Sequence[News] | None:
        """As `WebhookSource` has it."""
        with malformed_if_unfit(NAME):
            return event_news(Part(parsed(NAME, arrived.body), NAME))


def _pieces(value: str) -> tuple[list[str], list[str]]:
    """The times and the signatures of scheme v1 in the header."""
    pieces = [piece.strip().partition("=") for piece in value.split(",")]
    return (
        [said for name, _, said in pieces if name == "t"],
        [said for name, _, said in pieces if name == "v1"],
    )
