"""Stripe's invoices, credit notes and customers in our words.

Both shapes are read: events keep the one of the account's own API version, and before 2025-03-31 an
invoice named its payment itself.
"""

from datetime import datetime
from decimal import Decimal

from integrations.registers import parties
from integrations.registers.money import STRIPE
from integrations.registers.parts import Part, translating
from integrations.registers.stripe_links import named, whole
from integrations.registers.stripe_means import means_news
from models.billing import (
    CreditIssued,
    CreditVoided,
    CustomerStated,
    InvoiceStated,
    News,
    Share,
)
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import InvoiceStatus

_DRAFT = "draft"
_STATUSES = {
    "open": InvoiceStatus.OPEN,
    "paid": InvoiceStatus.PAID,
    "void": InvoiceStatus.VOIDED,
    "uncollectible": InvoiceStatus.WRITTEN_OFF,
}
_LONGEST_LINK = 2000
_CREDIT_STANDS = {"issued": True, "void": False}


@translating
def invoice_news(said: Part, as_of: datetime) -> list[News]:
    """What an invoice tells, with its customer, and with what they pay by where that is there as a
    whole. A draft, and one that asks for nothing, tells nothing."""
    if said.text("status") == _DRAFT:
        return []
    code = said.currency("currency")
    total = said.units("total", code, STRIPE)
    if total <= 0:
        return []
    issued_on = _issued_at(said).date()
    customer = whole(said, "customer", "customer")
    row, people = _parties(said, customer)
    stated = InvoiceStated(
        as_of=as_of,
        invoice=InvoiceRow(
            id=said.text("id"),
            number=said.said("number") or said.text("id"),
            customer_id=row.id,
            currency=code,
            amount=total,
            amount_open=said.units("amount_remaining", code, STRIPE),
            issued_on=issued_on,
            due_on=said.seconds("due_date").date() if said.has("due_date") else issued_on,
            status=_status(said, total, code),
            purchase_order=_purchase_order(said),
            payment_link=_link(said),
        ),
        customer=row,
        contacts=people,
    )
    return [stated, *_means(said, customer, as_of)]


@translating
def customer_news(said: Part, as_of: datetime) -> list[News]:
    """What a customer tells. One that was deleted tells nothing."""
    if said.flag("deleted"):
        return []
    row, people = _customer(said)
    return [CustomerStated(as_of=as_of, customer=row, contacts=tuple(people))]


@translating
def credit_news(said: Part, as_of: datetime) -> list[News]:
    """What a credit note tells: all of it is for its invoice.

    What of it was refunded took as much from the invoice's payments, and what went to the
    customer's balance is what the invoice was paid too much.
    """
    credit_id = said.text("id")
    if not said.one_of("status", _CREDIT_STANDS):
        return [CreditVoided(credit_id=credit_id, happened_at=as_of, voided_on=as_of.date())]
    code = said.currency("currency")
    amount, invoice = said.units("amount", code, STRIPE), named(said, "invoice")
    if amount <= 0:
        return []
    issued = CreditIssued(
        credit_id=credit_id,
        happened_at=as_of,
        issued_on=said.seconds("created").date(),
        amount=amount,
        currency=code,
        shares=(Share(invoice=(invoice,), amount=amount),) if invoice else (),
        customer_id=named(said, "customer"),
    )
    return [issued]


def _issued_at(said: Part) -> datetime:
    transitions = said.maybe("status_transitions")
    if transitions and transitions.has("finalized_at"):
        return transitions.seconds("finalized_at")
    return said.seconds("created")


def _status(said: Part, total: Decimal, code: str) -> InvoiceStatus:
    status = said.one_of("status", _STATUSES)
    credited = "pre_payment_credit_notes_amount"
    if status is not InvoiceStatus.PAID or not said.has(credited):
        return status
    is_credited = said.units(credited, code, STRIPE) >= total
    return InvoiceStatus.CREDITED if is_credited else status


def _link(said: Part) -> str:
    link = said.value.get("hosted_invoice_url")
    if not isinstance(link, str) or not link.startswith("https://") or len(link) > _LONGEST_LINK:
        return ""
    return link if link.isprintable() and " " not in link else ""


def _purchase_order(said: Part) -> str:
    for one in said.parts("custom_fields"):
        if one.said("name").casefold() in {"po", "po number", "purchase order", "p.o. number"}:
            return one.said("value")
    return ""


def _means(said: Part, customer: Part | None, as_of: datetime) -> list[News]:
    settings = customer.maybe("invoice_settings") if customer else None
    usual = whole(settings, "default_payment_method", "payment method") if settings else None
    own = whole(said, "default_payment_method", "payment method")
    found: list[News] = []
    if usual:
        found += means_news(usual, as_of, is_default=True)
    if own and not (usual and own.text("id") == usual.text("id")):
        found += means_news(own, as_of)
    return found


def _parties(said: Part, customer: Part | None) -> tuple[CustomerRow, tuple[ContactRow, ...]]:
    """An invoice's customer as it is now; as it was when the invoice was made, where only that is
    said."""
    if customer is not None:
        row, found = _customer(customer)
        return row, parties.distinct(found)
    customer_id = named(said, "customer")
    if not customer_id:
        raise said.wrong("customer")
    address = said.maybe("customer_address")
    row = parties.customer(
        customer_id,
        name=said.said("customer_name"),
        country=address.said("country") if address else "",
    )
    people = parties.contacts(
        customer_id, said.said("customer_email"), phone=said.said("customer_phone")
    )
    return row, parties.distinct(people)


def _customer(said: Part) -> tuple[CustomerRow, list[ContactRow]]:
    address = said.maybe("address")
    locales = said.value.get("preferred_locales")
    first = locales[0] if isinstance(locales, list) and locales else ""
    row = parties.customer(
        said.text("id"),
        name=said.said("name") or said.said("description"),
        country=address.said("country") if address else "",
        language=first if isinstance(first, str) else "",
    )
    return row, parties.contacts(row.id, said.said("email"), phone=said.said("phone"))
