"""Requests as each provider signs them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from integrations.webhooks import (
    Chargebee,
    Generic,
    GoCardless,
    QuickBooks,
    Stripe,
    WebhookSource,
    Xero,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Sign = Callable[[bytes, str, datetime], dict[str, str]]


def _stripe(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    signed = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={stamp},v1={signed},v0={'0' * 64}"}


def _generic(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", at, body.decode()),
    }


def _gocardless(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return {"webhook-signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def _in_base64(name: str) -> Sign:
    def sign(body: bytes, secret: str, at: datetime) -> dict[str, str]:
        signed = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        return {name: base64.b64encode(signed).decode()}

    return sign


def _chargebee(body: bytes, secret: str, at: datetime) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(secret.encode()).decode()}


def whsec(letter: str) -> str:
    """A secret as Standard Webhooks has them."""
    return "whsec_" + base64.b64encode(letter.encode() * 32).decode()


@dataclass(frozen=True)
class Signed:
    """A provider, two secrets that it may use at once, and how it signs."""

    make: Callable[..., WebhookSource]
    secrets: tuple[str, str]
    sign: Sign
    is_timed: bool = False

    def source(self, count: int = 2) -> WebhookSource:
        """The provider with the first secrets."""
        return self.make(self.secrets[:count])


PROVIDERS: dict[str, Signed] = {
    "stripe": Signed(Stripe, ("whsec_first", "whsec_second"), _stripe, is_timed=True),
    "generic": Signed(Generic, (whsec("a"), whsec("b")), _generic, is_timed=True),
    "gocardless": Signed(GoCardless, ("first", "zwölf"), _gocardless),
    "chargebee": Signed(Chargebee, ("dunlin:first", "dunlin:zwölf:12"), _chargebee),
    "quickbooks": Signed(QuickBooks, ("first", "second"), _in_base64("intuit-signature")),
    "xero": Signed(Xero, ("first", "second"), _in_base64("x-xero-signature")),
}


def source(name: str) -> WebhookSource:
    """A provider as it is set up in these tests."""
    return PROVIDERS[name].source()


def as_body(said: Any) -> bytes:
    """A request's body."""
    return json.dumps(said).encode()
