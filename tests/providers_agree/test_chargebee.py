"""An object of Chargebee's tells the same whether a webhook brings it or it is read over HTTP."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from models.billing import (
    ChargeContested,
    ContestEnded,
    PaymentSettled,
)
from tests.providers_agree.chargebee_roads import ABOUT, agree, asked
from tests.registers.conftest import Open
from tests.webhooks import shared_files
from tests.webhooks.chargebee_events import (
    AT,
    credit_note,
    customer,
    event,
    invoice,
    refund,
    transaction,
)
from tests.webhooks.telling import told


def for_good(kind: str, **objects: Any) -> dict[str, Any]:
    """An event about objects that are as Chargebee keeps them, and that no event deletes."""
    whole = {name: {"deleted": False, "updated_at": AT, **one} for name, one in objects.items()}
    return event(kind, **whole)


PAYMENTS: list[dict[str, Any]] = [
    {},
    *(
        {"status": status}
        for status in (
            *("in_progress", "needs_attention", "failure", "timeout", "late_failure", "voided"),
            "",
        )
    ),
    {"status": "failure", "error_code": "lost_card", "error_text": "Lost"},
    {"status": "late_failure", "reversal_transaction_id": "txn_9"},
    {"type": "authorization"},
    {"type": "payment_reversal", "reference_transaction_id": "txn_9"},
    {"deleted": True},
    {"amount": 9_999},
    {"settled_at": AT - 3_600, "payment_method": "direct_debit"},
    {"payment_method": "us_automated_bank_transfer"},
    {"payment_method": "wire_transfer", "id_at_gateway": None, "reference_number": "R-1"},
    *(refund() | {"status": status} for status in ("success", "in_progress", "failure", "voided")),
    refund() | {"payment_method": "chargeback"},
    refund() | {"payment_method": "chargeback", "deleted": True},
    refund() | {"deleted": True},
    refund() | {"refunded_txn_id": None, "reference_transaction_id": "txn_1"},
]


@pytest.mark.parametrize("changes", PAYMENTS, ids=str)
async def test_a_transaction_tells_the_same(open_at: Open, changes: dict[str, Any]) -> None:
    await agree(open_at, for_good("payment_succeeded", transaction=transaction(**changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"status": "posted", "net_term_days": 30},
        {"status": "not_paid", "amount_due": 2_000},
        {"status": "paid", "amount_paid": 12_000, "amount_due": 0},
        {"status": "paid", "credits_applied": 12_000, "amount_due": 0},
        {"status": "paid", "write_off_amount": 12_000, "amount_due": 0},
        {"status": "voided"},
        {"status": "pending"},
        {"deleted": True},
        {"total": 0},
        {"due_date": None, "po_number": None, "billing_address": None},
    ],
    ids=str,
)
async def test_an_invoice_tells_the_same(open_at: Open, changes: dict[str, Any]) -> None:
    whole = invoice(**changes)

    await agree(open_at, for_good("invoice_updated", invoice=whole))
    await agree(open_at, for_good("invoice_updated", invoice=whole, customer=customer()))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"type": "adjustment", "status": "adjusted"},
        {"status": "refunded", "amount_refunded": 2_000, "amount_available": 0},
        {"status": "refunded", "amount_refunded": 2_000, "reason_code": "chargeback"},
        {"amount_available": 500, "allocations": [{"invoice_id": "2", "allocated_amount": 1_500}]},
        {"status": "voided"},
        {"deleted": True},
    ],
    ids=str,
)
async def test_a_credit_note_tells_the_same(open_at: Open, changes: dict[str, Any]) -> None:
    await agree(open_at, for_good("credit_note_updated", credit_note=credit_note(**changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"payment_method": {"type": "direct_debit", "status": "pending_verification"}},
        {"company": None, "billing_address": {"company": "Müller KG", "country": "AT"}},
        {
            "contacts": [
                {"email": "cfo@mueller.example", "enabled": True, "send_billing_email": True}
            ]
        },
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["customer_changed", "card_expired"])
async def test_a_customer_and_its_card_tell_the_same(
    open_at: Open, changes: dict[str, Any], kind: str
) -> None:
    whole = {"customer": customer(**changes), "card": {"expiry_month": 2, "expiry_year": 2028}}

    await agree(open_at, for_good(kind, **whole))


async def test_a_customer_that_is_no_more_tells_nothing(open_at: Open) -> None:
    await agree(open_at, for_good("customer_changed", customer=customer(deleted=True)))


@shared_files.needed
@pytest.mark.parametrize(
    "name", [one for one in shared_files.names("chargebee") if one.removesuffix(".json") in ABOUT]
)
async def test_a_published_object_tells_the_same(open_at: Open, name: str) -> None:
    said = json.loads(shared_files.content("chargebee", name))
    if said["event_type"].endswith("_deleted"):
        for one in ABOUT[said["event_type"]].split():
            said["content"][one]["deleted"] = True

    await agree(open_at, said)


async def test_an_old_payment_does_not_look_new_when_it_was_changed_today(open_at: Open) -> None:
    old = transaction(deleted=False, updated_at=AT)
    [before] = await asked(open_at, {"transaction": old}, "transaction")
    old["resource_version"] += 90 * 86_400_000
    [after] = await asked(open_at, {"transaction": old}, "transaction")

    assert isinstance(before, PaymentSettled)
    assert before == after
    assert before.happened_at == datetime.fromtimestamp(AT - 86_400, UTC)


async def test_a_chargeback_is_contested_by_both_roads_and_over_when_it_was_a_mistake(
    open_at: Open,
) -> None:
    taken = refund(payment_method="chargeback", deleted=False, updated_at=AT)
    [contested] = await asked(open_at, {"transaction": taken}, "transaction")
    [ended] = await asked(open_at, {"transaction": taken | {"deleted": True}}, "transaction")

    assert isinstance(contested, ChargeContested)
    assert isinstance(ended, ContestEnded)
    assert ended.is_won
    assert [contested] == told("chargebee", event("payment_refunded", transaction=taken))
    assert [ended] == told("chargebee", event("transaction_deleted", transaction=taken))
