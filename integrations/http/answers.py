"""Answers of a system spoken to over HTTP, checked for the shape that they should have."""

from typing import TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, ValidationError

from models.errors import PeerRefused

_Shape = TypeVar("_Shape", bound=BaseModel)


class Answer(BaseModel):
    """The part of an answer that is read; the rest of it may be anything."""

    # Ids come as text or as numbers, depending on the age of the interface.
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


def understood(shape: type[_Shape], response: httpx.Response, peer: str) -> _Shape:
    """The answer as `shape`.

    Raises:
        PeerRefused: it is no JSON or has another shape; the sentence quotes no value of it.
    """
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as wrong:
        first = wrong.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise PeerRefused(peer, "the answer is no JSON") from None
        place = ".".join(str(part) for part in first["loc"]) or "its top"
        raise PeerRefused(peer, f"the answer is wrong at {place}: {first['msg']}") from None
