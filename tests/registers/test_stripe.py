"""Stripe: what is open, what its events say, and what is read when they are gone."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from integrations.registers.stripe_api import VERSION
from integrations.registers.stripe_lists import TELLING
from models.billing import (
    ChargeContested,
    ContestEnded,
    CreditIssued,
    CreditVoided,
    MeansStated,
    News,
    ObjectChanged,
    ObjectKind,
    PaymentDeclined,
    PaymentRefunded,
    PaymentSettled,
    PaymentUnderWay,
    Share,
)
from models.vocabulary import InvoiceStatus, Method
from tests.registers.conftest import Open
from tests.registers.fake_stripe import FakeStripe, Thing, customer
from tests.registers.firm import NOW, Firm, invoices, read_all

CARD: Thing = {
    "id": "pm_1",
    "object": "payment_method",
    "type": "card",
    "customer": "cus_0",
    "card": {"exp_month": 2, "exp_year": 2028},
}


@pytest.fixture
async def firm(open_at: Open) -> Firm:
    return await open_at("stripe")


@pytest.fixture
def books(firm: Firm) -> FakeStripe:
    assert isinstance(firm.books, FakeStripe)
    return firm.books


def charge(**said: Any) -> Thing:
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": 5000,
        "amount_captured": 5000,
        "captured": True,
        "currency": "usd",
        "created": int(NOW.timestamp()),
        "payment_intent": "pi_1",
        "customer": "cus_0",
        "invoice": "in_000001",
        "status": "succeeded",
        "payment_method_details": {"type": "sepa_debit"},
        **said,
    }


async def after(firm: Firm, kind: str, thing: Thing, **previous: Any) -> list[News]:
    """What the register tells once this has happened."""
    assert isinstance(firm.books, FakeStripe)
    firm.books.event(kind, thing, **previous)
    return await read_all(firm.source, NOW - timedelta(hours=1))


async def test_an_open_invoice_with_its_customer_and_the_card_on_file(
    firm: Firm, books: FakeStripe
) -> None:
    settings = {"invoice_settings": {"default_payment_method": CARD}}
    books.open_invoice(
        1, customer=customer(0, **settings), hosted_invoice_url="https://i.example/x"
    )

    stated, means = await read_all(firm.source)

    [invoice] = invoices([stated])
    assert invoice.invoice.amount == invoice.invoice.amount_open == Decimal("100.01")
    assert invoice.invoice.due_on == date(2026, 4, 4)
    assert invoice.invoice.payment_link == "https://i.example/x"
    assert invoice.customer is not None
    assert (invoice.customer.country, invoice.customer.language) == ("DE", "de")
    assert isinstance(means, MeansStated)
    assert (means.reference, means.holder, means.is_default) == ("pm_1", "cus_0", True)
    assert (means.expires_on, means.state) == (date(2028, 2, 29), "usable")


async def test_whole_objects_are_asked_for_and_the_version_is_said(
    firm: Firm, books: FakeStripe
) -> None:
    await read_all(firm.source)

    [request] = firm.line.requests
    assert request.headers["stripe-version"] == VERSION
    assert request.query["status"] == "open"
    assert request.query["limit"] == "100"
    assert request.query["expand[]"].startswith("data.")


async def test_a_draft_and_an_invoice_about_nothing_are_not_told(
    firm: Firm, books: FakeStripe
) -> None:
    drafts: list[dict[str, Any]] = [{"status": "draft"}, {"total": 0}, {"total": -500}]
    for number, said in enumerate(drafts):
        books.open_invoice(number, **said)
    changed = ObjectChanged(object=ObjectKind.INVOICE, id="in_000000", happened_at=NOW)

    assert await read_all(firm.source) == []
    assert await firm.source.fetch(changed) == []


@pytest.mark.parametrize(
    ("currency", "units", "amount"),
    [("jpy", 500, "500"), ("bhd", 1_234, "1.234"), ("isk", 50_000, "500"), ("mga", 7, "7")],
)
async def test_amounts_have_their_currencys_decimals(
    firm: Firm, books: FakeStripe, currency: str, units: int, amount: str
) -> None:
    books.open_invoice(1, currency=currency, total=units, amount_remaining=units)

    [stated] = invoices(await read_all(firm.source))

    assert stated.invoice.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("kind", "said", "status"),
    [
        ("invoice.paid", {"status": "paid"}, InvoiceStatus.PAID),
        (
            "invoice.paid",
            {"status": "paid", "pre_payment_credit_notes_amount": 10_001},
            InvoiceStatus.CREDITED,
        ),
        ("invoice.voided", {"status": "void"}, InvoiceStatus.VOIDED),
        (
            "invoice.marked_uncollectible",
            {"status": "uncollectible"},
            InvoiceStatus.WRITTEN_OFF,
        ),
    ],
)
async def test_how_an_invoice_ended(
    firm: Firm, books: FakeStripe, kind: str, said: dict[str, Any], status: InvoiceStatus
) -> None:
    books.open_invoice(1, **said)

    [stated] = invoices(await after(firm, kind, books.invoice(1)))

    assert stated.invoice.status is status
    assert stated.customer is not None
    assert stated.customer.id == "cus_1"


async def test_what_is_read_counts_as_of_before_any_event_to_come(
    firm: Firm, books: FakeStripe
) -> None:
    """Stripe's clock may be behind ours by a little."""
    books.open_invoice(1)
    [opened] = invoices(await read_all(firm.source))
    books.time.pass_by(seconds=-20)
    books.pay(1)

    [paid] = invoices(await read_all(firm.source, NOW - timedelta(hours=1)))

    assert paid.as_of > opened.as_of


async def test_a_charge_for_an_invoice(firm: Firm) -> None:
    [settled] = await after(firm, "charge.succeeded", charge())

    assert isinstance(settled, PaymentSettled)
    assert (settled.payment_id, settled.method) == ("pi_1", Method.SEPA)
    assert settled.shares == (Share(invoice=("in_000001",), amount=Decimal(50)),)


async def test_a_charge_without_an_intent_goes_by_its_own_id(firm: Firm) -> None:
    [settled] = await after(firm, "charge.succeeded", charge(payment_intent=None))

    assert isinstance(settled, PaymentSettled)
    assert settled.payment_id == "ch_1"


async def test_an_invoice_named_in_the_metadata_counts(firm: Firm) -> None:
    said = charge(invoice=None, metadata={"dunlin_invoice_id": "1042", "invoice_id": "F-7"})
    [settled] = await after(firm, "charge.succeeded", said)

    assert isinstance(settled, PaymentSettled)
    assert settled.shares[0].invoice == ("1042", "F-7")


@pytest.mark.parametrize("said", [{"invoice": None}, {"captured": False}, {"amount_captured": 0}])
async def test_a_charge_that_pays_nothing_of_ours_tells_nothing(
    firm: Firm, said: dict[str, Any]
) -> None:
    assert await after(firm, "charge.succeeded", charge(**said)) == []


async def test_a_payment_tied_to_an_invoice_by_an_object_of_its_own(firm: Firm) -> None:
    tied: Thing = {
        "id": "inpay_1",
        "object": "invoice_payment",
        "amount_paid": 2000,
        "currency": "usd",
        "created": int(NOW.timestamp()) - 9 * 86_400,
        "invoice": "in_000001",
        "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
        "status": "paid",
        "status_transitions": {"paid_at": int(NOW.timestamp())},
    }
    [settled] = await after(firm, "invoice_payment.paid", tied)

    assert isinstance(settled, PaymentSettled)
    assert (settled.payment_id, settled.received_on) == ("pi_1", NOW.date())
    assert settled.shares == (Share(invoice=("in_000001",), amount=Decimal(20)),)


async def test_a_debit_under_way(firm: Firm) -> None:
    [begun] = await after(firm, "charge.pending", charge(status="pending"))

    assert isinstance(begun, PaymentUnderWay)
    assert begun.since == NOW.date()


@pytest.mark.parametrize(
    ("said", "code", "is_final", "needs_customer"),
    [
        ({"failure_code": "card_declined"}, "card_declined", False, False),
        (
            {"failure_code": "card_declined", "outcome": {"reason": "insufficient_funds"}},
            "insufficient_funds",
            False,
            False,
        ),
        (
            {"failure_code": "card_declined", "outcome": {"reason": "stolen_card"}},
            "stolen_card",
            True,
            False,
        ),
        ({"failure_code": "authentication_required"}, "authentication_required", False, True),
        ({"failure_code": "account_closed"}, "account_closed", True, False),
        ({}, "", False, False),
    ],
)
async def test_a_charge_that_failed(
    firm: Firm, said: dict[str, Any], code: str, is_final: bool, needs_customer: bool
) -> None:
    [declined] = await after(firm, "charge.failed", charge(status="failed", **said))

    assert isinstance(declined, PaymentDeclined)
    assert (declined.attempt_id, declined.payment_id) == ("ch_1", "pi_1")
    assert (declined.code, declined.is_final, declined.needs_customer) == (
        code,
        is_final,
        needs_customer,
    )


async def test_a_refund_counts_once_it_succeeded(firm: Firm) -> None:
    refund: Thing = {
        "id": "re_1",
        "object": "refund",
        "amount": 1000,
        "charge": "ch_1",
        "payment_intent": "pi_1",
        "created": int(NOW.timestamp()),
        "currency": "usd",
        "status": "pending",
    }
    assert await after(firm, "refund.created", refund) == []

    [refunded] = await after(firm, "refund.updated", refund | {"status": "succeeded"})

    assert isinstance(refunded, PaymentRefunded)
    assert (refunded.payment_id, refunded.amount) == ("pi_1", Decimal(10))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("needs_response", True),
        ("under_review", True),
        ("warning_needs_response", False),
        ("won", "won"),
        ("warning_closed", "won"),
        ("lost", "lost"),
        ("prevented", "lost"),
    ],
)
async def test_a_dispute_by_its_status(firm: Firm, status: str, outcome: bool | str) -> None:
    dispute: Thing = {
        "id": "du_1",
        "object": "dispute",
        "amount": 1000,
        "charge": "ch_1",
        "payment_intent": "pi_1",
        "created": int(NOW.timestamp()),
        "currency": "usd",
        "reason": "fraudulent",
        "status": status,
    }
    [told] = await after(firm, "charge.dispute.updated", dispute, status="another")

    assert isinstance(told, ChargeContested | ContestEnded)
    assert (told.contest_id, told.payment_id, told.other_ids) == ("du_1", "pi_1", ("ch_1",))
    if isinstance(told, ChargeContested):
        assert told.takes_money is outcome
    else:
        assert told.is_won is (outcome == "won")


async def test_a_credit_note_is_for_its_invoice(firm: Firm) -> None:
    note: Thing = {
        "id": "cn_1",
        "object": "credit_note",
        "amount": 1000,
        "created": int(NOW.timestamp()),
        "currency": "usd",
        "customer": "cus_0",
        "invoice": "in_000001",
        "status": "issued",
    }
    [issued] = await after(firm, "credit_note.created", note)
    *_, voided = await after(firm, "credit_note.voided", note | {"status": "void"})

    assert isinstance(issued, CreditIssued)
    assert issued.shares == (Share(invoice=("in_000001",), amount=Decimal(10)),)
    assert isinstance(voided, CreditVoided)


async def test_a_detached_card_cannot_be_charged(firm: Firm) -> None:
    gone = CARD | {"customer": None}
    [means] = await after(firm, "payment_method.detached", gone, customer="cus_0")

    assert isinstance(means, MeansStated)
    assert (means.state, means.customer_id) == ("revoked", "cus_0")


async def test_a_card_past_its_month_has_expired(firm: Firm) -> None:
    old = CARD | {"card": {"exp_month": 2, "exp_year": 2026}}
    [means] = await after(firm, "payment_method.attached", old)

    assert isinstance(means, MeansStated)
    assert means.state == "expired"


async def test_events_are_told_the_first_first(firm: Firm, books: FakeStripe) -> None:
    for number in range(150):
        books.time.pass_by(seconds=1)
        books.open_invoice(number, status="paid")
        books.event("invoice.paid", books.invoice(number))
    page = await firm.source.page(NOW, "")

    moments = [one.as_of for one in invoices([*page.news])]
    assert len(moments) == 100
    assert moments == sorted(moments)


def test_no_more_kinds_of_events_are_asked_for_than_stripe_takes() -> None:
    assert len(TELLING) <= 20


async def test_after_a_month_of_silence_all_is_read_that_may_have_changed(
    firm: Firm, books: FakeStripe
) -> None:
    books.time.pass_by(days=-400)
    for number in range(120):
        books.open_invoice(number)
    books.time.pass_by(days=360)
    since = books.time.now
    books.time.pass_by(days=1)
    books.pay(7)
    books.things["events"].clear()  # as Stripe does after 30 days
    books.put(
        "refunds",
        {
            "id": "re_1",
            "amount": 100,
            "currency": "usd",
            "payment_intent": "pi_1",
            "created": books.seconds,
            "status": "succeeded",
        },
    )
    books.time.pass_by(days=39)

    news = await read_all(firm.source, since)

    paid = [one for one in invoices(news) if one.invoice.status is InvoiceStatus.PAID]
    assert [one.invoice.id for one in paid] == ["in_000007"]
    assert len(invoices(news)) == 120
    assert [one.refund_id for one in news if isinstance(one, PaymentRefunded)] == ["re_1"]


async def test_a_payment_is_fetched_with_the_invoices_that_it_is_for(
    firm: Firm, books: FakeStripe
) -> None:
    whole = charge(invoice=None)
    books.put("payment_intents", {"id": "pi_1", "latest_charge": whole, "created": 0})
    for number in (1, 2):
        books.put(
            "invoice_payments",
            {
                "id": f"inpay_{number}",
                "amount_paid": 2000,
                "created": books.seconds,
                "currency": "usd",
                "invoice": f"in_{number}",
                "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
                "status": "paid",
            },
        )
    changed = ObjectChanged(object=ObjectKind.PAYMENT, id="pi_1", happened_at=NOW)

    [settled] = await firm.source.fetch(changed)

    assert isinstance(settled, PaymentSettled)
    assert {share.invoice for share in settled.shares} == {("in_1",), ("in_2",)}
    assert settled.amount == Decimal(50)


async def test_a_charge_is_fetched_by_its_id(firm: Firm, books: FakeStripe) -> None:
    books.put("charges", charge(status="failed", failure_code="account_closed"))
    changed = ObjectChanged(object=ObjectKind.PAYMENT, id="ch_1", happened_at=NOW)

    [declined] = await firm.source.fetch(changed)

    assert isinstance(declined, PaymentDeclined)
    assert declined.is_final


async def test_a_means_that_is_no_more_cannot_be_charged(firm: Firm) -> None:
    changed = ObjectChanged(object=ObjectKind.MANDATE, id="pm_9", happened_at=NOW)

    [means] = await firm.source.fetch(changed)

    assert isinstance(means, MeansStated)
    assert (means.reference, means.state) == ("pm_9", "revoked")
