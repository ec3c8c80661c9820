"""Taking a ledger in: again and again, in any order, without undoing what is known."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from models.events import PaymentReceived
from models.ledger import ContactRow, CustomerRow, InvoiceRow, PaymentRow
from models.tables import Contact, Customer, FollowUpRow, Invoice, Payment
from models.vocabulary import InvoiceStatus, Reason, Role
from store import ledger, register
from store.database import Database
from store.register import Taken
from tests.postgres import undone
from tests.store.rows import MORNING, acme, add_customer, add_invoice, follow

ACME = CustomerRow(
    id="ACME",
    name="Acme Inc.",
    country="US",
    zone="America/New_York",
    language="en",
    segment="saas",
    tags=("gold", "eu"),
    owner_name="Robin Vale",
    owner_email="robin@harbour.example",
)
SAM = ContactRow(customer_id="ACME", email="sam@acme.example", name="Sam Lee")
BILL = InvoiceRow(
    id="INV-1",
    number="2026/17",
    customer_id="ACME",
    currency="USD",
    amount=Decimal(5000),
    issued_on=date(2026, 1, 31),
    due_on=date(2026, 3, 2),
    purchase_order="PO-9",
)


def counts(taken: Taken) -> tuple[int, int, int]:
    return taken.new, taken.changed, taken.unchanged


def the_invoice(session: Session) -> Invoice:
    session.flush()
    session.expire_all()
    return session.exec(select(Invoice)).one()


def pay(session: Session, amount: str, payment_id: str = "P-1") -> None:
    payment = PaymentReceived(
        event_id=payment_id,
        payment_id=payment_id,
        amount=Decimal(amount),
        currency="USD",
        received_on=date(2026, 3, 9),
    )
    ledger.book_payment(session, the_invoice(session), payment, MORNING)
    session.flush()


def applied(session: Session) -> Decimal:
    """What payments that stand have lowered."""
    standing = select(Payment).where(col(Payment.reversed_on).is_(None))
    return sum((one.applied for one in session.exec(standing)), Decimal(0))


@pytest.fixture
def books(any_database: Database) -> Any:
    """A session on a ledger with one customer and one invoice over 5,000 dollars."""
    with any_database.writing() as session:
        register.take_customers(session, [ACME])
        register.take_invoices(session, [BILL])
        yield session


def test_a_customer_comes_in_with_all_that_the_row_says(any_database: Database) -> None:
    with any_database.writing() as session:
        assert counts(register.take_customers(session, [ACME])) == (1, 0, 0)

    with any_database.reading() as session:
        customer = session.get_one(Customer, "ACME")
    said = ("name", "country", "zone", "language", "segment", "owner_name", "owner_email")
    assert {name: getattr(customer, name) for name in said} == {
        name: getattr(ACME, name) for name in said
    }
    assert customer.tags == ["gold", "eu"]
    assert customer.owner == "robin"


def test_a_customer_of_whom_only_the_country_is_known_gets_its_zone_and_language(
    any_database: Database,
) -> None:
    with any_database.writing() as session:
        register.take_customers(session, [CustomerRow(id="BOLT", country="DE")])

        bolt = session.get_one(Customer, "BOLT")
        assert (bolt.name, bolt.zone, bolt.language) == ("BOLT", "Europe/Berlin", "de")


def test_taking_the_same_in_twice_changes_nothing(any_database: Database) -> None:
    def take(session: Session) -> list[tuple[int, int, int]]:
        return [
            counts(register.take_customers(session, [ACME])),
            counts(register.take_contacts(session, [SAM])),
            counts(register.take_invoices(session, [BILL])),
        ]

    with any_database.writing() as session:
        assert take(session) == [(1, 0, 0)] * 3
    with any_database.writing() as session:
        before = the_invoice(session).model_dump()
    with any_database.writing() as session:
        assert take(session) == [(0, 0, 1)] * 3
    with any_database.writing() as session:
        assert the_invoice(session).model_dump() == before
        assert len(session.exec(select(Contact)).all()) == 1


def test_what_a_later_row_leaves_empty_stays_as_it_is(books: Session) -> None:
    bare = CustomerRow(id="ACME", segment="enterprise")

    assert counts(register.take_customers(books, [bare])) == (0, 1, 0)

    customer = books.get_one(Customer, "ACME")
    assert (customer.segment, customer.name, customer.tags) == (
        "enterprise",
        "Acme Inc.",
        ["gold", "eu"],
    )


def test_an_invoice_that_says_nothing_of_its_order_keeps_it(books: Session) -> None:
    taken = register.take_invoices(books, [replace(BILL, purchase_order="")])

    assert counts(taken) == (0, 0, 1)
    assert the_invoice(books).purchase_order == "PO-9"


def test_a_country_that_comes_later_brings_its_zone_and_language(any_database: Database) -> None:
    with any_database.writing() as session:
        register.take_customers(session, [CustomerRow(id="BOLT")])
        register.take_customers(session, [CustomerRow(id="BOLT", country="DE")])
        bolt = session.get_one(Customer, "BOLT")
        assert (bolt.zone, bolt.language) == ("Europe/Berlin", "de")

        register.take_customers(session, [CustomerRow(id="BOLT", country="FR", language="nl")])
        assert (bolt.zone, bolt.language) == ("Europe/Paris", "nl")


def test_a_country_that_comes_later_leaves_a_zone_and_language_that_were_said(
    any_database: Database,
) -> None:
    said = CustomerRow(id="BOLT", zone="Asia/Tokyo", language="ja")
    with any_database.writing() as session:
        register.take_customers(session, [said])
        register.take_customers(session, [CustomerRow(id="BOLT", country="DE")])

        bolt = session.get_one(Customer, "BOLT")
        assert (bolt.country, bolt.zone, bolt.language) == ("DE", "Asia/Tokyo", "ja")


def test_only_a_no_that_is_said_ends_what_made_a_customer_strategic(books: Session) -> None:
    def take(*, strategic: bool, is_said: bool) -> bool:
        row = CustomerRow(id="ACME", strategic=strategic, strategic_is_said=is_said)
        register.take_customers(books, [row])
        return books.get_one(Customer, "ACME").strategic

    assert take(strategic=True, is_said=True)
    assert take(strategic=False, is_said=False)
    assert not take(strategic=False, is_said=True)


def test_an_invoice_stays_with_the_customer_it_came_with(books: Session) -> None:
    register.take_customers(books, [CustomerRow(id="BOLT")])
    before = the_invoice(books).model_dump()

    taken = register.take_invoices(books, [replace(BILL, customer_id="BOLT", amount=Decimal(1))])

    assert (counts(taken), taken.moved) == ((0, 0, 0), ["INV-1"])
    assert the_invoice(books).model_dump() == before


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Decimal(4000)},
        {"amount_open": Decimal(1200)},
        {"status": InvoiceStatus.VOIDED},
        {"due_on": date(2026, 3, 16)},
        {"number": "2026/18"},
        {"purchase_order": "PO-10"},
        {"payment_link": "https://pay.example/1"},
    ],
)
def test_every_change_raises_the_revision_once(books: Session, change: dict[str, Any]) -> None:
    changed = replace(BILL, **change)

    assert counts(register.take_invoices(books, [changed])) == (0, 1, 0)
    assert the_invoice(books).revision == 2

    assert counts(register.take_invoices(books, [changed])) == (0, 0, 1)
    assert the_invoice(books).revision == 2


@pytest.mark.parametrize(
    "status", [status for status in InvoiceStatus if status is not InvoiceStatus.OPEN]
)
def test_an_invoice_that_the_register_has_ended_has_nothing_open(
    books: Session, status: InvoiceStatus
) -> None:
    register.take_invoices(books, [replace(BILL, status=status)])

    invoice = the_invoice(books)
    assert (invoice.status, invoice.amount_open) == (status, Decimal(0))


def test_an_invoice_that_the_register_opens_again_is_open_again(books: Session) -> None:
    register.take_invoices(books, [replace(BILL, status=InvoiceStatus.VOIDED)])
    register.take_invoices(books, [BILL])

    invoice = the_invoice(books)
    assert (invoice.status, invoice.amount_open) == (InvoiceStatus.OPEN, Decimal(5000))


def test_a_balance_of_nothing_means_paid_on_first_sight_as_well_as_later(
    any_database: Database,
) -> None:
    settled = replace(BILL, amount_open=Decimal(0))
    with any_database.writing() as session:
        register.take_customers(session, [ACME])
        register.take_invoices(session, [BILL])
        register.take_invoices(session, [settled])
        assert the_invoice(session).status is InvoiceStatus.PAID

    with any_database.writing() as session:
        register.take_invoices(session, [replace(settled, id="INV-2")])
        assert session.get_one(Invoice, "INV-2").status is InvoiceStatus.PAID


def test_reading_the_same_list_again_does_not_undo_a_payment(books: Session) -> None:
    pay(books, "2000")

    taken = register.take_invoices(books, [BILL])

    assert counts(taken) == (0, 0, 1)
    assert the_invoice(books).amount_open == 3000


def test_an_older_balance_does_not_raise_what_payments_have_lowered(books: Session) -> None:
    pay(books, "2000")

    register.take_invoices(books, [replace(BILL, amount_open=Decimal(5000))])

    assert the_invoice(books).amount_open == 3000


def test_an_older_balance_does_not_open_what_is_paid(books: Session) -> None:
    pay(books, "5000")

    register.take_invoices(books, [replace(BILL, amount_open=Decimal(4000))])

    invoice = the_invoice(books)
    assert (invoice.status, invoice.amount_open) == (InvoiceStatus.PAID, Decimal(0))


def test_a_lower_balance_counts_beyond_our_payments(books: Session) -> None:
    pay(books, "2000")

    register.take_invoices(books, [replace(BILL, amount_open=Decimal(500))])

    assert the_invoice(books).amount_open == 500


def test_a_corrected_amount_leaves_open_what_payments_have_not_covered(books: Session) -> None:
    pay(books, "2000")

    register.take_invoices(books, [replace(BILL, amount=Decimal(6000))])
    assert the_invoice(books).amount_open == 4000

    register.take_invoices(books, [replace(BILL, amount=Decimal(1500))])
    invoice = the_invoice(books)
    assert (invoice.status, invoice.amount_open) == (InvoiceStatus.PAID, Decimal(0))


def test_a_payment_taken_back_never_opens_more_than_the_invoice_comes_to(books: Session) -> None:
    pay(books, "2000")
    register.take_invoices(books, [replace(BILL, amount=Decimal(1500))])

    ledger.reverse_payment(books, the_invoice(books), "P-1", date(2026, 3, 10))

    invoice = the_invoice(books)
    assert (invoice.status, invoice.amount_open) == (InvoiceStatus.OPEN, Decimal(1500))


def test_the_last_of_several_rows_about_one_invoice_holds(books: Session) -> None:
    rows = [replace(BILL, due_on=date(2026, 4, day)) for day in (1, 2, 3)]

    assert counts(register.take_invoices(books, rows)) == (0, 1, 0)

    invoice = the_invoice(books)
    assert (invoice.due_on, invoice.revision) == (date(2026, 4, 3), 2)


def test_rows_that_belong_to_nobody_are_left_out_and_named(books: Session) -> None:
    contacts = register.take_contacts(books, [replace(SAM, customer_id="NOBODY"), SAM])
    invoices = register.take_invoices(books, [replace(BILL, id="INV-9", customer_id="NOBODY")])

    assert (contacts.new, contacts.orphans) == (1, ["NOBODY"])
    assert (invoices.new, invoices.orphans) == (0, ["INV-9"])
    assert the_invoice(books).id == "INV-1"


def test_customers_added_ahead_count_as_new_and_take_their_last_word(
    any_database: Database,
) -> None:
    later = replace(ACME, segment="enterprise")
    with any_database.writing() as session:
        added = register.add_customers(session, [ACME])
        again = register.add_customers(session, [later])
        taken = register.take_customers(session, [later], added)

        assert (added, again) == ({"ACME"}, set())
        assert counts(taken) == (1, 0, 0)
        assert session.get_one(Customer, "ACME").segment == "enterprise"


def test_a_contact_is_known_by_customer_and_address(books: Session) -> None:
    register.take_contacts(books, [SAM])
    promoted = replace(SAM, role=Role.CFO, phone="555-0100")

    assert counts(register.take_contacts(books, [promoted])) == (0, 1, 0)
    assert counts(register.take_contacts(books, [replace(SAM, email="lee@acme.example")])) == (
        1,
        0,
        0,
    )

    books.expire_all()
    known = {one.email: (one.role, one.phone) for one in books.exec(select(Contact))}
    assert known == {
        "sam@acme.example": (Role.CFO, "555-0100"),
        "lee@acme.example": (Role.AP, ""),
    }


def test_an_address_is_the_same_in_capitals(books: Session) -> None:
    register.take_contacts(books, [SAM])

    taken = register.take_contacts(books, [replace(SAM, email="Sam@Acme.example", phone="1")])

    assert counts(taken) == (0, 1, 0)
    [contact] = books.exec(select(Contact))
    assert (contact.email, contact.phone) == ("sam@acme.example", "1")


def test_a_new_contact_wakes_only_those_who_wait_for_an_address(any_database: Database) -> None:
    with any_database.writing() as session:
        acme(session)
        add_customer(session, "BOLT", email="")
        for invoice_id, customer_id in (("WAITS", "ACME"), ("OTHER", "BOLT")):
            invoice = add_invoice(session, invoice_id, customer_id=customer_id)
            row = follow(session, invoice)[1]
            row.reason, row.seen_revision = Reason.NO_ADDRESS, 1
            session.add(row)
        session.get_one(FollowUpRow, "INV-1").seen_revision = 1

    with any_database.writing() as session:
        register.take_contacts(session, [SAM])
        assert [invoice.id for invoice, _ in register.untold(session, "", 10)] == ["WAITS"]

    with any_database.writing() as session:
        assert counts(register.take_contacts(session, [SAM])) == (0, 0, 1)
        assert session.get_one(Invoice, "WAITS").revision == 2


def test_what_a_follow_up_has_not_seen_is_found_page_by_page(any_database: Database) -> None:
    ids = [f"INV-{number}" for number in range(7)]
    with any_database.writing() as session:
        add_customer(session)
        for invoice_id in ids:
            row = follow(session, add_invoice(session, invoice_id))[1]
            row.seen_revision = 1
            session.add(row)
        for invoice_id in ids[1:6]:
            session.get_one(Invoice, invoice_id).revision = 2

    found, after = [], ""
    with any_database.reading() as session:
        while page := register.untold(session, after, 2):
            found += [invoice.id for invoice, _ in page]
            after = found[-1]
    assert found == ids[1:6]


def test_of_two_payments_that_exceed_a_corrected_amount_one_taken_back_leaves_the_other(
    books: Session,
) -> None:
    pay(books, "1000", "P-1")
    pay(books, "1000", "P-2")
    register.take_invoices(books, [replace(BILL, amount=Decimal(1500))])

    ledger.reverse_payment(books, the_invoice(books), "P-1", date(2026, 3, 10))

    assert the_invoice(books).amount_open == 500


def test_a_payment_taken_back_does_not_open_what_was_credited(books: Session) -> None:
    pay(books, "2000")
    register.take_invoices(books, [replace(BILL, status=InvoiceStatus.CREDITED)])

    ledger.reverse_payment(books, the_invoice(books), "P-1", date(2026, 3, 10))

    invoice = the_invoice(books)
    assert (invoice.status, invoice.amount_open) == (InvoiceStatus.CREDITED, Decimal(0))


def test_a_mark_as_disputed_stays_with_the_invoices_named(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)
        for invoice_id in ("A", "B"):
            add_invoice(session, invoice_id)

        register.mark_disputed(session, ["B", "NONE"])
        register.mark_disputed(session, [])

        session.expire_all()
        assert {one.id: one.disputed for one in session.exec(select(Invoice))} == {
            "A": False,
            "B": True,
        }


def test_a_mark_as_disputed_is_news_once(any_database: Database) -> None:
    with any_database.writing() as session:
        follow(session, add_invoice(session, customer_id=add_customer(session).id))
        session.get_one(FollowUpRow, "INV-1").seen_revision = 1

        register.mark_disputed(session, ["INV-1"])
        register.mark_disputed(session, ["INV-1"])

        session.expire_all()
        assert [one.revision for one, _ in register.untold(session, "", 10)] == [2]


def test_a_list_may_be_longer_than_a_statement_may_have_parameters(books: Session) -> None:
    many = [f"X-{number}" for number in range(70_000)]

    contacts = register.take_contacts(books, (replace(SAM, customer_id=one) for one in many))
    invoices = register.take_invoices(
        books, (replace(BILL, id=one, customer_id=one) for one in many)
    )
    payments = register.take_payments(
        books,
        (PaymentRow(one, one, "USD", Decimal(1), date(2026, 3, 9)) for one in [*many, "INV-1"]),
        MORNING,
    )
    register.mark_disputed(books, [*many, "INV-1"])

    assert contacts.orphans == invoices.orphans == payments.orphans == many
    invoice = the_invoice(books)
    assert (invoice.amount_open, invoice.disputed) == (Decimal(4999), True)


_statements = st.builds(
    lambda amount, part, status: replace(
        BILL,
        amount=amount,
        amount_open=None if part is None else (amount * part / 4).quantize(Decimal("0.01")),
        status=status,
    ),
    st.decimals("0.01", 5000, places=2),
    st.none() | st.integers(0, 4),
    st.sampled_from([InvoiceStatus.OPEN] * 4 + list(InvoiceStatus)),
)
_happenings = st.lists(
    _statements | st.decimals("0.01", 6000, places=2) | st.just("reversal"), max_size=8
)


@settings(deadline=None, max_examples=60)
@given(first=_statements, happenings=_happenings)
def test_open_means_that_something_is_open_and_no_more_than_is_unpaid(
    shared_database: Database, first: InvoiceRow, happenings: list[InvoiceRow | Decimal | str]
) -> None:
    with undone(shared_database) as session:
        register.take_customers(session, [ACME])
        register.take_invoices(session, [first])
        booked: list[str] = []
        for number, happening in enumerate(happenings):
            if isinstance(happening, InvoiceRow):
                register.take_invoices(session, [happening])
            elif isinstance(happening, Decimal):
                booked.append(f"P-{number}")
                pay(session, str(happening), booked[-1])
            elif booked:
                invoice = the_invoice(session)
                ledger.reverse_payment(session, invoice, booked.pop(), date(2026, 3, 10))

            invoice = the_invoice(session)
            unpaid = invoice.amount - applied(session)
            if invoice.status is InvoiceStatus.OPEN:
                assert 0 < invoice.amount_open <= unpaid
            else:
                assert invoice.amount_open == 0
