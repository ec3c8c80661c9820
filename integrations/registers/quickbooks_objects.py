"""QuickBooks Online's invoices and customers in our words."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from integrations.provider_objects import parties
from integrations.provider_objects.translating import translating
from integrations.registers.gone import gone_invoice
from integrations.registers.parts import Part
from integrations.registers.quickbooks_values import (
    PREFIX,
    as_of_it,
    currency_of,
    is_deleted,
    is_voided,
)
from models.billing import CustomerStated, InvoiceStated, News
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import InvoiceStatus

_ORDER_FIELDS = frozenset({"p.o. number", "po number", "po", "purchase order"})

Customers = Mapping[str, Part]
"""QuickBooks' own id to the customer."""


@translating
def invoice_news(said: Part, as_of: datetime, customers: Customers, currency: str) -> list[News]:
    """What an invoice tells; `as_of` counts for one that was deleted and has no time of its own,
    `currency` is the company's, for those that keep their books in one only."""
    name = said.text("Id")
    as_of = as_of_it(said, as_of)
    if is_deleted(said):
        return [gone_invoice(f"{PREFIX}{name}", as_of)]
    code = currency_of(said, currency)
    total, balance = said.amount("TotalAmt", code), said.amount("Balance", code)
    issued_on = said.day("TxnDate")
    customer_id = said.child("CustomerRef").text("value")
    customer, people = _parties(said, customers.get(customer_id))
    return [
        InvoiceStated(
            as_of=as_of,
            invoice=InvoiceRow(
                id=f"{PREFIX}{name}",
                number=said.said("DocNumber") or name,
                customer_id=customer.id,
                currency=code,
                amount=total,
                amount_open=balance,
                issued_on=issued_on,
                due_on=said.day("DueDate") if said.has("DueDate") else issued_on,
                status=_status(said, total, balance),
                purchase_order=_purchase_order(said),
                payment_link=said.said("InvoiceLink"),
            ),
            customer=customer,
            contacts=people,
        )
    ]


@translating
def customer_news(said: Part, as_of: datetime) -> list[News]:
    """What a customer tells. One that was deleted tells nothing: its invoices do."""
    if is_deleted(said):
        return []
    customer, people = _customer(said)
    stated = CustomerStated(
        as_of=as_of_it(said, as_of), customer=customer, contacts=parties.distinct(people)
    )
    return [stated]


def _status(said: Part, total: Decimal, balance: Decimal) -> InvoiceStatus:
    if is_voided(said):
        return InvoiceStatus.VOIDED
    return InvoiceStatus.OPEN if total > 0 and balance > 0 else InvoiceStatus.PAID


def _purchase_order(said: Part) -> str:
    for one in said.parts("CustomField"):
        if one.said("Name").casefold() in _ORDER_FIELDS:
            return one.said("StringValue")
    return ""


def _parties(said: Part, known: Part | None) -> tuple[CustomerRow, tuple[ContactRow, ...]]:
    """An invoice's customer, and whom the invoice itself goes to before the customer's people."""
    reference = said.child("CustomerRef")
    if known is None:
        customer = parties.customer(
            f"{PREFIX}{reference.text('value')}", name=reference.said("name")
        )
        people: list[ContactRow] = []
    else:
        customer, people = _customer(known)
    mail = said.maybe("BillEmail")
    billed = parties.contacts(customer.id, mail.said("Address")) if mail else []
    named = {one.email.casefold(): one for one in people}
    first = [named.get(one.email.casefold(), one) for one in billed]
    return customer, parties.distinct([*first, *people])


def _customer(said: Part) -> tuple[CustomerRow, list[ContactRow]]:
    mail, phone, address = (
        said.maybe(name) for name in ("PrimaryEmailAddr", "PrimaryPhone", "BillAddr")
    )
    customer = parties.customer(
        f"{PREFIX}{said.text('Id')}",
        name=said.said("CompanyName") or said.said("DisplayName"),
        country=address.said("Country") if address else "",
    )
    people = parties.contacts(
        customer.id,
        mail.said("Address") if mail else "",
        name=" ".join(filter(None, (said.said("GivenName"), said.said("FamilyName")))),
        phone=phone.said("FreeFormNumber") if phone else "",
    )
    return customer, people
