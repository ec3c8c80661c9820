"""Attempts to pay that did not succeed, one piece of news for each.

`charge.failed`, `payment_intent.payment_failed` and (until 2025) `invoice.payment_failed` tell of
the same attempt. What they have in common is the attempt's charge: it is the attempt's id. An
attempt that never became a charge is told by the PaymentIntent alone, and known by the
PaymentIntent and the moment. An invoice that names no charge, as none does since 2025, tells of no
attempt: it could not be known again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_codes import is_final, needs_customer
from integrations.provider_objects.stripe_values import (
    maybe_money,
    named_invoice,
    names_of,
    payment_of,
    shares,
)
from integrations.provider_objects.translating import translating
from models.billing import News, PaymentDeclined, Share

_CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class _Attempt:
    """An attempt at a payment, what was asked for, and when it was over."""

    id: str
    payment: str
    asked: Decimal
    at: datetime
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class _Why:
    """What the bank, the card's network and Stripe say about a decline."""

    codes: tuple[str, ...] = ()
    advice: str = ""
    network_advice: str = ""
    is_blocked: bool = False


@translating
def intent_declined(intent: JsonPart, at: datetime, charge: str) -> list[News]:
    """payment_intent.payment_failed; `charge` is the last attempt's, empty where it has none."""
    error, payment = intent.maybe("last_payment_error"), intent.text("id")
    why = _Why(
        codes=(error.said("decline_code"), error.said("code")) if error else (),
        advice=error.said("advice_code") if error else "",
        network_advice=error.said("network_advice_code") if error else "",
    )
    return _declined(intent, _of(intent, charge or f"{payment}/{int(at.timestamp())}", at), why)


@translating
def intent_canceled(intent: JsonPart, at: datetime | None = None) -> list[News]:
    """A PaymentIntent that was given up: what may have been under way is so no more."""
    at = at or intent.maybe_moment("canceled_at") or intent.moment("created")
    attempt = _of(intent, f"{intent.text('id')}/{_CANCELED}", at)
    return _declined(intent, attempt, _Why(codes=(_CANCELED,)))


@translating
def charge_declined(
    charge: JsonPart, at: datetime | None = None, known: Sequence[Share] = ()
) -> list[News]:
    """A charge that failed; `known` are its invoices where others have named them."""
    outcome = charge.maybe("outcome")
    code = charge.said("failure_code")
    why = _Why(
        codes=(outcome.said("reason"), code) if outcome else (code,),
        advice=outcome.said("advice_code") if outcome else "",
        network_advice=outcome.said("network_advice_code") if outcome else "",
        is_blocked=outcome is not None and outcome.said("type") == "blocked",
    )
    attempt = _of(charge, charge.text("id"), at or charge.moment("created"), known)
    return _declined(charge, attempt, why)


@translating
def invoice_declined(invoice: JsonPart, at: datetime) -> list[News]:
    """invoice.payment_failed, where the invoice names the charge. It does not say why."""
    charge = invoice.maybe_id("charge")
    if not charge:
        return []
    asked = maybe_money(invoice, "amount_remaining")
    attempt = _Attempt(
        id=charge,
        payment=invoice.maybe_id("payment_intent") or charge,
        asked=asked,
        at=at,
        shares=shares(names_of(invoice), asked),
    )
    return _declined(invoice, attempt, _Why())


def _of(said: JsonPart, attempt: str, at: datetime, known: Sequence[Share] = ()) -> _Attempt:
    asked = maybe_money(said, "amount")
    told = tuple(known) or shares(named_invoice(said), asked)
    return _Attempt(id=attempt, payment=payment_of(said), asked=asked, at=at, shares=told)


def _declined(said: JsonPart, attempt: _Attempt, why: _Why) -> list[News]:
    """Nothing of an attempt to pay for what is none of ours."""
    if not attempt.shares:
        return []
    codes = tuple(code for code in why.codes if code)
    declined = PaymentDeclined(
        attempt_id=attempt.id,
        payment_id=attempt.payment,
        happened_at=attempt.at,
        failed_on=attempt.at.date(),
        amount=attempt.asked if attempt.asked > 0 else None,
        currency=said.currency("currency"),
        shares=attempt.shares,
        customer_id=said.maybe_id("customer"),
        code=codes[0] if codes else "",
        is_final=why.is_blocked or is_final(codes, why.advice, why.network_advice),
        needs_customer=needs_customer(codes),
    )
    return [declined]
