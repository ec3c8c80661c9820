"""The ledger's arithmetic: whatever is paid and taken back, no cent appears or vanishes."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, select

from models.events import PaymentReceived
from models.tables import Invoice, Payment
from models.vocabulary import InvoiceStatus
from store import ledger
from store.database import Database
from tests.postgres import undone
from tests.store.rows import MORNING, add_customer, add_invoice

cents = st.decimals("0.01", 3000, places=2)
currencies = st.sampled_from(["USD"] * 5 + ["EUR"])


def payment_of(amount: Decimal, payment_id: str, currency: str = "USD") -> PaymentReceived:
    return PaymentReceived(
        event_id=payment_id,
        payment_id=payment_id,
        amount=amount,
        currency=currency,
        received_on=date(2026, 3, 9),
    )


def invoice_over(session: Session, amount: Decimal) -> Invoice:
    add_customer(session)
    return add_invoice(session, amount=str(amount))


class Ledger(RuleBasedStateMachine):
    """One invoice that is paid, overpaid, settled and taken back in any order."""

    booked: Bundle[str] = Bundle("booked")

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._transaction = undone(database)
        self.session = self._transaction.__enter__()
        self.count = 0

    @initialize(amount=cents)
    def an_invoice(self, amount: Decimal) -> None:
        self.amount = amount
        invoice_over(self.session, amount)

    @property
    def invoice(self) -> Invoice:
        self.session.flush()
        self.session.expire_all()
        return self.session.exec(select(Invoice)).one()

    @property
    def now(self) -> datetime:
        return MORNING + timedelta(seconds=self.count)

    @property
    def standing(self) -> list[Payment]:
        self.session.flush()
        found = self.session.exec(select(Payment))
        return [one for one in found if one.reversed_on is None]

    @property
    def foreign(self) -> Decimal:
        """What stands in another currency, which is applied to nothing."""
        return sum((one.amount for one in self.standing if one.currency != "USD"), Decimal(0))

    @rule(target=booked, amount=cents, currency=currencies)
    def pay(self, amount: Decimal, currency: str) -> str:
        return self._book(amount, currency)

    def _book(self, amount: Decimal, currency: str) -> str:
        self.count += 1
        was_open = self.invoice.amount_open
        payment_id = f"P-{self.count}"
        booking = ledger.book_payment(
            self.session, self.invoice, payment_of(amount, payment_id, currency), self.now
        )

        assert booking is not None
        assert booking.amount == amount
        assert booking.applied == (min(amount, was_open) if currency == "USD" else 0)
        return payment_id

    @rule(payment_id=booked, amount=cents)
    def pay_under_a_known_id(self, payment_id: str, amount: Decimal) -> None:
        was_open = self.invoice.amount_open

        assert (
            ledger.book_payment(self.session, self.invoice, payment_of(amount, payment_id), MORNING)
            is None
        )
        assert self.invoice.amount_open == was_open

    @rule(paid=cents)
    def the_register_calls_it_settled(self, paid: Decimal) -> None:
        self.count += 1
        said = payment_of(paid, f"S-{self.count}").model_copy(
            update={"received_on": date(2026, 3, 20)}
        )

        ledger.call_settled(self.session, self.invoice, said, self.now)

        assert self.invoice.amount_open == 0
        assert not ledger.call_settled(self.session, self.invoice, said, self.now)

    @rule(payment_id=booked)
    def take_back(self, payment_id: str) -> None:
        was_open, status = self.invoice.amount_open, self.invoice.status
        stood = self.session.get_one(Payment, payment_id).reversed_on is None

        taken = ledger.reverse_payment(self.session, self.invoice, payment_id, date(2026, 3, 16))

        if stood:
            assert taken is not None
            surplus = sum(one.amount - one.applied for one in self.standing) - self.foreign
            assert surplus >= 0
            assert self.invoice.amount_open <= was_open + taken.applied
            assert self.invoice.amount_open == 0 or surplus == 0
        else:
            assert taken is None
            assert (self.invoice.amount_open, self.invoice.status) == (was_open, status)

    @rule()
    def take_back_what_was_never_booked(self) -> None:
        assert ledger.reverse_payment(self.session, self.invoice, "P-0", date(2026, 3, 16)) is None

    @rule(amount=cents)
    def pay_and_take_back_at_once(self, amount: Decimal) -> None:
        before = (self.invoice.amount_open, self.invoice.status)
        payment_id = self._book(amount, "USD")
        ledger.reverse_payment(self.session, self.invoice, payment_id, date(2026, 3, 16))

        assert (self.invoice.amount_open, self.invoice.status) == before

    @invariant()
    def open_is_the_amount_less_what_payments_cover_and_what_was_settled_elsewhere(self) -> None:
        if not hasattr(self, "amount"):
            return
        invoice = self.invoice
        standing = [one for one in self.session.exec(select(Payment)) if one.reversed_on is None]
        assert invoice.amount == self.amount
        applied = sum(one.applied for one in standing)
        assert invoice.amount_open == self.amount - invoice.settled_elsewhere - applied
        assert invoice.settled_elsewhere >= 0
        assert invoice.amount_open >= 0
        assert (invoice.status is InvoiceStatus.PAID) == (invoice.amount_open == 0)

    def teardown(self) -> None:
        self._transaction.__exit__(None, None, None)


def test_open_is_always_the_amount_less_what_was_settled_elsewhere_and_the_payments_that_stand(
    shared_database: Database,
) -> None:
    run_state_machine_as_test(
        partial(Ledger, shared_database),  # type: ignore[arg-type]  # calls it, as it says
        settings=settings(deadline=None, max_examples=30, stateful_step_count=15),
    )


@settings(deadline=None, max_examples=60)
@given(amount=cents, parts=st.lists(cents, min_size=1, max_size=6), seed=st.randoms())
def test_taking_everything_back_in_any_order_restores_the_invoice_exactly(
    shared_database: Database, amount: Decimal, parts: list[Decimal], seed: object
) -> None:
    with undone(shared_database) as session:
        invoice = invoice_over(session, amount)
        ids = [f"P-{number}" for number in range(len(parts))]
        for payment_id, part in zip(ids, parts, strict=True):
            ledger.book_payment(session, invoice, payment_of(part, payment_id), MORNING)
        seed.shuffle(ids)  # type: ignore[attr-defined]  # hypothesis hands out its own Random

        for payment_id in ids:
            ledger.reverse_payment(session, invoice, payment_id, date(2026, 3, 16))

        session.flush()
        session.expire_all()
        kept = session.exec(select(Invoice)).one()
        assert (kept.amount_open, kept.status) == (amount, InvoiceStatus.OPEN)


def test_a_payment_on_one_invoice_cannot_be_taken_back_on_another(
    shared_database: Database,
) -> None:
    with undone(shared_database) as session:
        paid = invoice_over(session, Decimal(100))
        other = add_invoice(session, "INV-2", "100")
        ledger.book_payment(session, paid, payment_of(Decimal(40), "P-1"), MORNING)

        assert ledger.reverse_payment(session, other, "P-1", date(2026, 3, 16)) is None
        assert (paid.amount_open, other.amount_open) == (Decimal(60), Decimal(100))


def test_what_is_voided_takes_no_money_and_stays_voided(shared_database: Database) -> None:
    with undone(shared_database) as session:
        invoice = invoice_over(session, Decimal(100))
        invoice.status, invoice.amount_open = InvoiceStatus.VOIDED, Decimal(0)

        booking = ledger.book_payment(session, invoice, payment_of(Decimal(40), "P-1"), MORNING)

        assert booking is not None
        assert (booking.amount, booking.applied) == (Decimal(40), Decimal(0))
        assert (invoice.status, invoice.amount_open) == (InvoiceStatus.VOIDED, Decimal(0))
