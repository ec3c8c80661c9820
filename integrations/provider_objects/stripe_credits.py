"""Stripe's credit notes.

One on an open invoice lowers it. One on a paid invoice sends money back (the refund tells that by
itself, and the credit stands against it), adds to the customer's balance, or records what was given
elsewhere. Balance comes off the customer's next invoices, whose open amounts say so already; what
was given elsewhere is gone. Neither is booked here, or it would count twice.
"""

from datetime import datetime
from decimal import Decimal

from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_values import maybe_money, money, shares
from integrations.provider_objects.translating import translating
from models.billing import CreditIssued, CreditVoided, News

_STANDS = {"issued": True, "void": False}


@translating
def credit_news(note: JsonPart, at: datetime) -> list[News]:
    """What a credit note tells as of a moment: what of it stands, or that it was taken back."""
    if not note.one_of("status", _STANDS):
        return credit_voided(note, at)
    credit = _against_the_invoice(note)
    if credit <= 0:
        return []
    issued_at = note.maybe_moment("effective_at") or note.maybe_moment("created") or at
    issued = CreditIssued(
        credit_id=note.text("id"),
        happened_at=at,
        issued_on=issued_at.date(),
        amount=credit,
        currency=note.currency("currency"),
        shares=shares([note.id("invoice")], credit),
        customer_id=note.maybe_id("customer"),
    )
    return [issued]


@translating
def credit_voided(note: JsonPart, at: datetime) -> list[News]:
    """credit_note.voided"""
    credit_id = note.text("id")
    return [CreditVoided(credit_id=credit_id, happened_at=at, voided_on=at.date())]


def _against_the_invoice(note: JsonPart) -> Decimal:
    total, elsewhere = money(note, "amount"), maybe_money(note, "out_of_band_amount")
    goes_back = note.has("refund") or bool(note.parts("refunds"))
    if note.has("customer_balance_transaction") and not goes_back:
        is_on_open = note.said("type") == "pre_payment"
        return total if is_on_open else maybe_money(note, "pre_payment_amount")
    return total - elsewhere
