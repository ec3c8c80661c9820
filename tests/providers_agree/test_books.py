"""Whatever both roads tell, in whatever order: nobody is asked for what they have paid, and nothing
counts twice."""

from decimal import Decimal
from itertools import permutations

import pytest
from sqlmodel import Session, select

from models.billing import ObjectKind
from models.tables import CashReceipt, CustomerCash, Invoice
from models.vocabulary import InvoiceStatus
from tests.providers_agree.roads import by_asking, by_webhook
from tests.providers_agree.telling import failures, hear, owed
from tests.registers.conftest import Open
from tests.registers.fake_gocardless import FakeGoCardless
from tests.registers.fake_stripe import FakeStripe
from tests.store.rows import add_customer
from tests.webhooks import gocardless_events, stripe_events
from tests.webhooks.telling import told

AT = stripe_events.AT
DAY = 86_400


@pytest.mark.parametrize("order", [*permutations(range(3))])
async def test_a_debit_that_failed_at_gocardless_failed_once(
    open_at: Open, blank: Session, order: tuple[int, ...]
) -> None:
    owed(blank, "1042", "10", "GBP")
    said = gocardless_events.event("payments", "failed", cause="insufficient_funds")
    books = FakeGoCardless(things={"events": [said]})
    books.payment("PM1", "failed")
    firm = await open_at("gocardless", books=books)
    roads = [
        await by_webhook(firm, gocardless_events.request(said)),
        await by_asking(firm, ObjectKind.PAYMENT, "PM1"),
        told("gocardless", gocardless_events.request(said))[1:],
    ]

    for one in order:
        hear(blank, "gocardless", roads[one])

    assert {*failures(blank)} == {"EV1"}


async def test_money_paid_by_a_copy_at_stripe_is_ours_once(open_at: Open, blank: Session) -> None:
    owed(blank, "INV-7", "120", "EUR")
    ours = {"dunlin_invoice_id": "INV-7"}
    copy = stripe_events.invoice(status="paid", metadata=ours, payment_intent=None)
    tie = stripe_events.invoice_payment(created=AT)
    books = FakeStripe(things={"invoices": [copy], "invoice_payments": [tie]})
    firm = await open_at("stripe", books=books)
    said = [
        stripe_events.event("invoice_payment.paid", tie),
        stripe_events.event("invoice.paid", copy),
        stripe_events.event("payment_intent.succeeded", stripe_events.intent(invoice=None)),
        stripe_events.event("payment_intent.succeeded", stripe_events.intent(metadata=ours)),
    ]

    for one in said:
        hear(blank, "stripe", await by_webhook(firm, one))

    [receipt] = blank.exec(select(CashReceipt)).all()
    assert (receipt.amount, receipt.placed) == (Decimal(120), Decimal(120))
    assert blank.get_one(Invoice, "INV-7").status is InvoiceStatus.PAID
    assert [row.id for row in blank.exec(select(Invoice)).all()] == ["INV-7"]


def test_what_was_under_way_at_stripe_and_is_canceled_travels_no_more(blank: Session) -> None:
    owed(blank, "INV-7", "120", "EUR")
    whole = stripe_events.intent(metadata={"dunlin_invoice_id": "INV-7"}, amount_received=0)
    begun, canceled = (
        stripe_events.event(f"payment_intent.{kind}", whole) for kind in ("processing", "canceled")
    )
    hear(blank, "stripe", told("stripe", begun))
    assert blank.get_one(Invoice, "INV-7").under_way == Decimal(120)

    hear(blank, "stripe", told("stripe", canceled | {"created": AT + DAY}))

    assert blank.get_one(Invoice, "INV-7").under_way == 0
    assert failures(blank) == ["pi_1/canceled"]


def test_card_business_that_is_none_of_ours_holds_nobodys_chase(blank: Session) -> None:
    add_customer(blank, "cus_1")
    of_a_shop = {"invoice": None, "metadata": {"order": "66"}}
    for said in (
        stripe_events.event("charge.succeeded", stripe_events.charge(**of_a_shop)),
        stripe_events.event("payment_intent.processing", stripe_events.intent(**of_a_shop)),
    ):
        hear(blank, "stripe", told("stripe", said))

    assert blank.exec(select(CashReceipt)).all() == []
    assert blank.exec(select(CustomerCash)).all() == []
