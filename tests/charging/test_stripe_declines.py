"""What a card's no means: never again, not before a day, or the customer's turn."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integrations.charging import StripeCharging
from models.charging import ChargeAnswer, ChargeState
from models.errors import PeerRefused
from tests.charging.fake_stripe import Card, FakeStripe
from tests.charging.orders import by_card


def no(code: str, *, final: bool, retry_on: date | None = None) -> ChargeAnswer:
    return ChargeAnswer(
        state=ChargeState.DECLINED,
        payment_id="pi_1",
        code=code,
        is_final=final,
        retry_on=retry_on,
    )


async def charged(stripe: FakeStripe, by_stripe: StripeCharging, card: Card) -> ChargeAnswer:
    stripe.cards["pm_1"] = card
    return await by_stripe.charge(by_card())


@pytest.mark.parametrize(
    "code",
    [
        *("insufficient_funds", "generic_decline", "do_not_honor", "processing_error"),
        *("try_again_later", "issuer_not_available", "card_velocity_exceeded"),
    ],
)
async def test_a_soft_decline_may_be_asked_again(
    stripe: FakeStripe, by_stripe: StripeCharging, code: str
) -> None:
    assert await charged(stripe, by_stripe, Card(code=code)) == no(code, final=False)
    assert stripe.charged == []


@pytest.mark.parametrize(
    "code",
    [
        *("lost_card", "stolen_card", "pickup_card", "expired_card", "incorrect_number"),
        *("fraudulent", "revocation_of_authorization", "stop_payment_order", "invalid_account"),
        *("transaction_not_allowed", "a_code_of_next_year"),
    ],
)
async def test_a_hard_decline_is_final_and_so_is_one_that_nobody_knows(
    stripe: FakeStripe, by_stripe: StripeCharging, code: str
) -> None:
    assert await charged(stripe, by_stripe, Card(code=code)) == no(code, final=True)


async def test_a_hard_decline_is_never_asked_again_with_the_same_order(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    first = await charged(stripe, by_stripe, Card(code="stolen_card"))
    stripe.cards["pm_1"] = Card()
    stripe.later = timedelta(days=3)

    assert await by_stripe.charge(by_card()) == first
    assert await by_stripe.look_up(by_card()) == first
    assert len(stripe.intents) == 1
    assert stripe.charged == []


@pytest.mark.parametrize(
    ("advice", "network", "final"),
    [
        ("try_again_later", "", False),
        ("do_not_try_again", "", True),
        ("confirm_card_data", "", True),
        ("", "02", False),
        ("", "03", True),
        ("", "21", True),
        ("try_again_later", "03", True),
    ],
)
async def test_advice_can_forbid_what_the_code_would_allow(
    stripe: FakeStripe, by_stripe: StripeCharging, advice: str, network: str, final: bool
) -> None:
    card = Card(code="do_not_honor", advice=advice, network=network)

    assert await charged(stripe, by_stripe, card) == no("do_not_honor", final=final)


async def test_advice_allows_nothing_that_the_code_forbids(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    card = Card(code="stolen_card", advice="try_again_later", network="24")

    assert await charged(stripe, by_stripe, card) == no("stolen_card", final=True)


@pytest.mark.parametrize(
    ("network", "days"),
    [("24", 1), ("25", 1), ("26", 2), ("27", 4), ("28", 6), ("29", 8), ("30", 10)],
)
async def test_the_network_may_say_from_when_on(
    stripe: FakeStripe, by_stripe: StripeCharging, network: str, days: int
) -> None:
    answer = await charged(stripe, by_stripe, Card(code="insufficient_funds", network=network))

    today = datetime.fromtimestamp(stripe.intents["pi_1"]["created"], UTC).date()
    assert answer == no("insufficient_funds", final=False, retry_on=today + timedelta(days=days))


async def test_a_card_that_wants_its_holder_waits_for_the_customer(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    answer = await charged(stripe, by_stripe, Card(code="authentication_required"))

    assert answer == ChargeAnswer(
        state=ChargeState.NEEDS_CUSTOMER, payment_id="pi_1", code="authentication_required"
    )
    assert await by_stripe.charge(by_card()) == answer


@pytest.mark.parametrize(
    ("next_action", "link"),
    [
        (
            {
                "type": "redirect_to_url",
                "redirect_to_url": {"url": "https://hooks.example/3ds", "return_url": None},
            },
            "https://hooks.example/3ds",
        ),
        (
            {
                "type": "verify_with_microdeposits",
                "verify_with_microdeposits": {"hosted_verification_url": "https://pay.example/m"},
            },
            "https://pay.example/m",
        ),
        ({"type": "use_stripe_sdk", "use_stripe_sdk": {}}, ""),
        (None, ""),
    ],
)
async def test_the_customer_gets_a_link_where_there_is_one(
    stripe: FakeStripe, by_stripe: StripeCharging, next_action: dict[str, Any] | None, link: str
) -> None:
    card = Card(status="requires_action", next_action=next_action)

    answer = await charged(stripe, by_stripe, card)

    assert (answer.state, answer.link) == (ChargeState.NEEDS_CUSTOMER, link)


@pytest.mark.parametrize(
    ("status", "state"),
    [("processing", ChargeState.PROCESSING), ("canceled", ChargeState.CANCELLED)],
)
async def test_a_debit_is_under_way_and_somebody_may_cancel_it(
    stripe: FakeStripe, by_stripe: StripeCharging, status: str, state: ChargeState
) -> None:
    answer = await charged(stripe, by_stripe, Card(status=status))

    assert answer == ChargeAnswer(state=state, payment_id="pi_1")


async def test_a_debit_that_failed_days_later_is_a_decline(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    await charged(stripe, by_stripe, Card(status="processing"))
    stripe.intents["pi_1"] |= {
        "status": "requires_payment_method",
        "last_payment_error": {"code": "debit_not_authorized"},
    }

    assert await by_stripe.look_up(by_card()) == no("debit_not_authorized", final=True)


async def test_a_card_that_stripe_does_not_know_is_gone(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    answer = await by_stripe.charge(by_card(reference="pm_9"))

    assert answer == ChargeAnswer(
        state=ChargeState.DECLINED, payment_id="", code="resource_missing", is_final=True
    )


async def test_a_state_that_nobody_expects_is_for_a_person(
    stripe: FakeStripe, by_stripe: StripeCharging
) -> None:
    with pytest.raises(PeerRefused, match="nobody expects"):
        await charged(stripe, by_stripe, Card(status="requires_capture"))
