"""Chargebee's invoices and customers."""

from datetime import datetime
from decimal import Decimal

from integrations.provider_objects import parties
from integrations.provider_objects.chargebee_means import usual_means
from integrations.provider_objects.chargebee_parties import customer_of, parties_of
from integrations.provider_objects.chargebee_values import changed_at, maybe_money, money
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.translating import translating
from models.billing import CustomerStated, InvoiceStated, News
from models.ledger import InvoiceRow
from models.vocabulary import InvoiceStatus

PENDING = "pending"  # charges that Chargebee still collects: no invoice yet
STATUSES: dict[str, InvoiceStatus] = {
    "paid": InvoiceStatus.PAID,
    "posted": InvoiceStatus.OPEN,
    "payment_due": InvoiceStatus.OPEN,
    # Chargebee has given up asking the card, not the claim.
    "not_paid": InvoiceStatus.OPEN,
    "voided": InvoiceStatus.VOIDED,
}


@translating
def invoice_news(
    invoice: JsonPart,
    customer: JsonPart | None = None,
    at: datetime | None = None,
    *,
    is_deleted: bool = False,
) -> list[News]:
    """The invoice as it stands, with its customer. Nothing of a pending one, or of one that asks
    for nothing. `at` is the event's moment, `is_deleted` that it is no more although it does not
    say so itself."""
    total = money(invoice, "total")
    if invoice.text("status") == PENDING or total <= 0:
        return []
    is_deleted |= invoice.flag("deleted")
    status = InvoiceStatus.VOIDED if is_deleted else _status(invoice)
    remaining = money(invoice, "amount_due") if status is InvoiceStatus.OPEN else Decimal(0)
    issued = invoice.moment("date")
    due = invoice.maybe_moment("due_date") or issued
    days = invoice.whole("net_term_days") if invoice.has("net_term_days") else 0
    row, people = parties_of(invoice, customer)
    stated = InvoiceStated(
        as_of=changed_at(invoice, at),
        invoice=InvoiceRow(
            id=invoice.text("id"),
            number=invoice.text("id"),
            customer_id=row.id,
            currency=invoice.currency("currency_code"),
            amount=total,
            amount_open=min(max(remaining, Decimal(0)), total),
            issued_on=issued.date(),
            due_on=due.date(),
            status=status,
            purchase_order=invoice.said("po_number"),
            terms=f"Net {days}" if days > 0 else "",
        ),
        customer=row if customer or invoice.has("billing_address") else None,
        contacts=people,
    )
    return [stated]


@translating
def customer_news(customer: JsonPart, at: datetime | None = None) -> list[News]:
    """What a customer tells. One that was deleted tells nothing."""
    if customer.flag("deleted"):
        return []
    row, people = customer_of(customer)
    contacts = parties.distinct(people)
    return [CustomerStated(as_of=changed_at(customer, at), customer=row, contacts=contacts)]


@translating
def customer_and_means(customer: JsonPart, card: JsonPart | None) -> list[News]:
    """What a customer tells, and what its invoices are charged to."""
    if customer.flag("deleted"):
        return []
    return [*customer_news(customer), *usual_means(customer, card)]


def _status(invoice: JsonPart) -> InvoiceStatus:
    """What the status says; "paid" also stands for what was written off or credited."""
    status = invoice.one_of("status", STATUSES)
    if status is not InvoiceStatus.PAID:
        return status
    if maybe_money(invoice, "write_off_amount") > 0:
        return InvoiceStatus.WRITTEN_OFF
    credited = maybe_money(invoice, "credits_applied") + maybe_money(invoice, "amount_adjusted")
    is_credited = credited > 0 and maybe_money(invoice, "amount_paid") == 0
    return InvoiceStatus.CREDITED if is_credited else InvoiceStatus.PAID
