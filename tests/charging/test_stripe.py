"""A card at Stripe is charged once for one order, whatever happens on the way."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from integrations.charging import StripeCharging
from integrations.charging.stripe import API_VERSION
from models.charging import ChargeAnswer, ChargeState
from models.errors import PeerRefused, PeerUnavailable
from tests.charging.fake_stripe import Card, FakeStripe
from tests.charging.orders import by_card
from tests.crm.http_server import Request

SUCCEEDED = ChargeAnswer(state=ChargeState.SUCCEEDED, payment_id="pi_1")
ONE_CHARGE = [("cus_1", 11900, "usd")]
_A_DAY_LATER = timedelta(hours=25)


def posted(stripe: FakeStripe) -> list[Request]:
    return [one for one in stripe.requests if one.method == "POST"]


async def test_an_order_is_carried_out(stripe: FakeStripe, by_stripe: StripeCharging) -> None:
    assert await by_stripe.charge(by_card()) == SUCCEEDED
    assert stripe.charged == ONE_CHARGE


async def test_stripe_is_told_what_the_charge_is_for_and_nothing_of_the_customer(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    await by_stripe.charge(by_card())

    [sent] = posted(stripe)
    assert sent.form == {
        "amount": "11900",
        "currency": "usd",
        "customer": "cus_1",
        "payment_method": "pm_1",
        "off_session": "true",
        "confirm": "true",
        "automatic_payment_methods[enabled]": "true",
        "automatic_payment_methods[allow_redirects]": "never",
        "description": "Invoice 2026-0007",
        "metadata[dunlin_invoice_id]": "INV-7",
        "metadata[dunlin_key]": "INV-7/first-notice/1/1",
    }
    assert sent.headers["idempotency-key"] == "INV-7/first-notice/1/1"
    assert {one.headers["stripe-version"] for one in stripe.requests} == {API_VERSION}


async def test_asked_twice_it_is_charged_once(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    await by_stripe.charge(by_card())

    assert await by_stripe.charge(by_card()) == SUCCEEDED
    assert stripe.charged == ONE_CHARGE


async def test_the_next_attempt_is_another_charge(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    await by_stripe.charge(by_card("INV-7/first-notice/1/1"))
    await by_stripe.charge(by_card("INV-7/first-notice/1/2"))

    assert stripe.charged == ONE_CHARGE * 2


async def test_a_charge_that_timed_out_and_in_truth_succeeded_is_not_charged_again(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    stripe.silent_for = 30
    with pytest.raises(PeerUnavailable, match="no answer in time"):
        await by_stripe.charge(by_card())
    stripe.silent_for = 0

    assert await by_stripe.look_up(by_card()) == SUCCEEDED
    assert await by_stripe.charge(by_card()) == SUCCEEDED
    assert stripe.charged == ONE_CHARGE


async def test_a_list_that_lags_is_no_harm_while_the_key_lives(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    await by_stripe.charge(by_card())
    stripe.lags = True

    assert await by_stripe.charge(by_card()) == SUCCEEDED
    assert stripe.charged == ONE_CHARGE


async def test_what_is_replayed_is_read_again(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    stripe.cards["pm_1"] = Card(status="processing")
    first = await by_stripe.charge(by_card())
    stripe.intents["pi_1"]["status"] = "succeeded"
    stripe.lags = True

    assert first.state is ChargeState.PROCESSING
    assert await by_stripe.charge(by_card()) == SUCCEEDED


async def test_a_key_that_has_expired_is_looked_up_first(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    stripe.silent_for = 30
    with pytest.raises(PeerUnavailable):
        await by_stripe.charge(by_card())
    stripe.silent_for, stripe.later = 0, _A_DAY_LATER

    assert await by_stripe.charge(by_card()) == SUCCEEDED
    assert stripe.charged == ONE_CHARGE


async def test_it_is_found_among_many_others(stripe: FakeStripe, by_stripe: StripeCharging) -> None:
    for number in range(5):
        await by_stripe.charge(by_card(f"INV-7/first-notice/1/{number}"))
    stripe.page = 2
    stripe.later = _A_DAY_LATER

    assert await by_stripe.charge(by_card("INV-7/first-notice/1/0")) == SUCCEEDED
    assert len(stripe.charged) == 5


async def test_two_at_once_are_one_charge(stripe: FakeStripe, by_stripe: StripeCharging) -> None:
    answers = await asyncio.gather(*(by_stripe.charge(by_card()) for _ in range(5)))

    assert answers == [SUCCEEDED] * 5
    assert stripe.charged == ONE_CHARGE


async def test_a_charge_that_was_made_but_never_tried_is_tried_when_its_key_is_forgotten(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    stripe.breaks = True
    with pytest.raises(PeerUnavailable, match="500"):
        await by_stripe.charge(by_card())
    stripe.breaks = False
    with pytest.raises(PeerUnavailable, match="500"):  # Stripe answers the key as it did
        await by_stripe.charge(by_card())
    found = await by_stripe.look_up(by_card())
    stripe.intents["pi_1"]["created"] -= 25 * 3600

    assert found == ChargeAnswer(state=ChargeState.STARTED, payment_id="pi_1")
    assert await by_stripe.charge(by_card()) == SUCCEEDED
    assert stripe.charged == ONE_CHARGE
    assert stripe.calls[-1] == "POST /v1/payment_intents/pi_1/confirm"


async def test_who_is_overtaken_asks_again_and_finds_what_the_other_did(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    stripe.breaks = True
    with pytest.raises(PeerUnavailable):
        await by_stripe.charge(by_card())
    stripe.breaks = False
    stripe.intents["pi_1"]["created"] -= 25 * 3600
    stripe.overtakes = True

    with pytest.raises(PeerUnavailable, match="payment_intent_unexpected_state"):
        await by_stripe.charge(by_card())
    assert await by_stripe.charge(by_card()) == SUCCEEDED
    assert stripe.charged == ONE_CHARGE


async def test_a_charge_of_long_ago_is_found_by_search(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    await by_stripe.charge(by_card())
    stripe.intents["pi_1"]["created"] -= 200 * 86400

    assert await by_stripe.look_up(by_card()) == SUCCEEDED
    stripe.has_search = False
    assert await by_stripe.look_up(by_card()) is None


async def test_a_charge_is_looked_up_by_its_id(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    await by_stripe.charge(by_card())

    assert await by_stripe.look_up(by_card("unknown"), "pi_1") == SUCCEEDED
    assert await by_stripe.look_up(by_card(), "pi_9") is None
    assert await by_stripe.look_up(by_card("unknown")) is None


@pytest.mark.parametrize("lags", [False, True], ids=["known", "by the key alone"])
async def test_an_order_that_was_changed_under_its_key_is_refused(
    stripe: FakeStripe, by_stripe: StripeCharging, lags: bool
) -> None:
    await by_stripe.charge(by_card())
    stripe.lags = lags

    with pytest.raises(PeerRefused):
        await by_stripe.charge(by_card(amount=Decimal(120)))
    assert stripe.charged == ONE_CHARGE


@pytest.mark.parametrize("key", ["x" * 256, "Müller & Söhne/1", 'a"b', "a b", "é"])
async def test_a_long_or_odd_key_is_hashed_and_found_again(
    stripe: FakeStripe, by_stripe: StripeCharging, key: str
) -> None:
    await by_stripe.charge(by_card(key))
    stripe.later = _A_DAY_LATER

    assert await by_stripe.charge(by_card(key)) == SUCCEEDED
    assert posted(stripe)[0].headers["idempotency-key"].startswith("sha256:")
    assert stripe.charged == ONE_CHARGE
    stripe.intents["pi_1"]["created"] -= 200 * 86400
    assert await by_stripe.look_up(by_card(key)) == SUCCEEDED


@pytest.mark.parametrize(
    ("amount", "currency", "units"),
    [
        ("119.00", "USD", 11900),
        ("0.50", "EUR", 50),
        ("119.0000", "EUR", 11900),
        ("500", "JPY", 500),
        ("500.00", "JPY", 500),
        ("5.12", "KWD", 5120),
        ("5.120", "KWD", 5120),
        ("5", "ISK", 500),
        ("5", "UGX", 500),
        ("10.45", "HUF", 1045),
        ("12345678901.23", "COP", 1234567890123),
    ],
)
async def test_an_amount_is_sent_in_the_smallest_unit(
    stripe: FakeStripe, by_stripe: StripeCharging, amount: str, currency: str, units: int
) -> None:
    await by_stripe.charge(by_card(amount=Decimal(amount), currency=currency))

    assert stripe.charged == [("cus_1", units, currency.lower())]


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("119.005", "USD"),
        ("500.5", "JPY"),
        ("5.125", "KWD"),
        ("5.5", "ISK"),
        ("5.01", "UGX"),
        ("0", "USD"),
        ("-5", "USD"),
    ],
)
async def test_an_amount_that_does_not_fit_is_refused_before_anything_is_sent(
    stripe: FakeStripe, by_stripe: StripeCharging, amount: str, currency: str
) -> None:
    with pytest.raises(PeerRefused, match="smallest unit"):
        await by_stripe.charge(by_card(amount=Decimal(amount), currency=currency))
    assert stripe.requests == []


async def test_a_card_of_nobody_is_not_charged(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    with pytest.raises(PeerRefused, match="no customer"):
        await by_stripe.charge(by_card(holder=""))
    assert stripe.requests == []
