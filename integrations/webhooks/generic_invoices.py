"""What our own webhooks tell of invoices and customers."""

from datetime import datetime
from decimal import Decimal

from integrations.webhooks import generic_data as data
from integrations.webhooks.generic_shares import shares_of
from models.billing import (
    CreditIssued,
    CreditVoided,
    CustomerStated,
    DisputeStated,
    InvoiceStated,
    News,
)
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import InvoiceStatus

_NOTHING_OPEN = {InvoiceStatus.PAID, InvoiceStatus.CREDITED}


def invoice(at: datetime, told: data.InvoiceData) -> News:
    """The invoice as it stands."""
    return _stated(at, told, told.status)


def voided(at: datetime, told: data.InvoiceData) -> News:
    """The invoice, which is void whatever else is said."""
    return _stated(at, told, InvoiceStatus.VOIDED)


def uncollectible(at: datetime, told: data.InvoiceData) -> News:
    """The invoice, which is given up whatever else is said."""
    return _stated(at, told, InvoiceStatus.WRITTEN_OFF)


def customer(at: datetime, told: data.CustomerChangeData) -> News:
    """The customer as it stands."""
    return CustomerStated(
        as_of=at,
        customer=_customer_row(told.customer_id, told),
        contacts=_contacts(told.customer_id, told),
    )


def dispute_opened(at: datetime, told: data.DisputeData) -> News:
    """The customer contests an invoice."""
    return _dispute(at, told, is_open=True)


def dispute_closed(at: datetime, told: data.DisputeData) -> News:
    """They no longer do, or have won."""
    return _dispute(at, told, is_open=False)


def credit(at: datetime, told: data.CreditData) -> News:
    """A credit note was set against invoices."""
    return CreditIssued(
        credit_id=told.credit_note_id,
        happened_at=at,
        issued_on=told.issued_on or at.date(),
        amount=told.amount,
        currency=told.currency,
        shares=shares_of(told.invoices),
        customer_id=told.customer_id,
    )


def credit_voided(at: datetime, told: data.CreditVoidData) -> News:
    """A credit note was taken back."""
    return CreditVoided(
        credit_id=told.credit_note_id, happened_at=at, voided_on=told.voided_on or at.date()
    )


def _stated(at: datetime, told: data.InvoiceData, status: InvoiceStatus) -> News:
    owner = told.customer
    return InvoiceStated(
        as_of=at,
        invoice=InvoiceRow(
            id=told.invoice_id,
            number=told.number or told.invoice_id,
            customer_id=told.customer_id,
            currency=told.currency,
            amount=told.amount,
            issued_on=told.issued_on,
            due_on=told.due_on,
            amount_open=Decimal(0) if status in _NOTHING_OPEN else told.amount_open,
            status=status,
            purchase_order=told.purchase_order,
            terms=told.terms,
            payment_link=told.payment_link,
        ),
        customer=_customer_row(told.customer_id, owner) if owner else None,
        contacts=_contacts(told.customer_id, owner) if owner else (),
    )


def _customer_row(customer_id: str, told: data.CustomerData) -> CustomerRow:
    return CustomerRow(
        id=customer_id,
        name=told.name,
        country=told.country,
        zone=told.zone,
        language=told.language,
        segment=told.segment,
        tags=told.tags,
    )


def _contacts(customer_id: str, told: data.CustomerData) -> tuple[ContactRow, ...]:
    return tuple(
        ContactRow(customer_id, one.email, one.name, one.phone, one.role) for one in told.contacts
    )


def _dispute(at: datetime, told: data.DisputeData, *, is_open: bool) -> News:
    return DisputeStated(
        dispute_id=told.dispute_id,
        invoice=(told.invoice,),
        happened_at=at,
        is_open=is_open,
        amount=told.amount,
        code=told.code,
        line=told.line,
        note=told.note,
        in_favour_of=told.in_favour_of,
    )
