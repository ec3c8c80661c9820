"""Stripe's credit notes.

One on an open invoice lowers it. One on a paid invoice sends money back (the refund tells that by
itself, and the credit stands against it), adds to the customer's balance, or records what was given
elsewhere. Balance comes off the customer's next invoices, whose open amounts say so already; what
was given elsewhere is gone. Neither is booked here, or it would count twice.
"""

from decimal import Decimal

from integrations.webhooks.json_part import Part
from integrations.webhooks.stripe_event import StripeEvent, maybe_money, money, shares
from models.billing import CreditIssued, CreditVoided, News


def credit_issued(event: StripeEvent) -> list[News]:
    """credit_note.created"""
    note = event.object
    credit = _against_the_invoice(note)
    if note.said("status") == "void" or credit <= 0:
        return []
    return [
        CreditIssued(
            credit_id=note.id("id"),
            happened_at=event.happened_at,
            issued_on=(note.maybe_moment("effective_at") or event.happened_at).date(),
            amount=credit,
            currency=note.currency("currency"),
            shares=shares([note.id("invoice")], credit),
            customer_id=note.maybe_id("customer"),
        )
    ]


def credit_voided(event: StripeEvent) -> list[News]:
    """credit_note.voided"""
    return [
        CreditVoided(
            credit_id=event.object.id("id"), happened_at=event.happened_at, voided_on=event.day
        )
    ]


def _against_the_invoice(note: Part) -> Decimal:
    total, elsewhere = money(note, "amount"), maybe_money(note, "out_of_band_amount")
    goes_back = "refund" in note or bool(note.parts("refunds"))
    if "customer_balance_transaction" in note and not goes_back:
        is_on_open = note.said("type") == "pre_payment"
        return total if is_on_open else maybe_money(note, "pre_payment_amount")
    return total - elsewhere
