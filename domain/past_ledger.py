"""A ledger of the past, as the simulator lives through it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.exchange import Rates
from domain.places import usual_language, usual_zone
from domain.receivables import Receipt, Receivable
from models.facts import Address, CustomerFacts, InvoiceFacts
from models.ledger import ContactRow, CustomerRow, InvoiceRow, PaymentRow
from models.vocabulary import InvoiceStatus

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PastInvoice:
    """An invoice as it stood when it was issued, its customer, and how it was paid since.

    `receipts` come in the order of their days and never exceed the amount.
    """

    invoice: InvoiceFacts
    customer: CustomerFacts
    receipts: tuple[Receipt, ...] = ()

    @property
    def receivable(self) -> Receivable:
        return Receivable(
            currency=self.invoice.currency,
            amount=self.invoice.amount,
            issued_on=self.invoice.issued_on,
            due_on=self.invoice.due_on,
            receipts=self.receipts,
        )

    @property
    def settled_on(self) -> date | None:
        """The day on which the last of it was paid; None while something is open."""
        paid = sum((receipt.amount for receipt in self.receipts), _ZERO)
        return self.receipts[-1].on if paid >= self.invoice.amount else None


@dataclass(frozen=True, slots=True)
class PastLedger:
    """What can be lived through. `undated` are ids of invoices that ended nobody knows when."""

    invoices: tuple[PastInvoice, ...] = ()
    undated: tuple[str, ...] = ()


def past_ledger(
    customers: Iterable[CustomerRow],
    contacts: Iterable[ContactRow],
    invoices: Iterable[InvoiceRow],
    payments: Iterable[PaymentRow],
    *,
    country: str,
    rates: Rates,
) -> PastLedger:
    """The rows of a ledger file as a past.

    Customers of no known country are in `country`; those without an address get a placeholder,
    because the question is what would be sent. A balance lower than the dated payments explain
    was paid in part nobody knows when: that part counts from the issue date.
    """
    addresses: dict[str, list[Address]] = defaultdict(list)
    for contact in contacts:
        addresses[contact.customer_id].append(
            Address(email=contact.email, name=contact.name, role=contact.role)
        )
    known = {row.id: _customer(row, tuple(addresses[row.id]), country) for row in customers}
    received: dict[str, list[PaymentRow]] = defaultdict(list)
    for payment in payments:
        received[payment.invoice_id].append(payment)
    dated: list[PastInvoice] = []
    undated: list[str] = []
    for row in invoices:
        receipts = _receipts(row, received[row.id])
        past = PastInvoice(_invoice(row, rates), known[row.customer_id], receipts)
        if row.status is not InvoiceStatus.OPEN and past.settled_on is None:
            undated.append(row.id)
        else:
            dated.append(past)
    return PastLedger(tuple(dated), tuple(undated))


def _customer(row: CustomerRow, addresses: tuple[Address, ...], country: str) -> CustomerFacts:
    country = row.country or country
    return CustomerFacts(
        id=row.id,
        name=row.name or row.id,
        country=country,
        zone=row.zone or usual_zone(country),
        language=row.language or usual_language(country),
        segment=row.segment,
        strategic=row.strategic,
        owner_name=row.owner_name,
        owner_email=row.owner_email,
        addresses=addresses or (Address(email="accounts-payable@customer.example"),),
    )


def _invoice(row: InvoiceRow, rates: Rates) -> InvoiceFacts:
    return InvoiceFacts(
        id=row.id,
        number=row.number,
        currency=row.currency,
        amount=row.amount,
        amount_open=row.amount,
        base_open=rates.in_base(row.amount, row.currency),
        issued_on=row.issued_on,
        due_on=row.due_on,
        purchase_order=row.purchase_order,
        payment_link=row.payment_link,
    )


def _receipts(row: InvoiceRow, payments: Iterable[PaymentRow]) -> tuple[Receipt, ...]:
    """The payments as far as they fit, in the order of their days. Money in another currency is
    left for a person to place, as when it is booked."""
    came = [Receipt(p.received_on, p.amount) for p in payments if p.currency == row.currency]
    left = row.amount
    if row.status is InvoiceStatus.OPEN and row.amount_open is not None:
        dated = sum((receipt.amount for receipt in came), _ZERO)
        came.append(Receipt(row.issued_on, max(_ZERO, row.amount - row.amount_open - dated)))
    applied = []
    for receipt in sorted(came, key=lambda receipt: receipt.on):
        amount = min(receipt.amount, left)
        if amount > 0:
            applied.append(Receipt(receipt.on, amount))
            left -= amount
    return tuple(applied)
