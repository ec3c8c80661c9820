"""What it means when a billing system no longer has an object."""

from datetime import datetime
from decimal import Decimal

from models.billing import InvoiceStated
from models.ledger import InvoiceRow
from models.vocabulary import InvoiceStatus

_NO_CURRENCY = "XXX"


def gone_invoice(invoice_id: str, as_of: datetime) -> InvoiceStated:
    """The news of an invoice that is no more: nobody owes it, and no more is known of it."""
    return InvoiceStated(
        as_of=as_of,
        invoice=InvoiceRow(
            id=invoice_id,
            number="",
            customer_id="",
            currency=_NO_CURRENCY,
            amount=Decimal(0),
            amount_open=Decimal(0),
            issued_on=as_of.date(),
            due_on=as_of.date(),
            status=InvoiceStatus.VOIDED,
        ),
        is_gone=True,
    )
