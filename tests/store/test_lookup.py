"""An invoice is found as people name it, and it is said how its follow-up stands."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from models.errors import FollowUpClosed, InvoiceUnknown, NotFollowedUp
from models.events import PaymentReceived
from models.tables import FollowUpRow, Promise
from models.vocabulary import InvoiceStatus, Outcome, Status
from store import ledger, lookup
from store.database import Database
from tests.store.rows import MORNING, TUESDAY, acme, add_customer, add_invoice, follow


def test_an_invoice_is_found_by_its_id_or_else_its_number(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)
        add_invoice(session, "A", number="2026/1")
        add_invoice(session, "B", number="A")

        assert lookup.find(session, "A").invoice.id == "A"
        assert lookup.find(session, "2026/1").invoice.id == "A"
        assert lookup.find(session, "B").invoice.id == "B"
        assert lookup.find(session, "B").row is None


def test_a_number_of_several_asks_for_an_id(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)
        for invoice_id in ("B", "A"):
            add_invoice(session, invoice_id, number="17")

        with pytest.raises(NotFollowedUp, match="several; name one by its id: A, B"):
            lookup.find(session, "17")


def test_an_unknown_name_is_said_to_be(any_database: Database) -> None:
    with any_database.reading() as session, pytest.raises(InvoiceUnknown, match="2026/1 is not in"):
        lookup.find(session, "2026/1")


def test_only_what_is_followed_up_has_a_follow_up(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)
        add_invoice(session)
        found = lookup.find(session, "INV-1")

        with pytest.raises(FollowUpClosed, match=r"not followed up yet.*backfill"):
            found.running()

        follow(session, found.invoice)
        assert lookup.find(session, "INV-1").running().invoice_id == "INV-1"


def test_what_has_ended_says_when_and_how(any_database: Database) -> None:
    with any_database.writing() as session:
        _, row = acme(session)
        row.status, row.outcome = Status.CLOSED, Outcome.PAID
        row.closed_at = datetime(2026, 3, 20, 9, tzinfo=UTC)
        session.flush()
        found = lookup.find(session, "INV-1")

        with pytest.raises(FollowUpClosed, match=r"INV-1 is closed since 2026-03-20: paid\."):
            found.running()
        assert found.followed() is row


def test_payments_stand_in_the_order_of_their_booking(any_database: Database) -> None:
    with any_database.writing() as session:
        invoice, _ = acme(session)
        other = add_invoice(session, "INV-2")
        for number, (payment_id, paid) in enumerate(
            [("Z", invoice), ("A", invoice), ("M", other), ("K", invoice)]
        ):
            payment = PaymentReceived(
                event_id=payment_id,
                payment_id=payment_id,
                amount=Decimal(10),
                currency="USD",
                received_on=TUESDAY,
            )
            ledger.book_payment(session, paid, payment, MORNING + timedelta(hours=number))
        session.flush()

        assert [one.id for one in lookup.payments(session, "INV-1")] == ["Z", "A", "K"]


def test_the_last_of_payments_booked_together_is_the_last_received(any_database: Database) -> None:
    with any_database.writing() as session:
        invoice, _ = acme(session)
        for payment_id, days in (("B", 2), ("C", 0), ("A", 1)):
            payment = PaymentReceived(
                event_id=payment_id,
                payment_id=payment_id,
                amount=Decimal(10),
                currency="USD",
                received_on=TUESDAY + timedelta(days=days),
            )
            ledger.book_payment(session, invoice, payment, MORNING)
        session.flush()

        assert [one.id for one in lookup.payments(session, "INV-1")] == ["C", "A", "B"]


def test_the_promise_that_holds_is_found(any_database: Database) -> None:
    with any_database.writing() as session:
        _, row = acme(session)
        assert lookup.open_promise(session, row) is None

        promise = Promise(invoice_id="INV-1", pay_on=TUESDAY, made_at=MORNING)
        session.add(promise)
        session.flush()
        row.promise_id = promise.id

        assert lookup.open_promise(session, row) is promise


def test_totals_are_by_status_and_currency_and_never_across_currencies(
    any_database: Database,
) -> None:
    with any_database.writing() as session:
        add_customer(session)
        add_invoice(session, "A", "0.10")
        add_invoice(session, "B", "0.20")
        add_invoice(session, "C", "7", currency="EUR")
        add_invoice(session, "D", "1000", status=InvoiceStatus.PAID)
        follow(session, add_invoice(session, "E", "12.50"))
        follow(session, add_invoice(session, "F", "1"))
        session.get_one(FollowUpRow, "F").status = Status.PAUSED
        session.flush()

        totals = lookup.totals(session)

    assert sorted(totals, key=str) == sorted(
        [
            (None, "USD", 2, Decimal("0.30")),
            (None, "EUR", 1, Decimal(7)),
            (Status.ACTIVE, "USD", 1, Decimal("12.50")),
            (Status.PAUSED, "USD", 1, Decimal(1)),
        ],
        key=str,
    )
