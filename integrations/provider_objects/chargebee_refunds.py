"""Money that went back by Chargebee: given by us, or taken by the payer's bank."""

from datetime import datetime, timedelta

from integrations.provider_objects.chargebee_values import changed_at, money, moved_at
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.translating import translating
from models.billing import ChargeContested, ContestEnded, News, PaymentRefunded

_CHARGEBACK = "chargeback"
# In the same breath Chargebee states that the invoice is paid: it knows a refund and no chargeback.
# What is told of the chargeback must be newer than that, or the invoice would stay settled.
_AFTER_THE_INVOICE = timedelta(seconds=1)


def is_chargeback(said: JsonPart) -> bool:
    """True for a refund that is none of ours: the payer's bank took the money."""
    return said.optional("type") == "refund" and said.optional("payment_method") == _CHARGEBACK


@translating
def refund_news(said: JsonPart, at: datetime | None, *, is_undone: bool) -> list[News]:
    """Money that went back, of the payment that it was taken by; `is_undone` where it did not. By
    the method `chargeback` the payer's bank took it: it was contested, not given back."""
    payment = said.optional("refunded_txn_id") or said.optional("reference_transaction_id")
    amount = money(said, "amount")
    if not payment or amount <= 0:
        return []
    if is_chargeback(said):
        return [_taken(payment, said, at, is_back=is_undone)]
    on = moved_at(said, at)
    refunded = PaymentRefunded(
        refund_id=said.text("id"),
        payment_id=payment,
        happened_at=on,
        refunded_on=on.date(),
        amount=amount,
        currency=said.currency("currency_code"),
        is_undone=is_undone,
    )
    return [refunded]


def _taken(
    payment: str, said: JsonPart, at: datetime | None, *, is_back: bool
) -> ChargeContested | ContestEnded:
    """A chargeback that somebody has entered; `is_back` where they took that back."""
    contest, amount = said.text("id"), money(said, "amount")
    code = said.currency("currency_code")
    if is_back:
        ended_at = changed_at(said, at)
        return ContestEnded(
            contest_id=contest,
            payment_id=payment,
            happened_at=ended_at,
            ended_on=ended_at.date(),
            amount=amount,
            currency=code,
            is_won=True,
        )
    return ChargeContested(
        contest_id=contest,
        payment_id=payment,
        happened_at=changed_at(said, at) + _AFTER_THE_INVOICE,
        opened_on=moved_at(said, at).date(),
        amount=amount,
        currency=code,
        code=_CHARGEBACK,
    )
