"""docs/webhooks.md says what the service answers, and what becomes of what it keeps."""

from typing import Any, cast

from fastapi.routing import APIRoute

from models.vocabulary import InboundState
from tests.docs.pages import rows, section, words
from web.bad_requests import BadRequests
from web.health import health_routes
from web.webhooks import LARGEST, webhook_routes

_PAGE = "docs/webhooks.md"
_NOBODY = cast("Any", None)


def test_every_answer_is_explained() -> None:
    [route] = webhook_routes(_NOBODY).routes
    listed = [int(row[0]) for row in rows(section(_PAGE, "The answers"))]

    assert isinstance(route, APIRoute)
    assert listed == sorted(int(status) for status in route.responses)


def test_the_bounds_are_those_of_the_service() -> None:
    said = section(_PAGE, "The answers")
    bad = BadRequests()

    assert LARGEST == 1024 * 1024
    assert "more than 1 MB" in said
    assert [bad.are_too_many("somebody") for _ in range(21)] == [False] * 20 + [True]
    assert bad.pause_seconds == 60
    assert "the 21st bad request of one caller to one source within a minute" in said


def test_every_address_for_watchers_is_listed() -> None:
    listed = [words(row[0])[0] for row in rows(section(_PAGE, "Health"))]

    assert listed == [getattr(route, "path", "") for route in health_routes(_NOBODY).routes]


def test_every_state_of_an_event_is_explained() -> None:
    listed = [words(row[0])[0] for row in rows(section(_PAGE, "What happens to it"))]

    assert listed == [state.value for state in InboundState]
