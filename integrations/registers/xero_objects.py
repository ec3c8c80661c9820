"""Xero's invoices and contacts in our words."""

from collections.abc import Mapping
from decimal import Decimal

from integrations.provider_objects import parties
from integrations.provider_objects.translating import translating
from integrations.registers.parts import Part
from integrations.registers.xero_values import changed_at, day
from models.billing import CustomerStated, InvoiceStated, News
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import InvoiceStatus

_SALE = "ACCREC"
# What was never approved was never owed, whatever became of it.
_NOT_TOLD = frozenset({"DRAFT", "SUBMITTED", "DELETED"})
_STATUSES = {
    "AUTHORISED": InvoiceStatus.OPEN,
    "PAID": InvoiceStatus.PAID,
    "VOIDED": InvoiceStatus.VOIDED,
}
_TELEPHONES = ("DEFAULT", "DDI", "MOBILE")

Contacts = Mapping[str, Part]
"""A contact's id to the contact."""
_NOBODY: Contacts = {}


@translating
def invoice_news(said: Part, contacts: Contacts = _NOBODY) -> list[News]:
    """What a sales invoice tells; a bill, and what is not approved, tells nothing."""
    if said.text("Type") != _SALE or said.text("Status") in _NOT_TOLD:
        return []
    code = said.currency("CurrencyCode")
    total = said.amount("Total", code)
    issued_on = day(said, "Date")
    customer, people = _parties(said.child("Contact"), contacts)
    stated = InvoiceStated(
        as_of=changed_at(said),
        invoice=InvoiceRow(
            id=said.text("InvoiceID"),
            number=said.said("InvoiceNumber") or said.text("InvoiceID"),
            customer_id=customer.id,
            currency=code,
            amount=total,
            amount_open=said.amount("AmountDue", code),
            issued_on=issued_on,
            due_on=day(said, "DueDate") if said.has("DueDate") else issued_on,
            status=_status(said, total, code),
            purchase_order=said.said("Reference"),
        ),
        customer=customer,
        contacts=people,
    )
    return [stated]


@translating
def contact_news(said: Part) -> list[News]:
    """What a contact tells, when it is a customer."""
    if not said.flag("IsCustomer"):
        return []
    customer, people = _customer(said)
    return [CustomerStated(as_of=changed_at(said), customer=customer, contacts=people)]


def _status(said: Part, total: Decimal, code: str) -> InvoiceStatus:
    status = said.one_of("Status", _STATUSES)
    if status is InvoiceStatus.PAID and total > 0 and said.has("AmountCredited"):
        paid = said.amount("AmountPaid", code) if said.has("AmountPaid") else Decimal(0)
        if paid == 0 and said.amount("AmountCredited", code) >= total:
            return InvoiceStatus.CREDITED
    return status


def _parties(named: Part, contacts: Contacts) -> tuple[CustomerRow, tuple[ContactRow, ...]]:
    return _customer(contacts.get(named.text("ContactID"), named))


def _customer(said: Part) -> tuple[CustomerRow, tuple[ContactRow, ...]]:
    customer_id = said.text("ContactID")
    countries = (one.said("Country") for one in reversed(said.parts("Addresses")))
    customer = parties.customer(
        customer_id, name=said.said("Name"), country=next(filter(None, countries), "")
    )
    first = parties.contacts(
        customer_id, said.said("EmailAddress"), name=_name(said), phone=_telephone(said)
    )
    others = [
        person
        for one in said.parts("ContactPersons")
        if one.flag("IncludeInEmails")
        for person in parties.contacts(customer_id, one.said("EmailAddress"), name=_name(one))
    ]
    return customer, parties.distinct([*first, *others])


def _name(said: Part) -> str:
    return " ".join(filter(None, (said.said("FirstName"), said.said("LastName"))))


def _telephone(said: Part) -> str:
    """The first number, as it is dialled from elsewhere."""
    known = {one.said("PhoneType"): one for one in said.parts("Phones")}
    for kind in _TELEPHONES:
        if kind in known and known[kind].said("PhoneNumber"):
            one = known[kind]
            country = one.said("PhoneCountryCode").lstrip("+")
            parts = (f"+{country}" if country else "", one.said("PhoneAreaCode"))
            return " ".join(filter(None, (*parts, one.said("PhoneNumber"))))
    return ""
