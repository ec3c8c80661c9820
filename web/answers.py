"""How the service says no: a status and a word, and nothing that helps whoever is guessing."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from starlette.responses import JSONResponse


class Problem(BaseModel):
    """Why a request was not taken."""

    error: str


def refusal(
    status: HTTPStatus, error: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An answer with that status, and `error` for a program to read."""
    return JSONResponse({"error": error}, status_code=status, headers=dict(headers or {}))


def documented(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """These statuses as OpenAPI lists them."""
    return {int(status): {"model": Problem, "description": status.phrase} for status in statuses}
