"""What events of GoCardless mean.

An event has ids and a reason, but no amount. So whatever moves money is told as an object to ask
for; only a debit that came back needs no more than its id.
"""

from collections.abc import Callable
from datetime import datetime

from integrations.provider_objects.gocardless_payments import charged_back, failed
from integrations.provider_objects.gocardless_values import NAME, method_of
from integrations.webhooks.json_part import Part
from models.billing import MeansState, MeansStated, News, ObjectChanged, ObjectKind

_Meaning = Callable[[Part, datetime], list[News]]


def _payment_changed(event: Part, at: datetime) -> list[News]:
    return [_changed(ObjectKind.PAYMENT, _link(event, "payment"), event, at)]


def _payment_failed(event: Part, at: datetime) -> list[News]:
    """A debit that failed: mostly before it was confirmed, sometimes days after.

    The event does not say which, so the payment is asked for as well: if it was booked, it tells
    that it was taken back. Both tell the same attempt under the same id; the payment knows its
    amount and is heard first, but may be in its next attempt by then.
    """
    return [_changed(ObjectKind.PAYMENT, _link(event, "payment"), event, at), *failed(event)]


def _payment_returned(event: Part, at: datetime) -> list[News]:
    return charged_back(event)


def _refund_changed(event: Part, at: datetime) -> list[News]:
    return [_changed(ObjectKind.REFUND, _link(event, "refund"), event, at)]


def _mandate_moved(event: Part, at: datetime) -> list[News]:
    return [_changed(ObjectKind.MANDATE, _link(event, "mandate"), event, at)]


def _mandate_replaced(event: Part, at: datetime) -> list[News]:
    """The old mandate ends; what the new one is, it has to tell."""
    links = event.child("links")
    new = links.maybe_id("new_mandate")
    ended = [_means(event, links.id("mandate"), MeansState.REVOKED, at)]
    return [*ended, *([_changed(ObjectKind.MANDATE, new, event, at)] if new else [])]


def _mandate(state: MeansState) -> _Meaning:
    return lambda event, at: [_means(event, _link(event, "mandate"), state, at)]


def _nothing(event: Part, at: datetime) -> list[News]:
    return []


def _means(event: Part, mandate: str, state: MeansState, at: datetime) -> MeansStated:
    details = event.maybe("details")
    scheme = details.said("scheme") if details else ""
    return MeansStated(
        provider=NAME,
        reference=mandate,
        as_of=at,
        state=state,
        method=method_of(scheme),
        holder=event.child("links").maybe_id("customer"),
    )


def _changed(kind: ObjectKind, object_id: str, event: Part, at: datetime) -> ObjectChanged:
    account = event.child("links").maybe_id("organisation")
    return ObjectChanged(object=kind, id=object_id, happened_at=at, account=account)


def _link(event: Part, name: str) -> str:
    return event.child("links").id(name)


ACTIONS: dict[str, dict[str, _Meaning]] = {
    "payments": {
        **dict.fromkeys(
            (
                *("created", "submitted", "confirmed", "cancelled", "resubmission_requested"),
                *("customer_approval_denied", "chargeback_cancelled"),
                # Says that an earlier failure was set off: by now another attempt may have paid.
                "late_failure_settled",
            ),
            _payment_changed,
        ),
        **dict.fromkeys(
            (
                *("paid_out", "chargeback_settled", "customer_approval_granted"),
                *("surcharge_fee_credited", "surcharge_fee_debited"),
            ),
            _nothing,
        ),
        "failed": _payment_failed,
        "charged_back": _payment_returned,
    },
    "refunds": {
        **dict.fromkeys(
            ("created", "paid", "failed", "bounced", "funds_returned"), _refund_changed
        ),
        "refund_settled": _nothing,
    },
    "mandates": {
        **dict.fromkeys(
            (
                *("created", "submitted", "resubmission_requested"),
                *("customer_approval_granted", "customer_approval_skipped"),
            ),
            _mandate(MeansState.PENDING),
        ),
        **dict.fromkeys(("active", "reinstated"), _mandate(MeansState.USABLE)),
        **dict.fromkeys(
            ("cancelled", "failed", "consumed", "blocked", "suspended_by_payer"),
            _mandate(MeansState.REVOKED),
        ),
        "expired": _mandate(MeansState.EXPIRED),
        "transferred": _mandate_moved,
        "replaced": _mandate_replaced,
    },
}
# Of these nothing is of use here, whatever happens to them.
_OF_NO_USE = frozenset(
    {
        *("payouts", "subscriptions", "instalment_schedules", "creditors", "organisations"),
        *("billing_requests", "payer_authorisations", "scheme_identifiers", "exports"),
        *("outbound_payments", "payment_account_transactions"),
    }
)


def news_of(kind: str, event: Part) -> list[News] | None:
    """What an event tells; None where its kind is not known."""
    resource, _, action = kind.partition(".")
    if resource in _OF_NO_USE:
        return []
    meaning = ACTIONS.get(resource, {}).get(action)
    return meaning(event, event.moment("created_at")) if meaning else None
