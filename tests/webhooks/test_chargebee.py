"""What Chargebee tells of invoices, money, credit notes and cards."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from models.billing import (
    ChargeContested,
    ContestEnded,
    CreditIssued,
    CreditVoided,
    CustomerStated,
    InvoiceStated,
    MeansState,
    MeansStated,
    PaymentDeclined,
    PaymentRefunded,
    PaymentReturned,
    PaymentSettled,
    PaymentUnderWay,
)
from models.errors import SettingInvalid
from models.vocabulary import InvoiceStatus, Method
from tests.webhooks.chargebee_events import (
    credit_note,
    customer,
    event,
    invoice,
    refund,
    source,
    transaction,
)
from tests.webhooks.signing import PROVIDERS, as_body
from tests.webhooks.signing import source as provider
from tests.webhooks.telling import one, told


def kinds(said: dict[str, Any]) -> list[str]:
    return [news.kind for news in told("chargebee", said)]


def test_an_invoice_is_stated_as_of_its_version() -> None:
    stated = one("chargebee", event("invoice_generated", invoice=invoice()), InvoiceStated)

    assert stated.as_of == datetime(2026, 3, 2, 9, 0, 0, 171_000, tzinfo=UTC)
    row = stated.invoice
    assert (row.id, row.number, row.customer_id) == ("19", "19", "C-1")
    assert (row.amount, row.amount_open, row.currency) == (Decimal(120), Decimal(120), "EUR")
    assert (row.issued_on, row.due_on) == (date(2026, 3, 2), date(2026, 3, 16))
    assert row.purchase_order == "4500017"
    assert stated.customer
    assert (stated.customer.name, stated.customer.country) == ("Müller GmbH", "DE")


def test_without_a_version_it_is_as_of_its_update_or_the_event() -> None:
    changes = {"resource_version": None, "updated_at": 1_772_441_000}
    told_at = [
        one("chargebee", event("invoice_updated", invoice=said), InvoiceStated).as_of
        for said in (invoice(**changes), invoice(resource_version=None))
    ]

    assert [int(at.timestamp()) for at in told_at] == [1_772_441_000, 1_772_442_000]


@pytest.mark.parametrize(
    ("changes", "status", "still_open"),
    [
        ({"status": "posted"}, InvoiceStatus.OPEN, 120),
        ({"status": "payment_due", "amount_due": 2_000}, InvoiceStatus.OPEN, 20),
        ({"status": "not_paid"}, InvoiceStatus.OPEN, 120),
        ({"status": "paid", "amount_paid": 12_000, "amount_due": 0}, InvoiceStatus.PAID, 0),
        ({"status": "paid", "write_off_amount": 12_000}, InvoiceStatus.WRITTEN_OFF, 0),
        ({"status": "paid", "credits_applied": 12_000}, InvoiceStatus.CREDITED, 0),
        ({"status": "paid", "amount_paid": 1, "amount_adjusted": 1}, InvoiceStatus.PAID, 0),
        ({"status": "voided"}, InvoiceStatus.VOIDED, 0),
        ({"status": "payment_due", "deleted": True}, InvoiceStatus.VOIDED, 0),
    ],
)
def test_its_status_in_our_words(
    changes: dict[str, Any], status: InvoiceStatus, still_open: int
) -> None:
    said = event("invoice_updated", invoice=invoice(**changes))

    row = one("chargebee", said, InvoiceStated).invoice
    assert row.status is status
    assert row.amount_open == still_open


def test_a_deleted_invoice_is_void() -> None:
    said = event("invoice_deleted", invoice=invoice(status="not_paid"))

    assert one("chargebee", said, InvoiceStated).invoice.status is InvoiceStatus.VOIDED


@pytest.mark.parametrize(
    "said",
    [
        event("pending_invoice_created", invoice=invoice(status="pending")),
        event("invoice_updated", invoice=invoice(status="pending")),
        event("invoice_generated", invoice=invoice(total=0)),
        event("subscription_renewed", invoice=invoice()),
    ],
)
def test_nothing_is_to_be_chased(said: dict[str, Any]) -> None:
    assert kinds(said) == []


@pytest.mark.parametrize(
    ("currency", "amount"), [("JPY", "12000"), ("KWD", "12"), ("USD", "120"), ("UGX", "12000")]
)
def test_amounts_are_in_the_currencys_own_units(currency: str, amount: str) -> None:
    said = event("invoice_updated", invoice=invoice(currency_code=currency))

    assert one("chargebee", said, InvoiceStated).invoice.amount == Decimal(amount)


def test_a_payment_is_shared_out_as_it_was_applied() -> None:
    said = event("payment_succeeded", transaction=transaction(), invoice=invoice(amount_due=2_000))

    assert kinds(said) == ["invoice_stated", "payment_settled"]
    paid = one("chargebee", said, PaymentSettled)
    assert (paid.payment_id, paid.other_ids, paid.amount) == ("txn_1", ("ch_1",), Decimal(120))
    assert [(share.invoice, share.amount) for share in paid.shares] == [(("19",), Decimal(100))]
    assert (paid.received_on, paid.method) == (date(2026, 3, 1), Method.CARD)


def test_a_payment_that_is_named_at_more_invoices_than_it_pays_is_for_none_yet() -> None:
    said = event("payment_succeeded", transaction=transaction(amount=9_999))

    assert one("chargebee", said, PaymentSettled).shares == ()


def test_what_takes_no_money_is_no_payment() -> None:
    assert kinds(event("payment_succeeded", transaction=transaction(type="authorization"))) == []


@pytest.mark.parametrize("kind", ["payment_succeeded", "payment_failed", "payment_initiated"])
def test_a_transaction_is_what_its_status_says(kind: str) -> None:
    """Of one that needs attention nobody knows whether it moved; so it may travel."""
    said = [transaction(status=status) for status in ("success", "needs_attention", "failure")]

    assert [kinds(event(kind, transaction=each)) for each in said] == [
        ["payment_settled"],
        ["payment_under_way"],
        ["payment_declined"],
    ]


def test_a_debit_is_under_way() -> None:
    said = transaction(status="in_progress", payment_method="direct_debit")

    under_way = one("chargebee", event("payment_initiated", transaction=said), PaymentUnderWay)
    assert (under_way.payment_id, under_way.amount) == ("txn_1", Decimal(120))


@pytest.mark.parametrize(
    ("code", "final", "customer_needed"),
    [
        ("3001", False, False),
        ("lost_card", True, False),
        ("authentication_required", False, True),
        (None, False, False),
    ],
)
def test_each_attempt_is_a_transaction(
    code: str | None, final: bool, customer_needed: bool
) -> None:
    said = transaction(status="failure", error_code=code)

    declined = one("chargebee", event("payment_failed", transaction=said), PaymentDeclined)
    assert (declined.attempt_id, declined.is_final) == ("txn_1", final)
    assert declined.needs_customer is customer_needed


def test_a_late_failure_takes_back_what_was_booked() -> None:
    said = event("payment_failed", transaction=transaction(status="late_failure"))

    assert one("chargebee", said, PaymentReturned).payment_id == "txn_1"
    assert "payment_declined" not in kinds(said)


def test_a_payment_that_was_entered_by_mistake_is_taken_back() -> None:
    said = event("transaction_deleted", transaction=transaction())

    assert one("chargebee", said, PaymentReturned).code == "deleted"


def test_a_refund_comes_after_the_credit_that_stands_against_it() -> None:
    note = credit_note(status="refunded", amount_refunded=2_000)
    said = event("payment_refunded", transaction=refund(), credit_note=note)

    assert kinds(said) == ["credit_issued", "payment_refunded"]
    back = one("chargebee", said, PaymentRefunded)
    assert (back.refund_id, back.payment_id, back.amount) == ("txn_2", "txn_1", Decimal(20))
    (share,) = one("chargebee", said, CreditIssued).shares
    assert (share.invoice, share.amount) == (("19",), Decimal(20))


def test_a_chargeback_was_not_given_back_and_no_credit_stands_against_it() -> None:
    note = credit_note(status="refunded", amount_refunded=2_000)
    taken = refund(payment_method="chargeback")
    paid = invoice(status="paid", amount_paid=12_000, amount_due=0)
    said = event("payment_refunded", transaction=taken, credit_note=note, invoice=paid)

    assert kinds(said) == ["invoice_stated", "charge_contested"]
    contested = one("chargebee", said, ChargeContested)
    assert (contested.contest_id, contested.payment_id) == ("txn_2", "txn_1")
    assert (contested.amount, contested.takes_money) == (Decimal(20), True)
    assert contested.happened_at > one("chargebee", said, InvoiceStated).as_of


@pytest.mark.parametrize(
    "why",
    [{"reason_code": "chargeback"}, {"linked_refunds": [{"refund_reason_code": "Chargeback"}]}],
)
def test_the_credit_note_of_a_chargeback_stands_against_nothing(why: dict[str, Any]) -> None:
    note = credit_note(status="refunded", amount_refunded=2_000, **why)

    assert kinds(event("credit_note_created", credit_note=note)) == []


def test_a_refund_entered_by_mistake_never_was() -> None:
    said = event("transaction_deleted", transaction=refund())
    taken = event("transaction_deleted", transaction=refund(payment_method="chargeback"))

    assert one("chargebee", said, PaymentRefunded).is_undone
    assert one("chargebee", taken, ContestEnded).is_won


def test_a_refund_that_was_only_begun_tells_nothing_of_money() -> None:
    said = event("refund_initiated", transaction=refund(status="in_progress"), invoice=invoice())

    assert kinds(said) == ["invoice_stated"]


@pytest.mark.parametrize(
    ("changes", "shares"),
    [
        ({}, []),
        ({"type": "adjustment"}, [("19", 20)]),
        ({"amount_refunded": 500}, [("19", 5)]),
        (
            {
                "amount_refunded": 500,
                "allocations": [{"invoice_id": "21", "allocated_amount": 1_500}],
            },
            [("21", 15), ("19", 5)],
        ),
        (
            {
                "type": "adjustment",
                "allocations": [{"invoice_id": "19", "allocated_amount": 2_000}],
            },
            [("19", 20)],
        ),
    ],
    ids=["not used yet", "adjusts", "part refunded", "part allocated", "adjusts and says so"],
)
def test_a_credit_note_stands_where_it_was_used(
    changes: dict[str, Any], shares: list[tuple[str, int]]
) -> None:
    said = event("credit_note_updated", credit_note=credit_note(**changes))

    issued = one("chargebee", said, CreditIssued)
    assert issued.amount == Decimal(20)
    assert [(share.invoice[0], int(share.amount)) for share in issued.shares] == shares


@pytest.mark.parametrize(
    ("kind", "changes"),
    [("credit_note_deleted", {}), ("credit_note_updated", {"status": "voided"})],
)
def test_a_credit_note_is_taken_back(kind: str, changes: dict[str, Any]) -> None:
    said = event(kind, credit_note=credit_note(**changes))

    assert one("chargebee", said, CreditVoided).credit_id == "CN-1"


def test_a_customer_with_contact_and_language() -> None:
    stated = one("chargebee", event("customer_changed", customer=customer()), CustomerStated)

    assert (stated.customer.name, stated.customer.language) == ("Müller GmbH", "de")
    assert [(each.email, each.name) for each in stated.contacts] == [
        ("ap@mueller.example", "Erika Müller")
    ]


@pytest.mark.parametrize(
    ("content", "state", "expires_on"),
    [
        ({"payment_source": source(), "customer": customer()}, "usable", date(2028, 2, 29)),
        ({"payment_source": source(status="expired"), "customer": customer()}, "expired", ...),
        ({"customer": customer()}, "usable", None),
        (
            {"customer": customer(payment_method={"type": "card", "status": "expired"})},
            "expired",
            None,
        ),
    ],
)
def test_a_card_on_file(content: dict[str, Any], state: str, expires_on: Any) -> None:
    means = one("chargebee", event("payment_source_updated", **content), MeansStated)

    assert (means.reference, means.holder, means.is_default) == ("pm_1", "C-1", True)
    assert means.state == MeansState(state)
    assert means.method is Method.CARD
    if expires_on is not ...:
        assert means.expires_on == expires_on


def test_a_card_that_was_deleted() -> None:
    said = event("payment_source_deleted", payment_source=source(), customer=customer())

    assert one("chargebee", said, MeansStated).state is MeansState.REVOKED


def test_a_type_that_is_not_known_is_unknown() -> None:
    (arrived,) = provider("chargebee").take_apart(as_body(event("fax_received")), {})

    assert provider("chargebee").translate(arrived) is None


@pytest.mark.parametrize("secret", ["word", ":word", "name:"])
def test_its_secret_is_name_and_password(secret: str) -> None:
    with pytest.raises(SettingInvalid) as refused:
        PROVIDERS["chargebee"].make(["dunlin:first", secret])

    assert "first" not in str(refused.value)
