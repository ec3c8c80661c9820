"""One call to a system over HTTP: its answer, or an error that says whether to try again."""

import re
from collections.abc import Container
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from models.errors import PeerRefused, PeerUnavailable

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_BUSY = 429
_NOT_NOW = frozenset({408, 425, _BUSY})
_LONGEST_PAUSE = timedelta(hours=6)
_WORD = re.compile(r"[A-Za-z]{1,20}")


class Peer:
    """A system spoken to over HTTP, by the name that people know it by.

    It makes one attempt each: trying again is the caller's. Redirects are not followed, because
    credentials would travel along. `reason_header` is one that says in a word why it is busy.
    """

    def __init__(
        self,
        name: str,
        *,
        base_url: str = "",
        headers: dict[str, str] | None = None,
        timeout: httpx.Timeout = TIMEOUT,
        reason_header: str = "",
    ) -> None:
        self.name = name
        self._reason_header = reason_header
        self._client = httpx.AsyncClient(
            base_url=base_url, headers=headers, timeout=timeout, follow_redirects=False
        )

    async def ask(
        self, method: str, url: str, *, also: Container[int] = frozenset(), **request: Any
    ) -> httpx.Response:
        """The answer: one of 2xx, or with one of the statuses `also` asked for.

        Raises:
            PeerUnavailable: no answer in time, 408, 425, 429 or 5xx; with its `Retry-After`.
            PeerRefused: any other status.
        """
        try:
            response = await self._client.request(method, url, **request)
        except httpx.TimeoutException as slow:
            raise PeerUnavailable(self.name, "no answer in time") from slow
        except httpx.TransportError as away:
            raise PeerUnavailable(self.name, type(away).__name__) from away
        except (httpx.InvalidURL, httpx.DecodingError) as wrong:
            raise PeerRefused(self.name, str(wrong)) from wrong
        if response.is_success or response.status_code in also:
            return response
        if response.is_server_error or response.status_code in _NOT_NOW:
            problem = f"{_status(response)}{self._reason(response)}"
            raise PeerUnavailable(self.name, problem, _retry_after(response))
        raise PeerRefused(self.name, _status(response))

    async def ask_json(
        self, method: str, url: str, *, also: Container[int] = frozenset(), **request: Any
    ) -> Any:
        """As `ask`, with the answer's JSON; what is no JSON is refused."""
        response = await self.ask(method, url, also=also, **request)
        try:
            return response.json()
        except ValueError as wrong:
            raise PeerRefused(self.name, "the answer is no JSON") from wrong

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.aclose()

    def _reason(self, response: httpx.Response) -> str:
        said = response.headers.get(self._reason_header, "") if self._reason_header else ""
        return f" ({said})" if _WORD.fullmatch(said) else ""


def _status(response: httpx.Response) -> str:
    """The status alone: a body may quote what must not stand in a log."""
    return f"{response.status_code} {response.reason_phrase}".strip()


def _retry_after(response: httpx.Response) -> timedelta | None:
    """How long it asks to be left alone (RFC 9110 §10.2.3): seconds, or a date."""
    said = response.headers.get("retry-after", "").strip()
    if not said:
        return None
    if said.isascii() and said.isdigit():
        return min(timedelta(seconds=int(said[:9])), _LONGEST_PAUSE)
    try:
        until = parsedate_to_datetime(said)
    except ValueError:
        return None
    if until.tzinfo is None:
        return None
    return min(max(timedelta(0), until - datetime.now(UTC)), _LONGEST_PAUSE)
