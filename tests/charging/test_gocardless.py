"""A mandate at GoCardless is debited once for one order, and its banks have their say."""

from decimal import Decimal

import pytest

from integrations.charging import GoCardlessCharging
from models.charging import ChargeAnswer, ChargeState
from models.errors import PeerRefused, PeerUnavailable
from models.vocabulary import Method
from tests.charging.fake_gocardless import FakeGoCardless
from tests.charging.orders import by_mandate

UNDER_WAY = ChargeAnswer(state=ChargeState.PROCESSING, payment_id="PM1")
ONE_DEBIT = [("MD1", 11900, "GBP")]


async def test_an_order_is_carried_out(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging
) -> None:
    assert await by_gocardless.charge(by_mandate()) == UNDER_WAY
    assert gocardless.ordered == ONE_DEBIT


async def test_gocardless_is_told_what_the_debit_is_for_and_not_to_repeat_it(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging
) -> None:
    await by_gocardless.charge(by_mandate())

    sent = gocardless.requests[-1]
    assert sent.json == {
        "payments": {
            "amount": 11900,
            "currency": "GBP",
            "description": "Invoice 2026-0007",
            "links": {"mandate": "MD1"},
            "metadata": {
                "dunlin_invoice_id": "INV-7",
                "dunlin_key": "INV-7/first-notice/1/1",
            },
            "retry_if_possible": False,
        }
    }
    assert sent.headers["idempotency-key"] == "INV-7/first-notice/1/1"


async def test_a_debit_that_timed_out_and_in_truth_was_ordered_is_not_ordered_again(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging
) -> None:
    gocardless.silent_for = 30
    with pytest.raises(PeerUnavailable, match="no answer in time"):
        await by_gocardless.charge(by_mandate())
    gocardless.silent_for = 0

    assert await by_gocardless.look_up(by_mandate()) == UNDER_WAY
    assert await by_gocardless.charge(by_mandate()) == UNDER_WAY
    assert gocardless.ordered == ONE_DEBIT


async def test_the_payment_that_a_conflict_names_is_the_answer(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging
) -> None:
    await by_gocardless.charge(by_mandate())
    gocardless.became("PM1", "confirmed")
    gocardless.lags = True

    answer = await by_gocardless.charge(by_mandate())

    assert answer == ChargeAnswer(state=ChargeState.SUCCEEDED, payment_id="PM1")
    assert gocardless.calls[-2:] == ["POST /payments", "GET /payments/PM1"]
    assert gocardless.ordered == ONE_DEBIT


async def test_a_conflict_with_a_payment_that_cannot_be_read_yet_is_asked_again_later(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging
) -> None:
    await by_gocardless.charge(by_mandate())
    gocardless.lags = gocardless.hides = True

    with pytest.raises(PeerUnavailable, match=r"409 idempotent_creation_conflict$"):
        await by_gocardless.charge(by_mandate())


async def test_a_key_that_has_expired_is_looked_up_first(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging
) -> None:
    for number in range(5):
        await by_gocardless.charge(by_mandate(f"INV-7/first-notice/1/{number}"))
    gocardless.keys.clear()
    gocardless.page = 2

    assert await by_gocardless.charge(by_mandate("INV-7/first-notice/1/0")) == UNDER_WAY
    assert len(gocardless.ordered) == 5


@pytest.mark.parametrize("lags", [False, True], ids=["known", "by the key alone"])
async def test_an_order_that_was_changed_under_its_key_is_refused(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging, lags: bool
) -> None:
    await by_gocardless.charge(by_mandate())
    gocardless.lags = lags

    with pytest.raises(PeerRefused, match="another amount"):
        await by_gocardless.charge(by_mandate(amount=Decimal(120)))
    assert gocardless.ordered == ONE_DEBIT


@pytest.mark.parametrize("key", ["x" * 101, "Müller & Söhne/1"])
async def test_a_long_or_odd_key_is_hashed_and_found_again(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging, key: str
) -> None:
    await by_gocardless.charge(by_mandate(key))
    gocardless.keys.clear()

    assert await by_gocardless.charge(by_mandate(key)) == UNDER_WAY
    assert gocardless.ordered == ONE_DEBIT


@pytest.mark.parametrize(
    ("status", "state", "code", "is_final"),
    [
        ("pending_customer_approval", ChargeState.NEEDS_CUSTOMER, "", False),
        ("pending_submission", ChargeState.PROCESSING, "", False),
        ("submitted", ChargeState.PROCESSING, "", False),
        ("confirmed", ChargeState.SUCCEEDED, "", False),
        ("paid_out", ChargeState.SUCCEEDED, "", False),
        ("cancelled", ChargeState.CANCELLED, "", False),
        ("customer_approval_denied", ChargeState.DECLINED, "customer_approval_denied", True),
        ("charged_back", ChargeState.DECLINED, "charged_back", True),
        ("failed", ChargeState.DECLINED, "failed", True),
    ],
)
async def test_what_became_of_a_debit(
    gocardless: FakeGoCardless,
    by_gocardless: GoCardlessCharging,
    status: str,
    state: ChargeState,
    code: str,
    is_final: bool,
) -> None:
    await by_gocardless.charge(by_mandate())
    gocardless.became("PM1", status)

    wanted = ChargeAnswer(state=state, payment_id="PM1", code=code, is_final=is_final)
    assert await by_gocardless.look_up(by_mandate()) == wanted
    assert await by_gocardless.look_up(by_mandate("unknown"), "PM1") == wanted


@pytest.mark.parametrize(
    ("cause", "is_final"),
    [
        ("insufficient_funds", False),
        ("refer_to_payer", False),
        ("bank_account_closed", True),
        ("authorisation_disputed", True),
        ("mandate_cancelled", True),
        ("other", True),
    ],
)
async def test_why_it_failed_says_whether_it_may_be_asked_again(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging, cause: str, is_final: bool
) -> None:
    await by_gocardless.charge(by_mandate())
    gocardless.became("PM1", "failed", cause)

    answer = await by_gocardless.look_up(by_mandate())

    assert answer is not None
    assert (answer.code, answer.is_final) == (cause, is_final)


@pytest.mark.parametrize(
    "reason",
    ["mandate_is_inactive", "mandate_replaced", "bank_account_disabled", "customer_data_removed"],
)
async def test_a_mandate_that_is_gone_is_never_asked_again(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging, reason: str
) -> None:
    gocardless.dead["MD1"] = reason

    answer = await by_gocardless.charge(by_mandate())

    assert answer == ChargeAnswer(
        state=ChargeState.DECLINED, payment_id="", code=reason, is_final=True
    )


async def test_nothing_is_known_of_what_was_never_ordered(
    by_gocardless: GoCardlessCharging,
) -> None:
    assert await by_gocardless.look_up(by_mandate()) is None
    assert await by_gocardless.look_up(by_mandate(), "PM9") is None


async def test_a_currency_that_is_not_the_mandates_is_refused(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging
) -> None:
    with pytest.raises(PeerRefused, match=r"422 validation_failed currency$"):
        await by_gocardless.charge(by_mandate(currency="EUR"))
    assert gocardless.ordered == []


@pytest.mark.parametrize(
    ("method", "currency"),
    [
        (Method.SEPA, "GBP"),
        (Method.ACH, "EUR"),
        (Method.CARD, "GBP"),
        (Method.OTHER, "JPY"),
        (Method.OTHER, "CHF"),
    ],
)
async def test_what_no_scheme_of_theirs_takes_is_refused_before_anything_is_sent(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging, method: Method, currency: str
) -> None:
    with pytest.raises(PeerRefused, match="can be taken"):
        await by_gocardless.charge(by_mandate(method=method, currency=currency))
    assert gocardless.requests == []


@pytest.mark.parametrize("amount", ["1.005", "0", "-3"])
async def test_an_amount_that_does_not_fit_is_refused_before_anything_is_sent(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging, amount: str
) -> None:
    with pytest.raises(PeerRefused, match="smallest unit"):
        await by_gocardless.charge(by_mandate(amount=Decimal(amount)))
    assert gocardless.requests == []


async def test_a_sepa_mandate_takes_euros(
    gocardless: FakeGoCardless, by_gocardless: GoCardlessCharging
) -> None:
    await by_gocardless.charge(
        by_mandate(method=Method.SEPA, currency="EUR", reference="MD2", amount=Decimal("0.10"))
    )

    assert gocardless.ordered == [("MD2", 10, "EUR")]
