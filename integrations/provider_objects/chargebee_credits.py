"""Chargebee's credit notes.

One that adjusts stands against the invoice that it is about. One that can be refunded is the
customer's until it is used: on other invoices, by allocations; or as a refund, which the refund
tells by itself, and against which the credit then stands on the invoice that had been paid.

A chargeback comes with a credit note as well, as if it had been refunded. That one stands against
nothing: nobody gave the money back, and the invoice is owed again.
"""

from datetime import datetime
from decimal import Decimal

from integrations.provider_objects.chargebee_values import (
    changed_at,
    maybe_money,
    money,
    shares,
    total,
)
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.translating import translating
from models.billing import CreditIssued, CreditVoided, News, Share

_CREDIT_STANDS = {"adjusted": True, "refunded": True, "refund_due": True, "voided": False}


@translating
def credit_news(
    note: JsonPart, at: datetime | None = None, *, is_chargeback: bool = False
) -> list[News]:
    """A credit note as it stands: the same one again when more of it has been used. `at` is the
    event's moment, `is_chargeback` that it came with one."""
    if not note.one_of("status", _CREDIT_STANDS) or note.flag("deleted"):
        return credit_deleted(note, at)
    is_chargeback = is_chargeback or _is_chargeback(note)
    told = _shares(note, is_chargeback=is_chargeback)
    left = maybe_money(note, "amount_available") if note.has("amount_available") else None
    if left is None:
        taken = maybe_money(note, "amount_refunded") if is_chargeback else Decimal(0)
        left = money(note, "total") - total(told) - taken
    amount = total(told) + max(left, Decimal(0))
    if amount <= 0:
        return []
    as_of = changed_at(note, at)
    issued = CreditIssued(
        credit_id=note.text("id"),
        happened_at=as_of,
        issued_on=(note.maybe_moment("date") or as_of).date(),
        amount=amount,
        currency=note.currency("currency_code"),
        shares=told,
        customer_id=note.optional("customer_id"),
    )
    return [issued]


@translating
def credit_deleted(note: JsonPart, at: datetime | None = None) -> list[News]:
    """A credit note that is no more."""
    as_of = changed_at(note, at)
    return [CreditVoided(credit_id=note.text("id"), happened_at=as_of, voided_on=as_of.date())]


def _is_chargeback(note: JsonPart) -> bool:
    said = [note.said(name) for name in ("reason_code", "create_reason_code")]
    said += [refund.said("refund_reason_code") for refund in note.parts("linked_refunds")]
    return any(reason.casefold() == "chargeback" for reason in said)


def _shares(note: JsonPart, *, is_chargeback: bool) -> tuple[Share, ...]:
    allocated = shares(note, "allocations", "allocated_amount")
    rest = money(note, "total") - total(allocated)
    invoice = note.optional("reference_invoice_id")
    is_adjustment = note.said("type") == "adjustment"
    given = Decimal(0) if is_chargeback else maybe_money(note, "amount_refunded")
    against = rest if is_adjustment else min(given, rest)
    if not invoice or against <= 0:
        return allocated
    return (*allocated, Share(invoice=(invoice,), amount=against))
