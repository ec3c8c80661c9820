"""Stripe's invoices, as of an event."""

from datetime import datetime
from decimal import Decimal

from integrations.webhooks.json_part import Part
from integrations.webhooks.stripe_event import StripeEvent, money, ours, shares
from models.billing import InvoiceStated, News, ObjectChanged, ObjectKind, PaymentSettled
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.vocabulary import InvoiceStatus

_STATUSES: dict[str, InvoiceStatus] = {
    "open": InvoiceStatus.OPEN,
    "paid": InvoiceStatus.PAID,
    "void": InvoiceStatus.VOIDED,
    "uncollectible": InvoiceStatus.WRITTEN_OFF,
}
_PURCHASE_ORDER = {"po", "po no", "po number", "purchase order", "purchase order number"}


def invoice_stated(event: StripeEvent) -> list[News]:
    """The invoice as it stands. Nothing of a draft, of one that asks for nothing, or of a copy.

    A copy is an invoice that our own system made of one of ours, and said so in its metadata: it
    would be chased twice.
    """
    invoice = event.object
    status = _STATUSES.get(invoice.said("status"))
    if status is None or ours(invoice) or money(invoice, "total") <= 0:
        return []
    return [
        InvoiceStated(
            as_of=event.happened_at,
            invoice=_row(invoice, status),
            customer=_customer(invoice),
            contacts=_contacts(invoice),
        )
    ]


def invoice_paid(event: StripeEvent) -> list[News]:
    """The invoice, and the payments that paid it where it names them.

    A copy that names none has to be asked: nobody else knows that the payment is for ours.
    """
    paid = [*_legacy_payment(event), *_listed_payments(event)]
    if not paid and ours(event.object):
        invoice = event.object.id("id")
        at = event.happened_at
        return [ObjectChanged(object=ObjectKind.INVOICE, id=invoice, happened_at=at)]
    return [*invoice_stated(event), *paid]


def _row(invoice: Part, status: InvoiceStatus) -> InvoiceRow:
    total, remaining = money(invoice, "total"), money(invoice, "amount_remaining")
    issued = _issued_at(invoice)
    # One that is charged by itself has no due date: it is due when it is made final.
    due = invoice.maybe_moment("due_date") or issued
    is_paid = status is InvoiceStatus.PAID
    return InvoiceRow(
        id=invoice.id("id"),
        number=invoice.maybe_id("number") or invoice.id("id"),
        customer_id=_customer_id(invoice),
        currency=invoice.currency("currency"),
        amount=total,
        issued_on=issued.date(),
        due_on=due.date(),
        amount_open=Decimal(0) if is_paid else min(max(remaining, Decimal(0)), total),
        status=status,
        purchase_order=_purchase_order(invoice),
        payment_link=invoice.link("hosted_invoice_url"),
    )


def _issued_at(invoice: Part) -> datetime:
    passed = invoice.maybe_part("status_transitions")
    return (
        invoice.maybe_moment("effective_at")
        or (passed.maybe_moment("finalized_at") if passed else None)
        or invoice.moment("created")
    )


def _purchase_order(invoice: Part) -> str:
    fields = invoice.parts("custom_fields")
    told = (one for one in fields if one.said("name").lower().rstrip(".:# ") in _PURCHASE_ORDER)
    found = next(told, None)
    return found.said("value", 200) if found else ""


def _customer_id(invoice: Part) -> str:
    return invoice.maybe_id("customer") or invoice.id("customer_account")


def _customer(invoice: Part) -> CustomerRow:
    address = invoice.maybe_part("customer_address")
    return CustomerRow(
        id=_customer_id(invoice),
        name=invoice.said("customer_name"),
        country=address.country("country") if address else "",
    )


def _contacts(invoice: Part) -> tuple[ContactRow, ...]:
    email = invoice.email("customer_email")
    if not email:
        return ()
    return (ContactRow(_customer_id(invoice), email, phone=invoice.said("customer_phone", 50)),)


def _names(invoice: Part) -> tuple[str, ...]:
    return (ours(invoice), invoice.id("id"), invoice.maybe_id("number"))


def _legacy_payment(event: StripeEvent) -> list[News]:
    """The one payment that invoices named until 2025. What was paid elsewhere, or from the
    customer's balance, is no payment of Stripe's."""
    invoice = event.object
    payment = invoice.maybe_id("payment_intent") or invoice.maybe_id("charge")
    paid = money(invoice, "amount_paid") if payment else Decimal(0)
    if paid <= 0 or invoice.yes("paid_out_of_band"):
        return []
    return [_settled(event, payment, paid, invoice.maybe_id("charge"))]


def _listed_payments(event: StripeEvent) -> list[News]:
    """The payments in the list that invoices have since 2025, where the event brings it."""
    listed = event.object.maybe_part("payments")
    found: list[News] = []
    for one in listed.parts("data") if listed else []:
        payment = one.maybe_part("payment")
        name = payment and (payment.maybe_id("payment_intent") or payment.maybe_id("charge"))
        paid = money(one, "amount_paid") if name and one.said("status") == "paid" else Decimal(0)
        if name and paid > 0:
            found.append(_settled(event, name, paid, is_whole=False))
    return found


def _settled(
    event: StripeEvent, payment: str, paid: Decimal, charge: str = "", *, is_whole: bool = True
) -> PaymentSettled:
    invoice = event.object
    return PaymentSettled(
        payment_id=payment,
        other_ids=(charge,) if charge and charge != payment else (),
        happened_at=event.happened_at,
        received_on=event.day,
        amount=paid,
        is_whole=is_whole,
        currency=invoice.currency("currency"),
        shares=shares(_names(invoice), paid),
        customer_id=invoice.maybe_id("customer"),
    )
