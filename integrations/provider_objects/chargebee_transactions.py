"""Money that moved by Chargebee, transaction by transaction.

A payment is known by its transaction. The gateway has a name for it too, which news from the
gateway itself may use.
"""

from datetime import datetime

from integrations.provider_objects.chargebee_refunds import refund_news
from integrations.provider_objects.chargebee_values import (
    changed_at,
    method_of,
    money,
    moved_at,
    shares,
    total,
)
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_codes import is_final, needs_customer
from integrations.provider_objects.translating import translating
from models.billing import (
    News,
    PaymentDeclined,
    PaymentReturned,
    PaymentSettled,
    PaymentUnderWay,
    Share,
)
from models.vocabulary import Method

_DONE = frozenset({"", "success"})
# The bank took back what it had let pass, or somebody did.
_GONE = frozenset({"late_failure", "voided"})
_DECLINED = frozenset({"failure", "timeout"})
# Of what needs attention nobody knows whether it moved: the gateway's answer was lost.
_UNDER_WAY = frozenset({"in_progress", "needs_attention"})
_STATUSES = _DONE | _GONE | _DECLINED | _UNDER_WAY


@translating
def transaction_news(
    said: JsonPart, at: datetime | None = None, *, is_deleted: bool = False
) -> list[News]:
    """What a transaction tells; an authorisation moves no money. `at` is the event's moment,
    `is_deleted` that it is no more although it does not say so itself."""
    status, is_deleted = said.optional("status"), is_deleted or said.flag("deleted")
    if status not in _STATUSES:
        raise said.wrong("status")
    match said.text("type"):
        case "payment":
            return _payment(said, status, at, is_deleted=is_deleted)
        case "refund":
            is_undone = is_deleted or status in _GONE
            is_known = status in _DONE | _GONE
            return refund_news(said, at, is_undone=is_undone) if is_known else []
        case "payment_reversal":
            return _reversal(said, at) if status in _DONE and not is_deleted else []
        case "authorization":
            return []
        case _:
            raise said.wrong("type")


def _payment(said: JsonPart, status: str, at: datetime | None, *, is_deleted: bool) -> list[News]:
    """A payment by its status; money that somebody has entered by hand, too."""
    if status in _DECLINED:
        return [] if is_deleted else _declined(said, at)
    if is_deleted or status in _GONE:
        code = "deleted" if is_deleted else _code(said) or status
        payment = said.text("id")
        return_id = said.optional("reversal_transaction_id") or f"{payment}/returned"
        return [_returned(said, return_id, payment, code, at)]
    amount = money(said, "amount")
    if amount <= 0:
        return []
    return _under_way(said, at) if status in _UNDER_WAY else _settled(said, at)


def _settled(said: JsonPart, at: datetime | None) -> list[News]:
    payment_id, gateway = said.text("id"), said.optional("id_at_gateway")
    settled_at = said.maybe_moment("settled_at") or moved_at(said, at)
    settled = PaymentSettled(
        payment_id=payment_id,
        other_ids=(gateway,) if gateway and gateway != payment_id else (),
        happened_at=settled_at,
        received_on=moved_at(said, at).date(),
        amount=money(said, "amount"),
        currency=said.currency("currency_code"),
        method=_method(said),
        shares=_shares(said),
        customer_id=said.optional("customer_id"),
        reference=said.said("reference_number"),
    )
    return [settled]


def _under_way(said: JsonPart, at: datetime | None) -> list[News]:
    begun = PaymentUnderWay(
        payment_id=said.text("id"),
        happened_at=moved_at(said, at),
        since=moved_at(said, at).date(),
        amount=money(said, "amount"),
        currency=said.currency("currency_code"),
        method=_method(said),
        shares=_shares(said),
        customer_id=said.optional("customer_id"),
    )
    return [begun]


def _declined(said: JsonPart, at: datetime | None) -> list[News]:
    """An attempt that did not succeed: each is a transaction of its own."""
    asked, code = money(said, "amount"), said.said("error_code")
    declined = PaymentDeclined(
        attempt_id=said.text("id"),
        payment_id=said.text("id"),
        happened_at=moved_at(said, at),
        failed_on=moved_at(said, at).date(),
        amount=asked if asked > 0 else None,
        currency=said.currency("currency_code"),
        shares=_shares(said),
        customer_id=said.optional("customer_id"),
        code=_code(said),
        # Each gateway has codes of its own; those of Stripe are the ones that we know.
        is_final=is_final([code]),
        needs_customer=needs_customer([code]),
    )
    return [declined]


def _reversal(said: JsonPart, at: datetime | None) -> list[News]:
    """A payment that had succeeded and failed later, told by the transaction that undoes it."""
    payment = said.optional("reference_transaction_id")
    if not payment:
        return []
    code = _code(said) or said.said("status")
    return [_returned(said, said.text("id"), payment, code, at)]


def _returned(
    said: JsonPart, return_id: str, payment: str, code: str, at: datetime | None
) -> PaymentReturned:
    returned_at = changed_at(said, at)
    return PaymentReturned(
        return_id=return_id,
        payment_id=payment,
        happened_at=returned_at,
        returned_on=returned_at.date(),
        code=code,
    )


def _method(said: JsonPart) -> Method:
    return method_of(said.said("payment_method"), said.currency("currency_code"))


def _code(said: JsonPart) -> str:
    return said.said("error_code") or said.said("error_text")


def _shares(said: JsonPart) -> tuple[Share, ...]:
    told = shares(said, "linked_invoices", "applied_amount")
    # What was moved to another invoice later is named at both.
    return told if total(told) <= money(said, "amount") else ()
