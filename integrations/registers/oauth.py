"""Calls under a token that has to be renewed, where every renewal ends the token before."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from integrations.http.peer import Peer
from integrations.registers.answers import answered, parsed
from integrations.registers.places import Clock
from integrations.registers.tokens import TokenKeeper, Tokens
from models.errors import PeerRefused

_EXPLAINED = frozenset({400, 401, 403})
_EARLY = timedelta(minutes=1)
_LONGEST_DAYS = 400
# A code says nothing of anybody; the sentence beside it may.
_CODE = re.compile(r"[a-z_]{1,60}")


def utc_now() -> datetime:
    """The moment, by this machine's clock."""
    return datetime.now(UTC)


class Grant:
    """An app's access by refresh tokens (RFC 6749 §6) that rotate.

    Calls at a time share one renewal. What it brought is kept before it is used, so that a crash
    between the two costs a renewal and no access.
    """

    def __init__(
        self,
        peer: Peer,
        token_url: str,
        client_id: str,
        client_secret: str,
        keeper: TokenKeeper,
        variables: str,
        now: Clock = utc_now,
    ) -> None:
        """`variables` are the settings to mend when the provider refuses, as a prefix."""
        self._peer = peer
        self._token_url = token_url
        self._auth = httpx.BasicAuth(client_id, client_secret)
        self._keeper = keeper
        self._variables = variables
        self._now = now
        self._held: Tokens | None = None
        self._unkept = False
        self._renewing = asyncio.Lock()

    async def ask(
        self,
        path: str,
        *,
        also: frozenset[int] = frozenset(),
        headers: dict[str, str] | None = None,
        **request: Any,
    ) -> httpx.Response:
        """The answer to a GET; one that finds the token ended is asked once more with a new one.

        Raises:
            PeerUnavailable: not now; may say when to come back.
            PeerRefused: not at all; names the settings where they are why.
        """
        tokens = await self._current("")
        response = await self._send(tokens, path, also, headers, request)
        if response.status_code != httpx.codes.UNAUTHORIZED:
            return response
        tokens = await self._current(tokens.access_token)
        response = await self._send(tokens, path, also, headers, request)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            raise self._refused("401 under a token just renewed")
        return response

    async def _send(
        self,
        tokens: Tokens,
        path: str,
        also: frozenset[int],
        headers: dict[str, str] | None,
        request: dict[str, Any],
    ) -> httpx.Response:
        return await self._peer.ask(
            "GET",
            path,
            also=also | {httpx.codes.UNAUTHORIZED},
            headers={**(headers or {}), "Authorization": f"Bearer {tokens.access_token}"},
            **request,
        )

    async def _current(self, ended: str) -> Tokens:
        """Tokens to work with, others than the one that has `ended`."""
        async with self._renewing:
            if self._unkept and self._held is not None:
                await self._keep(self._held)
            if self._held is not None and self._is_good(self._held, ended):
                return self._held
            # Another worker may have renewed them meanwhile.
            self._held = await self._keeper.load()
            if not self._is_good(self._held, ended):
                self._held = await self._renew(self._held)
            return self._held

    def _is_good(self, tokens: Tokens, ended: str) -> bool:
        if not tokens.access_token or tokens.access_token == ended or tokens.expires_at is None:
            return False
        return tokens.expires_at > self._now() + _EARLY

    async def _renew(self, tokens: Tokens) -> Tokens:
        response = await self._peer.ask(
            "POST",
            self._token_url,
            also=_EXPLAINED,
            auth=self._auth,
            headers={"Accept": "application/json"},
            data={"grant_type": "refresh_token", "refresh_token": tokens.refresh_token},
        )
        if response.status_code in _EXPLAINED:
            kept = await self._keeper.load()
            if kept.refresh_token != tokens.refresh_token and self._is_good(kept, ""):
                return kept
            raise self._refused(f"no new token: {response.status_code} {_code(response)}".strip())
        said = answered(response, self._peer.name, "token")
        lasts = min(max(said.whole("expires_in"), 0), _LONGEST_DAYS * 86_400)
        renewed = Tokens(
            refresh_token=_token(said.value, "refresh_token") or tokens.refresh_token,
            access_token=_token(said.value, "access_token"),
            expires_at=self._now() + timedelta(seconds=lasts),
        )
        if not renewed.access_token:
            raise said.wrong("access_token")
        await self._keep(renewed)
        return renewed

    async def _keep(self, tokens: Tokens) -> None:
        self._held, self._unkept = tokens, True
        await self._keeper.keep(tokens)
        self._unkept = False

    def _refused(self, problem: str) -> PeerRefused:
        first = f"{self._variables}_REFRESH_TOKEN"
        return PeerRefused(
            self._peer.name,
            f"{problem}. Check {self._variables}_CLIENT_ID and {self._variables}_CLIENT_SECRET, "
            f"let the app in again, and put the new refresh token into {first}.",
        )


def _token(said: Any, name: str) -> str:
    """A token, which is longer than any name; "" when there is none that a header can hold."""
    token = said.get(name)
    usable = isinstance(token, str) and token.isascii() and token.isprintable()
    return token if usable and " " not in token else ""


def _code(response: httpx.Response) -> str:
    try:
        said = parsed(response.content)
    except ValueError:
        return ""
    code = said.get("error") if isinstance(said, dict) else ""
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""
