"""Chargebee's transactions in our words."""

from decimal import Decimal

from integrations.registers.chargebee_objects import METHODS, changed_at
from integrations.registers.parts import Part, translating
from models.billing import (
    ChargeContested,
    News,
    PaymentDeclined,
    PaymentRefunded,
    PaymentReturned,
    PaymentSettled,
    PaymentUnderWay,
    Share,
)
from models.vocabulary import Method

_GONE = frozenset({"late_failure", "voided"})
_DECLINED = frozenset({"failure", "timeout"})
_UNDER_WAY = frozenset({"in_progress", "needs_attention"})


@translating
def transaction_news(said: Part) -> list[News]:
    """What a transaction tells. An authorisation moves no money and tells nothing."""
    match said.text("type"):
        case "payment":
            return _payment(said)
        case "refund":
            return _refund(said)
        case "payment_reversal":
            return _reversal(said)
        case "authorization":
            return []
        case _:
            raise said.wrong("type")


def _payment(said: Part) -> list[News]:
    """A payment by its status."""
    payment_id, status = said.text("id"), said.text("status")
    code, as_of = said.currency("currency_code"), changed_at(said)
    if status in _GONE or said.flag("deleted"):
        reversal = said.optional("reversal_transaction_id")
        return [_returned(reversal or f"{payment_id}-gone", payment_id, said)]
    amount, on = said.units("amount", code), said.seconds("date").date()
    shares, method = _shares(said, code), METHODS.get(said.text("payment_method"), Method.OTHER)
    customer_id = said.optional("customer_id")
    if amount <= 0:
        return []
    if status == "success":
        settled = PaymentSettled(
            payment_id=payment_id,
            happened_at=as_of,
            received_on=on,
            amount=amount,
            currency=code,
            method=method,
            shares=shares,
            customer_id=customer_id,
            reference=said.said("reference_number"),
        )
        return [settled]
    if status in _UNDER_WAY:
        begun = PaymentUnderWay(
            payment_id=payment_id,
            happened_at=as_of,
            since=on,
            amount=amount,
            currency=code,
            method=method,
            shares=shares,
            customer_id=customer_id,
        )
        return [begun]
    if status not in _DECLINED:
        raise said.wrong("status")
    declined = PaymentDeclined(
        attempt_id=payment_id,
        payment_id=payment_id,
        happened_at=as_of,
        failed_on=on,
        amount=amount,
        currency=code,
        shares=shares,
        customer_id=customer_id,
        code=said.said("error_code") or said.said("error_text"),
    )
    return [declined]


def _refund(said: Part) -> list[News]:
    """A refund that went out. By the method `chargeback`, the payer's bank took the money."""
    payment_id = said.optional("refunded_txn_id")
    if not payment_id or said.text("status") != "success" or said.flag("deleted"):
        return []
    code, as_of = said.currency("currency_code"), changed_at(said)
    amount, on = said.units("amount", code), said.seconds("date").date()
    if amount <= 0:
        return []
    if said.text("payment_method") == "chargeback":
        contested = ChargeContested(
            contest_id=said.text("id"),
            payment_id=payment_id,
            happened_at=as_of,
            opened_on=on,
            amount=amount,
            currency=code,
            code="chargeback",
        )
        return [contested]
    refunded = PaymentRefunded(
        refund_id=said.text("id"),
        payment_id=payment_id,
        happened_at=as_of,
        refunded_on=on,
        amount=amount,
        currency=code,
    )
    return [refunded]


def _reversal(said: Part) -> list[News]:
    """A payment that had succeeded and failed later, told by the transaction that undoes it."""
    payment_id = said.optional("reference_transaction_id")
    if not payment_id or said.text("status") != "success":
        return []
    return [_returned(said.text("id"), payment_id, said)]


def _returned(return_id: str, payment_id: str, said: Part) -> PaymentReturned:
    as_of = changed_at(said)
    return PaymentReturned(
        return_id=return_id,
        payment_id=payment_id,
        happened_at=as_of,
        returned_on=as_of.date(),
        code=said.said("error_code") or said.said("error_text") or said.said("status"),
    )


def _shares(said: Part, code: str) -> tuple[Share, ...]:
    found = (
        (one.text("invoice_id"), one.units("applied_amount", code))
        for one in said.parts("linked_invoices")
    )
    shares = [Share(invoice=(name,), amount=amount) for name, amount in found if amount > 0]
    total = sum((share.amount for share in shares), Decimal(0))
    # What was moved to another invoice later is named at both.
    return tuple(shares) if total <= said.units("amount", code) else ()
