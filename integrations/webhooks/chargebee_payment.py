"""Money that moved by Chargebee, transaction by transaction.

A payment is known by its transaction. The gateway has a name for it too, which news from the
gateway itself may use.
"""

from integrations.webhooks.chargebee_event import ChargebeeEvent, needed_money, shares
from integrations.webhooks.json_part import Part
from integrations.webhooks.stripe_codes import is_final, needs_customer
from models.billing import (
    News,
    PaymentDeclined,
    PaymentRefunded,
    PaymentReturned,
    PaymentSettled,
    PaymentUnderWay,
    Share,
)
from models.vocabulary import Method

_METHODS: dict[str, Method] = {
    "card": Method.CARD,
    "check": Method.CHEQUE,
    "bank_transfer": Method.WIRE,
    "ach_credit": Method.ACH,
    "sepa_credit": Method.SEPA,
    "us_automated_bank_transfer": Method.ACH,
    "eu_automated_bank_transfer": Method.SEPA,
}
_PAYMENT, _REFUND = "payment", "refund"
# The bank took back what it had let pass.
_LATE_FAILURE = "late_failure"


def payment_succeeded(event: ChargebeeEvent) -> list[News]:
    """Money arrived, also money that somebody has entered by hand. What no invoice has used is
    the customer's."""
    payment = event.content.part("transaction")
    if payment.said("type") != _PAYMENT or payment.said("status") not in {"", "success"}:
        return []
    paid = needed_money(payment, "amount")
    if paid <= 0:
        return []
    gateway = payment.maybe_id("id_at_gateway")
    return [
        PaymentSettled(
            payment_id=payment.id("id"),
            other_ids=(gateway,) if gateway and gateway != payment.id("id") else (),
            happened_at=event.happened_at,
            received_on=(payment.maybe_moment("date") or event.happened_at).date(),
            amount=paid,
            currency=payment.currency("currency_code"),
            method=_method(payment),
            shares=_shares(payment),
            customer_id=payment.maybe_id("customer_id"),
            reference=payment.said("reference_number"),
        )
    ]


def payment_initiated(event: ChargebeeEvent) -> list[News]:
    """A debit that may take days."""
    payment = event.content.part("transaction")
    if payment.said("type") != _PAYMENT or payment.said("status") != "in_progress":
        return []
    paid = needed_money(payment, "amount")
    if paid <= 0:
        return []
    return [
        PaymentUnderWay(
            payment_id=payment.id("id"),
            happened_at=event.happened_at,
            since=(payment.maybe_moment("date") or event.happened_at).date(),
            amount=paid,
            currency=payment.currency("currency_code"),
            method=_method(payment),
            shares=_shares(payment),
            customer_id=payment.maybe_id("customer_id"),
        )
    ]


def payment_failed(event: ChargebeeEvent) -> list[News]:
    """An attempt that did not succeed: a transaction of its own. Or, late, one that had."""
    payment = event.content.part("transaction")
    if payment.said("status") == _LATE_FAILURE:
        return [_returned(event, payment, payment.said("error_code", 100))]
    asked = needed_money(payment, "amount")
    code = payment.said("error_code", 100)
    return [
        PaymentDeclined(
            attempt_id=payment.id("id"),
            payment_id=payment.id("id"),
            happened_at=event.happened_at,
            failed_on=event.day,
            amount=asked if asked > 0 else None,
            currency=payment.currency("currency_code"),
            shares=_shares(payment),
            customer_id=payment.maybe_id("customer_id"),
            code=code,
            # Each gateway has codes of its own; those of Stripe are the ones that we know.
            is_final=is_final([code]),
            needs_customer=needs_customer([code]) or payment.said("status") == "needs_attention",
        )
    ]


def payment_refunded(event: ChargebeeEvent) -> list[News]:
    """Money that went back, of the payment that it was taken by."""
    refund = event.content.part("transaction")
    is_done = refund.said("status") in {"", "success"}
    amount = needed_money(refund, "amount")
    if refund.said("type") != _REFUND or not is_done or amount <= 0:
        return []
    payment = refund.maybe_id("refunded_txn_id") or refund.maybe_id("reference_transaction_id")
    if not payment:
        return []
    return [
        PaymentRefunded(
            refund_id=refund.id("id"),
            payment_id=payment,
            happened_at=event.happened_at,
            refunded_on=(refund.maybe_moment("date") or event.happened_at).date(),
            amount=amount,
            currency=refund.currency("currency_code"),
        )
    ]


def payment_deleted(event: ChargebeeEvent) -> list[News]:
    """A payment that somebody had entered by hand, and that there never was."""
    payment = event.content.part("transaction")
    is_payment = payment.said("type") == _PAYMENT and payment.said("status") in {"", "success"}
    return [_returned(event, payment, "deleted")] if is_payment else []


def _returned(event: ChargebeeEvent, payment: Part, code: str) -> PaymentReturned:
    return PaymentReturned(
        return_id=f"{payment.id('id')}/returned",
        payment_id=payment.id("id"),
        happened_at=event.happened_at,
        returned_on=event.day,
        code=code,
    )


def _shares(payment: Part) -> tuple[Share, ...]:
    return shares(
        payment.parts("linked_invoices"),
        "applied_amount",
        payment.currency("currency_code"),
        needed_money(payment, "amount"),
    )


def _method(payment: Part) -> Method:
    return _METHODS.get(payment.said("payment_method"), Method.OTHER)
