"""Published objects of every provider in our words."""

from datetime import UTC, date, datetime
from decimal import Decimal

from integrations.provider_objects import (
    chargebee_credits,
    chargebee_invoices,
    chargebee_transactions,
    gocardless_objects,
    gocardless_payments,
    stripe_events,
)
from integrations.registers import quickbooks_objects, xero_money, xero_objects
from integrations.registers.parts import Part
from models.billing import (
    ChargeContested,
    CreditIssued,
    CreditVoided,
    CustomerStated,
    InvoiceStated,
    MeansStated,
    News,
    PaymentDeclined,
    PaymentRefunded,
    PaymentSettled,
    PaymentUnderWay,
    Share,
)
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import InvoiceStatus, Method
from tests.registers.firm import NOW
from tests.registers.samples import content, needed

pytestmark = needed


def stripe(name: str) -> list[News]:
    news = stripe_events.event_news(Part("Stripe", "event", content("stripe", f"{name}.json")))
    assert news is not None
    return news


def chargebee(name: str, kind: str) -> Part:
    said = content("chargebee", f"{name}.json")["content"]
    return Part("Chargebee", kind, said[kind])


def xero(name: str, key: str, place: int) -> Part:
    return Part("Xero", key, content("xero", f"{name}__example.json")[key][place])


def quickbooks(name: str) -> Part:
    return Part("QuickBooks", "Invoice", content("quickbooks", f"{name}.json")["Invoice"])


def test_a_paid_invoice_of_stripes() -> None:
    stated, settled = stripe("invoice.paid")

    assert isinstance(stated, InvoiceStated)
    assert stated.as_of == datetime(2022, 3, 26, 18, 40, 15, tzinfo=UTC)
    assert stated.invoice == InvoiceRow(
        id="in_000000000000000000000000",
        number="EE1DF78D-0001",
        customer_id="cus_00000000000000",
        currency="USD",
        amount=Decimal("20.00"),
        amount_open=Decimal("0.00"),
        issued_on=date(2022, 3, 26),
        due_on=date(2022, 3, 26),
        status=InvoiceStatus.PAID,
        payment_link=stated.invoice.payment_link,
    )
    assert stated.invoice.payment_link.startswith("https://invoice.stripe.com/i/")
    assert isinstance(settled, PaymentSettled)
    assert settled.amount == Decimal(20)


def test_a_dispute_of_stripes_that_only_asks_takes_no_money() -> None:
    [contested] = stripe("charge.dispute.created")

    assert isinstance(contested, ChargeContested)
    assert not contested.takes_money
    assert contested.payment_id == "ch_000000000000000000000000"
    assert contested.amount == Decimal("1.00")


def test_a_charge_of_stripes_that_names_no_invoice_is_none_of_ours() -> None:
    assert stripe("charge.succeeded") == []
    assert stripe("charge.failed") == []


def test_an_event_of_another_kind_tells_nothing() -> None:
    assert stripe("payout.paid") == []


def test_an_invoice_of_quickbooks() -> None:
    [stated] = quickbooks_objects.invoice_news(
        quickbooks("create__invoice__00_post_200.response"), NOW, {}, ""
    )

    assert stated == InvoiceStated(
        as_of=datetime(2020, 9, 29, 12, 58, 7, tzinfo=UTC),
        invoice=InvoiceRow(
            id="qbo-266",
            number="1043",
            customer_id="qbo-1",
            currency="USD",
            amount=Decimal("100.00"),
            amount_open=Decimal("100.00"),
            issued_on=date(2020, 9, 29),
            due_on=date(2020, 10, 29),
        ),
        customer=CustomerRow(id="qbo-1", name="Amy's Bird Sanctuary"),
    )


def test_a_voided_invoice_of_quickbooks() -> None:
    [stated] = quickbooks_objects.invoice_news(
        quickbooks("void__invoice__01_post_200.response"), NOW, {}, ""
    )

    assert isinstance(stated, InvoiceStated)
    assert stated.invoice.status is InvoiceStatus.VOIDED
    assert stated.as_of == datetime(2022, 9, 2, 12, 58, 56, tzinfo=UTC)
    assert not stated.is_gone


def test_a_deleted_invoice_of_quickbooks_has_nothing_but_its_id() -> None:
    [stated] = quickbooks_objects.invoice_news(
        quickbooks("delete__invoice__01_post_200.response"), NOW, {}, ""
    )

    assert isinstance(stated, InvoiceStated)
    assert stated.is_gone
    assert (stated.invoice.id, stated.invoice.status) == ("qbo-266", InvoiceStatus.VOIDED)
    assert stated.as_of == NOW


def test_a_customer_of_quickbooks() -> None:
    said = content("quickbooks", "get__id__00_get_200.response.json")["Customer"]
    [stated] = quickbooks_objects.customer_news(Part("QuickBooks", "Customer", said), NOW)

    assert isinstance(stated, CustomerStated)
    assert stated.customer == CustomerRow(id="qbo-5", name="Dukes Basketball Camp")
    assert stated.contacts == (
        ContactRow("qbo-5", "Dukes_bball@intuit.com", "Peter Dukes", "(520) 420-5638"),
    )


def test_invoices_of_xeros() -> None:
    voided, paid, opened = (
        xero_objects.invoice_news(xero("getInvoices__response200", "Invoices", place))
        for place in range(3)
    )

    assert isinstance(voided[0], InvoiceStated)
    assert voided[0].invoice.status is InvoiceStatus.VOIDED
    assert isinstance(paid[0], InvoiceStated)
    assert paid[0].invoice.status is InvoiceStatus.PAID
    assert opened == [
        InvoiceStated(
            as_of=datetime(2018, 11, 2, 16, 37, 28, 927_000, tzinfo=UTC),
            invoice=InvoiceRow(
                id="7ef31b20-de17-4312-8382-412f869b1510",
                number="INV-0003",
                customer_id="a3675fc4-f8dd-4f03-ba5b-f1870566bcd7",
                currency="NZD",
                amount=Decimal("115.00"),
                amount_open=Decimal("115.00"),
                issued_on=date(2018, 11, 2),
                due_on=date(2018, 11, 7),
            ),
            customer=CustomerRow(
                id="a3675fc4-f8dd-4f03-ba5b-f1870566bcd7", name="Barney Rubble-83203"
            ),
        )
    ]


def test_the_customer_and_people_of_a_contact_of_xeros() -> None:
    invoice = xero("createInvoices__response200", "Invoices", 0)
    [stated] = xero_objects.invoice_news(invoice)

    assert isinstance(stated, InvoiceStated)
    assert stated.customer is not None
    assert stated.customer.country == "US"
    assert stated.contacts == (
        ContactRow(
            "430fa14a-f945-44d3-9f97-5df5e28441b8",
            "liam@rockstar.com",
            "Liam Gallagher",
            "212 222-2222",
        ),
    )


def test_payments_of_xeros() -> None:
    settled, paid_out = (
        xero_money.payment_news(xero("getPayments__response200", "Payments", place))
        for place in range(2)
    )

    assert paid_out == []
    assert settled == [
        PaymentSettled(
            payment_id="99ea7f6b-c513-4066-bc27-b7c65dcd76c2",
            happened_at=datetime(2018, 11, 2, 16, 36, 32, 690_000, tzinfo=UTC),
            received_on=date(2018, 11, 29),
            amount=Decimal("46.00"),
            currency="NZD",
            shares=(
                Share(
                    invoice=("046d8a6d-1ae1-4b4d-9340-5601bdf41b87", "INV-0002"),
                    amount=Decimal(46),
                ),
            ),
            customer_id="a3675fc4-f8dd-4f03-ba5b-f1870566bcd7",
            payer_name="Barney Rubble-83203",
        )
    ]


def test_an_invoice_of_chargebees() -> None:
    [stated] = chargebee_invoices.invoice_news(chargebee("invoice_generated", "invoice"))

    assert stated == InvoiceStated(
        as_of=datetime(2020, 9, 18, 14, 46, 53, 171_000, tzinfo=UTC),
        invoice=InvoiceRow(
            id="19",
            number="19",
            customer_id="16CHTpRzjKx2O7mo",
            currency="USD",
            amount=Decimal("5000.00"),
            amount_open=Decimal("5000.00"),
            issued_on=date(2020, 9, 18),
            due_on=date(2020, 10, 18),
            terms="Net 30",
        ),
        customer=CustomerRow(id="16CHTpRzjKx2O7mo", name="Acme Keyboards Inc."),
    )


def test_a_deleted_invoice_of_chargebees_is_void() -> None:
    [stated] = chargebee_invoices.invoice_news(chargebee("invoice_deleted", "invoice"))

    assert isinstance(stated, InvoiceStated)
    assert stated.invoice.status is InvoiceStatus.VOIDED


def test_transactions_of_chargebees() -> None:
    found = {
        name: chargebee_transactions.transaction_news(chargebee(name, "transaction"))
        for name in (
            "payment_succeeded",
            "payment_failed",
            "payment_initiated",
            "payment_refunded",
            "refund_initiated",
            "authorization_voided",
        )
    }

    [settled] = found["payment_succeeded"]
    assert isinstance(settled, PaymentSettled)
    assert settled.payment_id == "txn_AzqYRySIstMLf6N"
    assert settled.shares == (Share(invoice=("22",), amount=Decimal(4500)),)
    [declined] = found["payment_failed"]
    assert isinstance(declined, PaymentDeclined)
    assert (declined.code, declined.amount) == ("3001", Decimal("2.24"))
    [begun] = found["payment_initiated"]
    assert isinstance(begun, PaymentUnderWay)
    [refunded] = found["payment_refunded"]
    assert isinstance(refunded, PaymentRefunded)
    assert refunded.payment_id == "txn_3Nl7oGgQqGFs2lf"
    assert found["refund_initiated"] == found["authorization_voided"] == []


def test_credit_notes_of_chargebees() -> None:
    [issued] = chargebee_credits.credit_news(chargebee("credit_note_created", "credit_note"))
    [voided] = chargebee_credits.credit_news(chargebee("credit_note_deleted", "credit_note"))
    [paid_out] = chargebee_credits.credit_news(chargebee("payment_refunded", "credit_note"))

    assert isinstance(issued, CreditIssued)
    assert (issued.amount, issued.shares) == (Decimal("8.71"), ())
    assert isinstance(voided, CreditVoided)
    assert isinstance(paid_out, CreditIssued)
    assert paid_out.shares == (Share(invoice=("1",), amount=Decimal("0.02")),)


def test_a_customer_of_chargebees_and_what_it_pays_with() -> None:
    stated, means = chargebee_invoices.customer_and_means(
        chargebee("card_expired", "customer"), None
    )

    assert isinstance(stated, CustomerStated)
    assert stated.customer.name == "Benjamin Ross"
    assert isinstance(means, MeansStated)
    assert (means.reference, means.state) == ("pm_3Nl7oGgQqGFpzgB", "expired")


def test_a_payment_and_a_mandate_of_gocardless() -> None:
    payment = content("gocardless", "payments.json")["get"]["body"]["payments"]
    [begun] = gocardless_payments.payment_news(Part("GoCardless", "payment", payment), [])
    mandate = content("gocardless", "mandates.json")["get"]["body"]["mandates"]
    [means] = gocardless_objects.mandate_news(Part("GoCardless", "mandate", mandate), NOW)

    assert isinstance(begun, PaymentUnderWay)
    assert (begun.payment_id, begun.amount, begun.shares) == ("PM123", Decimal(10), ())
    assert isinstance(means, MeansStated)
    assert (means.reference, means.holder, means.state) == ("MD123", "CU123", "pending")
    assert means.method is Method.OTHER
