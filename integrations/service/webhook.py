"""Orders to the service as signed webhooks (standardwebhooks.com, version 1.0.0)."""

import json
import re
from base64 import b64decode
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b

import httpx
from standardwebhooks import Webhook

from integrations.http.peer import Peer
from models.errors import SettingInvalid
from models.service import ServiceOrder

_URL = "DUNLIN_SERVICE_WEBHOOK_URL"
_SECRETS = "DUNLIN_SERVICE_WEBHOOK_SECRETS"
_WEB = re.compile(r"https?://[^/\s]\S*", re.IGNORECASE)
_WRITTEN = re.compile(r"whsec_([A-Za-z0-9+/]+)={0,2}")
# What the specification asks of a secret, in octets.
_SHORTEST, _LONGEST = 24, 64
# The specification leaves a receiver 15 to 30 seconds.
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)


class ServiceWebhook:
    """Posts each order to `url`, signed with every one of `secrets`.

    A secret is `whsec_` and 24 to 64 random octets in base64. There are two while the receiver
    goes over from one to the other.

    Raises:
        SettingInvalid: `url` is no http(s) address, or a secret is none; no secret is quoted.
    """

    def __init__(
        self, url: str, secrets: Sequence[str], *, timeout: httpx.Timeout = _TIMEOUT
    ) -> None:
        self._url = url.strip()
        if not _WEB.fullmatch(self._url):
            raise SettingInvalid(_URL, "expected the https:// address that takes service orders.")
        self._signers = _signers(secrets)
        self._peer = Peer("The service webhook", timeout=timeout)

    async def tell(self, order: ServiceOrder) -> None:
        """Post `order`; any 2xx is a yes. The same key has the same webhook-id.

        Raises:
            PeerUnavailable: no answer in time, 408, 425, 429 or 5xx.
            PeerRefused: any other answer; 401 and 403 may mean that the secrets differ.
        """
        body = _body(order)
        await self._peer.ask("POST", self._url, content=body, headers=self._headers(order, body))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._peer.close()

    def _headers(self, order: ServiceOrder, body: str) -> dict[str, str]:
        # The time of the attempt, by which a receiver knows a replay: it looks at its own clock.
        sent_at = datetime.now(UTC)
        webhook_id = _webhook_id(order.key)
        return {
            "content-type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(int(sent_at.timestamp())),
            "webhook-signature": " ".join(
                signer.sign(webhook_id, sent_at, body) for signer in self._signers
            ),
        }


def _webhook_id(key: str) -> str:
    """The same for the same key; without the full stops that a signed id must not have."""
    return f"msg_{blake2b(key.encode(), digest_size=16).hexdigest()}"


def _body(order: ServiceOrder) -> str:
    said = {
        "type": order.act,
        "timestamp": order.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "customer_id": order.customer_id,
            "invoice_ids": order.invoice_ids,
            "reason": order.why,
        },
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _signers(secrets: Sequence[str]) -> list[Webhook]:
    keys = [_key(secret.strip()) for secret in secrets]
    if not keys or not all(_SHORTEST <= len(key) <= _LONGEST for key in keys):
        raise SettingInvalid(
            _SECRETS,
            f"expected whsec_ and {_SHORTEST} to {_LONGEST} random octets in base64. Make one with:"
            ' echo "whsec_$(openssl rand -base64 32)"',
        )
    # As octets: from text the package would drop what is no base64, and sign with what is left.
    return [Webhook(key) for key in keys]


def _key(secret: str) -> bytes:
    """The octets of `secret`; none when it is not written as one."""
    written = _WRITTEN.fullmatch(secret)
    if written is None or len(written[1]) % 4 == 1:
        return b""
    return b64decode(written[1] + "=" * (-len(written[1]) % 4))
