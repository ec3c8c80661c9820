from datetime import date
from decimal import Decimal

from domain.exchange import Rates
from domain.past_ledger import PastLedger, past_ledger
from domain.receivables import Receipt
from models.ledger import ContactRow, CustomerRow, InvoiceRow, PaymentRow
from models.vocabulary import InvoiceStatus

ISSUED, PAID = date(2026, 1, 5), date(2026, 2, 9)


def invoice(
    amount_open: str | None = None, status: InvoiceStatus = InvoiceStatus.OPEN
) -> InvoiceRow:
    return InvoiceRow(
        id="A",
        number="A",
        customer_id="ACME",
        currency="EUR",
        amount=Decimal(100),
        issued_on=ISSUED,
        due_on=date(2026, 2, 4),
        amount_open=None if amount_open is None else Decimal(amount_open),
        status=status,
    )


def payment(amount: str, on: date = PAID, currency: str = "EUR") -> PaymentRow:
    return PaymentRow(f"{on}/{amount}", "A", currency, Decimal(amount), on)


def past(
    row: InvoiceRow,
    *payments: PaymentRow,
    customer: CustomerRow | None = None,
    contacts: tuple[ContactRow, ...] = (),
) -> PastLedger:
    rates = Rates("USD", {"EUR": Decimal("1.2")})
    customers = [customer or CustomerRow("ACME")]
    return past_ledger(customers, contacts, [row], payments, country="DE", rates=rates)


def test_an_invoice_begins_with_its_whole_amount_open() -> None:
    (found,) = past(invoice(), payment("100")).invoices

    assert found.invoice.amount_open == 100
    assert found.invoice.base_open == 120
    assert found.settled_on == PAID


def test_payments_come_in_the_order_of_their_days_and_no_more_than_is_owed() -> None:
    (found,) = past(invoice(), payment("70"), payment("50", date(2026, 2, 1))).invoices

    assert found.receipts == (
        Receipt(date(2026, 2, 1), Decimal(50)),
        Receipt(PAID, Decimal(50)),
    )


def test_money_in_another_currency_pays_nothing() -> None:
    (found,) = past(invoice(), payment("100", currency="USD")).invoices

    assert (found.receipts, found.settled_on) == ((), None)


def test_what_was_paid_nobody_knows_when_counts_from_the_issue_date() -> None:
    (found,) = past(invoice(amount_open="30"), payment("20")).invoices

    assert found.receipts == (Receipt(ISSUED, Decimal(50)), Receipt(PAID, Decimal(20)))
    assert found.receivable.open_on(date(2026, 12, 31)) == 30


def test_what_ended_nobody_knows_when_is_left_out() -> None:
    for status in set(InvoiceStatus) - {InvoiceStatus.OPEN}:
        found = past(invoice(amount_open="0", status=status))
        assert (found.invoices, found.undated) == ((), ("A",))


def test_what_was_paid_in_full_on_known_days_is_kept_whatever_its_status() -> None:
    assert past(invoice(status=InvoiceStatus.PAID), payment("100")).undated == ()


def test_a_customer_of_no_known_country_is_in_the_one_told() -> None:
    (found,) = past(invoice()).invoices

    assert found.customer.country == "DE"
    assert found.customer.zone == "Europe/Berlin"
    assert found.customer.language == "de"
    assert found.customer.name == "ACME"


def test_what_the_ledger_says_of_a_customer_goes_first() -> None:
    row = CustomerRow("ACME", name="Acme", country="FR", zone="Indian/Reunion", language="en")
    (found,) = past(invoice(), customer=row).invoices

    told = found.customer
    assert (told.country, told.zone, told.language) == ("FR", "Indian/Reunion", "en")


def test_a_customer_without_contacts_can_be_written_to_all_the_same() -> None:
    (without,) = past(invoice()).invoices
    contact = ContactRow("ACME", "ap@acme.example", name="Sam Lee")
    (known,) = past(invoice(), contacts=(contact,)).invoices

    assert len(without.customer.addresses) == 1
    assert [address.email for address in known.customer.addresses] == ["ap@acme.example"]
