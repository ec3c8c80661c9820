"""Our own format: every type, its bounds, and what is refused."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from integrations.webhooks.generic_news import TYPES
from models.billing import InvoiceStated, PaymentDeclined, PaymentSettled
from models.errors import SettingInvalid, WebhookMalformed
from models.vocabulary import InvoiceStatus, Method
from tests.webhooks.generic_events import DATA, INVOICE, event
from tests.webhooks.signing import NOW, PROVIDERS, as_body, source, whsec
from tests.webhooks.telling import GENERIC_HEADERS, one, told


def test_every_type_has_an_example() -> None:
    assert set(DATA) == set(TYPES)


def test_the_event_is_known_by_its_header() -> None:
    (arrived,) = source("generic").take_apart(
        as_body(event("invoice.created")), {"webhook-id": "msg_77"}
    )

    assert (arrived.event_id, arrived.kind) == ("msg_77", "invoice.created")
    assert arrived.occurred_at == NOW


def test_an_invoice_with_everything() -> None:
    stated = one("generic", event("invoice.created"), InvoiceStated)

    row = stated.invoice
    assert (row.id, row.number, row.amount, row.amount_open) == (
        "INV-7",
        "2026-007",
        Decimal("120.00"),
        Decimal("70.5"),
    )
    assert (row.due_on, row.status) == (date(2026, 3, 4), InvoiceStatus.OPEN)
    assert stated.customer
    assert (stated.customer.zone, stated.customer.language) == ("Europe/Berlin", "de")
    assert [contact.email for contact in stated.contacts] == ["ap@mueller.example"]


def test_the_type_decides_over_the_status() -> None:
    for kind, status in {
        "invoice.voided": InvoiceStatus.VOIDED,
        "invoice.uncollectible": InvoiceStatus.WRITTEN_OFF,
    }.items():
        assert one("generic", event(kind, status="open"), InvoiceStated).invoice.status is status


def test_of_a_paid_invoice_nothing_is_open() -> None:
    stated = one("generic", event("invoice.changed", status="paid"), InvoiceStated)

    assert stated.invoice.amount_open == 0


def test_a_payment_may_be_for_several_invoices_and_more() -> None:
    paid = one("generic", event("payment.succeeded"), PaymentSettled)

    assert (paid.amount, paid.method) == (Decimal(100), Method.WIRE)
    assert [(share.invoice, share.amount) for share in paid.shares] == [
        (("2026-007",), Decimal(60))
    ]


def test_days_that_are_not_said_are_the_events() -> None:
    assert one("generic", event("payment.failed"), PaymentDeclined).failed_on == NOW.date()


def test_an_amount_that_is_a_number_keeps_its_digits() -> None:
    body = as_body(event("payment.succeeded")).replace(b'"100.00"', b"1000000000000.1001")
    (arrived,) = source("generic").take_apart(body, GENERIC_HEADERS)

    (paid,) = source("generic").translate(arrived) or []
    assert isinstance(paid, PaymentSettled)
    assert paid.amount == Decimal("1000000000000.1001")


def test_fields_that_we_do_not_know_may_come_along() -> None:
    assert told("generic", event("invoice.created", colour="green"))


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": "0"},
        {"amount": "-1"},
        {"amount": "1e3"},
        {"amount": "1,000.00"},
        {"amount": " 1"},
        {"amount": True},
        {"amount": 0.00001},
        {"amount": 10**14},
        {"amount_open": "120.01"},
        {"amount_open": -1},
        {"currency": "eur"},
        {"currency": "EURO"},
        {"due_on": "04.03.2026"},
        {"due_on": "2026-03-04T00:00:00"},
        {"due_on": 1772442000},
        {"due_on": "1989-12-31"},
        {"due_on": "2200-01-01"},
        {"due_on": None},
        {"invoice_id": ""},
        {"invoice_id": "   "},
        {"invoice_id": "x" * 201},
        {"invoice_id": "a\0b"},
        {"invoice_id": "a\ud800b"},
        {"status": "half paid"},
        {"payment_link": "javascript:alert(1)"},
        {"customer": {"contacts": [{"email": "a@b\nBcc: c@d"}]}},
        {"customer": {"language": "German"}},
    ],
)
def test_what_an_invoice_cannot_be_is_malformed(changes: dict[str, Any]) -> None:
    with pytest.raises(WebhookMalformed) as refused:
        told("generic", event("invoice.created", **changes))

    assert "INV-7" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("name", ["invoice_id", "customer_id", "currency", "amount", "due_on"])
def test_what_an_invoice_needs_must_be_there(name: str) -> None:
    said = {key: value for key, value in INVOICE.items() if key != name}

    with pytest.raises(WebhookMalformed):
        told("generic", {"type": "invoice.created", "timestamp": "2026-03-02T09:00Z", "data": said})


def test_no_more_can_be_for_invoices_than_was_paid() -> None:
    shares = [{"invoice": "1", "amount": "60"}, {"invoice": "2", "amount": "40.01"}]

    with pytest.raises(WebhookMalformed):
        told("generic", event("payment.succeeded", invoices=shares))


@pytest.mark.parametrize("timestamp", [None, "yesterday", "0001-01-01T00:00:00Z", 1e99])
def test_the_moment_must_be_one(timestamp: Any) -> None:
    with pytest.raises(WebhookMalformed):
        told("generic", {**event("invoice.created"), "timestamp": timestamp})


def test_without_an_id_it_is_malformed() -> None:
    with pytest.raises(WebhookMalformed):
        source("generic").take_apart(as_body(event("invoice.created")), {})


def test_a_type_that_is_not_known_is_unknown() -> None:
    (arrived,) = source("generic").take_apart(as_body(event("fax.received")), GENERIC_HEADERS)

    assert source("generic").translate(arrived) is None


@pytest.mark.parametrize("secret", ["plain", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!!", "sk_live_1"])
def test_a_secret_must_be_written_as_one(secret: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        PROVIDERS["generic"].make([whsec("a"), secret])

    assert len(secret) < 7 or secret not in str(refused.value)
