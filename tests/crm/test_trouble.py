"""Whatever goes wrong on the way is one of two: try later, or a person has to look."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Any

import httpx
import pytest

from integrations.crm import (
    ContextSource,
    HubSpot,
    Salesforce,
    parse_hubspot_mapping,
    parse_salesforce_mapping,
)
from integrations.http.peer import TIMEOUT
from models.errors import PeerRefused, PeerUnavailable
from tests.crm.http_server import LOOPBACK, Answer, Request, Service, serving

Open = Callable[..., ContextSource]

CUSTOMER = "512"


def hubspot_at(url: str, timeout: httpx.Timeout = TIMEOUT) -> ContextSource:
    return HubSpot("token", parse_hubspot_mapping("", "a"), url, timeout=timeout)


def salesforce_at(url: str, timeout: httpx.Timeout = TIMEOUT) -> ContextSource:
    return Salesforce(url, "id", "secret", parse_salesforce_mapping("", "a"), timeout=timeout)


def in_a_hurry(at: Open) -> Open:
    """The source that waits for a moment only."""
    return partial(at, timeout=httpx.Timeout(0.2))


BOTH = pytest.mark.parametrize("at", [hubspot_at, salesforce_at], ids=["hubspot", "salesforce"])


class Troubling:
    """Signs everybody in, and answers everything else with the same trouble."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.url = ""
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        if request.path == "/services/oauth2/token":
            return Answer(200, {"access_token": "t", "instance_url": self.url})
        self.requests.append(request)
        return self.answer


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def asked(stack: AsyncExitStack, at: Open, service: Service) -> ContextSource:
    url = await stack.enter_async_context(serving(service))
    if isinstance(service, Troubling):
        service.url = url
    source = at(url)
    stack.push_async_callback(source.close)
    return source


@BOTH
@pytest.mark.parametrize("status", [400, 401, 403, 405, 422, 302])
async def test_what_is_refused_is_refused(stack: AsyncExitStack, at: Open, status: int) -> None:
    source = await asked(stack, at, Troubling(Answer(status, b"secret words")))

    with pytest.raises(PeerRefused, match=str(status)) as refused:
        await source.fetch(CUSTOMER)
    with pytest.raises(PeerRefused):
        await source.open_task(CUSTOMER, "Call", "", "erin@firm.example", "K")
    assert "secret" not in str(refused.value)


async def test_a_company_that_is_not_found_is_unknown_but_a_search_has_to_be_there(
    stack: AsyncExitStack,
) -> None:
    source = await asked(stack, hubspot_at, Troubling(Answer(404, b"")))
    searched = parse_hubspot_mapping('[customer]\nkey = "nr"\n', "a")
    url = await stack.enter_async_context(serving(Troubling(Answer(404, b""))))
    searching = HubSpot("token", searched, url)
    stack.push_async_callback(searching.close)

    assert await source.fetch(CUSTOMER) is None
    with pytest.raises(PeerRefused, match="404"):
        await searching.fetch(CUSTOMER)


async def test_salesforce_without_its_interface_refuses(stack: AsyncExitStack) -> None:
    source = await asked(
        stack, salesforce_at, Troubling(Answer(404, [{"errorCode": "NOT_FOUND", "message": ""}]))
    )

    with pytest.raises(PeerRefused, match=r"404 NOT_FOUND$"):
        await source.fetch(CUSTOMER)


async def test_a_session_that_ends_at_once_is_begun_anew_only_once(stack: AsyncExitStack) -> None:
    trouble = Troubling(Answer(401, [{"errorCode": "INVALID_SESSION_ID", "message": "Bob's"}]))
    source = await asked(stack, salesforce_at, trouble)

    with pytest.raises(PeerRefused, match=r"401 INVALID_SESSION_ID$"):
        await source.fetch(CUSTOMER)
    assert len(trouble.requests) == 2


@pytest.mark.parametrize("code", ["REQUEST_LIMIT_EXCEEDED", "UNABLE_TO_LOCK_ROW"])
async def test_salesforce_says_forbidden_where_it_means_later(
    stack: AsyncExitStack, code: str
) -> None:
    trouble = Troubling(Answer(403, [{"errorCode": code, "message": ""}]))
    source = await asked(stack, salesforce_at, trouble)

    with pytest.raises(PeerUnavailable, match=f"403 {code}$"):
        await source.fetch(CUSTOMER)


@BOTH
async def test_who_is_busy_says_for_how_long_in_seconds(stack: AsyncExitStack, at: Open) -> None:
    source = await asked(stack, at, Troubling(Answer(429, b"", {"Retry-After": "7"})))

    with pytest.raises(PeerUnavailable) as busy:
        await source.fetch(CUSTOMER)
    assert busy.value.retry_after == timedelta(seconds=7)


@BOTH
async def test_who_is_busy_says_until_when(stack: AsyncExitStack, at: Open) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    source = await asked(stack, at, Troubling(Answer(429, b"", {"Retry-After": until})))

    with pytest.raises(PeerUnavailable) as busy:
        await source.fetch(CUSTOMER)
    assert busy.value.retry_after is not None
    assert timedelta(minutes=4) < busy.value.retry_after <= timedelta(minutes=5)


@BOTH
@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_who_is_down_may_be_back_later(stack: AsyncExitStack, at: Open, status: int) -> None:
    source = await asked(stack, at, Troubling(Answer(status, b"<html>")))

    with pytest.raises(PeerUnavailable, match=str(status)) as down:
        await source.fetch(CUSTOMER)
    assert down.value.retry_after is None


@BOTH
async def test_silence_is_not_waited_out(stack: AsyncExitStack, at: Open) -> None:
    source = await asked(stack, in_a_hurry(at), Troubling(Answer(200, b"{}", after=30)))

    async with asyncio.timeout(5):
        with pytest.raises(PeerUnavailable, match="no answer in time"):
            await source.fetch(CUSTOMER)


@BOTH
async def test_nobody_at_home_may_be_back_later(stack: AsyncExitStack, at: Open) -> None:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        source = at(f"http://{LOOPBACK}:{free.getsockname()[1]}")
    stack.push_async_callback(source.close)

    with pytest.raises(PeerUnavailable):
        await source.fetch(CUSTOMER)


NO_ANSWERS: list[Any] = [
    b"",
    b"<html>Welcome</html>",
    b'{"results": [',
    b"\xff\xfe",
    [],
    {},
    None,
    5,
    "text",
    {"results": None, "records": None},
    {"id": None, "properties": {}},
    {"id": "512"},
    {"id": "512", "properties": []},
    {"id": "512", "properties": {}, "associations": {"deals": {}}},
    {"id": "512", "properties": {}, "associations": {"deals": {"results": [{"id": {}}]}}},
    {"totalSize": 1, "done": True},
    {"totalSize": 1, "done": True, "records": {}},
    {"totalSize": 1, "done": True, "records": ["a"]},
    {"totalSize": "many", "done": True, "records": []},
    {"totalSize": 1, "done": True, "records": [{"Id": "001"}]},
    {"totalSize": 1, "done": True, "records": [{"Opportunities": {"totalSize": 1}}]},
    {"totalSize": 9, "done": False, "records": []},
    {"totalSize": 9, "done": False, "records": [], "nextRecordsUrl": "@evil.example/"},
    {"totalSize": 9, "done": False, "records": [], "nextRecordsUrl": "/services/data/v62.0/q"},
]


@BOTH
@pytest.mark.parametrize("content", NO_ANSWERS, ids=repr)
async def test_what_is_no_answer_is_for_a_person_to_look_at(
    stack: AsyncExitStack, at: Open, content: Any
) -> None:
    source = await asked(stack, at, Troubling(Answer(200, content)))

    with pytest.raises(PeerRefused, match="answer"):
        await source.fetch(CUSTOMER)


def in_a_circle(request: Request) -> Answer:
    """A company whose deals never end."""
    onward = {"paging": {"next": {"after": "A"}}}
    if request.method == "GET":
        deals = {"results": [{"id": "1"}], **onward}
        return Answer(200, {"id": "512", "properties": {}, "associations": {"deals": deals}})
    return Answer(200, {"results": [{"from": {"id": "512"}, "to": [{"toObjectId": 1}], **onward}]})


async def test_pages_that_never_end_are_refused(stack: AsyncExitStack) -> None:
    source = await asked(stack, hubspot_at, in_a_circle)

    with pytest.raises(PeerRefused, match="go round in a circle"):
        await source.fetch(CUSTOMER)


@pytest.mark.parametrize(
    ("sign_in", "error"),
    [
        (Answer(401, {"error": "invalid_client"}), PeerRefused),
        (Answer(400, b"<html>"), PeerRefused),
        (Answer(200, b"<html>"), PeerRefused),
        (Answer(200, {"access_token": "t"}), PeerRefused),
        (Answer(200, {"access_token": "", "instance_url": "http://a.example"}), PeerRefused),
        (Answer(200, {"access_token": "t", "instance_url": "file:///etc"}), PeerRefused),
        (Answer(503, b""), PeerUnavailable),
        (Answer(429, b"", {"Retry-After": "7"}), PeerUnavailable),
        (Answer(200, b"{}", after=30), PeerUnavailable),
    ],
)
async def test_a_sign_in_goes_wrong_in_the_same_two_ways(
    stack: AsyncExitStack, sign_in: Answer, error: type[Exception]
) -> None:
    at = in_a_hurry(salesforce_at) if sign_in.after else salesforce_at
    source = await asked(stack, at, lambda _: sign_in)

    with pytest.raises(error):
        await source.fetch(CUSTOMER)


async def test_a_task_that_salesforce_does_not_write_is_an_error(stack: AsyncExitStack) -> None:
    def half(request: Request) -> Answer:
        if request.path.endswith("/token"):
            return Answer(200, {"access_token": "t", "instance_url": f"http://{host(request)}"})
        if request.method == "POST":
            errors = [{"statusCode": "FIELD_INTEGRITY_EXCEPTION", "message": "", "fields": []}]
            return Answer(200, {"success": False, "errors": errors})
        record = {"Id": "001", "Tasks": None}
        return Answer(200, {"totalSize": 1, "done": True, "records": [record]})

    source = await asked(stack, salesforce_at, half)

    with pytest.raises(PeerRefused, match="FIELD_INTEGRITY_EXCEPTION"):
        await source.open_task("C-1", "Call", "", "erin@firm.example", "K")


def host(request: Request) -> str:
    return request.headers["host"]
