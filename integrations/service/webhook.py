"""Orders to the service as signed webhooks (standardwebhooks.com, version 1.0.0)."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b

import httpx

from integrations.http.peer import Peer
from integrations.webhooks.standard import signers
from models.errors import SettingInvalid
from models.service import ServiceOrder

_URL = "DUNLIN_SERVICE_WEBHOOK_URL"
_SECRETS = "DUNLIN_SERVICE_WEBHOOK_SECRETS"
_WEB = re.compile(r"https?://[^/\s]\S*", re.IGNORECASE)
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
        self._signers = signers(_SECRETS, secrets)
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
