"""What GoCardless tells with ids alone."""

from typing import Any

import pytest

from models.billing import (
    MeansState,
    MeansStated,
    ObjectChanged,
    ObjectKind,
    PaymentDeclined,
    PaymentReturned,
)
from models.vocabulary import Method
from tests.webhooks.gocardless_events import event, request
from tests.webhooks.signing import as_body, source
from tests.webhooks.telling import one, told


def kinds(said: dict[str, Any]) -> list[str]:
    return [news.kind for news in told("gocardless", request(said))]


def test_each_event_of_a_request_stands_by_itself() -> None:
    body = as_body(request(event("payments", "confirmed"), event("mandates", "active", "EV2")))

    arrived = source("gocardless").take_apart(body, {})
    assert [(each.event_id, each.kind) for each in arrived] == [
        ("EV1", "payments.confirmed"),
        ("EV2", "mandates.active"),
    ]
    assert "EV2" not in arrived[0].body
    assert arrived[0].occurred_at


@pytest.mark.parametrize(
    "action",
    [
        *("created", "submitted", "confirmed", "cancelled", "customer_approval_denied"),
        *("chargeback_cancelled", "late_failure_settled", "resubmission_requested"),
    ],
)
def test_money_has_to_be_asked_for(action: str) -> None:
    changed = one("gocardless", request(event("payments", action)), ObjectChanged)

    assert (changed.object, changed.id) == (ObjectKind.PAYMENT, "PM1")


@pytest.mark.parametrize("action", ["paid_out", "chargeback_settled", "surcharge_fee_debited"])
def test_what_gocardless_settles_with_us_tells_nothing_of_the_customer(action: str) -> None:
    assert kinds(event("payments", action)) == []


def test_a_failure_is_a_decline_and_the_payment_is_asked_what_it_is_now() -> None:
    said = event("payments", "failed", cause="insufficient_funds", reason_code="AM04")

    assert kinds(said) == ["object_changed", "payment_declined"]
    declined = one("gocardless", request(said), PaymentDeclined)
    assert (declined.attempt_id, declined.payment_id, declined.code) == ("EV1", "PM1", "AM04")
    assert not declined.is_final


@pytest.mark.parametrize(
    ("cause", "again", "final"),
    [
        ("bank_account_closed", False, True),
        ("mandate_cancelled", False, True),
        ("bank_account_closed", True, False),
        ("insufficient_funds", False, False),
        ("refer_to_payer", False, False),
    ],
)
def test_some_failures_are_final(cause: str, again: bool, final: bool) -> None:
    said = event("payments", "failed", cause=cause, will_attempt_retry=again)

    assert one("gocardless", request(said), PaymentDeclined).is_final is final


def test_a_debit_that_was_charged_back_needs_no_amount() -> None:
    said = event("payments", "charged_back", reason_code="MD06")

    returned = one("gocardless", request(said), PaymentReturned)
    assert (returned.payment_id, returned.code) == ("PM1", "MD06")


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("created", MeansState.PENDING),
        ("submitted", MeansState.PENDING),
        ("active", MeansState.USABLE),
        ("reinstated", MeansState.USABLE),
        ("cancelled", MeansState.REVOKED),
        ("failed", MeansState.REVOKED),
        ("expired", MeansState.EXPIRED),
    ],
)
def test_a_mandate_in_our_words(action: str, state: MeansState) -> None:
    means = one("gocardless", request(event("mandates", action)), MeansStated)

    assert (means.reference, means.state, means.method) == ("MD1", state, Method.SEPA)


def test_a_mandate_that_is_replaced_ends_and_the_new_one_is_asked_for() -> None:
    said = request(event("mandates", "replaced"))

    ended = one("gocardless", said, MeansStated)
    assert (ended.reference, ended.state) == ("MD1", MeansState.REVOKED)
    assert one("gocardless", said, ObjectChanged).id == "MD2"


def test_refunds_are_asked_for() -> None:
    changed = one("gocardless", request(event("refunds", "paid")), ObjectChanged)

    assert (changed.object, changed.id) == (ObjectKind.REFUND, "RF1")


def test_other_resources() -> None:
    assert kinds(event("payouts", "paid")) == []
    unknown = source("gocardless").take_apart(
        as_body(request(event("faxes", "sent"), event("payments", "teleported"))), {}
    )
    assert [source("gocardless").translate(each) for each in unknown] == [None, None]
