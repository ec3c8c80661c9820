"""Money that Stripe took, or is taking.

A payment is known by its PaymentIntent wherever it has one, else by its charge. So all events
about one movement of money name it alike, whichever object they are about.
"""

from decimal import Decimal

from integrations.webhooks.json_part import Part
from integrations.webhooks.stripe_event import (
    StripeEvent,
    invoice_names,
    maybe_money,
    method_of,
    money,
    shares,
)
from models.billing import News, PaymentSettled, PaymentUnderWay
from models.vocabulary import Method


def intent_settled(event: StripeEvent) -> list[News]:
    """payment_intent.succeeded: what was received."""
    intent = event.object
    charge = latest_charge(intent)
    return _settled(
        event, intent.id("id"), money(intent, "amount_received"), charge, _method(intent)
    )


def charge_settled(event: StripeEvent) -> list[News]:
    """charge.succeeded, charge.captured. An authorisation alone takes no money."""
    charge = event.object
    if charge.said("status") not in {"", "succeeded", "paid"} or not charge.yes("captured"):
        return []
    captured = "amount_captured" if "amount_captured" in charge else "amount"
    return _settled(
        event, payment_of(charge), money(charge, captured), charge.id("id"), _charge_method(charge)
    )


def invoice_payment_settled(event: StripeEvent) -> list[News]:
    """invoice_payment.paid: what of a payment is for an invoice. There may be more to it."""
    share = event.object
    payment = share.maybe_part("payment")
    name = payment and (payment.maybe_id("payment_intent") or payment.maybe_id("charge"))
    paid = money(share, "amount_paid")
    if not name or paid <= 0:
        return []
    return [
        PaymentSettled(
            payment_id=name,
            happened_at=event.happened_at,
            received_on=event.day,
            amount=paid,
            is_whole=False,
            currency=share.currency("currency"),
            shares=shares([share.id("invoice")], paid),
        )
    ]


def checkout_settled(event: StripeEvent) -> list[News]:
    """A session of Checkout that was paid at once. One for a subscription has its invoice; one
    that is paid later says so by another event."""
    session = event.object
    payment = session.maybe_id("payment_intent")
    is_paid = session.said("payment_status") == "paid" and session.said("mode") == "payment"
    if not is_paid or not payment:
        return []
    return _settled(event, payment, money(session, "amount_total"), "", Method.OTHER)


def intent_under_way(event: StripeEvent) -> list[News]:
    """payment_intent.processing"""
    intent = event.object
    return _under_way(event, intent.id("id"), _method(intent))


def charge_under_way(event: StripeEvent) -> list[News]:
    """charge.pending"""
    return _under_way(event, payment_of(event.object), _charge_method(event.object))


def payment_of(part: Part) -> str:
    """The payment that a charge, a refund or a dispute is about."""
    return part.maybe_id("payment_intent") or part.maybe_id("charge") or part.id("id")


def latest_charge(intent: Part) -> str:
    """The charge of a PaymentIntent's last attempt; empty where it has none."""
    error = intent.maybe_part("last_payment_error")
    listed = intent.maybe_part("charges")
    charges = listed.parts("data") if listed else []
    return (
        (error.maybe_id("charge") if error else "")
        or intent.maybe_id("latest_charge")
        or (charges[0].maybe_id("id") if charges else "")
    )


def _settled(
    event: StripeEvent, payment: str, paid: Decimal, charge: str, method: Method
) -> list[News]:
    part = event.object
    if paid <= 0:
        return []
    return [
        PaymentSettled(
            payment_id=payment,
            other_ids=(charge,) if charge and charge != payment else (),
            happened_at=event.happened_at,
            received_on=event.day,
            amount=paid,
            currency=part.currency("currency"),
            method=method,
            shares=shares(invoice_names(part), paid),
            customer_id=part.maybe_id("customer"),
            payer_name=_payer(part),
            reference=part.said("description"),
        )
    ]


def _under_way(event: StripeEvent, payment: str, method: Method) -> list[News]:
    part = event.object
    paid = maybe_money(part, "amount")
    if paid <= 0:
        return []
    return [
        PaymentUnderWay(
            payment_id=payment,
            happened_at=event.happened_at,
            since=event.day,
            amount=paid,
            currency=part.currency("currency"),
            method=method,
            shares=shares(invoice_names(part), paid),
            customer_id=part.maybe_id("customer"),
        )
    ]


def _payer(part: Part) -> str:
    details = part.maybe_part("billing_details") or part.maybe_part("customer_details")
    return details.said("name") if details else ""


def _method(intent: Part) -> Method:
    charge = intent.expanded("latest_charge")
    listed = intent.maybe_part("charges")
    charges = [charge] if charge else (listed.parts("data")[:1] if listed else [])
    if charges:
        return _charge_method(charges[0])
    kinds = intent.words("payment_method_types")
    return method_of(kinds[0]) if len(kinds) == 1 else Method.OTHER


def _charge_method(charge: Part) -> Method:
    details = charge.maybe_part("payment_method_details")
    return method_of(details.said("type")) if details else Method.OTHER
