"""What Stripe's objects have in common: amounts, who pays for what, and by what."""

from collections.abc import Iterable
from decimal import Decimal

from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.units import STRIPE
from models.billing import Share
from models.vocabulary import Method

NAME = "stripe"

_METHODS: dict[str, Method] = {
    "card": Method.CARD,
    "card_present": Method.CARD,
    "us_bank_account": Method.ACH,
    "ach_debit": Method.ACH,
    "ach_credit_transfer": Method.ACH,
    "sepa_debit": Method.SEPA,
    "customer_balance": Method.WIRE,
    "bank_transfer": Method.WIRE,
}


def money(said: JsonPart, name: str) -> Decimal:
    """An amount that must be there, in the object's currency."""
    return said.units(name, said.currency("currency"), STRIPE)


def maybe_money(said: JsonPart, name: str) -> Decimal:
    """An amount in the object's currency, zero where there is none."""
    return said.maybe_units(name, said.currency("currency"), STRIPE)


def ours(said: JsonPart) -> str:
    """The invoice of ours that our own system wrote into the object's metadata."""
    metadata = said.maybe("metadata")
    return metadata.optional("dunlin_invoice_id") if metadata else ""


def named_invoice(said: JsonPart) -> tuple[str, ...]:
    """The names of the invoice that a payment is for, the surest first; none for business that is
    none of ours.

    Until 2025 a payment named its invoice itself; since then it does so by the order's reference.
    """
    metadata, details = said.maybe("metadata"), said.maybe("payment_details")
    order = details.said("order_reference") if details else ""
    return distinct(
        [
            ours(said),
            said.maybe_id("invoice"),
            order if order.startswith("in_") else "",
            metadata.optional("invoice_id") if metadata else "",
        ]
    )


def names_of(invoice: JsonPart) -> tuple[str, ...]:
    """The names of an invoice, the surest first: of a copy, that of ours which it copies."""
    return distinct([ours(invoice), invoice.text("id"), invoice.said("number")])


def shares(names: Iterable[str], paid: Decimal) -> tuple[Share, ...]:
    """All of a payment for the invoice of these names; no share where there is no name."""
    invoice = distinct(names)
    return (Share(invoice=invoice, amount=paid),) if invoice and paid > 0 else ()


def method_of(kind: str) -> Method:
    """By what a payment of Stripe's kind travels."""
    return _METHODS.get(kind, Method.OTHER)


def payment_of(said: JsonPart) -> str:
    """The payment that a charge, a refund or a dispute is about: its PaymentIntent wherever it has
    one, else its charge. So all that is told of one movement of money names it alike."""
    return said.maybe_id("payment_intent") or said.maybe_id("charge") or said.text("id")


def beside(payment: str, charge: str) -> tuple[str, ...]:
    """The other name of a payment: its charge, where it is not known by that."""
    return (charge,) if charge and charge != payment else ()


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Each name that is one, once."""
    return tuple(dict.fromkeys(name for name in names if name))
