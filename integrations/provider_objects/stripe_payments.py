"""Money that Stripe took, or is taking.

What names no invoice is business that is none of ours: it tells nothing, for money on no invoice
would hold all that is asked of its customer. `at` is the event's moment. An object that is read by
itself has its own, which never moves: seen again later, old money does not look new.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_declines import charge_declined
from integrations.provider_objects.stripe_values import (
    beside,
    distinct,
    maybe_money,
    method_of,
    money,
    named_invoice,
    names_of,
    payment_of,
    shares,
)
from integrations.provider_objects.translating import translating
from models.billing import News, PaymentSettled, PaymentUnderWay, Share
from models.vocabulary import Method

_TAKEN = frozenset({"", "succeeded", "paid"})
_KINDS = ("payment_intent", "charge", "payment_record")


@translating
def charge_news(
    charge: JsonPart, at: datetime | None = None, known: Sequence[Share] = ()
) -> list[News]:
    """What a charge tells by its status; `known` are its invoices where others have named them. An
    authorisation alone takes no money."""
    status = charge.optional("status")
    if status == "failed":
        return charge_declined(charge, at, known)
    if status == "pending":
        return _under_way(charge, payment_of(charge), _charge_method(charge), at, known)
    if status not in _TAKEN:
        raise charge.wrong("status")
    is_open = charge.has("captured") and not charge.flag("captured")
    if is_open or (not status and not charge.flag("paid")):
        return []
    paid = money(charge, "amount_captured" if charge.has("amount_captured") else "amount")
    by = charge.text("id"), _charge_method(charge)
    return _settled(charge, payment_of(charge), paid, by, at, known)


@translating
def intent_settled(intent: JsonPart, at: datetime) -> list[News]:
    """payment_intent.succeeded: what was received."""
    by = latest_charge(intent), _method(intent)
    return _settled(intent, intent.text("id"), money(intent, "amount_received"), by, at)


@translating
def intent_under_way(intent: JsonPart, at: datetime) -> list[News]:
    """payment_intent.processing"""
    return _under_way(intent, intent.text("id"), _method(intent), at)


@translating
def checkout_settled(session: JsonPart, at: datetime) -> list[News]:
    """A session of Checkout that was paid at once. One for a subscription has its invoice; one
    that is paid later says so by another event."""
    payment = session.maybe_id("payment_intent")
    is_paid = session.said("payment_status") == "paid" and session.said("mode") == "payment"
    if not is_paid or not payment:
        return []
    return _settled(session, payment, money(session, "amount_total"), ("", Method.OTHER), at)


def share_of(tie: JsonPart) -> Share | None:
    """What of a payment went to an invoice, by the object that ties both together; None before it
    is paid."""
    paid = maybe_money(tie, "amount_paid")
    if tie.text("status") != "paid" or paid <= 0:
        return None
    invoice = tie.expanded("invoice")
    return Share(invoice=names_of(invoice) if invoice else (tie.id("invoice"),), amount=paid)


@translating
def invoice_payment_news(
    tie: JsonPart, at: datetime | None = None, names: Sequence[str] = ()
) -> list[News]:
    """What the object that ties a payment to an invoice tells once it is paid: a part of the
    payment, of which there may be more. `names` are the invoice's, where they are known."""
    share = share_of(tie)
    if share is None:
        return []
    payment = tie.child("payment")
    payment_id = next(filter(None, map(payment.maybe_id, _KINDS)), "")
    if not payment_id:
        raise tie.wrong("payment")
    passed = tie.maybe("status_transitions")
    settled_at = (passed.maybe_moment("paid_at") if passed else None) or at or tie.moment("created")
    settled = PaymentSettled(
        payment_id=payment_id,
        happened_at=settled_at,
        received_on=settled_at.date(),
        amount=share.amount,
        is_whole=False,
        currency=tie.currency("currency"),
        shares=(Share(invoice=distinct([*names, *share.invoice]), amount=share.amount),),
    )
    return [settled]


def latest_charge(intent: JsonPart) -> str:
    """The charge of a PaymentIntent's last attempt; empty where it has none."""
    error = intent.maybe("last_payment_error")
    listed = intent.maybe("charges")
    charges = listed.parts("data") if listed else []
    return (
        (error.maybe_id("charge") if error else "")
        or intent.maybe_id("latest_charge")
        or (charges[0].optional("id") if charges else "")
    )


def _settled(
    said: JsonPart,
    payment: str,
    paid: Decimal,
    by: tuple[str, Method],
    at: datetime | None,
    known: Sequence[Share] = (),
) -> list[News]:
    told = tuple(known) or shares(named_invoice(said), paid)
    if paid <= 0 or not told:
        return []
    charge, method = by
    settled_at = at or said.moment("created")
    settled = PaymentSettled(
        payment_id=payment,
        other_ids=beside(payment, charge),
        happened_at=settled_at,
        received_on=settled_at.date(),
        amount=paid,
        currency=said.currency("currency"),
        method=method,
        shares=told,
        customer_id=said.maybe_id("customer"),
        payer_name=_payer(said),
        reference=said.said("description"),
    )
    return [settled]


def _under_way(
    said: JsonPart,
    payment: str,
    method: Method,
    at: datetime | None,
    known: Sequence[Share] = (),
) -> list[News]:
    paid = maybe_money(said, "amount")
    told = tuple(known) or shares(named_invoice(said), paid)
    if paid <= 0 or not told:
        return []
    begun_at = at or said.moment("created")
    begun = PaymentUnderWay(
        payment_id=payment,
        happened_at=begun_at,
        since=begun_at.date(),
        amount=paid,
        currency=said.currency("currency"),
        method=method,
        shares=told,
        customer_id=said.maybe_id("customer"),
    )
    return [begun]


def _payer(said: JsonPart) -> str:
    details = said.maybe("billing_details") or said.maybe("customer_details")
    return details.said("name") if details else ""


def _method(intent: JsonPart) -> Method:
    charge = intent.expanded("latest_charge")
    listed = intent.maybe("charges")
    charges = [charge] if charge else (listed.parts("data")[:1] if listed else [])
    if charges:
        return _charge_method(charges[0])
    kinds = intent.words("payment_method_types")
    return method_of(kinds[0]) if len(kinds) == 1 else Method.OTHER


def _charge_method(charge: JsonPart) -> Method:
    details = charge.maybe("payment_method_details")
    return method_of(details.said("type")) if details else Method.OTHER
