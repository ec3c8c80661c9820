"""How a customer pays is read from what is booked, as it is booked now, on either engine."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from domain.behaviour import payment_habit
from models.events import PaymentReceived
from models.facts import PaymentHabit
from models.tables import Invoice, Payment, Promise
from models.vocabulary import InvoiceStatus
from store import ledger
from store.database import Database
from store.habits import payment_habits
from tests.postgres import undone
from tests.store.rows import MORNING, add_customer, add_invoice

PAID = InvoiceStatus.PAID
FIRST = date(2024, 1, 1)


@dataclass(frozen=True)
class Booked:
    """A payment, so many days after the due date (before it, if negative)."""

    days: int
    applied: int = 900
    reversed: bool = False


@dataclass(frozen=True)
class Past:
    """An invoice of the past, due so many days after the first of them."""

    due: int
    payments: tuple[Booked, ...]
    status: InvoiceStatus = PAID
    currency: str = "USD"
    customer_id: str = "ACME"


def write(session: Session, past: list[Past]) -> None:
    """The invoices and their payments, as the ledger keeps them."""
    for number, one in enumerate(past):
        due = FIRST + timedelta(days=one.due)
        session.add(
            Invoice(
                id=f"OLD-{number:03}",
                number=f"{number}",
                customer_id=one.customer_id,
                currency=one.currency,
                amount=Decimal(900),
                amount_open=Decimal(0),
                issued_on=due - timedelta(days=30),
                due_on=due,
                status=one.status,
            )
        )
        session.flush()
        for count, payment in enumerate(one.payments):
            received_on = due + timedelta(days=payment.days)
            session.add(
                Payment(
                    id=f"P-{number}-{count}",
                    invoice_id=f"OLD-{number:03}",
                    currency=one.currency,
                    amount=Decimal(max(1, payment.applied)),
                    applied=Decimal(payment.applied),
                    received_on=received_on,
                    recorded_at=datetime.combine(received_on, time(12), tzinfo=UTC),
                    reversed_on=received_on if payment.reversed else None,
                )
            )
    session.flush()


def by_hand(past: list[Past], customer_id: str = "ACME", currency: str = "USD") -> list[int]:
    """How late each settled invoice was paid, the one that was settled first first."""
    settled = []
    for number, one in enumerate(past):
        counted = [p.days for p in one.payments if p.applied > 0 and not p.reversed]
        if one.status is not PAID or not counted:
            continue
        if (one.customer_id, one.currency) == (customer_id, currency):
            settled.append((one.due + max(counted), number, max(counted)))
    return [late for _, _, late in sorted(settled)]


_bookings = st.builds(
    Booked,
    days=st.integers(-40, 90),
    applied=st.sampled_from([900, 900, 450, 1, 0]),
    reversed=st.sampled_from([False, False, False, True]),
)
_pasts = st.builds(
    Past,
    due=st.integers(0, 700),
    payments=st.lists(_bookings, max_size=3).map(tuple),
    status=st.sampled_from([PAID, PAID, PAID, *InvoiceStatus]),
    currency=st.sampled_from(["USD", "USD", "EUR"]),
    customer_id=st.sampled_from(["ACME", "ACME", "ACME", "BOLT"]),
)
# More than is remembered, in the order in which a ledger happens to name them.
_settled = st.builds(
    Past,
    due=st.integers(0, 700),
    payments=st.lists(st.builds(Booked, days=st.integers(-40, 90)), min_size=1, max_size=2).map(
        tuple
    ),
)
_few = st.lists(_pasts, max_size=12)
_many = st.builds(list.__add__, _few, st.lists(_settled, min_size=30, max_size=45))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(past=_few | _many, promises=st.lists(st.sampled_from(["kept", "broken", "open"])))
def test_a_habit_is_what_the_rules_make_of_the_same_invoices_sorted_by_hand(
    shared_database: Database, past: list[Past], promises: list[str]
) -> None:
    with undone(shared_database) as session:
        for customer_id in ("ACME", "BOLT"):
            add_customer(session, customer_id)
        write(session, past)
        add_invoice(session)
        session.add_all(
            Promise(invoice_id="INV-1", pay_on=FIRST, made_at=MORNING, state=state)
            for state in promises
        )
        session.flush()

        dollars = payment_habits(session, "ACME", "USD")
        euros = payment_habits(session, "BOLT", "EUR")

    settled = [state for state in promises if state != "open"]
    assert dollars == payment_habit(
        by_hand(past), promises=len(settled), promises_kept=settled.count("kept")
    )
    assert euros == payment_habit(by_hand(past, "BOLT", "EUR"))


@pytest.fixture
def session(blank: Session) -> Session:
    add_customer(blank)
    return blank


def test_of_who_never_paid_anything_there_is_no_habit(session: Session) -> None:
    write(session, [Past(due=0, payments=())])

    assert payment_habits(session, "ACME", "USD") == PaymentHabit()


def test_an_invoice_is_paid_on_the_day_of_its_last_part(session: Session) -> None:
    write(session, [Past(due=0, payments=(Booked(20, 400), Booked(-3, 500)))])

    assert payment_habits(session, "ACME", "USD").median_days_late == 20


def test_money_that_went_back_and_money_that_did_not_fit_say_nothing(session: Session) -> None:
    payments = (Booked(5), Booked(40, reversed=True), Booked(60, applied=0))
    write(session, [Past(due=0, payments=payments)])

    habit = payment_habits(session, "ACME", "USD")
    assert (habit.settled, habit.median_days_late) == (1, 5)


def test_what_was_paid_before_it_was_due_counts_below_zero(session: Session) -> None:
    write(session, [Past(due=0, payments=(Booked(-7),))])

    habit = payment_habits(session, "ACME", "USD")
    assert (habit.median_days_late, habit.late_share) == (-7, 0)


def test_each_currency_has_a_habit_of_its_own(session: Session) -> None:
    write(
        session,
        [
            Past(due=0, payments=(Booked(2),)),
            Past(due=0, payments=(Booked(30),), currency="EUR"),
        ],
    )

    assert payment_habits(session, "ACME", "USD").median_days_late == 2
    assert payment_habits(session, "ACME", "EUR").median_days_late == 30


def test_only_the_36_invoices_settled_last_are_remembered(session: Session) -> None:
    """Whatever the order in which they were due or written."""
    long_ago = [Past(due=number, payments=(Booked(90),)) for number in range(4)]
    lately = [Past(due=400 + number, payments=(Booked(1),)) for number in range(36)]
    write(session, [*lately, *long_ago])

    habit = payment_habits(session, "ACME", "USD")
    assert (habit.settled, habit.median_days_late, habit.spread_days) == (36, 1, 0)


def test_what_was_credited_or_is_still_open_says_nothing_of_how_they_pay(session: Session) -> None:
    write(
        session,
        [
            Past(due=0, payments=(Booked(3),)),
            Past(due=0, payments=(Booked(50, 100),), status=InvoiceStatus.OPEN),
            Past(due=0, payments=(Booked(60, 100),), status=InvoiceStatus.CREDITED),
            Past(due=0, payments=()),
        ],
    )

    habit = payment_habits(session, "ACME", "USD")
    assert (habit.settled, habit.median_days_late) == (1, 3)


def test_a_payment_changes_the_habit_as_soon_as_it_is_booked_and_again_when_it_goes_back(
    session: Session,
) -> None:
    invoice = add_invoice(session)
    payment = PaymentReceived(
        event_id="P-1",
        payment_id="P-1",
        amount=Decimal(5000),
        currency="USD",
        received_on=invoice.due_on + timedelta(days=12),
    )

    ledger.book_payment(session, invoice, payment, MORNING)
    session.flush()
    assert payment_habits(session, "ACME", "USD").median_days_late == 12

    ledger.reverse_payment(session, invoice, "P-1", date(2026, 4, 1))
    session.flush()
    assert payment_habits(session, "ACME", "USD") == PaymentHabit()


def test_promises_that_are_settled_count_over_all_invoices_of_the_customer(
    session: Session,
) -> None:
    add_customer(session, "BOLT")
    for invoice_id, currency, customer_id in (
        ("A", "USD", "ACME"),
        ("B", "EUR", "ACME"),
        ("C", "USD", "BOLT"),
    ):
        add_invoice(session, invoice_id, currency=currency, customer_id=customer_id)
    for invoice_id, state in (
        ("A", "kept"),
        ("A", "replaced"),
        ("A", "unconfirmed"),
        ("B", "broken"),
        ("B", "kept"),
        ("C", "broken"),
    ):
        session.add(Promise(invoice_id=invoice_id, pay_on=FIRST, made_at=MORNING, state=state))
    session.flush()

    habit = payment_habits(session, "ACME", "USD")
    assert (habit.promises, habit.promises_kept) == (3, 67)
