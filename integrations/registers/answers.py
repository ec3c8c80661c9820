"""Answers of billing systems as JSON whose figures are exact."""

import json
from decimal import Decimal
from typing import Any

import httpx

from integrations.registers.parts import Part
from models.errors import PeerRefused


def parsed(text: str | bytes) -> Any:
    """JSON with its numbers as `int` and `Decimal`.

    Raises:
        ValueError: it is none.
    """
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except RecursionError as deep:
        raise ValueError("nested too deeply") from deep


def answered(response: httpx.Response, peer: str, kind: str = "answer") -> Part:
    """The object that an answer is.

    Raises:
        PeerRefused: it is no JSON, or no object.
    """
    try:
        said = parsed(response.content)
    except ValueError:
        raise PeerRefused(peer, "the answer is no JSON") from None
    if not isinstance(said, dict):
        raise PeerRefused(peer, "the answer is no object")
    return Part(peer, kind, said)


def _no_number(constant: str) -> Any:
    raise ValueError(constant)
