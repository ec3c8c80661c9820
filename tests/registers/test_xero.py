"""Xero: payments, credit notes and advances, and whose contacts are customers."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from models.billing import (
    CreditIssued,
    CreditVoided,
    CustomerStated,
    News,
    ObjectChanged,
    ObjectKind,
    PaymentReturned,
    PaymentSettled,
    Share,
)
from models.vocabulary import InvoiceStatus
from tests.registers.conftest import Open
from tests.registers.fake_xero import FakeXero, Thing, guid, written
from tests.registers.firm import NOW, Firm, ids, invoices, read_all

SINCE = NOW - timedelta(hours=1)
DAY = written(datetime(2026, 3, 4, tzinfo=UTC))
HARBOUR = {"ContactID": guid(500), "Name": "Harbour"}


@pytest.fixture
async def firm(open_at: Open) -> Firm:
    return await open_at("xero")


@pytest.fixture
def books(firm: Firm) -> FakeXero:
    assert isinstance(firm.books, FakeXero)
    return firm.books


def payment(books: FakeXero, **said: Any) -> Thing:
    invoice = {
        "InvoiceID": guid(7),
        "InvoiceNumber": "INV-0007",
        "CurrencyCode": "NZD",
        "Contact": HARBOUR,
    }
    whole = {
        "PaymentType": "ACCRECPAYMENT",
        "Status": "AUTHORISED",
        "Date": DAY,
        "Amount": 46.0,
        "Reference": "4711",
        "Invoice": invoice,
    }
    return books.put("Payments", **whole | said)


def credit(books: FakeXero, name: str = "CreditNotes", **said: Any) -> Thing:
    allocated = {"Amount": 30.0, "Invoice": {"InvoiceID": guid(7), "InvoiceNumber": "INV-0007"}}
    whole = {
        "Type": "ACCRECCREDIT",
        "Status": "AUTHORISED",
        "Date": DAY,
        "Contact": HARBOUR,
        "CurrencyCode": "NZD",
        "Total": 100.0,
        "RemainingCredit": 50.0,
        "Allocations": [allocated],
    }
    return books.put(name, **whole | said)


async def fetch(firm: Firm, kind: ObjectKind, wanted: str) -> list[News]:
    changed = ObjectChanged(object=kind, id=wanted, happened_at=NOW)
    return [*await firm.source.fetch(changed)]


async def test_a_payment(firm: Firm, books: FakeXero) -> None:
    made = payment(books)

    [settled] = await read_all(firm.source, SINCE)

    assert settled == PaymentSettled(
        payment_id=made["PaymentID"],
        happened_at=NOW,
        received_on=date(2026, 3, 4),
        amount=Decimal(46),
        currency="NZD",
        shares=(Share(invoice=(guid(7), "INV-0007"), amount=Decimal(46)),),
        customer_id=guid(500),
        payer_name="Harbour",
        reference="4711",
    )


async def test_a_payment_deleted_at_xero_is_taken_back(firm: Firm, books: FakeXero) -> None:
    made = payment(books)
    books.time.pass_by(minutes=1)
    books.touch(made, Status="DELETED")

    [returned] = await fetch(firm, ObjectKind.PAYMENT, made["PaymentID"])

    assert isinstance(returned, PaymentReturned)
    assert returned.payment_id == made["PaymentID"]
    assert returned.happened_at == books.time.now


@pytest.mark.parametrize("kind", ["ACCPAYPAYMENT", "ARCREDITPAYMENT", "AROVERPAYMENTPAYMENT"])
async def test_other_kinds_of_payments_tell_nothing(firm: Firm, books: FakeXero, kind: str) -> None:
    payment(books, PaymentType=kind)

    assert await read_all(firm.source, SINCE) == []


async def test_a_credit_note_counts_without_what_was_paid_out_of_it(
    firm: Firm, books: FakeXero
) -> None:
    made = credit(books)

    [issued] = await read_all(firm.source)

    assert isinstance(issued, CreditIssued)
    assert issued.credit_id == made["CreditNoteID"]
    assert issued.amount == Decimal(80)
    assert issued.shares == (Share(invoice=(guid(7), "INV-0007"), amount=Decimal(30)),)


async def test_a_voided_credit_note(firm: Firm, books: FakeXero) -> None:
    made = credit(books, Status="VOIDED")

    [voided] = await fetch(firm, ObjectKind.CREDIT_NOTE, made["CreditNoteID"])

    assert isinstance(voided, CreditVoided)


@pytest.mark.parametrize("said", [{"Type": "ACCPAYCREDIT"}, {"Status": "DRAFT"}])
async def test_a_suppliers_credit_and_a_draft_tell_nothing(
    firm: Firm, books: FakeXero, said: dict[str, str]
) -> None:
    made = credit(books, **said)

    assert await fetch(firm, ObjectKind.CREDIT_NOTE, made["CreditNoteID"]) == []


@pytest.mark.parametrize("kind", ["Prepayment", "Overpayment"])
async def test_an_advance_is_money_with_what_it_was_set_against(
    firm: Firm, books: FakeXero, kind: str
) -> None:
    made = credit(books, f"{kind}s", Type=f"RECEIVE-{kind.upper()}")

    [settled] = await read_all(firm.source)

    assert isinstance(settled, PaymentSettled)
    assert settled.payment_id == made[f"{kind}ID"]
    assert settled.amount == Decimal(80)
    assert settled.shares[0].amount == Decimal(30)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"Status": "PAID", "AmountPaid": 10.0}, InvoiceStatus.PAID),
        ({"Status": "PAID", "AmountPaid": 0.0, "AmountCredited": 101.5}, InvoiceStatus.CREDITED),
        ({"Status": "VOIDED"}, InvoiceStatus.VOIDED),
    ],
)
async def test_how_an_invoice_ended(
    firm: Firm, books: FakeXero, said: dict[str, Any], status: InvoiceStatus
) -> None:
    books.open_invoice(1, **said)

    [stated] = invoices(await read_all(firm.source, SINCE))

    assert stated.invoice.status is status


@pytest.mark.parametrize("said", [{"Status": "DRAFT"}, {"Status": "DELETED"}, {"Type": "ACCPAY"}])
async def test_drafts_and_bills_are_not_told(
    firm: Firm, books: FakeXero, said: dict[str, str]
) -> None:
    books.open_invoice(1, **said)

    assert ids(await read_all(firm.source)) == []
    assert ids(await read_all(firm.source, SINCE)) == []


async def test_an_invoice_is_fetched_with_its_customer(firm: Firm, books: FakeXero) -> None:
    wanted = books.open_invoice(1)

    [stated] = invoices(await fetch(firm, ObjectKind.INVOICE, wanted))

    assert stated.customer is not None
    assert stated.customer.country == "NZ"
    assert [one.email for one in stated.contacts] == ["ap@harbour.example"]


async def test_only_customers_among_the_contacts_are_told(firm: Firm, books: FakeXero) -> None:
    books.contact(Name="Supplier", IsCustomer=False)
    people = [
        {"FirstName": "Mara", "EmailAddress": "mara@harbour.example", "IncludeInEmails": True},
        {"FirstName": "Ben", "EmailAddress": "ben@harbour.example", "IncludeInEmails": False},
    ]
    books.contact(ContactPersons=people)

    [stated] = await read_all(firm.source, SINCE)

    assert isinstance(stated, CustomerStated)
    assert [one.email for one in stated.contacts] == [
        "ap@harbour.example",
        "mara@harbour.example",
    ]


async def test_hundred_customers_of_a_page_are_asked_for_in_two_calls(
    firm: Firm, books: FakeXero
) -> None:
    for number in range(100):
        contact = books.contact(Name=f"Firm {number}", EmailAddress=f"a{number}@firm.example")
        named = {"ContactID": contact["ContactID"], "Name": contact["Name"]}
        books.open_invoice(number, Contact=named)

    page = await firm.source.page(None, "")

    stated = invoices([*page.news])
    assert len(stated) == 100
    assert all(one.contacts for one in stated)
    assert len([one for one in firm.line.requests if one.path.endswith("/Contacts")]) == 2


async def test_many_open_invoices_of_one_day_come_exactly_once(firm: Firm, books: FakeXero) -> None:
    wanted = [books.open_invoice(number, Date=DAY) for number in range(330)]

    assert sorted(ids(await read_all(firm.source))) == sorted(wanted)
