"""Calls to Salesforce: signed in at the first one, and once more when the session has ended."""

import asyncio
import re
from typing import Annotated, Any, TypeVar

import httpx
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from integrations.http.answers import Answer, understood
from integrations.http.peer import Peer
from models.errors import PeerRefused, PeerUnavailable

_Shape = TypeVar("_Shape", bound=BaseModel)
_EXPLAINED = frozenset({400, 401, 403, 404})
# Refused for now only, whatever the status says.
_LATER = frozenset({"QUERY_TIMEOUT", "REQUEST_LIMIT_EXCEEDED", "UNABLE_TO_LOCK_ROW"})
# A code says nothing of anybody; the sentence beside it may.
_CODE = re.compile(r"[A-Za-z_]{1,60}")


class _Grant(Answer):
    access_token: Annotated[str, Field(min_length=1)]
    instance_url: Annotated[str, Field(pattern=r"^https?://[^/?#@\s]+/?$")]


class _Failure(Answer):
    error_code: Annotated[str, Field(alias="errorCode")]


class _SignInFailure(Answer):
    error: str


_FAILURES = TypeAdapter(tuple[_Failure, ...])


class Session:
    """An app's session by client credentials (OAuth 2.0, RFC 6749 §4.4)."""

    def __init__(self, peer: Peer, login_url: str, client_id: str, client_secret: str) -> None:
        self.peer = peer
        self._login_url = login_url.rstrip("/")
        self._credentials = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        }
        self._grant: _Grant | None = None
        self._signing_in = asyncio.Lock()

    async def ask(self, shape: type[_Shape], method: str, path: str, **request: Any) -> _Shape:
        """The answer at a path of the instance, which starts with a slash.

        Raises:
            PeerUnavailable: not now; also when the day's calls are used up.
            PeerRefused: not at all, with Salesforce's code; or the answer has another shape.
        """
        grant = await self._granted(None)
        response = await self._send(grant, method, path, request)
        if response.status_code == httpx.codes.UNAUTHORIZED:
            grant = await self._granted(grant)
            response = await self._send(grant, method, path, request)
        if response.status_code in _EXPLAINED:
            raise self.failure(f"{response.status_code} {_code(response)}".strip())
        return understood(shape, response, self.peer.name)

    def failure(self, problem: str) -> PeerRefused | PeerUnavailable:
        """What a problem, ending in Salesforce's code for it, is to the caller."""
        if problem.rpartition(" ")[2] in _LATER:
            return PeerUnavailable(self.peer.name, problem)
        return PeerRefused(self.peer.name, problem)

    async def _send(
        self, grant: _Grant, method: str, path: str, request: dict[str, Any]
    ) -> httpx.Response:
        return await self.peer.ask(
            method,
            grant.instance_url.rstrip("/") + path,
            headers={"Authorization": f"Bearer {grant.access_token}"},
            also=_EXPLAINED,
            **request,
        )

    async def _granted(self, ended: _Grant | None) -> _Grant:
        """The session, a new one in place of what has ended; calls at a time share one sign-in."""
        async with self._signing_in:
            if self._grant is None or self._grant is ended:
                self._grant = await self._sign_in()
            return self._grant

    async def _sign_in(self) -> _Grant:
        name = self.peer.name
        response = await self.peer.ask(
            "POST",
            f"{self._login_url}/services/oauth2/token",
            data=self._credentials,
            headers={"Accept": "application/json"},
            also=_EXPLAINED,
        )
        if response.status_code in _EXPLAINED:
            raise PeerRefused(name, f"no sign-in: {response.status_code} {_sign_in_code(response)}")
        grant = understood(_Grant, response, name)
        if self._login_url.startswith("https:") and not grant.instance_url.startswith("https:"):
            raise PeerRefused(name, "it sends on to an address without encryption")
        return grant


def _code(response: httpx.Response) -> str:
    try:
        failures = _FAILURES.validate_json(response.content)
    except ValidationError:
        return ""
    return next((one.error_code for one in failures if _CODE.fullmatch(one.error_code)), "")


def _sign_in_code(response: httpx.Response) -> str:
    try:
        said = _SignInFailure.model_validate_json(response.content).error
    except ValidationError:
        return ""
    return said if _CODE.fullmatch(said) else ""
