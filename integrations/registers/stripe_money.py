"""Stripe's charges, invoice payments, refunds and disputes in our words."""

from collections.abc import Sequence
from datetime import datetime

from integrations.registers.money import STRIPE
from integrations.registers.parts import Part, translating
from integrations.registers.stripe_links import named, our_names
from integrations.registers.stripe_means import METHODS
from models.billing import (
    ChargeContested,
    ContestEnded,
    News,
    PaymentDeclined,
    PaymentRefunded,
    PaymentSettled,
    PaymentUnderWay,
    Share,
)
from models.vocabulary import Method

# Asking again under these is pointless, or forbidden by the card schemes or the bank.
_FINAL = frozenset(
    {
        *("account_closed", "bank_account_restricted", "bank_ownership_changed"),
        *("debit_not_authorized", "do_not_try_again", "expired_card", "fraudulent"),
        *("incorrect_number", "invalid_account", "invalid_account_number", "invalid_number"),
        *("invalid_expiry_year", "lost_card", "merchant_blacklist", "new_account_information"),
        *("no_account", "payment_method_customer_decline", "pickup_card", "restricted_card"),
        *("revocation_of_all_authorizations", "revocation_of_authorization"),
        *("security_violation", "stolen_card", "stop_payment_order", "transaction_not_allowed"),
    }
)
_NEEDS_CUSTOMER = frozenset({"authentication_required", "authentication_not_handled"})
_ASKS_ONLY = frozenset({"warning_needs_response", "warning_under_review"})
_OPEN = frozenset({"needs_response", "under_review"})
_ENDED = {"won": True, "lost": False, "warning_closed": True, "prevented": True}


@translating
def charge_news(said: Part, as_of: datetime, shares: Sequence[Share] = ()) -> list[News]:
    """What a charge tells by its status. One that names no invoice, and for which no `shares` are
    known, is business that is none of ours and tells nothing."""
    code, status = said.currency("currency"), said.text("status")
    captured = "amount_captured" if status == "succeeded" and said.has("amount_captured") else ""
    amount = said.units(captured or "amount", code, STRIPE)
    names = [name for name in (named(said, "invoice"), *our_names(said)) if name]
    if names and not shares and amount > 0:
        shares = (Share(invoice=tuple(names), amount=amount),)
    if not shares or amount <= 0:
        return []
    on, customer_id = said.seconds("created").date(), named(said, "customer")
    payment_id = named(said, "payment_intent") or said.text("id")
    if status == "succeeded":
        if said.value.get("captured") is False:
            return []
        settled = PaymentSettled(
            payment_id=payment_id,
            happened_at=as_of,
            received_on=on,
            amount=amount,
            currency=code,
            method=_method(said),
            shares=tuple(shares),
            customer_id=customer_id,
        )
        return [settled]
    if status == "pending":
        begun = PaymentUnderWay(
            payment_id=payment_id,
            happened_at=as_of,
            since=on,
            amount=amount,
            currency=code,
            method=_method(said),
            shares=tuple(shares),
            customer_id=customer_id,
        )
        return [begun]
    if status != "failed":
        raise said.wrong("status")
    codes = _codes(said)
    declined = PaymentDeclined(
        attempt_id=said.text("id"),
        payment_id=payment_id,
        happened_at=as_of,
        failed_on=on,
        amount=amount,
        currency=code,
        shares=tuple(shares),
        customer_id=customer_id,
        code=codes[0] if codes else "",
        is_final=any(one in _FINAL for one in codes),
        needs_customer=any(one in _NEEDS_CUSTOMER for one in codes),
    )
    return [declined]


@translating
def share_of(said: Part) -> Share | None:
    """What of a payment went to an invoice, by the object that ties both together."""
    code = said.currency("currency")
    amount = said.units("amount_paid", code, STRIPE) if said.has("amount_paid") else None
    if said.text("status") != "paid" or amount is None or amount <= 0:
        return None
    return Share(invoice=(named(said, "invoice"),), amount=amount)


@translating
def invoice_payment_news(said: Part, as_of: datetime) -> list[News]:
    """What the object that ties a payment to an invoice tells once it is paid."""
    share, code = share_of(said), said.currency("currency")
    if share is None:
        return []
    payment = said.child("payment")
    kinds = ("payment_intent", "charge", "payment_record")
    payment_id = next(filter(None, (named(payment, kind) for kind in kinds)), "")
    if not payment_id:
        raise said.wrong("payment")
    transitions = said.maybe("status_transitions")
    paid_at = transitions and transitions.has("paid_at") and transitions.seconds("paid_at")
    settled = PaymentSettled(
        payment_id=payment_id,
        happened_at=as_of,
        received_on=(paid_at or said.seconds("created")).date(),
        amount=share.amount,
        currency=code,
        shares=(share,),
    )
    return [settled]


@translating
def refund_news(said: Part, as_of: datetime) -> list[News]:
    """What a refund tells once it has succeeded."""
    if said.optional("status") != "succeeded":
        return []
    code = said.currency("currency")
    payment_id = named(said, "payment_intent") or named(said, "charge")
    amount = said.units("amount", code, STRIPE)
    if not payment_id or amount <= 0:
        return []
    refunded = PaymentRefunded(
        refund_id=said.text("id"),
        payment_id=payment_id,
        happened_at=as_of,
        refunded_on=said.seconds("created").date(),
        amount=amount,
        currency=code,
    )
    return [refunded]


@translating
def dispute_news(said: Part, as_of: datetime) -> list[News]:
    """What a dispute at the payer's bank tells: that it is open, or how it ended."""
    code, status = said.currency("currency"), said.text("status")
    charge, intent = named(said, "charge"), named(said, "payment_intent")
    if not charge and not intent:
        raise said.wrong("charge")
    amount = said.units("amount", code, STRIPE)
    if amount <= 0:
        return []
    about = {
        "contest_id": said.text("id"),
        "payment_id": intent or charge,
        "other_ids": (charge,) if intent and charge else (),
        "happened_at": as_of,
        "amount": amount,
        "currency": code,
    }
    if status in _ENDED:
        return [ContestEnded(**about, ended_on=as_of.date(), is_won=_ENDED[status])]
    if status not in _OPEN | _ASKS_ONLY:
        raise said.wrong("status")
    contested = ChargeContested(
        **about,
        opened_on=said.seconds("created").date(),
        code=said.said("reason"),
        takes_money=status in _OPEN,
    )
    return [contested]


def _method(said: Part) -> Method:
    details = said.maybe("payment_method_details")
    return METHODS.get(details.said("type"), Method.OTHER) if details else Method.OTHER


def _codes(said: Part) -> list[str]:
    """Why a charge failed, the most exact first."""
    outcome = said.maybe("outcome")
    found = (outcome.said("reason") if outcome else "", said.said("failure_code"))
    return [one for one in found if one]
