"""An invoice at Stripe that copies one of ours is chased by no road, and what it was paid by is for
ours by every road."""

import pytest

from models.billing import ObjectKind, PaymentSettled
from tests.providers_agree.roads import (
    after_a_long_silence,
    by_asking,
    by_list_of_events,
    by_webhook,
    stripe_with,
)
from tests.registers.conftest import Open
from tests.registers.fake_stripe import FakeStripe
from tests.webhooks.stripe_events import AT, event, invoice, invoice_payment
from tests.webhooks.telling import told

OURS = {"dunlin_invoice_id": "INV-7"}


@pytest.mark.parametrize("status", ["open", "paid", "void", "uncollectible"])
async def test_a_copy_of_our_own_invoice_is_chased_by_no_road(open_at: Open, status: str) -> None:
    copy = invoice(status=status, metadata=OURS, payment_intent=None)
    said = event("invoice.updated", copy)
    firm = await stripe_with(open_at, said, invoices=[copy])

    assert told("stripe", said) == []
    assert await by_list_of_events(open_at, said, invoices=[copy]) == []
    assert await by_asking(firm, ObjectKind.INVOICE, "in_1") == []
    assert await after_a_long_silence(firm) == []


async def test_what_was_paid_by_a_copy_is_for_ours_by_every_road(open_at: Open) -> None:
    copy = invoice(status="paid", metadata=OURS, payment_intent=None)
    tie = invoice_payment(created=AT, status_transitions={"paid_at": AT})
    books = {"invoices": [copy], "invoice_payments": [tie]}
    said = event("invoice.paid", copy)
    firm = await stripe_with(open_at, said, **books)

    webhook = await by_webhook(firm, said)
    [settled] = webhook
    assert isinstance(settled, PaymentSettled)
    assert (settled.payment_id, settled.is_whole) == ("pi_1", False)
    assert settled.shares[0].invoice == ("INV-7", "in_1", "ACME-0001")
    assert await by_list_of_events(open_at, said, **books) == webhook
    assert await by_asking(firm, ObjectKind.INVOICE, "in_1") == webhook


async def test_a_tie_read_from_the_list_names_ours_by_the_copy_in_it(open_at: Open) -> None:
    copy = invoice(status="paid", metadata=OURS)
    tie = invoice_payment(created=AT, status_transitions={"paid_at": AT}, invoice=copy)
    firm = await open_at("stripe", books=FakeStripe(things={"invoice_payments": [tie]}))

    [settled] = await after_a_long_silence(firm)

    assert isinstance(settled, PaymentSettled)
    assert settled.shares[0].invoice == ("INV-7", "in_1", "ACME-0001")
