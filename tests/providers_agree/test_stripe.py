"""An object of Stripe's tells the same whether a webhook brings it or it is read over HTTP."""

import json
from typing import Any

import pytest

from models.billing import (
    ChargeContested,
    ContestEnded,
    News,
    ObjectKind,
    PaymentDeclined,
    PaymentRefunded,
    PaymentSettled,
)
from tests.providers_agree.roads import (
    after_a_long_silence,
    by_asking,
    by_list_of_events,
    by_webhook,
    stripe_with,
)
from tests.registers.conftest import Open
from tests.registers.fake_stripe import FakeStripe
from tests.webhooks import examples, shared_files
from tests.webhooks.stripe_events import (
    AT,
    charge,
    checkout,
    dispute,
    event,
    failed_charge,
    intent,
    invoice,
    invoice_payment,
    refund,
)
from tests.webhooks.telling import told

OURS = {"dunlin_invoice_id": "INV-7"}
_PAYS = {"charge", "payment_intent", "checkout.session"}
HANDMADE = [
    *examples.BY_SOURCE["stripe"],
    event("charge.captured", charge(metadata=OURS)),
    event("charge.pending", charge(status="pending")),
    event("payment_intent.canceled", intent(status="canceled", amount_received=0)),
    event("refund.failed", refund(status="failed")),
    event("refund.updated", refund(status="canceled")),
    *(
        event("charge.dispute.closed", dispute(status=status))
        for status in ("won", "lost", "prevented", "warning_closed", "charge_refunded")
    ),
    event("charge.dispute.created", dispute(status="warning_needs_response")),
    event("charge.dispute.funds_withdrawn", dispute()),
    event("charge.dispute.funds_reinstated", dispute(status="won")),
    event("invoice.finalized", invoice(metadata=OURS)),
    event("invoice.voided", invoice(status="void")),
]


def published() -> list[Any]:
    """Every published event as it is, and what pays as a payment for an invoice of ours."""
    found = []
    for name in shared_files.names("stripe"):
        plain, for_ours = (json.loads(shared_files.content("stripe", name)) for _ in range(2))
        found.append(pytest.param(plain, id=name))
        if for_ours["data"]["object"]["object"] in _PAYS:
            for_ours["data"]["object"]["metadata"] = OURS
            found.append(pytest.param(for_ours, id=f"{name} for ours"))
    return found


@pytest.mark.parametrize("said", HANDMADE, ids=lambda said: str(said["type"]))
async def test_an_event_tells_the_same_by_both_roads(open_at: Open, said: dict[str, Any]) -> None:
    firm = await stripe_with(open_at, said)

    assert await by_webhook(firm, said) == await by_list_of_events(open_at, said)


@shared_files.needed
@pytest.mark.parametrize("said", published())
async def test_a_published_event_tells_the_same(open_at: Open, said: dict[str, Any]) -> None:
    firm = await stripe_with(open_at, said)

    assert await by_webhook(firm, said) == await by_list_of_events(open_at, said)


@pytest.mark.parametrize(
    ("kind", "whole"),
    [
        ("charge.succeeded", charge()),
        ("charge.succeeded", charge(payment_intent=None, metadata=OURS)),
        ("charge.succeeded", charge(invoice=None)),
        ("charge.pending", charge(status="pending")),
        ("charge.failed", failed_charge()),
        ("charge.failed", failed_charge(type="blocked", reason="rule")),
    ],
)
async def test_a_charge_that_is_asked_for_tells_what_its_event_told(
    open_at: Open, kind: str, whole: dict[str, Any]
) -> None:
    said = event(kind, whole | {"created": AT})
    firm = await stripe_with(open_at, said, charges=[said["data"]["object"]])

    asked = await by_asking(firm, ObjectKind.PAYMENT, "ch_1")
    assert asked == told("stripe", said)


async def test_a_canceled_payment_that_is_asked_for_is_declined_as_its_event_says(
    open_at: Open,
) -> None:
    whole = intent(status="canceled", amount_received=0, canceled_at=AT)
    said = event("payment_intent.canceled", whole)
    firm = await stripe_with(open_at, said, payment_intents=[whole])

    [declined] = await by_asking(firm, ObjectKind.PAYMENT, "pi_1")
    assert [declined] == told("stripe", said)
    assert isinstance(declined, PaymentDeclined)
    assert (declined.code, declined.is_final) == ("canceled", False)


@pytest.mark.parametrize("status", ["succeeded", "failed", "pending"])
async def test_a_refund_that_is_asked_for_tells_what_its_event_told(
    open_at: Open, status: str
) -> None:
    whole = refund(status=status, created=AT)
    said = event("refund.updated", whole)
    firm = await stripe_with(open_at, said, refunds=[whole])

    assert await by_asking(firm, ObjectKind.REFUND, "re_1") == told("stripe", said)


async def test_what_is_read_from_lists_tells_what_the_events_told(open_at: Open) -> None:
    """After a month of silence there are no events any more."""
    tie = invoice_payment(created=AT, status_transitions={"paid_at": AT})
    things = {
        "invoice_payments": [tie],
        "refunds": [refund(created=AT), refund(id="re_2", status="failed", created=AT)],
        "disputes": [
            dispute(created=AT),
            dispute(id="dp_2", status="prevented", created=AT),
            dispute(id="dp_3", status="won", created=AT),
        ],
    }
    firm = await open_at("stripe", books=FakeStripe(things=dict(things)))
    kinds = {
        "invoice_payments": "invoice_payment.paid",
        "refunds": "refund.created",
        "disputes": "charge.dispute.created",
    }
    events = [event(kinds[name], one) for name, found in things.items() for one in reversed(found)]

    found = await after_a_long_silence(firm)

    assert found == [news for said in events for news in told("stripe", said)]
    kinds_told = {type(one) for one in found}
    assert kinds_told == {PaymentSettled, PaymentRefunded, ChargeContested, ContestEnded}


async def test_a_payment_is_one_by_all_that_tell_of_it(open_at: Open) -> None:
    """Its intent, its charge, its invoice, its session, and itself when it is asked for."""
    whole = charge(created=AT)
    said = [
        event("payment_intent.succeeded", intent(metadata=OURS)),
        event("charge.succeeded", whole),
        event("invoice.paid", invoice(status="paid", amount_paid=12_000, charge="ch_1")),
        event("checkout.session.completed", checkout()),
        event("invoice_payment.paid", invoice_payment()),
    ]
    books = {"payment_intents": [intent(latest_charge=whole)]}
    firm = await stripe_with(open_at, said[0], **books)
    found: list[News] = [news for one in said for news in told("stripe", one)]
    found += await by_asking(firm, ObjectKind.PAYMENT, "pi_1")

    settled = [one for one in found if isinstance(one, PaymentSettled)]
    assert len(settled) == 6
    assert len({(one.payment_id, one.amount, one.happened_at) for one in settled}) == 1
    assert {one.other_ids for one in settled} == {("ch_1",), ()}
    assert [one.is_whole for one in settled] == [True] * 4 + [False, True]
