"""Finding payment intents at Stripe: by id, or by the key that we wrote into their metadata."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import httpx

from integrations.charging.stripe_answers import Intent, Intents
from integrations.http.answers import understood
from integrations.http.peer import Peer
from models.errors import PeerRefused

INTENTS = "/v1/payment_intents"
KEY = "dunlin_key"
_LOOK_BACK = timedelta(days=60)
_PAGE = 100
_MOST_PAGES = 100


def path_of(payment_id: str) -> str:
    """The path of one payment intent."""
    return f"{INTENTS}/{quote(payment_id, safe='')}"


class StripePayments:
    """Payment intents as they are now."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    async def read(self, payment_id: str) -> Intent | None:
        """The payment intent with this id, if there is one."""
        response = await self._peer.ask("GET", path_of(payment_id), also={httpx.codes.NOT_FOUND})
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        return understood(Intent, response, self._peer.name)

    async def listed(self, key: str, holder: str) -> Intent | None:
        """The customer's payment intent with this key, of the last 60 days.

        The list knows of a charge at once, unlike the search.
        """
        if not holder:
            return None
        async for intent in self._recent(holder):
            if intent.metadata.get(KEY) == key:
                return intent
        return None

    async def searched(self, key: str) -> Intent | None:
        """The payment intent with this key, however old; it may be found an hour late.

        Accounts in India have no search (https://docs.stripe.com/search); they find nothing.
        """
        response = await self._peer.ask(
            "GET",
            f"{INTENTS}/search",
            params={"query": f'metadata["{KEY}"]:"{key}"'},
            also={httpx.codes.BAD_REQUEST},
        )
        if not response.is_success:
            return None
        return next(iter(understood(Intents, response, self._peer.name).data), None)

    async def _recent(self, holder: str) -> AsyncIterator[Intent]:
        since = int((datetime.now(UTC) - _LOOK_BACK).timestamp())
        asked = {"customer": holder, "created[gte]": str(since), "limit": str(_PAGE)}
        for _ in range(_MOST_PAGES):
            response = await self._peer.ask("GET", INTENTS, params=asked)
            page = understood(Intents, response, self._peer.name)
            for intent in page.data:
                yield intent
            if not page.has_more or not page.data:
                return
            asked["starting_after"] = page.data[-1].id
        raise PeerRefused(self._peer.name, "the pages of a customer's payments never end")
