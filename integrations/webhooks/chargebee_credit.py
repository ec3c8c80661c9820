"""Chargebee's credit notes.

One that adjusts stands against the invoice that it is about. One that can be refunded is the
customer's until it is used: on other invoices, by allocations; or as a refund, which the refund
tells by itself, and against which the credit then stands on the invoice that had been paid.
"""

from decimal import Decimal

from integrations.webhooks.chargebee_event import (
    ChargebeeEvent,
    as_of,
    money,
    needed_money,
    shares,
)
from integrations.webhooks.json_part import Part
from models.billing import CreditIssued, CreditVoided, News, Share


def credit_stated(event: ChargebeeEvent) -> list[News]:
    """A credit note as it stands: the same one again when more of it has been used."""
    note = event.content.part("credit_note")
    if note.said("status") == "voided" or note.yes("deleted"):
        return credit_deleted(event)
    total = needed_money(note, "total")
    if total <= 0:
        return []
    return [
        CreditIssued(
            credit_id=note.id("id"),
            happened_at=as_of(note, event),
            issued_on=(note.maybe_moment("date") or event.happened_at).date(),
            amount=total,
            currency=note.currency("currency_code"),
            shares=_shares(note, total),
            customer_id=note.maybe_id("customer_id"),
        )
    ]


def credit_deleted(event: ChargebeeEvent) -> list[News]:
    """A credit note that is no more."""
    note = event.content.part("credit_note")
    at = as_of(note, event)
    return [CreditVoided(credit_id=note.id("id"), happened_at=at, voided_on=at.date())]


def _shares(note: Part, total: Decimal) -> tuple[Share, ...]:
    allocated = shares(
        note.parts("allocations"), "allocated_amount", note.currency("currency_code"), total
    )
    rest = total - sum((share.amount for share in allocated), Decimal(0))
    invoice = note.maybe_id("reference_invoice_id")
    is_adjustment = note.said("type") == "adjustment"
    against = rest if is_adjustment else min(money(note, "amount_refunded"), rest)
    if not invoice or against <= 0:
        return allocated
    return (*allocated, Share(invoice=(invoice,), amount=against))
