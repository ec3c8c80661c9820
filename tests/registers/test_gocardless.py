"""GoCardless: payments, mandates and refunds, and why a debit failed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.billing import (
    MeansStated,
    News,
    ObjectChanged,
    ObjectKind,
    PaymentDeclined,
    PaymentRefunded,
    PaymentReturned,
    PaymentSettled,
    PaymentUnderWay,
    Share,
)
from models.vocabulary import Method
from tests.registers.conftest import Open
from tests.registers.fake_gocardless import FakeGoCardless
from tests.registers.firm import NOW, Firm, read_all

SINCE = NOW - timedelta(hours=1)


@pytest.fixture
async def firm(open_at: Open) -> Firm:
    return await open_at("gocardless")


@pytest.fixture
def books(firm: Firm) -> FakeGoCardless:
    assert isinstance(firm.books, FakeGoCardless)
    return firm.books


async def fetch(firm: Firm, wanted: str, kind: ObjectKind = ObjectKind.PAYMENT) -> list[News]:
    return [*await firm.source.fetch(ObjectChanged(object=kind, id=wanted, happened_at=NOW))]


@pytest.mark.parametrize("status", ["pending_submission", "submitted"])
async def test_a_payment_under_way(firm: Firm, books: FakeGoCardless, status: str) -> None:
    books.payment("PM1", status, scheme="sepa_core")

    [begun] = await fetch(firm, "PM1")

    assert isinstance(begun, PaymentUnderWay)
    assert (begun.payment_id, begun.since, begun.method) == ("PM1", NOW.date(), Method.SEPA)
    assert begun.shares == (Share(invoice=("1042",), amount=Decimal(10)),)


@pytest.mark.parametrize("status", ["confirmed", "paid_out"])
async def test_a_payment_that_arrived(firm: Firm, books: FakeGoCardless, status: str) -> None:
    metadata = {"invoice_id": "F-7", "customer_id": "harbour"}
    books.payment("PM1", status, metadata=metadata)

    [settled] = await fetch(firm, "PM1")

    assert isinstance(settled, PaymentSettled)
    assert settled.received_on == date(2026, 3, 9)
    assert settled.shares[0].invoice == ("F-7",)
    assert settled.customer_id == "harbour"


@pytest.mark.parametrize(
    ("cause", "is_final"),
    [
        ("insufficient_funds", False),
        ("refer_to_payer", False),
        ("other", False),
        ("mandate_cancelled", True),
        ("bank_account_closed", True),
        ("invalid_bank_details", True),
    ],
)
async def test_a_failed_debit_says_why_and_whether_asking_again_helps(
    firm: Firm, books: FakeGoCardless, cause: str, is_final: bool
) -> None:
    payment = books.payment("PM1", "failed")
    for action, why in (("created", ""), ("submitted", ""), ("failed", cause)):
        books.event("payments", payment, action, why)

    [declined] = await fetch(firm, "PM1")

    assert isinstance(declined, PaymentDeclined)
    assert (declined.code, declined.is_final) == (cause, is_final)
    assert declined.failed_on == NOW.date()


async def test_two_attempts_of_one_payment_are_told_apart(
    firm: Firm, books: FakeGoCardless
) -> None:
    payment = books.payment("PM1", "failed")
    books.event("payments", payment, "failed", "insufficient_funds")
    first = await fetch(firm, "PM1")
    again = await fetch(firm, "PM1")
    books.event("payments", payment, "submitted")
    books.event("payments", payment, "failed", "insufficient_funds")
    second = await fetch(firm, "PM1")

    found = (*first, *again, *second)
    attempts = [one.attempt_id for one in found if isinstance(one, PaymentDeclined)]
    assert attempts == ["EV0", "EV0", "EV2"]


async def test_money_arrived_when_it_was_confirmed_however_late_it_is_asked_for(
    firm: Firm, books: FakeGoCardless
) -> None:
    payment = books.payment("PM1", "confirmed", charge_date="2026-03-03")
    [by_charge] = await fetch(firm, "PM1")
    books.event("payments", payment, "confirmed")
    books.time.pass_by(days=9)
    [by_event] = await fetch(firm, "PM1")

    assert isinstance(by_charge, PaymentSettled)
    assert by_charge.happened_at == datetime(2026, 3, 3, tzinfo=UTC)
    assert isinstance(by_event, PaymentSettled)
    assert by_event.happened_at == NOW


async def test_a_charge_back_that_was_called_off_is_newer_than_the_charge_back(
    firm: Firm, books: FakeGoCardless
) -> None:
    payment = books.payment("PM1", "charged_back")
    for action in ("confirmed", "charged_back"):
        books.event("payments", payment, action)
    [returned] = await fetch(firm, "PM1")
    books.time.pass_by(days=2)
    payment["status"] = "paid_out"
    books.event("payments", payment, "chargeback_cancelled")
    [by_id] = await fetch(firm, "PM1")
    [by_page] = await read_all(firm.source, books.time.now - timedelta(hours=1))

    assert isinstance(returned, PaymentReturned)
    assert isinstance(by_id, PaymentSettled)
    assert by_id.happened_at > returned.happened_at
    assert by_page == by_id


async def test_a_late_failure_takes_the_payment_back(firm: Firm, books: FakeGoCardless) -> None:
    payment = books.payment("PM1", "failed")
    for action in ("created", "submitted", "confirmed", "paid_out", "failed"):
        books.event("payments", payment, action, "refer_to_payer")

    returned, declined = await fetch(firm, "PM1")

    assert isinstance(returned, PaymentReturned)
    assert (returned.payment_id, returned.code) == ("PM1", "refer_to_payer")
    assert isinstance(declined, PaymentDeclined)


async def test_a_failure_after_an_attempt_that_counted_does_not_take_it_back_again(
    firm: Firm, books: FakeGoCardless
) -> None:
    payment = books.payment("PM1", "failed")
    actions = ("submitted", "confirmed", "failed", "resubmission_requested", "submitted", "failed")
    for action in actions:
        books.event("payments", payment, action)

    assert [type(one) for one in await fetch(firm, "PM1")] == [PaymentDeclined]


async def test_a_charge_back(firm: Firm, books: FakeGoCardless) -> None:
    payment = books.payment("PM1", "charged_back")
    books.event("payments", payment, "charged_back", "authorisation_disputed")

    [returned] = await fetch(firm, "PM1")

    assert isinstance(returned, PaymentReturned)
    assert returned.code == "authorisation_disputed"


@pytest.mark.parametrize(
    ("status", "needs_customer"), [("cancelled", False), ("customer_approval_denied", True)]
)
async def test_a_payment_that_was_stopped(
    firm: Firm, books: FakeGoCardless, status: str, needs_customer: bool
) -> None:
    books.payment("PM1", status)

    [declined] = await fetch(firm, "PM1")

    assert isinstance(declined, PaymentDeclined)
    assert (declined.code, declined.needs_customer) == (status, needs_customer)


async def test_a_payment_that_waits_for_approval_tells_nothing(
    firm: Firm, books: FakeGoCardless
) -> None:
    books.payment("PM1", "pending_customer_approval")

    assert await fetch(firm, "PM1") == []


@pytest.mark.parametrize(
    ("status", "state"),
    [("active", "usable"), ("submitted", "pending"), ("cancelled", "revoked")],
)
async def test_a_mandate_by_its_status(
    firm: Firm, books: FakeGoCardless, status: str, state: str
) -> None:
    books.put("mandates", id="MD1", status=status, scheme="bacs", links={"customer": "CU1"})

    [means] = await fetch(firm, "MD1", ObjectKind.MANDATE)

    assert isinstance(means, MeansStated)
    assert (means.reference, means.holder, means.state) == ("MD1", "CU1", state)


@pytest.mark.parametrize(
    ("said", "undone"),
    [
        ({"status": "paid"}, [False]),
        ({"status": "submitted"}, [False]),
        ({}, [False]),
        ({"status": "pending_submission"}, []),
        ({"status": "bounced"}, [True]),
        ({"status": "funds_returned"}, [True]),
    ],
)
async def test_a_refund(
    firm: Firm, books: FakeGoCardless, said: dict[str, Any], undone: list[bool]
) -> None:
    links = {"payment": "PM1"}
    books.put("refunds", id="RF1", amount=250, currency="GBP", links=links, **said)

    found = await fetch(firm, "RF1", ObjectKind.REFUND)

    assert [one.is_undone for one in found if isinstance(one, PaymentRefunded)] == undone


async def test_what_is_open_is_under_way_or_stands(firm: Firm, books: FakeGoCardless) -> None:
    for number, status in enumerate(("submitted", "paid_out", "failed", "pending_submission")):
        books.payment(f"PM{number}", status)
    books.put("mandates", id="MD1", status="active", scheme="bacs", links={"customer": "CU1"})
    books.put("mandates", id="MD2", status="expired", scheme="bacs", links={"customer": "CU1"})

    kinds = [one.kind for one in await read_all(firm.source)]

    assert kinds == ["payment_under_way", "payment_under_way", "means_stated"]


async def test_an_old_payment_that_failed_today_comes_with_since(
    firm: Firm, books: FakeGoCardless
) -> None:
    books.time.pass_by(days=-5)
    payment = books.payment("PM1", "submitted")
    books.event("payments", payment, "submitted")
    books.time.pass_by(days=5)
    payment["status"] = "failed"
    books.event("payments", payment, "failed", "insufficient_funds")
    books.event("payments", payment, "failed", "insufficient_funds")

    [declined] = await read_all(firm.source, SINCE)

    assert isinstance(declined, PaymentDeclined)
    assert declined.code == "insufficient_funds"


async def test_invoices_are_not_asked_for(firm: Firm) -> None:
    assert await fetch(firm, "IN1", ObjectKind.INVOICE) == []
    assert firm.line.requests == []
