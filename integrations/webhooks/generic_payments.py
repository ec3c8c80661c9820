"""What our own webhooks tell of money."""

from datetime import datetime

from integrations.webhooks import generic_data as data
from integrations.webhooks.generic_shares import shares_of
from models.billing import (
    ChargeContested,
    ContestEnded,
    MeansStated,
    News,
    PaymentDeclined,
    PaymentRefunded,
    PaymentReturned,
    PaymentSettled,
    PaymentUnderWay,
)


def settled(at: datetime, told: data.PaymentData) -> News:
    """Money arrived."""
    return PaymentSettled(
        payment_id=told.payment_id,
        happened_at=at,
        received_on=told.received_on or at.date(),
        amount=told.amount,
        currency=told.currency,
        method=told.method,
        shares=shares_of(told.invoices),
        customer_id=told.customer_id,
        payer_name=told.payer_name,
        reference=told.reference,
    )


def under_way(at: datetime, told: data.ProcessingData) -> News:
    """A payment was begun."""
    return PaymentUnderWay(
        payment_id=told.payment_id,
        happened_at=at,
        since=told.since or at.date(),
        amount=told.amount,
        currency=told.currency,
        method=told.method,
        shares=shares_of(told.invoices),
        customer_id=told.customer_id,
    )


def declined(at: datetime, told: data.FailureData) -> News:
    """An attempt to pay did not succeed."""
    return PaymentDeclined(
        attempt_id=told.attempt_id,
        payment_id=told.payment_id,
        happened_at=at,
        failed_on=told.failed_on or at.date(),
        amount=told.amount,
        currency=told.currency,
        shares=shares_of(told.invoices),
        customer_id=told.customer_id,
        code=told.code,
        is_final=told.is_final,
        needs_customer=told.needs_customer,
    )


def returned(at: datetime, told: data.ReturnData) -> News:
    """A payment was taken back by the payer's bank."""
    return PaymentReturned(
        return_id=told.return_id,
        payment_id=told.payment_id,
        happened_at=at,
        returned_on=told.returned_on or at.date(),
        code=told.code,
    )


def refunded(at: datetime, told: data.RefundData) -> News:
    """We gave money back."""
    return PaymentRefunded(
        refund_id=told.refund_id,
        payment_id=told.payment_id,
        happened_at=at,
        refunded_on=told.refunded_on or at.date(),
        amount=told.amount,
        currency=told.currency,
        is_undone=told.is_undone,
    )


def charged_back(at: datetime, told: data.ChargebackData) -> News:
    """A payment is contested at the payer's bank."""
    return ChargeContested(
        contest_id=told.chargeback_id,
        payment_id=told.payment_id,
        happened_at=at,
        opened_on=told.opened_on or at.date(),
        amount=told.amount,
        currency=told.currency,
        code=told.code,
        takes_money=told.takes_money,
    )


def chargeback_closed(at: datetime, told: data.ChargebackEndData) -> News:
    """The bank has decided."""
    return ContestEnded(
        contest_id=told.chargeback_id,
        payment_id=told.payment_id,
        happened_at=at,
        ended_on=told.ended_on or at.date(),
        amount=told.amount,
        currency=told.currency,
        is_won=told.is_won,
    )


def means(at: datetime, told: data.MeansData) -> News:
    """A card or mandate on file."""
    return MeansStated(
        provider=told.provider,
        reference=told.payment_method_id,
        as_of=at,
        state=told.state,
        method=told.method,
        customer_id=told.customer_id,
        holder=told.holder,
        expires_on=told.expires_on,
        is_default=told.is_default,
    )
