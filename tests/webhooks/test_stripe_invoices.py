"""What Stripe says of invoices."""

from datetime import date
from decimal import Decimal

import pytest

from models.billing import InvoiceStated, ObjectChanged, ObjectKind, PaymentSettled
from models.vocabulary import InvoiceStatus
from tests.webhooks.signing import source
from tests.webhooks.stripe_events import AT, event, invoice, invoice_payment
from tests.webhooks.telling import one, told


def test_an_invoice_is_stated_with_its_customer_and_contact() -> None:
    stated = one("stripe", event("invoice.finalized", invoice()), InvoiceStated)

    row = stated.invoice
    assert (row.id, row.number, row.customer_id) == ("in_1", "ACME-0001", "cus_1")
    assert (row.amount, row.amount_open, row.currency) == (Decimal(120), Decimal(120), "EUR")
    assert (row.issued_on, row.due_on) == (date(2026, 3, 2), date(2026, 3, 16))
    assert (row.status, row.purchase_order) == (InvoiceStatus.OPEN, "4500017")
    assert row.payment_link == "https://invoice.stripe.com/i/1"
    assert stated.customer
    assert (stated.customer.id, stated.customer.name) == ("cus_1", "Müller GmbH")
    assert [contact.email for contact in stated.contacts] == ["ap@mueller.example"]


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        ("open", InvoiceStatus.OPEN),
        ("paid", InvoiceStatus.PAID),
        ("void", InvoiceStatus.VOIDED),
        ("uncollectible", InvoiceStatus.WRITTEN_OFF),
    ],
)
def test_its_status_in_our_words(status: str, meant: InvoiceStatus) -> None:
    said = event("invoice.updated", invoice(status=status))

    assert one("stripe", said, InvoiceStated).invoice.status is meant


def test_of_a_paid_one_nothing_is_open_whatever_else_it_says() -> None:
    said = event("invoice.updated", invoice(status="paid", amount_remaining=5))

    assert one("stripe", said, InvoiceStated).invoice.amount_open == 0


@pytest.mark.parametrize(
    "said",
    [
        invoice(status="draft"),
        invoice(total=0, amount_remaining=0, status="paid"),
        invoice(total=-500, amount_remaining=0, status="paid"),
        invoice(metadata={"dunlin_invoice_id": "INV-7"}),
    ],
    ids=["draft", "asks for nothing", "owes the customer", "copy of one of ours"],
)
def test_nothing_is_to_be_chased(said: dict[str, object]) -> None:
    assert told("stripe", event("invoice.updated", said)) == []


def test_one_that_is_charged_by_itself_is_due_when_it_is_final() -> None:
    said = event(
        "invoice.finalized",
        invoice(
            due_date=None,
            created=AT - 5 * 86_400,
            collection_method="charge_automatically",
        ),
    )

    assert one("stripe", said, InvoiceStated).invoice.due_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("currency", "units", "amount"),
    [
        ("usd", 12_345, "123.45"),
        ("jpy", 12_345, "12345"),
        ("kwd", 12_340, "12.340"),
        ("isk", 12_300, "123"),
        ("ugx", 12_300, "123"),
        ("mga", 123, "123"),
        ("huf", 12_300, "123"),
    ],
)
def test_amounts_are_in_the_currencys_own_units(currency: str, units: int, amount: str) -> None:
    said = invoice(currency=currency, total=units, amount_remaining=units)

    row = one("stripe", event("invoice.finalized", said), InvoiceStated).invoice
    assert row.amount == Decimal(amount)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://pay.example", 'https://x/"><b>'])
def test_no_other_link_than_a_web_address_gets_into_letters(link: str) -> None:
    said = event("invoice.finalized", invoice(hosted_invoice_url=link))

    assert one("stripe", said, InvoiceStated).invoice.payment_link == ""


def test_a_paid_invoice_names_its_payment() -> None:
    said = event("invoice.paid", invoice(status="paid", amount_paid=12_000, charge="ch_1"))

    paid = one("stripe", said, PaymentSettled)
    assert (paid.payment_id, paid.other_ids, paid.amount) == ("pi_1", ("ch_1",), Decimal(120))
    assert [share.invoice for share in paid.shares] == [("in_1", "ACME-0001")]


@pytest.mark.parametrize(
    "said",
    [
        invoice(status="paid", amount_paid=12_000, paid_out_of_band=True),
        invoice(status="paid", amount_paid=0),
        invoice(status="paid", amount_paid=12_000, payment_intent=None),
    ],
    ids=["elsewhere", "from the balance", "no payment named"],
)
def test_what_stripe_did_not_take_is_no_payment_of_its(said: dict[str, object]) -> None:
    assert [news.kind for news in told("stripe", event("invoice.paid", said))] == ["invoice_stated"]


def test_a_paid_copy_counts_for_the_invoice_that_it_copies() -> None:
    copy = {"status": "paid", "amount_paid": 12_000, "metadata": {"dunlin_invoice_id": "INV-7"}}

    paid = one("stripe", event("invoice.paid", invoice(**copy)), PaymentSettled)
    assert [share.invoice for share in paid.shares] == [("INV-7", "in_1", "ACME-0001")]


def test_a_paid_copy_that_names_no_payment_has_to_be_asked() -> None:
    copy = {"status": "paid", "payment_intent": None, "metadata": {"dunlin_invoice_id": "INV-7"}}

    (changed,) = told("stripe", event("invoice.paid", invoice(**copy)))
    assert isinstance(changed, ObjectChanged)
    assert (changed.object, changed.id) == (ObjectKind.INVOICE, "in_1")


def test_since_2025_an_invoice_lists_its_payments() -> None:
    payments = [
        invoice_payment(),
        invoice_payment(status="open", amount_paid=None),
        invoice_payment(amount_paid=500, payment={"type": "charge", "charge": "ch_9"}),
    ]
    said = invoice(status="paid", payment_intent=None, payments={"data": payments})

    found = told("stripe", event("invoice.paid", said))
    paid = [news for news in found if isinstance(news, PaymentSettled)]
    assert [(one.payment_id, one.is_whole) for one in paid] == [("pi_1", False), ("ch_9", False)]


def test_a_type_that_is_not_known_is_unknown() -> None:
    (arrived,) = source("stripe").take_apart(b'{"id": "evt_1", "type": "fax.received"}', {})

    assert source("stripe").translate(arrived) is None
