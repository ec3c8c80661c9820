"""Chargebee's invoices, credit notes and customers in our words."""

from datetime import datetime
from decimal import Decimal

from integrations.registers.cards import last_day
from integrations.registers.chargebee_parties import customer_of, parties_of
from integrations.registers.parts import Part, translating
from models.billing import (
    CreditIssued,
    CreditVoided,
    CustomerStated,
    InvoiceStated,
    MeansState,
    MeansStated,
    News,
    Share,
)
from models.ledger import InvoiceRow
from models.vocabulary import InvoiceStatus, Method

PENDING = "pending"  # charges that Chargebee still collects: no invoice yet
STATUSES = {
    "paid": InvoiceStatus.PAID,
    "posted": InvoiceStatus.OPEN,
    "payment_due": InvoiceStatus.OPEN,
    "not_paid": InvoiceStatus.OPEN,
    "voided": InvoiceStatus.VOIDED,
}
_STATES = {
    "valid": MeansState.USABLE,
    "expiring": MeansState.USABLE,
    "expired": MeansState.EXPIRED,
    "invalid": MeansState.REVOKED,
    "pending_verification": MeansState.PENDING,
}
METHODS = {
    "card": Method.CARD,
    "apple_pay": Method.CARD,
    "google_pay": Method.CARD,
    "check": Method.CHEQUE,
    "bank_transfer": Method.WIRE,
    "wire_transfer": Method.WIRE,
    "ach_credit": Method.ACH,
    "sepa_credit": Method.SEPA,
    "sepa_instant_transfer": Method.SEPA,
}
_CREDIT_STANDS = {"adjusted": True, "refunded": True, "refund_due": True, "voided": False}


def changed_at(said: Part) -> datetime:
    """When an object was changed last: to the millisecond where that is said."""
    exact = "resource_version"
    return said.milliseconds(exact) if said.has(exact) else said.seconds("updated_at")


@translating
def invoice_news(said: Part, customer: Part | None = None, card: Part | None = None) -> list[News]:
    """What an invoice tells, with its customer and the card that the customer pays with."""
    if said.text("status") == PENDING and not said.flag("deleted"):
        return []
    code, as_of = said.currency("currency_code"), changed_at(said)
    issued_on = said.seconds("date").date()
    row, people = parties_of(said, customer)
    days = said.whole("net_term_days") if said.has("net_term_days") else 0
    stated = InvoiceStated(
        as_of=as_of,
        invoice=InvoiceRow(
            id=said.text("id"),
            number=said.text("id"),
            customer_id=row.id,
            currency=code,
            amount=said.units("total", code),
            amount_open=said.units("amount_due", code),
            issued_on=issued_on,
            due_on=said.seconds("due_date").date() if said.has("due_date") else issued_on,
            status=_status(said, code),
            purchase_order=said.said("po_number"),
            terms=f"Net {days}" if days > 0 else "",
        ),
        customer=row,
        contacts=people,
    )
    return [stated, *(means_news(customer, card) if customer else [])]


@translating
def customer_news(said: Part, card: Part | None = None) -> list[News]:
    """What a customer tells, and what it pays with. One that was deleted tells nothing."""
    if said.flag("deleted"):
        return []
    row, people = customer_of(said)
    stated = CustomerStated(as_of=changed_at(said), customer=row, contacts=tuple(people))
    return [stated, *means_news(said, card)]


@translating
def means_news(customer: Part, card: Part | None) -> list[News]:
    """The payment source that a customer's invoices are charged to, where it has one."""
    method = customer.maybe("payment_method")
    if method is None or not customer.has("primary_payment_source_id"):
        return []
    kind = method.said("type")
    stated = MeansStated(
        provider="chargebee",
        reference=customer.text("primary_payment_source_id"),
        as_of=changed_at(customer),
        state=method.one_of("status", _STATES),
        method=METHODS.get(kind, Method.OTHER),
        customer_id=customer.text("id"),
        holder=customer.text("id"),
        expires_on=last_day(card, "expiry_month", "expiry_year") if card else None,
        is_default=True,
    )
    return [stated]


@translating
def credit_news(said: Part) -> list[News]:
    """What a credit note tells: what it was set against, and what is left for the customer.

    What was paid out of it is set against the invoice that it refers to: the refund took as much
    from what was paid there.
    """
    credit_id, as_of = said.text("id"), changed_at(said)
    if not said.one_of("status", _CREDIT_STANDS) or said.flag("deleted"):
        return [CreditVoided(credit_id=credit_id, happened_at=as_of, voided_on=as_of.date())]
    code = said.currency("currency_code")
    shares = _shares(said, code)
    left = said.units("amount_available", code) if said.has("amount_available") else Decimal(0)
    amount = sum((share.amount for share in shares), Decimal(0)) + max(left, Decimal(0))
    if amount <= 0:
        return []
    issued = CreditIssued(
        credit_id=credit_id,
        happened_at=as_of,
        issued_on=said.seconds("date").date(),
        amount=amount,
        currency=code,
        shares=tuple(shares),
        customer_id=said.text("customer_id"),
    )
    return [issued]


def _shares(said: Part, code: str) -> list[Share]:
    found = [
        (one.text("invoice_id"), one.units("allocated_amount", code))
        for one in said.parts("allocations")
    ]
    refers_to = said.optional("reference_invoice_id")
    if refers_to and said.text("type") == "adjustment" and not found:
        found.append((refers_to, said.units("total", code)))
    if refers_to and said.has("amount_refunded"):
        found.append((refers_to, said.units("amount_refunded", code)))
    return [Share(invoice=(name,), amount=amount) for name, amount in found if amount > 0]


def _status(said: Part, code: str) -> InvoiceStatus:
    if said.flag("deleted"):
        return InvoiceStatus.VOIDED
    status = said.one_of("status", STATUSES)
    if status is not InvoiceStatus.PAID or said.units("total", code) == 0:
        return status
    paid, written_off = (
        said.units(name, code) if said.has(name) else Decimal(0)
        for name in ("amount_paid", "write_off_amount")
    )
    if written_off > 0:
        return InvoiceStatus.WRITTEN_OFF
    return InvoiceStatus.PAID if paid > 0 else InvoiceStatus.CREDITED
