"""One movement of money is known by one name, whichever event of Stripe's tells it."""

from decimal import Decimal
from typing import Any

import pytest

from models.billing import (
    ChargeContested,
    ContestEnded,
    PaymentDeclined,
    PaymentRefunded,
    PaymentSettled,
    PaymentUnderWay,
)
from models.vocabulary import Method
from tests.webhooks.stripe_events import (
    charge,
    checkout,
    dispute,
    event,
    failed_charge,
    failed_intent,
    intent,
    invoice,
    invoice_payment,
    refund,
)
from tests.webhooks.telling import one, told

INTENTS = ("succeeded", "processing", "canceled")


def test_all_events_about_one_payment_agree_on_its_name() -> None:
    events = [
        event("payment_intent.succeeded", intent()),
        event("charge.succeeded", charge()),
        event("charge.captured", charge()),
        event("invoice.paid", invoice(status="paid", amount_paid=12_000)),
        event("invoice.payment_succeeded", invoice(status="paid", amount_paid=12_000)),
        event("invoice_payment.paid", invoice_payment()),
        event("checkout.session.completed", checkout()),
    ]

    found = [one("stripe", said, PaymentSettled) for said in events]
    assert {(paid.payment_id, paid.amount) for paid in found} == {("pi_1", Decimal(120))}


def test_a_charge_on_its_own_is_known_by_itself() -> None:
    paid = one("stripe", event("charge.succeeded", charge(payment_intent=None)), PaymentSettled)

    assert (paid.payment_id, paid.other_ids) == ("ch_1", ())


def test_the_charge_is_another_name_of_the_payment() -> None:
    paid = one("stripe", event("payment_intent.succeeded", intent()), PaymentSettled)

    assert paid.other_ids == ("ch_1",)


@pytest.mark.parametrize(
    "said",
    [
        event("charge.succeeded", charge(captured=False)),
        event("checkout.session.completed", checkout(payment_status="unpaid")),
        event("checkout.session.completed", checkout(mode="subscription")),
        event("checkout.session.completed", checkout(mode="setup", amount_total=None)),
        event("payment_intent.created", intent()),
        event("payment_intent.succeeded", intent(amount_received=0)),
    ],
)
def test_what_takes_no_money_tells_none(said: Any) -> None:
    assert told("stripe", said) == []


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ("in_1",)),
        ({"invoice": {"id": "in_1", "object": "invoice"}}, ("in_1",)),
        ({"invoice": None, "payment_details": {"order_reference": "in_2"}}, ("in_2",)),
        ({"invoice": None, "metadata": {"invoice_id": "INV-7"}}, ("INV-7",)),
        ({"metadata": {"dunlin_invoice_id": "INV-7"}}, ("INV-7", "in_1")),
    ],
)
def test_a_payment_is_for_the_invoice_it_names(
    changes: dict[str, Any], names: tuple[str, ...]
) -> None:
    paid = one("stripe", event("payment_intent.succeeded", intent(**changes)), PaymentSettled)

    assert [share.invoice for share in paid.shares] == [names]


@pytest.mark.parametrize(
    "none", [{"invoice": None}, {"invoice": None, "payment_details": {"order_reference": "66"}}]
)
def test_what_names_no_invoice_is_business_that_holds_nobodys_chase(none: dict[str, Any]) -> None:
    events = [
        *(event(f"charge.{kind}", charge(**none)) for kind in ("succeeded", "captured")),
        event("charge.pending", charge(status="pending", **none)),
        event("charge.failed", failed_charge() | none),
        *(event(f"payment_intent.{kind}", intent(**none)) for kind in INTENTS),
        event("payment_intent.payment_failed", failed_intent() | none),
        event("checkout.session.completed", checkout(metadata={})),
    ]

    assert [told("stripe", said) for said in events] == [[]] * len(events)


@pytest.mark.parametrize(
    ("kind", "method"),
    [
        ("card", Method.CARD),
        ("us_bank_account", Method.ACH),
        ("sepa_debit", Method.SEPA),
        ("customer_balance", Method.WIRE),
        ("boleto", Method.OTHER),
    ],
)
def test_a_debit_is_under_way_until_it_has_succeeded(kind: str, method: Method) -> None:
    said = event("payment_intent.processing", intent(payment_method_types=[kind]))

    under_way = one("stripe", said, PaymentUnderWay)
    assert (under_way.payment_id, under_way.method) == ("pi_1", method)
    assert under_way.amount == Decimal(120)


def test_a_payment_that_was_given_up_is_under_way_no_more() -> None:
    said = event("payment_intent.canceled", intent(amount_received=0, status="canceled"))

    declined = one("stripe", said, PaymentDeclined)
    assert (declined.payment_id, declined.attempt_id) == ("pi_1", "pi_1/canceled")
    assert (declined.code, declined.is_final) == ("canceled", False)


def test_all_events_about_one_attempt_agree_on_its_name() -> None:
    events = [
        event("charge.failed", failed_charge()),
        event("payment_intent.payment_failed", failed_intent()),
        event("invoice.payment_failed", invoice(charge="ch_1")),
    ]

    found = [one("stripe", said, PaymentDeclined) for said in events]
    assert {(each.attempt_id, each.payment_id) for each in found} == {("ch_1", "pi_1")}
    assert {each.amount for each in found} == {Decimal(120)}


def test_an_invoice_that_names_no_charge_leaves_the_attempt_to_the_payment() -> None:
    found = told("stripe", event("invoice.payment_failed", invoice(payment_intent=None)))

    assert [news.kind for news in found] == ["invoice_stated"]


def test_an_attempt_without_a_charge_is_known_by_payment_and_moment() -> None:
    said = failed_intent(charge=None) | {"latest_charge": None}

    declined = one("stripe", event("payment_intent.payment_failed", said), PaymentDeclined)
    assert declined.attempt_id == "pi_1/1772442000"


@pytest.mark.parametrize(
    ("error", "final"),
    [
        ({"decline_code": "insufficient_funds"}, False),
        ({"decline_code": "try_again_later"}, False),
        ({"decline_code": "generic_decline"}, False),
        ({"decline_code": "do_not_honor"}, False),
        ({"decline_code": "processing_error"}, False),
        ({"decline_code": "lost_card"}, True),
        ({"decline_code": "stolen_card"}, True),
        ({"decline_code": "revocation_of_authorization"}, True),
        ({"decline_code": None, "code": "expired_card"}, True),
        ({"decline_code": None, "code": "debit_not_authorized"}, True),
        ({"advice_code": "do_not_try_again"}, True),
        ({"advice_code": "confirm_card_data"}, True),
        ({"advice_code": "try_again_later"}, False),
        ({"network_advice_code": "03"}, True),
        ({"network_advice_code": "02"}, False),
    ],
)
def test_some_declines_are_final(error: dict[str, Any], final: bool) -> None:
    intent_said = event("payment_intent.payment_failed", failed_intent(**error))

    assert one("stripe", intent_said, PaymentDeclined).is_final is final


@pytest.mark.parametrize(
    ("outcome", "final"),
    [
        ({}, False),
        ({"reason": "pickup_card"}, True),
        ({"type": "blocked", "reason": "rule"}, True),
        ({"advice_code": "do_not_try_again"}, True),
        ({"network_advice_code": "21"}, True),
    ],
)
def test_a_charge_says_so_by_its_outcome(outcome: dict[str, Any], final: bool) -> None:
    said = event("charge.failed", failed_charge(**outcome))

    assert one("stripe", said, PaymentDeclined).is_final is final


def test_authentication_needs_the_customer_and_is_not_the_end() -> None:
    said = failed_intent(code="authentication_required", decline_code="authentication_required")

    declined = one("stripe", event("payment_intent.payment_failed", said), PaymentDeclined)
    assert (declined.needs_customer, declined.is_final) == (True, False)
    assert declined.code == "authentication_required"


def test_a_refund_is_told_once_by_its_own_name() -> None:
    events = [
        event("refund.created", refund()),
        event("charge.refund.updated", refund()),
        event("charge.refunded", charge(refunds={"data": [refund()]})),
        event("charge.refunded", charge(refunds={"data": [refund(payment_intent=None)]})),
    ]

    found = [one("stripe", said, PaymentRefunded) for said in events]
    assert {(each.refund_id, each.payment_id, each.amount) for each in found} == {
        ("re_1", "pi_1", Decimal(20))
    }
    assert {each.refunded_on.isoformat() for each in found} == {"2026-03-01"}


@pytest.mark.parametrize("status", ["pending", "requires_action", None])
def test_a_refund_that_has_not_left_tells_nothing(status: str | None) -> None:
    assert told("stripe", event("refund.created", refund(status=status))) == []


def test_of_a_refund_that_failed_the_money_is_ours_again() -> None:
    undone = one("stripe", event("refund.failed", refund(status="failed")), PaymentRefunded)

    assert (undone.refund_id, undone.is_undone) == ("re_1", True)


def test_later_versions_leave_refunds_to_their_own_events() -> None:
    assert told("stripe", event("charge.refunded", charge(amount_refunded=2_000))) == []


@pytest.mark.parametrize(
    ("kind", "status", "takes"),
    [
        ("created", "needs_response", True),
        ("created", "warning_needs_response", False),
        ("funds_withdrawn", "needs_response", True),
        ("funds_withdrawn", "warning_needs_response", True),
    ],
)
def test_an_inquiry_takes_no_money_until_it_is_withdrawn(
    kind: str, status: str, takes: bool
) -> None:
    said = event(f"charge.dispute.{kind}", dispute(status=status))

    contested = one("stripe", said, ChargeContested)
    assert contested.takes_money is takes
    assert (contested.contest_id, contested.payment_id) == ("dp_1", "pi_1")
    assert contested.other_ids == ("ch_1",)


def test_an_inquiry_becomes_a_dispute() -> None:
    before = {"status": "warning_needs_response"}

    contested = one("stripe", event("charge.dispute.updated", dispute(), before), ChargeContested)
    assert contested.takes_money


def test_new_evidence_tells_nothing() -> None:
    assert told("stripe", event("charge.dispute.updated", dispute(), {"evidence": {}})) == []


@pytest.mark.parametrize(
    ("kind", "status", "won"),
    [
        ("closed", "won", True),
        ("closed", "warning_closed", True),
        ("closed", "lost", False),
        ("closed", "prevented", False),
        ("funds_reinstated", "won", True),
        ("funds_reinstated", "under_review", True),
    ],
)
def test_a_dispute_ends(kind: str, status: str, won: bool) -> None:
    said = event(f"charge.dispute.{kind}", dispute(status=status))

    assert one("stripe", said, ContestEnded).is_won is won


def test_a_dispute_of_the_oldest_api_is_known_by_its_charge() -> None:
    said = dispute(id=None, payment_intent=None, status="lost")

    ended = one("stripe", event("charge.dispute.closed", said), ContestEnded)
    assert (ended.contest_id, ended.payment_id, ended.other_ids) == ("ch_1", "ch_1", ())
