"""GoCardless' payments, by what they are now and by what has happened to them.

An attempt is known by the event that ended it, and money arrived when it was confirmed. Where the
history does not reach so far it arrived on the day of the charge: never when somebody asked.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time

from integrations.provider_objects.gocardless_values import (
    Happened,
    customer_id_of,
    happened,
    invoice_names_of,
    method_of,
)
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.translating import translating
from models.billing import (
    News,
    PaymentDeclined,
    PaymentReturned,
    PaymentSettled,
    PaymentUnderWay,
    Share,
)

_UNDER_WAY = frozenset({"pending_submission", "submitted"})
_SETTLED = frozenset({"confirmed", "paid_out"})
_RETURNED = "charged_back"
_NOT_BEGUN = "pending_customer_approval"
# Statuses of their own that need no cause, and whether the customer has to act.
_STOPPED: Mapping[str, bool] = {"cancelled": False, "customer_approval_denied": True}
FAILED = "failed"
ENDED = frozenset({FAILED, _RETURNED, *_STOPPED})
"""Statuses of a payment whose moment and reason stand in its events only."""
STATUSES = frozenset({*_UNDER_WAY, *_SETTLED, *ENDED, _NOT_BEGUN})

_ARRIVALS = frozenset({"confirmed", "chargeback_cancelled"})
_ATTEMPT_STARTS = frozenset({"created", "submitted", "resubmission_requested"})


@translating
def payment_news(said: JsonPart, history: Sequence[JsonPart]) -> list[News]:
    """What a payment tells. `history` are its events, the last first, as far as they are known; all
    of them where the status is one of `ENDED`."""
    status = said.text("status")
    if status == _NOT_BEGUN:
        return []
    if status not in STATUSES:
        raise said.wrong("status")
    if status == _RETURNED:
        return [_returned(said, _last(history, {_RETURNED}), "charged_back")]
    if status in ENDED:
        return _declined(said, status, history)
    return [_settled(said, history) if status in _SETTLED else _begun(said)]


@translating
def charged_back(event: JsonPart) -> list[News]:
    """A debit that was confirmed and that the payer's bank took back, by the event alone."""
    what = happened(event)
    return [_taken_back(event.child("links").text("payment"), what.id, what.at, what.code)]


@translating
def failed(event: JsonPart) -> list[News]:
    """An attempt that failed, by the event alone: the payment may be in its next one by now."""
    what = happened(event)
    declined = PaymentDeclined(
        attempt_id=what.id,
        payment_id=event.child("links").text("payment"),
        happened_at=what.at,
        failed_on=what.at.date(),
        code=what.code,
        is_final=what.is_final,
        needs_customer=what.needs_customer,
    )
    return [declined]


def _settled(said: JsonPart, history: Sequence[JsonPart]) -> PaymentSettled:
    arrival = _last(history, _ARRIVALS)
    code = said.currency("currency")
    return PaymentSettled(
        payment_id=said.text("id"),
        happened_at=arrival.at if arrival else _start(_charged_on(said)),
        received_on=_charged_on(said),
        amount=said.units("amount", code),
        currency=code,
        method=method_of(said.said("scheme")),
        shares=_shares(said),
        customer_id=customer_id_of(said),
        reference=said.said("reference"),
    )


def _begun(said: JsonPart) -> PaymentUnderWay:
    code, begun_at = said.currency("currency"), said.moment("created_at")
    return PaymentUnderWay(
        payment_id=said.text("id"),
        happened_at=begun_at,
        since=begun_at.date(),
        amount=said.units("amount", code),
        currency=code,
        method=method_of(said.said("scheme")),
        shares=_shares(said),
        customer_id=customer_id_of(said),
    )


def _declined(said: JsonPart, status: str, history: Sequence[JsonPart]) -> list[News]:
    """An attempt that failed or was stopped; one that had counted as paid is taken back, too."""
    what, code = _last(history, {status}), said.currency("currency")
    is_stopped, needs_customer = status in _STOPPED, _STOPPED.get(status, False)
    ended_at = what.at if what else said.moment("created_at")
    declined = PaymentDeclined(
        attempt_id=what.id if what else f"{said.text('id')}-{_charged_on(said).isoformat()}",
        payment_id=said.text("id"),
        happened_at=ended_at,
        failed_on=ended_at.date(),
        amount=said.units("amount", code),
        currency=code,
        shares=_shares(said),
        customer_id=customer_id_of(said),
        code=status if is_stopped else (what.code if what else ""),
        is_final=not is_stopped and what is not None and what.is_final,
        needs_customer=needs_customer or (what is not None and what.needs_customer),
    )
    if status == FAILED and _had_counted(history):
        return [_returned(said, what, "late"), declined]
    return [declined]


def _returned(said: JsonPart, what: Happened | None, how: str) -> PaymentReturned:
    payment = said.text("id")
    if what is None:
        charged_on = _charged_on(said)
        return _taken_back(payment, f"{payment}-{charged_on}-{how}", _start(charged_on), "")
    # A charge back is told by the event alone as well, so it goes by that one's id.
    return_id = f"{what.id}-{how}" if how == "late" else what.id
    return _taken_back(payment, return_id, what.at, what.code)


def _taken_back(payment: str, return_id: str, at: datetime, code: str) -> PaymentReturned:
    return PaymentReturned(
        return_id=return_id,
        payment_id=payment,
        happened_at=at,
        returned_on=at.date(),
        code=code,
    )


def _shares(said: JsonPart) -> tuple[Share, ...]:
    names, amount = invoice_names_of(said), said.units("amount", said.currency("currency"))
    return (Share(invoice=names, amount=amount),) if names and amount > 0 else ()


def _charged_on(said: JsonPart) -> date:
    if said.has("charge_date"):
        return said.day("charge_date")
    return said.moment("created_at").date()


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _last(history: Sequence[JsonPart], actions: frozenset[str] | set[str]) -> Happened | None:
    """The last event of these kinds, where the history has one."""
    found = (happened(event) for event in history if event.text("action") in actions)
    return next(found, None)


def _had_counted(history: Sequence[JsonPart]) -> bool:
    """True when the attempt that failed last had been confirmed before."""
    actions = [event.text("action") for event in history]
    if FAILED not in actions:
        return False
    for action in actions[actions.index(FAILED) + 1 :]:
        if action in _SETTLED:
            return True
        if action in _ATTEMPT_STARTS:
            return False
    return False
