"""Payments of a ledger: each booked once, on the invoice it names by id or by number."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from sqlmodel import Session, select

from models.ledger import PaymentRow
from models.tables import Invoice, Payment
from models.vocabulary import InvoiceStatus, Method
from store import ledger, register
from store.database import Database
from store.register import Taken
from tests.store.rows import MORNING, add_customer, add_invoice

PAID = PaymentRow(
    id="P-1",
    invoice_id="INV-1",
    currency="USD",
    amount=Decimal("2000.00"),
    received_on=date(2026, 3, 9),
    method=Method.SEPA,
)


SETTLED = replace(PAID, id="A/settled/9", invoice_id="A", amount=Decimal(5000), settles=True)


def take(database: Database, *rows: PaymentRow) -> Taken:
    with database.writing() as session:
        return register.take_payments(session, rows, MORNING)


def open_amounts(database: Database) -> dict[str, Decimal]:
    with database.reading() as session:
        return {one.id: one.amount_open for one in session.exec(select(Invoice))}


def booked(session: Session) -> list[str]:
    return sorted(session.exec(select(Payment.id)))


def with_invoices(database: Database, **numbers: str) -> None:
    """Invoices over 5,000 dollars, by id and number."""
    with database.writing() as session:
        add_customer(session)
        for invoice_id, number in numbers.items():
            add_invoice(session, invoice_id, number=number)


def test_a_payment_lowers_what_is_open_and_tells_of_the_change(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1")

    taken = take(any_database, replace(PAID, invoice_id="A"))

    assert (taken.new, taken.unchanged, taken.orphans) == (1, 0, [])
    with any_database.reading() as session:
        invoice, payment = session.get_one(Invoice, "A"), session.get_one(Payment, "P-1")
    assert (invoice.amount_open, invoice.revision) == (Decimal(3000), 2)
    assert (payment.amount, payment.applied, payment.method) == (
        Decimal(2000),
        Decimal(2000),
        Method.SEPA,
    )
    assert (payment.received_on, payment.recorded_at) == (date(2026, 3, 9), MORNING)


def test_the_same_list_twice_books_each_payment_once(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1", B="2026/2")
    rows = [replace(PAID, invoice_id="A"), replace(PAID, id="P-2", invoice_id="B")]
    take(any_database, *rows)

    taken = take(any_database, *rows)

    assert (taken.new, taken.unchanged) == (0, 2)
    assert open_amounts(any_database) == {"A": 3000, "B": 3000}
    with any_database.reading() as session:
        assert booked(session) == ["P-1", "P-2"]
        assert {one.revision for one in session.exec(select(Invoice))} == {2}


def test_a_payment_that_stands_twice_in_one_list_is_booked_once(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1")
    row = replace(PAID, invoice_id="A")

    taken = take(any_database, row, row)

    assert (taken.new, taken.unchanged) == (1, 1)
    assert open_amounts(any_database) == {"A": 3000}


def test_several_payments_of_one_list_settle_an_invoice(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1")
    rows = [replace(PAID, id=f"P-{n}", invoice_id="A") for n in range(3)]

    taken = take(any_database, *rows)

    assert (taken.new, taken.unplaced) == (3, ["P-2"])
    with any_database.reading() as session:
        invoice = session.get_one(Invoice, "A")
        applied = [session.get_one(Payment, row.id).applied for row in rows]
    assert (invoice.status, invoice.amount_open) == (InvoiceStatus.PAID, Decimal(0))
    assert applied == [2000, 2000, 1000]


def test_a_payment_may_name_its_invoice_by_number(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1", B="2026/2")

    taken = take(any_database, replace(PAID, invoice_id="2026/2"))

    assert (taken.new, taken.orphans) == (1, [])
    assert open_amounts(any_database) == {"A": 5000, "B": 3000}


def test_a_number_that_two_invoices_have_names_neither(any_database: Database) -> None:
    with_invoices(any_database, A="17", B="17")

    taken = take(any_database, replace(PAID, invoice_id="17"))

    assert (taken.new, taken.orphans) == (0, ["P-1"])
    assert open_amounts(any_database) == {"A": 5000, "B": 5000}


def test_an_id_goes_before_a_number_that_reads_the_same(any_database: Database) -> None:
    with_invoices(any_database, A="B", B="2026/2")

    take(any_database, replace(PAID, invoice_id="B"))

    assert open_amounts(any_database) == {"A": 5000, "B": 3000}


def test_by_id_and_by_number_in_one_list_reach_the_same_invoice(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1")

    taken = take(
        any_database,
        replace(PAID, invoice_id="A"),
        replace(PAID, id="P-2", invoice_id="2026/1"),
        replace(PAID, id="P-3", invoice_id="2026/9"),
    )

    assert (taken.new, taken.orphans) == (2, ["P-3"])
    assert open_amounts(any_database) == {"A": 1000}


def test_money_in_another_currency_is_kept_but_lowers_nothing(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1")

    taken = take(any_database, replace(PAID, invoice_id="A", currency="EUR"))

    assert taken.unplaced == ["P-1"]
    assert open_amounts(any_database) == {"A": 5000}
    with any_database.reading() as session:
        payment = session.get_one(Payment, "P-1")
    assert (payment.amount, payment.applied, payment.currency) == (Decimal(2000), Decimal(0), "EUR")


def take_back(database: Database, payment_id: str, day: date) -> None:
    with database.writing() as session:
        invoice = session.get_one(Invoice, "A")
        assert ledger.reverse_payment(session, invoice, payment_id, day) is not None


def amounts(database: Database) -> dict[str, Decimal]:
    with database.reading() as session:
        return {one.id: one.amount for one in session.exec(select(Payment))}


def test_a_settlement_books_only_what_other_payments_leave_open(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1")
    take(any_database, replace(PAID, invoice_id="A"))

    taken = take(any_database, SETTLED)
    again = take(any_database, SETTLED)

    assert (taken.new, again.new, again.unchanged) == (1, 0, 1)
    assert taken.unplaced == []
    assert amounts(any_database) == {"P-1": 2000, SETTLED.id: 3000}
    assert open_amounts(any_database) == {"A": 0}


def test_a_settlement_of_what_is_paid_already_changes_nothing(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1")
    take(any_database, replace(PAID, invoice_id="A", amount=Decimal(5000)))

    taken = take(any_database, SETTLED)

    assert (taken.new, taken.unchanged) == (0, 1)
    assert amounts(any_database) == {"P-1": 5000}


def test_what_a_settlement_does_not_come_to_was_settled_elsewhere(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1")
    discounted = replace(SETTLED, amount=Decimal(4900))

    assert take(any_database, discounted).new == 1
    assert take(any_database, discounted).unchanged == 1

    assert amounts(any_database) == {SETTLED.id: 4900}
    assert open_amounts(any_database) == {"A": 0}
    take_back(any_database, SETTLED.id, date(2026, 3, 12))
    assert open_amounts(any_database) == {"A": 4900}


def test_a_discount_on_what_other_payments_paid_needs_no_payment(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1")
    take(any_database, replace(PAID, invoice_id="A", amount=Decimal(4900)))

    assert take(any_database, replace(SETTLED, amount=Decimal(4900))).new == 1

    assert amounts(any_database) == {"P-1": 4900}
    assert open_amounts(any_database) == {"A": 0}


def test_a_settlement_counts_again_after_a_reversal_when_its_day_is_new(
    any_database: Database,
) -> None:
    with_invoices(any_database, A="2026/1")
    take(any_database, SETTLED)
    take_back(any_database, SETTLED.id, date(2026, 3, 12))

    assert take(any_database, SETTLED).unchanged == 1
    assert open_amounts(any_database) == {"A": 5000}

    later = replace(SETTLED, id="A/settled/16", received_on=date(2026, 3, 16))
    assert take(any_database, later).new == 1
    assert open_amounts(any_database) == {"A": 0}


def test_an_old_settlement_does_not_pay_what_was_taken_back_since(any_database: Database) -> None:
    with_invoices(any_database, A="2026/1")
    take(any_database, replace(PAID, invoice_id="A"))
    take_back(any_database, "P-1", date(2026, 3, 12))

    take(any_database, SETTLED)

    assert amounts(any_database) == {"P-1": 2000, SETTLED.id: 3000}
    assert open_amounts(any_database) == {"A": 2000}
