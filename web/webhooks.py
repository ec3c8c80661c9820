"""`POST /webhooks/{source}`: what providers tell is verified, kept as it came, and answered."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated, Protocol

import structlog
from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from models.billing import Arrived
from models.errors import DatabaseUnavailable, SignatureWrong, WebhookRefused
from store import inbound
from store.database import Database
from web.answers import documented, refusal
from web.bad_requests import BadRequests

log = structlog.get_logger()

LARGEST = 1024 * 1024
_TRY_AGAIN_AFTER_SECONDS = 5
_Source = Annotated[str, Path(pattern="^[a-z]{1,40}$", description="stripe, xero, … or generic")]


class Source(Protocol):
    """What of a webhook source the service needs (integrations/webhooks/source.py)."""

    def verify(self, body: bytes, headers: Mapping[str, str], now: datetime) -> None: ...

    def take_apart(self, body: bytes, headers: Mapping[str, str]) -> Sequence[Arrived]: ...


class Webhooks:
    """The sources that are set up, by name, and what to do once something of theirs is kept."""

    def __init__(
        self,
        database: Database,
        sources: Mapping[str, Source],
        ring: Callable[[], None],
        bad_requests: BadRequests,
    ) -> None:
        self._database = database
        self._sources = sources
        self._ring = ring
        self._bad_requests = bad_requests

    async def take(self, name: str, body: bytes, request: Request) -> Response:
        """Keep what the request tells and answer at once; what it means is read later.

        200 for what is kept, new or not. 401 when it is not signed by a secret of ours, 400 when
        its time or form is wrong, 429 from a burst of such on, 404 for a source that is not set
        up, 503 while the database is away: providers then try again.
        """
        source = self._sources.get(name)
        if source is None:
            return self._refuse(request, HTTPStatus.NOT_FOUND, "unknown_source")
        headers, now = _single(request), datetime.now(UTC)
        try:
            source.verify(body, headers, now)
            arrived = source.take_apart(body, headers)
        except SignatureWrong as wrong:
            log.warning("webhook refused", source=name, why=str(wrong))
            return self._refuse(request, HTTPStatus.UNAUTHORIZED, "unauthorized")
        except WebhookRefused as wrong:
            log.warning("webhook refused", source=name, why=str(wrong))
            return self._refuse(request, HTTPStatus.BAD_REQUEST, "bad_request")
        try:
            new = await self._database.write(partial(inbound.keep, arrived=arrived, at=now))
        except DatabaseUnavailable:
            log.warning("webhook not kept", source=name)
            wait = {"Retry-After": str(_TRY_AGAIN_AFTER_SECONDS)}
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", wait)
        if new:
            self._ring()
        return Response(status_code=HTTPStatus.OK)

    def _refuse(self, request: Request, status: HTTPStatus, error: str) -> Response:
        caller = request.client.host if request.client else "unknown"
        if self._bad_requests.are_too_many(caller):
            wait = {"Retry-After": str(self._bad_requests.pause_seconds)}
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", wait)
        return refusal(status, error)


def _single(request: Request) -> dict[str, str]:
    """The headers by their names in small letters. Of one that comes twice nobody can say which is
    meant: it counts as missing."""
    counts = Counter(name for name, _ in request.headers.items())
    return {name: value for name, value in request.headers.items() if counts[name] == 1}


def webhook_routes(webhooks: Webhooks) -> APIRouter:
    """The route, over what takes its requests."""
    router = APIRouter(tags=["webhooks"], max_body_size=LARGEST)

    @router.post(
        "/webhooks/{source}",
        summary="Take an event of a payment provider or billing system",
        response_class=Response,
        responses={
            200: {"description": "Kept, or known already. The body is empty."},
            **documented(
                HTTPStatus.BAD_REQUEST,
                HTTPStatus.UNAUTHORIZED,
                HTTPStatus.NOT_FOUND,
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                HTTPStatus.UNPROCESSABLE_ENTITY,
                HTTPStatus.TOO_MANY_REQUESTS,
                HTTPStatus.SERVICE_UNAVAILABLE,
            ),
        },
        openapi_extra={
            "requestBody": {
                "required": True,
                "description": "The event as its source sends it; its signature covers every byte.",
                "content": {"application/json": {"schema": {}}},
            }
        },
    )
    async def take_webhook(source: _Source, request: Request) -> Response:
        return await webhooks.take(source, await request.body(), request)

    return router
