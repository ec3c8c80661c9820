"""The web service put together: settings, database, Temporal, whose webhooks it takes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from temporalio.client import Client

from integrations.temporal.connection import connect
from integrations.temporal.intake import IntakeBell
from integrations.webhooks import WebhookSource, configured
from logs import configure_logging
from models.errors import WrongUse
from models.settings import Settings, load_settings
from store import migrate
from store.database import Database
from web.answers import refusal
from web.bad_requests import BadRequests
from web.health import health_routes
from web.webhooks import Webhooks, webhook_routes

log = structlog.get_logger()
_WORDS = {
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
}


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application as uvicorn runs it.

    It serves while Temporal is away: what arrives is kept, and read when the intake looks.

    Raises:
        WrongUse: a secret is wrong, or migrations are missing.
        DatabaseUnavailable: the database does not answer.
    """
    settings = settings or load_settings()
    configure_logging(settings.log_format, settings.log_level)
    sources = configured.webhook_sources(settings)
    database = Database(settings.database_url)
    if migrate.missing(database):
        raise WrongUse("The database is not up to date. Run: starter.py prepare")
    return build_app(database, sources, connect, at_the_end=database.close)


def build_app(
    database: Database,
    sources: Mapping[str, WebhookSource],
    connecting: Callable[[], Awaitable[Client]],
    at_the_end: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The application over these; it connects to Temporal when there is something to tell."""
    bell = IntakeBell(connecting)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        log.info("web service started", sources=sorted(sources))
        yield
        await bell.close()
        at_the_end()
        log.info("web service stopped")

    app = FastAPI(
        title="Dunlin",
        summary="Accounts-receivable follow-up: what comes in.",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    webhooks = Webhooks(database, sources, bell.ring, BadRequests())
    app.include_router(webhook_routes(webhooks))
    app.include_router(health_routes(database))
    app.add_exception_handler(RequestValidationError, _not_as_described)
    app.add_exception_handler(HTTPException, _in_our_form)
    return app


async def _not_as_described(_: Request, __: Exception) -> Response:
    """How a request should look stands in the description of the API."""
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid")


async def _in_our_form(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    return refusal(status, _WORDS.get(status, "refused"), error.headers)
