"""What an event tells, from the body of a request."""

import json
from typing import Any, TypeVar

from models.billing import News
from tests.webhooks.signing import as_body, source

_News = TypeVar("_News", bound=News)
GENERIC_HEADERS = {"webhook-id": "msg_1"}


def told(name: str, said: Any) -> list[News]:
    """The news in a request of a provider, of all its events; known ones only."""
    provider = source(name)
    news: list[News] = []
    for arrived in provider.take_apart(as_body(said), GENERIC_HEADERS):
        json.loads(arrived.body)
        found = provider.translate(arrived)
        assert found is not None, arrived.kind
        news += found
    return news


def one(name: str, said: Any, kind: type[_News]) -> _News:
    """The only news of a kind that a request tells."""
    (found,) = (each for each in told(name, said) if isinstance(each, kind))
    return found
