"""Attempts to pay that did not succeed, one piece of news for each.

`charge.failed`, `payment_intent.payment_failed` and (until 2025) `invoice.payment_failed` tell of
the same attempt. What they have in common is the attempt's charge: it is the attempt's id. An
attempt that never became a charge is told by the PaymentIntent alone, and known by the
PaymentIntent and the moment. An invoice that names no charge, as none does since 2025, tells of no
attempt: it could not be known again.
"""

from dataclasses import dataclass

from integrations.webhooks.json_part import Part
from integrations.webhooks.stripe_codes import is_final, needs_customer
from integrations.webhooks.stripe_event import (
    StripeEvent,
    invoice_names,
    maybe_money,
    ours,
    shares,
)
from integrations.webhooks.stripe_payment import latest_charge, payment_of
from models.billing import News, PaymentDeclined


@dataclass(frozen=True, slots=True)
class _Why:
    """What the bank, the card's network and Stripe say about a decline."""

    codes: tuple[str, ...] = ()
    advice: str = ""
    network_advice: str = ""
    is_blocked: bool = False


def intent_declined(event: StripeEvent) -> list[News]:
    """payment_intent.payment_failed"""
    intent = event.object
    error = intent.maybe_part("last_payment_error")
    payment = intent.id("id")
    attempt = latest_charge(intent) or f"{payment}/{int(event.happened_at.timestamp())}"
    why = _Why(
        codes=(error.said("decline_code", 100), error.said("code", 100)) if error else (),
        advice=error.said("advice_code") if error else "",
        network_advice=error.said("network_advice_code") if error else "",
    )
    return [_declined(event, attempt, payment, why)]


def charge_declined(event: StripeEvent) -> list[News]:
    """charge.failed"""
    charge = event.object
    outcome = charge.maybe_part("outcome")
    code = charge.said("failure_code", 100)
    why = _Why(
        codes=(outcome.said("reason", 100), code) if outcome else (code,),
        advice=outcome.said("advice_code") if outcome else "",
        network_advice=outcome.said("network_advice_code") if outcome else "",
        is_blocked=outcome is not None and outcome.said("type") == "blocked",
    )
    return [_declined(event, charge.id("id"), payment_of(charge), why)]


def invoice_declined(event: StripeEvent) -> list[News]:
    """invoice.payment_failed, where the invoice names the charge. It does not say why."""
    invoice = event.object
    charge = invoice.maybe_id("charge")
    if not charge:
        return []
    payment = invoice.maybe_id("payment_intent") or charge
    names = (ours(invoice), invoice.id("id"), invoice.maybe_id("number"))
    return [_declined(event, charge, payment, _Why(), names)]


def _declined(
    event: StripeEvent, attempt: str, payment: str, why: _Why, names: tuple[str, ...] = ()
) -> PaymentDeclined:
    part: Part = event.object
    asked = maybe_money(part, "amount_remaining" if names else "amount")
    codes = tuple(code for code in why.codes if code)
    return PaymentDeclined(
        attempt_id=attempt,
        payment_id=payment,
        happened_at=event.happened_at,
        failed_on=event.day,
        amount=asked if asked > 0 else None,
        currency=part.currency("currency"),
        shares=shares(names or invoice_names(part), asked),
        customer_id=part.maybe_id("customer"),
        code=codes[0] if codes else "",
        is_final=why.is_blocked or is_final(codes, why.advice, why.network_advice),
        needs_customer=needs_customer(codes),
    )
