"""Posting to a chat's webhook: what is sent, what each answer means, and what stays secret."""

import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from integrations.alerts.channel import AlertChannel
from integrations.alerts.slack import SlackAlerts
from models.errors import PeerRefused, PeerUnavailable, SettingInvalid
from tests.alerts.notices import a_line, a_notice, a_part
from tests.alerts.receiver import Receiver, nobody_at

SECRET = "/services/T000/B000/s3cr3t-t0k3n"
_IMPATIENT = httpx.Timeout(0.2)


@asynccontextmanager
async def alerts(url: str, **told: Any) -> AsyncIterator[SlackAlerts]:
    channel = SlackAlerts(url, **told)
    try:
        yield channel
    finally:
        await channel.close()


def everything_said(error: BaseException) -> str:
    """The error as a log would have it, with all that led to it."""
    return "".join((*traceback.format_exception(error), str(error), repr(error)))


async def test_a_notice_is_posted_as_json(receiver: Receiver) -> None:
    async with alerts(receiver.url(SECRET)) as channel:
        as_any: AlertChannel = channel
        await as_any.deliver(a_notice(a_part("", a_line("Łódź <Co>"))))

    (request,) = receiver.requests
    assert (request.method, request.target) == ("POST", SECRET)
    assert request.headers["content-type"] == "application/json"
    assert request.json["text"].endswith("• Łódź &lt;Co&gt;")
    assert request.json["blocks"][1]["text"]["text"] == "• Łódź &lt;Co&gt;"


async def test_a_known_member_is_called_whatever_case_his_address_has(receiver: Receiver) -> None:
    members = {"Mara@Harbour.example": "U012AB3CD"}
    async with alerts(receiver.url(SECRET), members=members) as channel:
        await channel.deliver(a_notice(recipient="mara@harbour.EXAMPLE"))
        await channel.deliver(a_notice(recipient="jo@harbour.example"))

    called, named = (request.json["text"].splitlines()[1] for request in receiver.requests)
    assert (called, named) == ("For <@U012AB3CD>", "For jo@harbour.example")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 302])
async def test_a_refusal_is_for_good(receiver: Receiver, status: int) -> None:
    receiver.status = status
    async with alerts(receiver.url(SECRET)) as channel:
        with pytest.raises(PeerRefused, match=rf"The chat webhook refuses: {status}"):
            await channel.deliver(a_notice())

    assert len(receiver.requests) == 1


@pytest.mark.parametrize("status", [500, 503, 408])
async def test_trouble_of_the_chat_is_for_now(receiver: Receiver, status: int) -> None:
    receiver.status = status
    async with alerts(receiver.url(SECRET)) as channel:
        with pytest.raises(PeerUnavailable, match=str(status)) as caught:
            await channel.deliver(a_notice())

    assert caught.value.retry_after is None


async def test_too_many_messages_says_when_to_come_back(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": "30"}
    async with alerts(receiver.url(SECRET)) as channel:
        with pytest.raises(PeerUnavailable) as caught:
            await channel.deliver(a_notice())

    assert caught.value.retry_after == timedelta(seconds=30)


async def test_no_answer_and_no_server_are_for_now(receiver: Receiver) -> None:
    receiver.silent = True
    async with alerts(receiver.url(SECRET), timeout=_IMPATIENT) as channel:
        with pytest.raises(PeerUnavailable, match="no answer in time"):
            await channel.deliver(a_notice())
    async with alerts(await nobody_at()) as channel:
        with pytest.raises(PeerUnavailable, match="ConnectError"):
            await channel.deliver(a_notice())


@pytest.mark.parametrize(
    ("status", "silent"), [(200, False), (302, False), (404, False), (500, False), (200, True)]
)
async def test_the_url_is_in_no_log_error_or_repr(
    receiver: Receiver,
    status: int,
    silent: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    receiver.status, receiver.silent = status, silent
    receiver.headers = {"Location": receiver.url(SECRET)}
    url = receiver.url(SECRET).replace("//", "//robin:pa55word@")
    said = []
    with caplog.at_level(logging.DEBUG):
        async with alerts(url, timeout=_IMPATIENT) as channel:
            said.append(repr(channel) + str(channel))
            try:
                await channel.deliver(a_notice())
            except (PeerRefused, PeerUnavailable) as error:
                said.append(everything_said(error))

    said += [record.getMessage() for record in caplog.records]
    assert silent or any("HTTP Request: POST http" in line for line in said)
    assert not [line for line in said if "s3cr3t" in line or "pa55word" in line]


async def test_other_requests_are_logged_as_before(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        async with alerts(receiver.url(SECRET)), httpx.AsyncClient() as other:
            await other.get(receiver.url("/customers/7"))
        async with httpx.AsyncClient() as other:
            await other.get(receiver.url(SECRET))

    first, after = (line for line in caplog.messages if "HTTP Request" in line)
    assert "/customers/7" in first
    assert SECRET in after, "the channel is closed and leaves nothing behind"


@pytest.mark.parametrize(
    "url",
    [
        "", "s3cr3t", "ftp://hooks.example.com/s3cr3t", "https:///s3cr3t", "//hooks/s3cr3t",
        "https://hooks.example.com:s3cr3t/", "https://hooks.example.com/\x07s3cr3t",
        "https://[s3cr3t/", "https://hooks.example.com/\ud800s3cr3t",
        "https://discord.com/api/webhooks/1/s3cr3t",
    ],
)  # fmt: skip
def test_a_wrong_url_is_told_by_its_variable_and_not_quoted(url: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        SlackAlerts(url)

    assert caught.value.variable == "DUNLIN_SLACK_WEBHOOK"
    assert "s3cr3t" not in everything_said(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize("member", ["", "@mara", "U1> <!channel", "U012 AB3CD"])
def test_what_is_no_member_id_is_told_with_its_remedy(member: str) -> None:
    with pytest.raises(SettingInvalid, match="Copy member ID") as caught:
        SlackAlerts("https://hooks.example.com/x", members={"mara@harbour.example": member})

    assert caught.value.variable == "DUNLIN_SLACK_MEMBERS"


@pytest.mark.parametrize(
    ("url", "longest"),
    [
        ("https://hooks.slack.com/services/T/B/x", 4000),
        ("https://chat.example.com/hooks/x", 4000),
        ("https://discord.com/api/webhooks/1/x/slack", 2000),
        ("https://ptb.discord.com/api/webhooks/1/x/slack?wait=true", 2000),
        ("https://discordapp.com/api/webhooks/1/x/slack", 2000),
    ],
)
async def test_discord_takes_shorter_texts(url: str, longest: int) -> None:
    async with alerts(url) as channel:
        assert channel._longest == longest
