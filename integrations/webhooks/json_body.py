"""JSON from outside, whole. Whatever is not as it should be is `WebhookMalformed`, in words of ours
that quote nothing of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from pydantic import ValidationError

from models.errors import WebhookMalformed

_LONGEST_NUMBER = 40


@contextmanager
def malformed_if_unfit(source: str) -> Iterator[None]:
    """What does not fit our own models is malformed; their complaint would quote the request."""
    try:
        yield
    except (ValidationError, RecursionError):
        raise WebhookMalformed(
            f"{source}: a part is longer, larger or other than it can be"
        ) from None


def parsed(source: str, body: bytes | str) -> object:
    """The JSON in `body`, its numbers exact.

    Raises:
        WebhookMalformed: it is none, nests too deep, or has a number that no ledger holds.
    """
    try:
        text = body.decode() if isinstance(body, bytes) else body
        return json.loads(text, parse_float=_exact, parse_int=_whole, parse_constant=_no_number)
    except (ValueError, ArithmeticError, RecursionError):
        raise WebhookMalformed(f"{source}: the body is no JSON that can be read") from None


def text_of(source: str, body: bytes) -> str:
    """`body` as text, to be kept as it came."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise WebhookMalformed(f"{source}: the body is not in UTF-8") from None


def written(source: str, value: object) -> str:
    """A part of a parsed body as JSON again, in ASCII."""
    try:
        return json.dumps(value, separators=(",", ":"), default=float)
    except RecursionError:
        raise WebhookMalformed(f"{source}: the body nests too deep") from None


def _exact(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError
    number = Decimal(text)
    if abs(number.adjusted()) > _LONGEST_NUMBER:
        raise ValueError
    return number


def _whole(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError
    return int(text)


def _no_number(text: str) -> None:
    raise ValueError
