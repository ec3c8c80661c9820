"""Stripe's interface: one object, or a page of a list."""

from collections.abc import Mapping, Sequence

import httpx

from integrations.http.peer import Peer
from integrations.registers.answers import answered
from integrations.registers.parts import Part

API = "https://api.stripe.com"
VERSION = "2025-11-17.clover"
_SIZE = 100


class StripeApi:
    """What a key may read, in one version of the interface."""

    def __init__(self, key: str, base_url: str, timeout: httpx.Timeout) -> None:
        self.peer = Peer(
            "Stripe",
            base_url=base_url,
            headers={"Authorization": f"Bearer {key}", "Stripe-Version": VERSION},
            timeout=timeout,
            reason_header="Stripe-Rate-Limited-Reason",
        )

    async def object(self, path: str, kind: str, expand: Sequence[str] = ()) -> Part | None:
        """An object, with others in it as a whole; None for one that there is not."""
        response = await self.peer.ask(
            "GET",
            f"/v1/{path}",
            params={"expand[]": [*expand]},
            also={httpx.codes.NOT_FOUND},
        )
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        return answered(response, self.peer.name, kind)

    async def list(
        self, path: str, kind: str, asked: Mapping[str, str | Sequence[str]], at: str = ""
    ) -> tuple[list[Part], str]:
        """A page of a list, and the id that the next one starts after."""
        page = {"limit": str(_SIZE)} | ({"starting_after": at} if at else {})
        response = await self.peer.ask("GET", f"/v1/{path}", params={**asked, **page})
        answer = answered(response, self.peer.name)
        found = [one.as_kind(kind) for one in answer.parts("data")]
        return found, found[-1].text("id") if found and answer.flag("has_more") else ""
