"""Whatever goes wrong is one of two: ask again, or a person has to look; and nothing is quoted."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from integrations.charging import GoCardlessCharging, PaymentProvider, StripeCharging
from models.charging import ChargeAnswer, ChargeOrder
from models.errors import PeerRefused, PeerUnavailable
from tests.charging import fake_gocardless, fake_stripe
from tests.charging.orders import by_card, by_mandate
from tests.crm.http_server import LOOPBACK, Answer, Request, Service, serving

Try = Callable[[Service], Awaitable[ChargeAnswer]]
_NONE = Answer(200, {"data": [], "payments": []})
_SECRETS = ("Bob", "secret", "rk_live", "119", "pm_1", "MD1", "INV-7")


def _by_stripe(url: str) -> tuple[PaymentProvider, ChargeOrder]:
    return StripeCharging("rk_live_secret", base_url=url), by_card()


def _by_gocardless(url: str) -> tuple[PaymentProvider, ChargeOrder]:
    return GoCardlessCharging("rk_live_secret", base_url=url), by_mandate()


@pytest.fixture(params=[_by_stripe, _by_gocardless], ids=["stripe", "gocardless"])
def at(request: pytest.FixtureRequest) -> Callable[[str], tuple[PaymentProvider, ChargeOrder]]:
    made: Callable[[str], tuple[PaymentProvider, ChargeOrder]] = request.param
    return made


@pytest.fixture
async def charge(
    at: Callable[[str], tuple[PaymentProvider, ChargeOrder]],
) -> AsyncIterator[Try]:
    """Charges at a provider that answers so."""
    async with AsyncExitStack() as stack:

        async def asked(service: Service) -> ChargeAnswer:
            url = await stack.enter_async_context(serving(service))
            provider, order = at(url)
            stack.push_async_callback(provider.close)
            return await provider.charge(order)

        yield asked


def to_an_order(answer: Answer) -> Service:
    """A provider that knows of nothing, and answers this to an order."""
    return lambda request: answer if request.method == "POST" else _NONE


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 302])
async def test_what_is_refused_is_refused_and_nothing_is_quoted(charge: Try, status: int) -> None:
    body = {"error": {"message": "Bob's secret card", "type": "x_type", "errors": []}}

    with pytest.raises(PeerRefused, match=str(status)) as refused:
        await charge(to_an_order(Answer(status, body)))
    assert not [one for one in _SECRETS if one in str(refused.value)]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 409, 408])
async def test_who_is_away_or_busy_is_asked_again(charge: Try, status: int) -> None:
    body = {"error": {"message": "Bob's secret card", "type": "x_type", "code": "lock_timeout"}}

    with pytest.raises(PeerUnavailable, match=str(status)) as away:
        await charge(to_an_order(Answer(status, body, {"Retry-After": "7"})))
    assert not [one for one in _SECRETS if one in str(away.value)]
    assert status == 409 or away.value.retry_after == timedelta(seconds=7)


async def test_nothing_is_charged_where_it_is_not_known_whether_it_was(charge: Try) -> None:
    asked: list[Request] = []

    def away(request: Request) -> Answer:
        asked.append(request)
        return Answer(503)

    with pytest.raises(PeerUnavailable):
        await charge(away)
    assert [one.method for one in asked] == ["GET"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>Bob's secret card</html>",
        [],
        {},
        {"id": "pi_1"},
        {"id": "", "status": "succeeded", "amount": 1, "currency": "usd", "created": 1},
        {"id": "pi_1", "status": "succeeded", "amount": "Bob", "currency": "usd", "created": 1},
        {"payments": None},
        {"payments": {"id": "PM1", "status": "submitted", "amount": "Bob", "currency": "GBP"}},
    ],
    ids=repr,
)
async def test_what_is_no_answer_is_for_a_person_to_look_at(charge: Try, content: Any) -> None:
    with pytest.raises(PeerRefused, match="answer is") as refused:
        await charge(to_an_order(Answer(200, content)))
    assert "Bob" not in str(refused.value)


async def test_pages_that_never_end_are_refused(charge: Try) -> None:
    intent = {"id": "pi_1", "status": "processing", "amount": 1, "currency": "usd", "created": 1}
    payment = {"id": "PM1", "status": "submitted", "amount": 1, "currency": "GBP"}
    onward = {"meta": {"cursors": {"after": "PM1"}}, "has_more": True}

    with pytest.raises(PeerRefused, match="never end"):
        await charge(lambda _: Answer(200, {"data": [intent], "payments": [payment], **onward}))


async def test_nobody_at_home_may_be_back_later(
    at: Callable[[str], tuple[PaymentProvider, ChargeOrder]],
) -> None:
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        provider, order = at(f"http://{LOOPBACK}:{free.getsockname()[1]}")

    with pytest.raises(PeerUnavailable):
        await provider.charge(order)
    await provider.close()


async def test_a_key_that_stripe_does_not_take_is_refused() -> None:
    async with serving(fake_stripe.FakeStripe()) as url:
        provider = StripeCharging("rk_of_another", base_url=url)
        with pytest.raises(PeerRefused, match="401"):
            await provider.charge(by_card())
        await provider.close()


async def test_a_token_that_gocardless_does_not_take_is_refused() -> None:
    async with serving(fake_gocardless.FakeGoCardless()) as url:
        provider = GoCardlessCharging("token_of_another", base_url=url)
        with pytest.raises(PeerRefused, match="401"):
            await provider.charge(by_mandate())
        await provider.close()


async def test_a_decline_without_a_payment_is_a_decline() -> None:
    why = {"type": "card_error", "code": "card_declined", "decline_code": "lost_card"}
    async with serving(to_an_order(Answer(402, {"error": why}))) as url:
        provider = StripeCharging("k", base_url=url)
        answer = await provider.charge(by_card())
        await provider.close()

    assert (answer.payment_id, answer.code, answer.is_final) == ("", "lost_card", True)
