"""Xero's payments, credit notes and advances in our words."""

from datetime import datetime
from decimal import Decimal

from integrations.provider_objects.translating import translating
from integrations.registers.parts import Part
from integrations.registers.xero_values import changed_at, day, moment
from models.billing import (
    CreditIssued,
    CreditVoided,
    News,
    PaymentReturned,
    PaymentSettled,
    Share,
)

_STANDS = {"AUTHORISED": True, "PAID": True, "VOIDED": False, "DELETED": False}

_RECEIVED = frozenset({"RECEIVE-PREPAYMENT", "RECEIVE-OVERPAYMENT"})


@translating
def payment_news(said: Part) -> list[News]:
    """What a payment on a sales invoice tells. Any other kind of payment, such as one that gives
    a credit note's money back, tells nothing."""
    if said.text("PaymentType") != "ACCRECPAYMENT":
        return []
    payment_id, as_of = said.text("PaymentID"), changed_at(said)
    if not said.one_of("Status", _STANDS):
        return [_returned(payment_id, as_of)]
    invoice = said.child("Invoice")
    code = invoice.currency("CurrencyCode")
    amount, contact = said.amount("Amount", code), invoice.maybe("Contact")
    if amount <= 0:
        return []
    settled = PaymentSettled(
        payment_id=payment_id,
        happened_at=as_of,
        received_on=moment(said, "Date").date(),
        amount=amount,
        currency=code,
        shares=(Share(invoice=_names(invoice), amount=amount),),
        customer_id=contact.text("ContactID") if contact else "",
        payer_name=contact.said("Name") if contact else "",
        reference=said.said("Reference"),
    )
    return [settled]


@translating
def credit_news(said: Part) -> list[News]:
    """What a credit note for a customer tells: what was set against invoices, and what is left.

    What of it was paid out is nobody's credit any more and is not in its amount.
    """
    if said.text("Type") != "ACCRECCREDIT" or said.text("Status") in {"DRAFT", "SUBMITTED"}:
        return []
    credit_id, as_of = said.text("CreditNoteID"), changed_at(said)
    if said.one_of("Status", _STANDS):
        code = said.currency("CurrencyCode")
        shares = _allocated(said, code)
        amount = said.amount("RemainingCredit", code) + _sum(shares)
        if amount > 0:
            issued = CreditIssued(
                credit_id=credit_id,
                happened_at=as_of,
                issued_on=day(said, "Date"),
                amount=amount,
                currency=code,
                shares=shares,
                customer_id=said.child("Contact").text("ContactID"),
            )
            return [issued]
    return [CreditVoided(credit_id=credit_id, happened_at=as_of, voided_on=as_of.date())]


@translating
def advance_news(said: Part) -> list[News]:
    """What a prepayment or an overpayment tells: money of the customer's that is on no invoice, or
    was set against some later."""
    if said.text("Type") not in _RECEIVED or said.text("Status") in {"DRAFT", "SUBMITTED"}:
        return []
    name = "PrepaymentID" if said.has("PrepaymentID") else "OverpaymentID"
    payment_id, as_of = said.text(name), changed_at(said)
    if not said.one_of("Status", _STANDS):
        return [_returned(payment_id, as_of)]
    code, contact = said.currency("CurrencyCode"), said.child("Contact")
    shares = _allocated(said, code)
    amount = said.amount("RemainingCredit", code) + _sum(shares)
    if amount <= 0:
        return []
    settled = PaymentSettled(
        payment_id=payment_id,
        happened_at=as_of,
        received_on=day(said, "Date"),
        amount=amount,
        currency=code,
        shares=shares,
        customer_id=contact.text("ContactID"),
        payer_name=contact.said("Name"),
        reference=said.said("Reference"),
    )
    return [settled]


def _returned(payment_id: str, as_of: datetime) -> PaymentReturned:
    return PaymentReturned(
        return_id=f"{payment_id}-gone",
        payment_id=payment_id,
        happened_at=as_of,
        returned_on=as_of.date(),
    )


def _names(invoice: Part) -> tuple[str, ...]:
    number = invoice.said("InvoiceNumber")
    return (invoice.text("InvoiceID"), *([number] if number else []))


def _allocated(said: Part, code: str) -> tuple[Share, ...]:
    found = (
        (one.child("Invoice"), one.amount("Amount", code)) for one in said.parts("Allocations")
    )
    return tuple(
        Share(invoice=_names(invoice), amount=amount) for invoice, amount in found if amount > 0
    )


def _sum(shares: tuple[Share, ...]) -> Decimal:
    return sum((share.amount for share in shares), Decimal(0))
