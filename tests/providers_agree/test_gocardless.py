"""What a webhook of GoCardless' tells by itself is what the payment and its history tell."""

import json
from typing import Any

import pytest

from integrations.provider_objects.gocardless_objects import mandate_news
from integrations.registers.parts import Part
from models.billing import MeansStated, ObjectKind, PaymentDeclined, PaymentReturned, PaymentSettled
from tests.providers_agree.roads import by_asking, by_webhook
from tests.registers.conftest import Open
from tests.registers.fake_gocardless import FakeGoCardless
from tests.registers.firm import NOW, Firm
from tests.webhooks import shared_files
from tests.webhooks.gocardless_events import event, request
from tests.webhooks.telling import told


async def at_gocardless(open_at: Open, status: str, *events: dict[str, Any]) -> Firm:
    """A payment with this status, to which these things have happened, the first first."""
    books = FakeGoCardless()
    books.payment("PM1", status, created_at="2026-02-27T09:00:00.000Z", charge_date="2026-03-02")
    books.things["events"] = list(events)
    return await open_at("gocardless", books=books)


def failed(event_id: str = "EV1", **details: Any) -> dict[str, Any]:
    said = {"cause": "insufficient_funds", "reason_code": "AM04", **details}
    return event("payments", "failed", event_id, **said)


@pytest.mark.parametrize(
    "details",
    [
        {},
        {"reason_code": None},
        {"cause": "bank_account_closed"},
        {"cause": "bank_account_closed", "will_attempt_retry": True},
        {"cause": "payment_stopped"},
    ],
    ids=str,
)
async def test_one_failure_is_one_attempt(open_at: Open, details: dict[str, Any]) -> None:
    said = failed(**details)
    firm = await at_gocardless(open_at, "failed", event("payments", "submitted", "EV0"), said)

    by_payment, by_event = await by_webhook(firm, request(said))
    assert isinstance(by_payment, PaymentDeclined)
    assert isinstance(by_event, PaymentDeclined)
    assert by_payment.amount
    known_to_both = {"amount", "currency", "shares", "customer_id"}
    assert by_event.model_dump(exclude=known_to_both) == by_payment.model_dump(
        exclude=known_to_both
    )
    assert by_event.attempt_id == "EV1"


async def test_a_late_failure_is_one_attempt_and_one_return(open_at: Open) -> None:
    said = failed()
    happened = (event("payments", "confirmed", "EV0"), said)
    firm = await at_gocardless(open_at, "failed", *happened)

    returned, *declined = await by_webhook(firm, request(said))
    assert isinstance(returned, PaymentReturned)
    assert {one.attempt_id for one in declined if isinstance(one, PaymentDeclined)} == {"EV1"}
    assert await by_asking(firm, ObjectKind.PAYMENT, "PM1") == [returned, declined[0]]


async def test_a_charge_back_is_the_same_return_by_both_roads(open_at: Open) -> None:
    said = event("payments", "charged_back", "EV1", cause="authorisation_disputed")
    firm = await at_gocardless(open_at, "charged_back", said)

    [returned] = await by_webhook(firm, request(said))
    assert [returned] == await by_asking(firm, ObjectKind.PAYMENT, "PM1")


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("confirmed", "confirmed"),
        ("paid_out", "confirmed"),
        ("paid_out", "chargeback_cancelled"),
        ("cancelled", "cancelled"),
        ("customer_approval_denied", "customer_approval_denied"),
        ("submitted", "submitted"),
    ],
)
async def test_what_has_to_be_asked_for_never_moves(
    open_at: Open, status: str, action: str
) -> None:
    said = event("payments", action)
    firm = await at_gocardless(open_at, status, said)

    [news] = await by_webhook(firm, request(said))
    assert [news] == await by_asking(firm, ObjectKind.PAYMENT, "PM1")
    if isinstance(news, PaymentSettled | PaymentDeclined):
        assert news.happened_at.isoformat() == "2026-03-02T09:00:00.123000+00:00"


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("created", "pending_submission"),
        ("submitted", "submitted"),
        ("active", "active"),
        ("reinstated", "active"),
        ("cancelled", "cancelled"),
        ("failed", "failed"),
        ("expired", "expired"),
        ("consumed", "consumed"),
        ("blocked", "blocked"),
        ("suspended_by_payer", "suspended_by_payer"),
    ],
)
@pytest.mark.parametrize("scheme", ["ach", "bacs", "sepa_core", "sepa_instant_credit_transfer"])
def test_a_mandate_is_the_same_by_both_roads(action: str, status: str, scheme: str) -> None:
    said = request(event("mandates", action, scheme=scheme))
    said["events"][0]["links"]["customer"] = "CU1"
    mandate = {"id": "MD1", "status": status, "scheme": scheme, "links": {"customer": "CU1"}}

    [heard] = told("gocardless", said)
    [read] = mandate_news(Part("GoCardless", "mandate", mandate), NOW)
    assert isinstance(heard, MeansStated)
    assert heard.model_copy(update={"as_of": NOW}) == read


@shared_files.needed
async def test_published_payments_never_move(open_at: Open) -> None:
    payment = json.loads(shared_files.content("gocardless", "payments.json"))["get"]["body"]
    for status in ("submitted", "confirmed", "failed", "charged_back", "cancelled"):
        whole = payment["payments"] | {"status": status}
        books = FakeGoCardless(things={"payments": [whole]})
        firm = await open_at("gocardless", books=books)

        assert await by_asking(firm, ObjectKind.PAYMENT, "PM123")
