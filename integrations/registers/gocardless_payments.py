"""GoCardless' payments in our words."""

from collections.abc import Sequence
from datetime import date, datetime

from integrations.registers.gocardless_values import customer_id_of, invoice_names_of, method_of
from integrations.registers.parts import Part, translating
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
_STOPPED = {"cancelled": False, "customer_approval_denied": True}
FAILED = "failed"
WITH_HISTORY = frozenset({FAILED, _RETURNED})
"""Statuses of a payment whose reason stands in its events only."""
STATUSES = frozenset({*_UNDER_WAY, *_SETTLED, *_STOPPED, *WITH_HISTORY, _NOT_BEGUN})

# What makes a mandate useless, or the account. All else, such as a want of funds, may pass.
_FINAL = frozenset(
    {
        *("account_blocked_for_any_financial_transaction", "authorisation_disputed"),
        *("bank_account_closed", "bank_account_disabled", "bank_account_transferred"),
        *("customer_deceased", "direct_debit_not_enabled", "incompatible_scheme"),
        *("invalid_bank_details", "mandate_cancelled", "mandate_expired", "no_instruction"),
        "institution_does_not_support_payment_type",
    }
)
_NEEDS_CUSTOMER = frozenset({"customer_approval_denied", "payment_stopped"})
_ATTEMPT_STARTS = frozenset({"created", "submitted", "resubmission_requested"})


@translating
def payment_news(said: Part, history: Sequence[Part], as_of: datetime) -> list[News]:
    """What a payment tells. `history` are its events, the last first; it is asked for where the
    status is one of `WITH_HISTORY`."""
    status = said.text("status")
    if status == _NOT_BEGUN:
        return []
    if status == _RETURNED:
        return [_returned(said, "charged_back", _cause(history, "charged_back"), as_of)]
    if status == FAILED or status in _STOPPED:
        return _declined(said, status, history, as_of)
    code, amount = said.currency("currency"), said.units("amount", said.currency("currency"))
    names = invoice_names_of(said)
    shares = (Share(invoice=names, amount=amount),) if names and amount > 0 else ()
    if status in _SETTLED:
        settled = PaymentSettled(
            payment_id=said.text("id"),
            happened_at=as_of,
            received_on=_charged_on(said),
            amount=amount,
            currency=code,
            method=method_of(said),
            shares=shares,
            customer_id=customer_id_of(said),
            reference=said.said("reference"),
        )
        return [settled]
    if status not in _UNDER_WAY:
        raise said.wrong("status")
    begun = PaymentUnderWay(
        payment_id=said.text("id"),
        happened_at=as_of,
        since=said.moment("created_at").date(),
        amount=amount,
        currency=code,
        method=method_of(said),
        shares=shares,
        customer_id=customer_id_of(said),
    )
    return [begun]


def _declined(said: Part, status: str, history: Sequence[Part], as_of: datetime) -> list[News]:
    """An attempt that failed or was stopped; one that had counted as paid is taken back, too."""
    cause = _cause(history, FAILED) if status == FAILED else status
    code, amount, names = (
        said.currency("currency"),
        said.units("amount", said.currency("currency")),
        invoice_names_of(said),
    )
    declined = PaymentDeclined(
        attempt_id=_attempt(said),
        payment_id=said.text("id"),
        happened_at=as_of,
        failed_on=min(_charged_on(said), as_of.date()),
        amount=amount,
        currency=code,
        shares=(Share(invoice=names, amount=amount),) if names and amount > 0 else (),
        customer_id=customer_id_of(said),
        code=cause,
        is_final=cause in _FINAL,
        needs_customer=_STOPPED.get(status, False) or cause in _NEEDS_CUSTOMER,
    )
    if status == FAILED and _had_counted(history):
        return [_returned(said, "late", cause, as_of), declined]
    return [declined]


def _returned(said: Part, how: str, cause: str, as_of: datetime) -> PaymentReturned:
    return PaymentReturned(
        return_id=f"{_attempt(said)}-{how}",
        payment_id=said.text("id"),
        happened_at=as_of,
        returned_on=as_of.date(),
        code=cause,
    )


def _attempt(said: Part) -> str:
    """One payment may be tried several times, each on a day of its own."""
    return f"{said.text('id')}-{_charged_on(said).isoformat()}"


def _charged_on(said: Part) -> date:
    if said.has("charge_date"):
        return said.day("charge_date")
    return said.moment("created_at").date()


def _cause(history: Sequence[Part], action: str) -> str:
    """Why, by the last event that says that it happened."""
    for event in history:
        if event.text("action") == action:
            details = event.maybe("details")
            return details.said("cause") if details else ""
    return ""


def _had_counted(history: Sequence[Part]) -> bool:
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
