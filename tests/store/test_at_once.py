"""Two who write at the same time: nobody is written to twice, and no money is lost."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from models.acts import AgreePaymentPlan, InstalmentTerm
from models.decision import TouchPlan
from models.events import PaymentReceived
from models.follow_up import FollowUp
from models.ledger import InvoiceRow
from models.tables import Customer, Invoice, Message, Payment, Plan, TimelineEntry, Touch
from models.vocabulary import PlanState, Reason, TouchOutcome
from store import correspondence, ledger, register
from store.database import Database
from store.events import apply_event
from tests.store.chase import happening, put
from tests.store.rows import MORNING, RULEBOOK, TUESDAY, acme, add_invoice, follow


def at_once(database: Database, *works: Callable[[Session], Any]) -> list[Any]:
    """Run each in a writing transaction of its own, all begun before any of them ends; returns
    what each returned or raised.

    On SQLite there is one writer at a time, so that they cannot wait for each other there.
    """
    gate = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(number: int, work: Callable[[Session], Any]) -> None:
        try:
            if database.is_sqlite:
                gate.wait()
            with database.writing() as session:
                session.exec(select(Customer.id)).all()
                if not database.is_sqlite:
                    gate.wait()
                results[number] = work(session)
        except Exception as error:  # noqa: BLE001  (judged by the test, in its own thread)
            results[number] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def payment(payment_id: str, amount: int, event_id: str = "") -> PaymentReceived:
    return PaymentReceived(
        event_id=event_id or payment_id,
        payment_id=payment_id,
        amount=Decimal(amount),
        currency="USD",
        received_on=date(2026, 3, 9),
    )


def booking(payment_id: str, amount: int) -> Callable[[Session], Any]:
    def book(session: Session) -> bool:
        invoice = session.get_one(Invoice, "INV-1")
        booked = ledger.book_payment(session, invoice, payment(payment_id, amount), MORNING)
        return booked is not None

    return book


def telling(event: PaymentReceived) -> Callable[[Session], bool]:
    def tell(session: Session) -> bool:
        return apply_event(happening(session), event)

    return tell


def the_invoice(database: Database) -> Invoice:
    with database.reading() as session:
        return session.get_one(Invoice, "INV-1")


@pytest.mark.parametrize("repetition", range(3))
def test_of_two_who_claim_the_customers_day_exactly_one_writes(
    any_database: Database, repetition: int
) -> None:
    del repetition
    with any_database.writing() as session:
        first, _ = acme(session)
        second = add_invoice(session, "INV-2", "700.00")
        plans: list[FollowUp] = [follow(session, one)[0] for one in (first, second)]

    def claiming(follow_up: FollowUp) -> Callable[[Session], Reason]:
        def claim(session: Session) -> Reason:
            correspondence.lock_customer(session, "ACME")
            followed = RULEBOOK.look_up(session, follow_up, MORNING)
            decision = RULEBOOK.decide(session, followed, MORNING)
            if decision.touch is not None:
                due = [(followed, decision.touch)]
                correspondence.claim(session, followed, decision, due, MORNING, None)
            return decision.reason

        return claim

    reasons = at_once(any_database, *(claiming(one) for one in plans))

    assert sorted(reasons) == [Reason.CONTACTED_RECENTLY, Reason.STEP_DUE]
    with any_database.reading() as session:
        assert len(session.exec(select(Message)).all()) == 1
        assert [one.outcome for one in session.exec(select(Touch))] == [TouchOutcome.CLAIMED]


def test_even_who_does_not_look_cannot_claim_a_day_that_is_taken(any_database: Database) -> None:
    with any_database.writing() as session:
        first, _ = acme(session)
        second = add_invoice(session, "INV-2", "700.00")
        plans = [follow(session, one)[0] for one in (first, second)]

    def claiming(follow_up: FollowUp) -> Callable[[Session], str]:
        def claim(session: Session) -> str:
            followed = RULEBOOK.look_up(session, follow_up, MORNING)
            policy = RULEBOOK.policy(session, followed.row)
            touch = TouchPlan(
                invoice_id=follow_up.invoice_id,
                round=1,
                step="first-notice",
                stage=policy.step("first-notice").stage,
                tone="neutral",
                channel="mail",
                template="first_notice",
            )
            due = [(followed, touch)]
            decision = RULEBOOK.decide(session, followed, MORNING)
            return correspondence.claim(session, followed, decision, due, MORNING, None).key

        return claim

    results = at_once(any_database, *(claiming(one) for one in plans))

    refused = [one for one in results if isinstance(one, IntegrityError)]
    keys = [one for one in results if isinstance(one, str)]
    assert (len(refused), len(keys)) == (1, 1)
    with any_database.reading() as session:
        assert [one.key for one in session.exec(select(Message))] == keys


def test_two_payments_at_once_both_count(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)

    assert at_once(any_database, booking("P-1", 1000), booking("P-2", 500)) == [True, True]

    assert the_invoice(any_database).amount_open == 3500


def test_two_payments_of_everything_at_once_leave_nothing_below_zero(
    any_database: Database,
) -> None:
    with any_database.writing() as session:
        acme(session)

    at_once(any_database, booking("P-1", 5000), booking("P-2", 5000))

    assert the_invoice(any_database).amount_open == 0
    with any_database.reading() as session:
        assert sorted(one.applied for one in session.exec(select(Payment))) == [0, 5000]


def test_a_payment_and_its_taking_back_at_once_both_count(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)
        booking("P-1", 1000)(session)

    def take_back(session: Session) -> Any:
        invoice = session.get_one(Invoice, "INV-1")
        return ledger.reverse_payment(session, invoice, "P-1", TUESDAY) is not None

    assert at_once(any_database, take_back, booking("P-2", 300)) == [True, True]

    assert the_invoice(any_database).amount_open == 4700


def test_a_payment_taken_back_twice_at_once_opens_its_amount_once(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)
        booking("P-1", 1000)(session)
        booking("P-2", 4000)(session)

    def take_back(session: Session) -> bool:
        invoice = session.get_one(Invoice, "INV-1")
        return ledger.reverse_payment(session, invoice, "P-1", TUESDAY) is not None

    assert sorted(at_once(any_database, take_back, take_back)) == [False, True]

    assert the_invoice(any_database).amount_open == 1000


def test_a_payment_during_an_import_is_not_undone_by_it(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)
    row = InvoiceRow(
        id="INV-1",
        number="INV-1",
        customer_id="ACME",
        currency="USD",
        amount=Decimal(6000),
        issued_on=date(2026, 1, 31),
        due_on=date(2026, 3, 2),
    )

    results = at_once(
        any_database,
        lambda session: register.take_invoices(session, [row]).changed,
        booking("P-1", 1000),
    )

    assert results == [1, True]
    invoice = the_invoice(any_database)
    assert (invoice.amount, invoice.amount_open) == (Decimal(6000), Decimal(5000))


def test_an_event_told_twice_at_once_is_applied_once(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)
    event = payment("P-1", 1000, "bank-1")

    assert sorted(at_once(any_database, telling(event), telling(event))) == [False, True]

    assert the_invoice(any_database).amount_open == 4000
    with any_database.reading() as session:
        told = [one.event_id for one in session.exec(select(TimelineEntry)) if one.event_id]
    assert told == ["bank-1"]


def test_a_decision_delivered_twice_at_once_is_applied_once(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)
    half = Decimal(2500)
    plan = AgreePaymentPlan(
        event_id="plan-1",
        by="Robin Vale",
        instalments=(
            InstalmentTerm(due_on=date(2026, 4, 1), amount=half),
            InstalmentTerm(due_on=date(2026, 5, 1), amount=half),
        ),
    )

    first, second = at_once(any_database, *[lambda session: put(session, plan)] * 2)

    assert first == second
    with any_database.reading() as session:
        assert [one.state for one in session.exec(select(Plan))] == [PlanState.RUNNING]
