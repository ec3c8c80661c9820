"""Chargebee's invoices, as of an event."""

from decimal import Decimal

from integrations.webhooks.chargebee_customer import contacts_of, row_of
from integrations.webhooks.chargebee_event import (
    ChargebeeEvent,
    as_of,
    full_name,
    money,
    needed_money,
)
from integrations.webhooks.json_part import Part
from models.billing import InvoiceStated, News
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import InvoiceStatus

_PAID = "paid"
_STATUSES: dict[str, InvoiceStatus] = {
    _PAID: InvoiceStatus.PAID,
    "posted": InvoiceStatus.OPEN,
    "payment_due": InvoiceStatus.OPEN,
    # Chargebee has given up asking the card, not the claim.
    "not_paid": InvoiceStatus.OPEN,
    "voided": InvoiceStatus.VOIDED,
}


def invoice_stated(event: ChargebeeEvent) -> list[News]:
    """The invoice as it stands, where the event has one. Nothing of a pending one, or of one that
    asks for nothing."""
    invoice = event.content.maybe_part("invoice")
    if invoice is None:
        return []
    status = InvoiceStatus.VOIDED if invoice.yes("deleted") else _status(invoice)
    return [] if status is None else _stated(event, invoice, status)


def invoice_deleted(event: ChargebeeEvent) -> list[News]:
    """It is no more, so nothing of it is to be paid."""
    return _stated(event, event.content.part("invoice"), InvoiceStatus.VOIDED)


def _stated(event: ChargebeeEvent, invoice: Part, status: InvoiceStatus) -> list[News]:
    total = needed_money(invoice, "total")
    if total <= 0 or invoice.said("status") == "pending":
        return []
    issued = invoice.moment("date")
    due = invoice.maybe_moment("due_date") or issued
    is_open = status is InvoiceStatus.OPEN
    remaining = needed_money(invoice, "amount_due") if is_open else Decimal(0)
    return [
        InvoiceStated(
            as_of=as_of(invoice, event),
            invoice=InvoiceRow(
                id=invoice.id("id"),
                number=invoice.id("id"),
                customer_id=invoice.id("customer_id"),
                currency=invoice.currency("currency_code"),
                amount=total,
                issued_on=issued.date(),
                due_on=due.date(),
                amount_open=min(max(remaining, Decimal(0)), total),
                status=status,
                purchase_order=invoice.said("po_number", 200),
            ),
            customer=_customer(event, invoice),
            contacts=_contacts(event, invoice),
        )
    ]


def _status(invoice: Part) -> InvoiceStatus | None:
    """What the status says; "paid" also stands for what was written off or credited."""
    status = _STATUSES.get(invoice.said("status"))
    if status is not InvoiceStatus.PAID:
        return status
    if money(invoice, "write_off_amount") > 0:
        return InvoiceStatus.WRITTEN_OFF
    credited = money(invoice, "credits_applied") + money(invoice, "amount_adjusted")
    is_credited = credited > 0 and money(invoice, "amount_paid") == 0
    return InvoiceStatus.CREDITED if is_credited else InvoiceStatus.PAID


def _customer(event: ChargebeeEvent, invoice: Part) -> CustomerRow | None:
    """The customer of the event where it brings one, else what the invoice's address says."""
    customer = event.content.maybe_part("customer")
    if customer and customer.id("id") == invoice.id("customer_id"):
        return row_of(customer)
    address = invoice.maybe_part("billing_address")
    if address is None:
        return None
    return CustomerRow(
        id=invoice.id("customer_id"), name=full_name(address), country=address.country("country")
    )


def _contacts(event: ChargebeeEvent, invoice: Part) -> tuple[ContactRow, ...]:
    customer = event.content.maybe_part("customer")
    is_theirs = customer and customer.id("id") == invoice.id("customer_id")
    return contacts_of(customer) if customer and is_theirs else ()
