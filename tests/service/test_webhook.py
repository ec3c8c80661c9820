"""Orders to the service: signed, repeatable, and clear about what each answer means."""

import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from integrations.service.switch import ServiceSwitch
from integrations.service.webhook import ServiceWebhook, _webhook_id
from models.errors import PeerRefused, PeerUnavailable, SettingInvalid
from models.service import ServiceAct, ServiceOrder
from tests.alerts.receiver import Receiver, nobody_at

# 32 octets each; made up.
NEW = "whsec_bmV3LXNlY3JldC1vZi0zMi1vY3RldHMtZm9yLXRlc3Q="
OLD = "whsec_b2xkLXNlY3JldC1vZi0zMi1vY3RldHMtZm9yLXRlc3Q="
FOREIGN = "whsec_Zm9yZWlnbi1zZWNyZXQtMzItb2N0ZXRzLWZvci1pdCE="


@asynccontextmanager
async def service(url: str, *secrets: str, **told: Any) -> AsyncIterator[ServiceWebhook]:
    webhook = ServiceWebhook(url, secrets or (NEW,), **told)
    try:
        yield webhook
    finally:
        await webhook.close()


def an_order(**changes: Any) -> ServiceOrder:
    values: dict[str, Any] = {
        "key": "C-17/suspend/1",
        "act": ServiceAct.SUSPEND,
        "customer_id": "C-17",
        "invoice_ids": ("INV-1042", "INV-1050"),
        "why": "45 days past due; decided by Ines Calder, “Ærø”",
        "at": datetime(2026, 3, 12, 8, 30, tzinfo=UTC),
    }
    return ServiceOrder(**{**values, **changes})


async def test_an_order_is_posted_as_typed_json(receiver: Receiver) -> None:
    async with service(receiver.url("/orders")) as webhook:
        switch: ServiceSwitch = webhook
        await switch.tell(an_order())

    (request,) = receiver.requests
    assert (request.method, request.target) == ("POST", "/orders")
    assert request.headers["content-type"] == "application/json"
    assert request.json == {
        "type": "service.suspend",
        "timestamp": "2026-03-12T08:30:00Z",
        "data": {
            "customer_id": "C-17",
            "invoice_ids": ["INV-1042", "INV-1050"],
            "reason": "45 days past due; decided by Ines Calder, “Ærø”",
        },
    }


async def test_a_restoration_is_a_type_of_its_own_and_times_are_utc(receiver: Receiver) -> None:
    at = datetime(2026, 3, 12, 10, 30, 0, 250_000, timezone(timedelta(hours=2)))
    async with service(receiver.url()) as webhook:
        await webhook.tell(an_order(act=ServiceAct.RESTORE, at=at, invoice_ids=()))

    said = receiver.requests[0].json
    assert said["type"] == "service.restore"
    assert said["timestamp"] == "2026-03-12T08:30:00.250000Z"
    assert said["data"]["invoice_ids"] == []


async def test_the_package_verifies_what_was_sent(receiver: Receiver) -> None:
    async with service(receiver.url()) as webhook:
        await webhook.tell(an_order())

    (request,) = receiver.requests
    assert Webhook(NEW).verify(request.body, request.headers) == request.json
    with pytest.raises(WebhookVerificationError):
        Webhook(FOREIGN).verify(request.body, request.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(request.body.replace(b"C-17", b"C-18"), request.headers)


async def test_the_time_is_that_of_the_attempt(receiver: Receiver) -> None:
    before = int(datetime.now(UTC).timestamp())
    async with service(receiver.url()) as webhook:
        await webhook.tell(an_order())

    assert before <= int(receiver.requests[0].headers["webhook-timestamp"]) <= before + 60


async def test_while_a_secret_is_changed_both_verify(receiver: Receiver) -> None:
    async with service(receiver.url(), NEW, OLD) as webhook:
        await webhook.tell(an_order())

    (request,) = receiver.requests
    signatures = request.headers["webhook-signature"].split(" ")
    assert len(signatures) == 2
    assert all(one.startswith("v1,") for one in signatures)
    for secret in (NEW, OLD):
        Webhook(secret).verify(request.body, request.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(FOREIGN).verify(request.body, request.headers)


async def test_told_again_an_order_has_the_same_id_and_body(receiver: Receiver) -> None:
    for _ in range(2):
        async with service(receiver.url()) as webhook:
            await webhook.tell(an_order())
    async with service(receiver.url()) as webhook:
        await webhook.tell(an_order(key="C-17/suspend/2"))

    first, again, other = receiver.requests
    assert first.headers["webhook-id"] == again.headers["webhook-id"]
    assert first.body == again.body
    assert first.headers["webhook-id"] != other.headers["webhook-id"]


@given(key=st.text(st.characters(exclude_categories=["Cs"])))
def test_an_id_is_fit_for_a_header_and_a_signature(key: str) -> None:
    webhook_id = _webhook_id(key)

    assert webhook_id.isascii()
    assert webhook_id.replace("_", "").isalnum(), "a full stop would make the signature ambiguous"
    assert webhook_id == _webhook_id(key)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_2xx_is_a_yes(receiver: Receiver, status: int) -> None:
    receiver.status = status
    async with service(receiver.url()) as webhook:
        await webhook.tell(an_order())


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 410, 422])
async def test_a_refusal_is_for_good(receiver: Receiver, status: int) -> None:
    receiver.status = status
    async with service(receiver.url()) as webhook:
        with pytest.raises(PeerRefused, match=f"The service webhook refuses: {status}"):
            await webhook.tell(an_order())

    assert len(receiver.requests) == 1


async def test_trouble_of_the_receiver_is_for_now(receiver: Receiver) -> None:
    async with service(receiver.url()) as webhook:
        for status, after in ((500, None), (503, timedelta(minutes=2)), (429, timedelta(0))):
            receiver.status = status
            receiver.headers = (
                {} if after is None else {"Retry-After": str(int(after.total_seconds()))}
            )
            with pytest.raises(PeerUnavailable, match=str(status)) as caught:
                await webhook.tell(an_order())
            assert caught.value.retry_after == after


async def test_no_answer_and_no_server_are_for_now(receiver: Receiver) -> None:
    receiver.silent = True
    async with service(receiver.url(), timeout=httpx.Timeout(0.2)) as webhook:
        with pytest.raises(PeerUnavailable, match="no answer in time"):
            await webhook.tell(an_order())
    async with service(await nobody_at()) as webhook:
        with pytest.raises(PeerUnavailable, match="ConnectError"):
            await webhook.tell(an_order())


@pytest.mark.parametrize(
    "secret",
    [
        "", "bmV3LXNlY3JldC1vZi0zMi1vY3RldHMtZm9yLXRlc3Q=", "whsec_", "whsec_c2hvcnQ=",
        "whsec_not-base64-but-of-some-length-all-the-same", NEW.replace("bmV3", "bmV3\n"),
        f"{NEW}, {OLD}", "whsk_bmV3LXNlY3JldC1vZi0zMi1vY3RldHMtZm9yLXRlc3Q=", f"whsec_{'A' * 89}",
        f"whsec_{'A' * 88}",
    ],
)  # fmt: skip
def test_a_secret_that_is_none_is_told_with_its_remedy_and_not_quoted(secret: str) -> None:
    with pytest.raises(SettingInvalid, match="openssl rand") as caught:
        ServiceWebhook("https://service.example/orders", (NEW, secret))

    assert caught.value.variable == "DUNLIN_SERVICE_WEBHOOK_SECRETS"
    # No error of a decoder hangs on it that would quote what it was given.
    assert caught.value.__context__ is None
    written = secret.removeprefix("whsec_")
    assert not written or written not in str(caught.value)
    assert NEW not in str(caught.value)


@pytest.mark.parametrize(
    "secret", [NEW, NEW.rstrip("="), f" {NEW}\n", f"whsec_{'A' * 32}", f"whsec_{'A' * 86}"]
)
async def test_a_secret_may_lack_its_padding_and_have_blanks_around(secret: str) -> None:
    async with service("https://service.example/orders", secret) as webhook:
        assert secret.strip() not in repr(vars(webhook))


def test_there_must_be_a_secret() -> None:
    with pytest.raises(SettingInvalid, match="DUNLIN_SERVICE_WEBHOOK_SECRETS"):
        ServiceWebhook("https://service.example/orders", ())


@pytest.mark.parametrize(
    "url", ["", "service.example/orders", "ftp://x/y", "https://", "http:// x"]
)
def test_what_is_no_web_address_is_told_by_its_variable(url: str) -> None:
    with pytest.raises(SettingInvalid, match="DUNLIN_SERVICE_WEBHOOK_URL"):
        ServiceWebhook(url, (NEW,))


async def test_the_secret_is_in_no_log_and_no_error(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    said = []
    with caplog.at_level(logging.DEBUG):
        async with service(receiver.url(), NEW, OLD) as webhook:
            said.append(repr(webhook))
            for status in (200, 401, 500):
                receiver.status = status
                try:
                    await webhook.tell(an_order())
                except (PeerRefused, PeerUnavailable) as error:
                    said += traceback.format_exception(error)

    said += caplog.messages
    for secret in (NEW, OLD):
        assert not [line for line in said if secret.removeprefix("whsec_").rstrip("=") in line]
