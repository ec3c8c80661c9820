"""Stripe's invoices.

Every shape is read: events keep the one of the account's own API version, and before 2025-03-31 an
invoice named its payment itself.
"""

from datetime import datetime
from decimal import Decimal

from integrations.provider_objects import parties
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_customers import customer_of
from integrations.provider_objects.stripe_means import means_news
from integrations.provider_objects.stripe_payments import invoice_payment_news
from integrations.provider_objects.stripe_values import (
    beside,
    maybe_money,
    money,
    names_of,
    ours,
    shares,
)
from integrations.provider_objects.translating import translating
from models.billing import InvoiceStated, News, ObjectChanged, ObjectKind, PaymentSettled
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import InvoiceStatus

_STATUSES: dict[str, InvoiceStatus] = {
    "open": InvoiceStatus.OPEN,
    "paid": InvoiceStatus.PAID,
    "void": InvoiceStatus.VOIDED,
    "uncollectible": InvoiceStatus.WRITTEN_OFF,
}
_UNTOLD = frozenset({"", "draft"})
_PURCHASE_ORDER = frozenset({"po", "po no", "po number", "purchase order", "purchase order number"})


@translating
def invoice_news(invoice: JsonPart, as_of: datetime) -> list[News]:
    """The invoice as it stands, with its customer, and with what they pay by where that is there as
    a whole. Nothing of a draft, of one that asks for nothing, or of a copy.

    A copy is an invoice that our own system made of one of ours, and said so in its metadata: it
    would be chased twice.
    """
    if invoice.optional("status") in _UNTOLD or ours(invoice) or money(invoice, "total") <= 0:
        return []
    customer = invoice.expanded("customer")
    row, people = customer_of(customer) if customer else _customer_then(invoice)
    stated = InvoiceStated(
        as_of=as_of, invoice=_row(invoice, row.id), customer=row, contacts=people
    )
    return [stated, *_means(invoice, customer, as_of)]


@translating
def invoice_paid(invoice: JsonPart, at: datetime) -> list[News]:
    """invoice.paid: the invoice, and the payments that paid it where it names them.

    A copy that names none has to be asked: nobody else knows that the payment is for ours.
    """
    paid = payments_named(invoice, at)
    if not paid and ours(invoice):
        changed = ObjectChanged(object=ObjectKind.INVOICE, id=invoice.text("id"), happened_at=at)
        return [changed]
    return [*invoice_news(invoice, at), *paid]


@translating
def payments_named(invoice: JsonPart, at: datetime) -> list[News]:
    """The payments that an invoice names: one until 2025, since then those of its list, where it
    brings one. What was paid elsewhere, or from a balance, is no payment of Stripe's."""
    names, listed = names_of(invoice), invoice.maybe("payments")
    found = [
        news
        for one in (listed.parts("data") if listed else [])
        if one.said("status") == "paid"
        for news in invoice_payment_news(one, at, names)
    ]
    payment = invoice.maybe_id("payment_intent") or invoice.maybe_id("charge")
    paid = maybe_money(invoice, "amount_paid") if payment else Decimal(0)
    if paid <= 0 or invoice.flag("paid_out_of_band"):
        return found
    passed = invoice.maybe("status_transitions")
    settled_at = (passed.maybe_moment("paid_at") if passed else None) or at
    settled = PaymentSettled(
        payment_id=payment,
        other_ids=beside(payment, invoice.maybe_id("charge")),
        happened_at=settled_at,
        received_on=settled_at.date(),
        amount=paid,
        currency=invoice.currency("currency"),
        shares=shares(names, paid),
        customer_id=invoice.maybe_id("customer"),
    )
    return [settled, *found]


def _row(invoice: JsonPart, customer_id: str) -> InvoiceRow:
    total, remaining = money(invoice, "total"), money(invoice, "amount_remaining")
    issued = _issued_at(invoice)
    # One that is charged by itself has no due date: it is due when it is made final.
    due = invoice.maybe_moment("due_date") or issued
    status = _status(invoice, total)
    is_paid = status in (InvoiceStatus.PAID, InvoiceStatus.CREDITED)
    return InvoiceRow(
        id=invoice.text("id"),
        number=invoice.said("number") or invoice.text("id"),
        customer_id=customer_id,
        currency=invoice.currency("currency"),
        amount=total,
        issued_on=issued.date(),
        due_on=due.date(),
        amount_open=Decimal(0) if is_paid else min(max(remaining, Decimal(0)), total),
        status=status,
        purchase_order=_purchase_order(invoice),
        payment_link=invoice.link("hosted_invoice_url"),
    )


def _status(invoice: JsonPart, total: Decimal) -> InvoiceStatus:
    status = invoice.one_of("status", _STATUSES)
    credited = maybe_money(invoice, "pre_payment_credit_notes_amount")
    is_credited = status is InvoiceStatus.PAID and credited >= total
    return InvoiceStatus.CREDITED if is_credited else status


def _issued_at(invoice: JsonPart) -> datetime:
    passed = invoice.maybe("status_transitions")
    return (
        invoice.maybe_moment("effective_at")
        or (passed.maybe_moment("finalized_at") if passed else None)
        or invoice.moment("created")
    )


def _purchase_order(invoice: JsonPart) -> str:
    for one in invoice.parts("custom_fields"):
        name = one.said("name").casefold().replace("p.o.", "po").rstrip(".:# ")
        if name in _PURCHASE_ORDER:
            return one.said("value")
    return ""


def _means(invoice: JsonPart, customer: JsonPart | None, as_of: datetime) -> list[News]:
    settings = customer.maybe("invoice_settings") if customer else None
    usual = settings.expanded("default_payment_method") if settings else None
    own = invoice.expanded("default_payment_method")
    found: list[News] = []
    if usual:
        found += means_news(usual, as_of, is_default=True)
    if own and not (usual and own.text("id") == usual.text("id")):
        found += means_news(own, as_of)
    return found


def _customer_then(invoice: JsonPart) -> tuple[CustomerRow, tuple[ContactRow, ...]]:
    """The customer as it was when the invoice was made."""
    customer_id = invoice.maybe_id("customer") or invoice.id("customer_account")
    address = invoice.maybe("customer_address")
    row = parties.customer(
        customer_id,
        name=invoice.said("customer_name"),
        country=address.said("country") if address else "",
    )
    people = parties.contacts(
        customer_id, invoice.said("customer_email"), phone=invoice.said("customer_phone")
    )
    return row, parties.distinct(people)
