"""Whatever is missing from an object, or is something else, it is read or refused by its name."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.provider_objects import (
    chargebee_credits,
    chargebee_invoices,
    chargebee_means,
    chargebee_transactions,
    gocardless_objects,
    gocardless_payments,
    stripe_credits,
    stripe_customers,
    stripe_declines,
    stripe_disputes,
    stripe_events,
    stripe_invoices,
    stripe_means,
    stripe_payments,
    stripe_refunds,
)
from integrations.registers import quickbooks_money, quickbooks_objects, xero_money, xero_objects
from integrations.registers.answers import parsed
from integrations.registers.parts import Part
from models.billing import Share
from models.errors import PeerRefused
from tests.registers.firm import NOW
from tests.registers.samples import content, names, needed

pytestmark = needed
Tell = Callable[[Part], object]

_CHARGEBEE: dict[str, Tell] = {
    "invoice": lambda one: chargebee_invoices.invoice_news(one, one.maybe("customer")),
    "transaction": chargebee_transactions.transaction_news,
    "credit_note": chargebee_credits.credit_news,
    "customer": lambda one: chargebee_invoices.customer_and_means(one, one.maybe("card")),
    "payment_source": lambda one: chargebee_means.source_news(one, None),
}
_SHARE = Share(invoice=("1",), amount=Decimal(1))
_STRIPE: dict[str, Tell] = {
    "invoice": lambda one: stripe_invoices.invoice_paid(one, NOW),
    "charge": lambda one: stripe_payments.charge_news(one, None, [_SHARE]),
    "payment_intent": stripe_declines.intent_canceled,
    "customer": lambda one: stripe_customers.customer_news(one, NOW),
    "mandate": lambda one: stripe_means.mandate_news(one, NOW),
    "refund": stripe_refunds.refund_news,
    "dispute": stripe_disputes.dispute_news,
    "credit_note": lambda one: stripe_credits.credit_news(one, NOW),
}
_XERO: dict[str, Tell] = {
    "Invoices": xero_objects.invoice_news,
    "Payments": xero_money.payment_news,
    "Contacts": xero_objects.contact_news,
}
_QUICKBOOKS: dict[str, Tell] = {
    "Invoice": lambda one: quickbooks_objects.invoice_news(one, NOW, {"1": one}, ""),
    "Customer": lambda one: quickbooks_objects.customer_news(one, NOW),
    "Payment": lambda one: quickbooks_money.payment_news(one, NOW, ""),
    "CreditMemo": lambda one: quickbooks_money.credit_news(one, NOW, ""),
}
_GOCARDLESS: dict[str, Tell] = {
    "payments": lambda one: gocardless_payments.payment_news(one, [one]),
    "mandates": lambda one: gocardless_objects.mandate_news(one, NOW),
}
# No publisher shows these, so they are written down here.
_QUICKBOOKS_PAYMENT = parsed(
    """{"Id": "69", "TotalAmt": 300.0, "UnappliedAmt": 0, "TxnDate": "2020-09-29",
    "CustomerRef": {"value": "16", "name": "Harbour"}, "CurrencyRef": {"value": "USD"},
    "PaymentMethodRef": {"value": "2", "name": "Check"}, "PaymentRefNum": "123456",
    "MetaData": {"LastUpdatedTime": "2020-09-29T05:58:07-07:00"},
    "Line": [{"Amount": 300.0, "LinkedTxn": [{"TxnId": "67", "TxnType": "Invoice"}]},
    {"Amount": 100.0, "LinkedTxn": [{"TxnId": "68", "TxnType": "CreditMemo"}]}]}"""
)
_QUICKBOOKS_MEMO = parsed(
    """{"Id": "68", "TotalAmt": 300.0, "RemainingCredit": 200.0, "Balance": 200.0,
    "TxnDate": "2020-09-29", "CustomerRef": {"value": "16"}, "CurrencyRef": {"value": "USD"},
    "MetaData": {"LastUpdatedTime": "2020-09-29T05:58:07-07:00"}}"""
)


Sample = tuple[str, str, dict[str, Any], Tell]
"""An object with its provider, its kind, and what translates it."""


def _samples() -> Iterator[Sample]:
    """Every object that is published, and those written down here."""
    for name in names("stripe"):
        event = content("stripe", name)
        yield "Stripe", "event", event, stripe_events.event_news
        whole = event["data"]["object"]
        yield from _of("Stripe", {whole["object"]: whole}, _STRIPE)
    for name in names("chargebee"):
        yield from _of("Chargebee", content("chargebee", name)["content"], _CHARGEBEE)
    for name in names("xero"):
        yield from _of("Xero", content("xero", name), _XERO)
    for name in names("quickbooks"):
        yield from _of("QuickBooks", content("quickbooks", name), _QUICKBOOKS)
    ours = {"Payment": _QUICKBOOKS_PAYMENT, "CreditMemo": _QUICKBOOKS_MEMO}
    yield from _of("QuickBooks", ours, _QUICKBOOKS)
    for kind in _GOCARDLESS:
        for example in content("gocardless", f"{kind}.json").values():
            yield from _of("GoCardless", example["body"], _GOCARDLESS)


def _of(provider: str, said: dict[str, Any], known: dict[str, Tell]) -> Iterator[Sample]:
    """The objects of the known kinds in an answer, which has one or a list of each."""
    for kind in known.keys() & said.keys():
        found = said[kind] if isinstance(said[kind], list) else [said[kind]]
        yield from ((provider, kind, one, known[kind]) for one in found)


_SAMPLES = list(_samples()) if names("stripe") else []

_WORDS = st.sampled_from(
    [
        *("", " ", "x", "usd", "ZZZ", "1e9", "NaN", "-1", "2026-02-30", "2026-03-05"),
        *("9999-12-31T23:59:59+00:00", "/Date(1)/", "/Date(99999999999999999)/", "Deleted"),
        *("paid", "failed", "succeeded", "won", "lost", "VOIDED", "DELETED", "refund", "\x00"),
        *("\ud800", "a" * 300, "payment_reversal", "chargeback", "charged_back", "cancelled"),
    ]
)
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.sampled_from([0, 1, -1, 10**15, 1_600_440_413])
    | st.decimals()
    | st.text(max_size=5)
    | _WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


def _paths(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for name, inner in items:
        yield (*before, name)
        yield from _paths(inner, (*before, name))


def _changed(value: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """A copy in which `change` was done to what holds the last name of a path."""
    copy = dict(value) if isinstance(value, dict) else list(value)
    if len(path) == 1:
        change(copy, path[0])
    else:
        copy[path[0]] = _changed(copy[path[0]], path[1:], change)
    return copy


def _drop(holder: Any, name: Any) -> None:
    del holder[name]


def _tell(provider: str, kind: str, said: Any, tell: Tell) -> None:
    problem = f"{provider} refuses: "
    try:
        tell(Part(provider, kind, said))
    except PeerRefused as refused:
        problem = str(refused)
    assert problem.startswith(f"{provider} refuses: ")
    assert "\n" not in problem


def test_every_sample_is_read_as_it_is() -> None:
    for provider, kind, said, tell in _SAMPLES:
        is_request = provider == "Xero" and not {"UpdatedDateUTC", "HasErrors"} & said.keys()
        # Disputes had no id of their own when these two were sent, in 2013.
        is_ancient = provider == "Stripe" and 1_300_000_000 < said.get("created", 0) < 1_400_000_000
        if not is_request and not is_ancient:
            tell(Part(provider, kind, said))


def test_every_field_of_every_sample_may_be_missing() -> None:
    for provider, kind, said, tell in _SAMPLES:
        for path in _paths(said):
            _tell(provider, kind, _changed(said, path, _drop), tell)


@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_field_of_every_sample_may_be_anything(data: st.DataObject) -> None:
    provider, kind, said, tell = data.draw(st.sampled_from(_SAMPLES))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([*_paths(said)] or [()]))
        value = data.draw(_JSON)

        def replace(holder: Any, name: Any, value: Any = value) -> None:
            holder[name] = value

        if path:
            said = _changed(said, path, replace)
    _tell(provider, kind, said, tell)


@pytest.mark.parametrize(
    ("provider", "name", "path"),
    [
        ("Xero", "CurrencyCode", "CurrencyCode of its Invoices"),
        ("Xero", "Total", "Total of its Invoices"),
        ("Xero", "Contact", "Contact of its Invoices"),
        ("QuickBooks", "TxnDate", "TxnDate of its Invoice"),
        ("QuickBooks", "MetaData", "MetaData of its Invoice"),
        ("Chargebee", "due_date", ""),
        ("Chargebee", "total", "total of its invoice"),
    ],
)
def test_what_is_missing_is_named_with_the_kind_of_object(
    provider: str, name: str, path: str
) -> None:
    kinds = {"Xero": "Invoices", "QuickBooks": "Invoice", "Chargebee": "invoice"}
    _, kind, said, tell = next(
        one
        for one in _SAMPLES
        if one[:2] == (provider, kinds[provider])
        and name in one[2]
        and (provider != "Xero" or "CurrencyCode" in one[2])
    )
    without = {key: value for key, value in said.items() if key != name}
    if not path:
        tell(Part(provider, kind, without))
        return

    with pytest.raises(PeerRefused, match=f"{path} is missing or wrong"):
        tell(Part(provider, kind, without))
