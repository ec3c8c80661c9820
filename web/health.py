"""Whether the service lives, and whether it can do its work."""

from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import Session, select
from starlette.responses import JSONResponse, Response

from models.errors import DatabaseUnavailable
from store.database import Database
from web.answers import documented, refusal


class Healthy(BaseModel):
    """It is well."""

    status: Literal["ok"] = "ok"


def health_routes(database: Database) -> APIRouter:
    """The routes for whoever watches the service."""
    router = APIRouter(tags=["health"])

    @router.get("/health/live", summary="The process answers")
    async def live() -> Healthy:
        return Healthy()

    @router.get(
        "/health/ready",
        summary="The database answers too",
        response_model=Healthy,
        responses=documented(HTTPStatus.SERVICE_UNAVAILABLE),
    )
    async def ready() -> Response:
        try:
            await database.read(_look)
        except DatabaseUnavailable:
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
        return JSONResponse({"status": "ok"})

    return router


def _look(session: Session) -> None:
    session.execute(select(1))
