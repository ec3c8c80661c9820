"""QuickBooks Online: queries, what is deleted, and payments of several invoices."""

from datetime import date, timedelta
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
from models.errors import PeerRefused
from models.vocabulary import InvoiceStatus, Method
from tests.crm.http_server import Answer
from tests.registers.conftest import Open
from tests.registers.fake_quickbooks import FakeQuickBooks, Thing
from tests.registers.firm import NOW, Firm, ids, invoices, read_all

SINCE = NOW - timedelta(hours=1)


@pytest.fixture
async def firm(open_at: Open) -> Firm:
    return await open_at("quickbooks")


@pytest.fixture
def books(firm: Firm) -> FakeQuickBooks:
    assert isinstance(firm.books, FakeQuickBooks)
    return firm.books


def payment(books: FakeQuickBooks, total: object, *lines: tuple[str, str, object]) -> Thing:
    """A payment, by (kind, id, amount) of what it is for."""
    return books.put(
        "Payment",
        TotalAmt=total,
        TxnDate="2026-03-04",
        CustomerRef={"value": "1"},
        CurrencyRef={"value": "USD"},
        PaymentMethodRef={"value": "2", "name": "Check"},
        PaymentRefNum="4711",
        Line=[
            {"Amount": amount, "LinkedTxn": [{"TxnId": name, "TxnType": kind}]}
            for kind, name, amount in lines
        ],
    )


async def fetch(firm: Firm, kind: ObjectKind, number: str, **said: Any) -> list[News]:
    changed = ObjectChanged(object=kind, id=number, happened_at=NOW, **said)
    return [*await firm.source.fetch(changed)]


def share(number: str, amount: int) -> Share:
    return Share(invoice=(f"qbo-{number}",), amount=Decimal(amount))


async def test_an_invoice_with_its_number_order_and_people(
    firm: Firm, books: FakeQuickBooks
) -> None:
    books.customer(GivenName="Mara", FamilyName="Ito", BillAddr={"Country": "USA"})
    books.open_invoice(
        1,
        BillEmail={"Address": "billing@harbour.example, ap@harbour.example"},
        CustomField=[{"Name": "P.O. Number", "StringValue": "PO-9"}],
    )

    [stated] = invoices(await read_all(firm.source))

    assert stated.invoice.number == "1001"
    assert stated.invoice.purchase_order == "PO-9"
    assert stated.customer is not None
    assert (stated.customer.id, stated.customer.country) == ("qbo-1", "US")
    assert [(one.email, one.name) for one in stated.contacts] == [
        ("billing@harbour.example", ""),
        ("ap@harbour.example", "Mara Ito"),
    ]


async def test_a_customer_that_is_no_longer_active_is_found_all_the_same(
    firm: Firm, books: FakeQuickBooks
) -> None:
    books.customer("Closed Ltd")["Active"] = False
    books.open_invoice(1)

    [stated] = invoices(await read_all(firm.source))

    assert stated.contacts


async def test_what_is_paid_is_not_open(firm: Firm, books: FakeQuickBooks) -> None:
    books.open_invoice(1)
    books.open_invoice(2)
    books.pay(1)

    assert ids(await read_all(firm.source)) == ["qbo-3"]


async def test_the_hour_that_comes_twice_in_autumn_loses_nothing(
    firm: Firm, books: FakeQuickBooks
) -> None:
    """QuickBooks writes times with the offset of its coast, which changes on this night."""
    books.time.now = NOW.replace(year=2025, month=11, day=2, hour=7)
    wanted = []
    for number in range(220):
        books.time.pass_by(minutes=1)
        wanted.append(books.open_invoice(number))

    assert ids(await read_all(firm.source)) == wanted


async def test_amounts_are_exact(firm: Firm, books: FakeQuickBooks) -> None:
    books.open_invoice(1, TotalAmt=0.1 + 0.2, Balance=0.3)
    books.open_invoice(2, CurrencyRef={"value": "JPY"}, TotalAmt=500.0, Balance=500.0)
    books.open_invoice(3, CurrencyRef={"value": "KWD"}, TotalAmt=1.234, Balance=1.234)

    amounts = [str(one.invoice.amount) for one in invoices(await read_all(firm.source))]

    assert amounts == ["0.30", "500", "1.234"]


async def test_without_a_due_date_it_is_due_when_it_is_issued(
    firm: Firm, books: FakeQuickBooks
) -> None:
    books.open_invoice(1, DueDate=None)

    [stated] = invoices(await read_all(firm.source))

    assert stated.invoice.due_on == date(2026, 3, 1)


async def test_books_in_one_currency_need_not_say_it(open_at: Open) -> None:
    firm = await open_at("quickbooks", currency="CAD")
    firm.books.open_invoice(1, CurrencyRef=None)  # type: ignore[call-arg]
    silent = await open_at("quickbooks", books=firm.books, keeper=None)

    [stated] = invoices(await read_all(firm.source))
    assert stated.invoice.currency == "CAD"
    with pytest.raises(PeerRefused):
        await read_all(silent.source)


async def test_a_payment_of_several_invoices(firm: Firm, books: FakeQuickBooks) -> None:
    books.open_invoice(1)
    made = payment(books, 250, ("Invoice", "2", 100), ("Invoice", "3", 120.5))

    [settled] = [
        one for one in await read_all(firm.source, SINCE) if isinstance(one, PaymentSettled)
    ]

    assert settled.payment_id == f"qbo-pay-{made['Id']}"
    assert settled.amount == Decimal(250)
    assert settled.shares == (
        share("2", 100),
        Share(invoice=("qbo-3",), amount=Decimal("120.5")),
    )
    assert (settled.method, settled.reference) == (Method.CHEQUE, "4711")
    assert (settled.customer_id, settled.received_on) == ("qbo-1", date(2026, 3, 4))


async def test_a_payment_of_nothing_that_sets_credit_against_invoices(
    firm: Firm, books: FakeQuickBooks
) -> None:
    made = payment(books, 0, ("Invoice", "7", 60), ("Invoice", "8", 40), ("CreditMemo", "9", 100))

    [issued] = await fetch(firm, ObjectKind.PAYMENT, made["Id"])

    assert isinstance(issued, CreditIssued)
    assert issued.credit_id == f"qbo-credit-9-{made['Id']}"
    assert issued.shares == (share("7", 60), share("8", 40))


async def test_money_and_credit_together_cover_the_invoices_once(
    firm: Firm, books: FakeQuickBooks
) -> None:
    made = payment(
        books,
        70,
        ("Invoice", "7", 60),
        ("Invoice", "8", 40),
        ("CreditMemo", "9", 20),
        ("CreditMemo", "10", 10),
    )

    first, second, settled = await fetch(firm, ObjectKind.PAYMENT, made["Id"])

    assert isinstance(first, CreditIssued)
    assert isinstance(second, CreditIssued)
    assert isinstance(settled, PaymentSettled)
    assert (first.shares, second.shares) == ((share("7", 20),), (share("7", 10),))
    assert settled.shares == (share("7", 30), share("8", 40))


async def test_a_line_that_names_both_the_credit_and_the_invoice(
    firm: Firm, books: FakeQuickBooks
) -> None:
    linked = [
        {"TxnId": "9", "TxnType": "CreditMemo"},
        {"TxnId": "7", "TxnType": "Invoice"},
    ]
    made = payment(books, 0)
    made["Line"] = [{"Amount": 25, "LinkedTxn": linked}]

    [issued] = await fetch(firm, ObjectKind.PAYMENT, made["Id"])

    assert isinstance(issued, CreditIssued)
    assert issued.shares == (share("7", 25),)


async def test_what_is_left_of_a_credit_memo_is_the_customers(
    firm: Firm, books: FakeQuickBooks
) -> None:
    memo = books.put(
        "CreditMemo",
        TotalAmt=100,
        Balance=40,
        RemainingCredit=40,
        TxnDate="2026-03-01",
        CustomerRef={"value": "1"},
        CurrencyRef={"value": "USD"},
    )
    [issued] = await read_all(firm.source)
    assert isinstance(issued, CreditIssued)
    assert (issued.amount, issued.shares, issued.customer_id) == (Decimal(40), (), "qbo-1")

    books.touch(memo, Balance=0, RemainingCredit=0)
    [spent] = await fetch(firm, ObjectKind.CREDIT_NOTE, memo["Id"])
    assert isinstance(spent, CreditVoided)
    assert spent.credit_id == issued.credit_id


async def test_a_voided_payment_is_taken_back(firm: Firm, books: FakeQuickBooks) -> None:
    made = payment(books, 0)
    made["PrivateNote"] = "Voided - by mistake"

    [returned] = await fetch(firm, ObjectKind.PAYMENT, made["Id"])

    assert isinstance(returned, PaymentReturned)
    assert returned.payment_id == f"qbo-pay-{made['Id']}"


async def test_what_was_deleted_comes_with_since(firm: Firm, books: FakeQuickBooks) -> None:
    invoice_id = books.open_invoice(1)
    made = payment(books, 50, ("Invoice", "2", 50))
    books.delete("Invoice", books.invoice(1))
    books.delete("Payment", made)

    news = await read_all(firm.source, SINCE)

    [stated] = invoices(news)
    assert (stated.invoice.id, stated.is_gone) == (invoice_id, True)
    assert stated.invoice.status is InvoiceStatus.VOIDED
    assert [one.payment_id for one in news if isinstance(one, PaymentReturned)] == [
        f"qbo-pay-{made['Id']}"
    ]


async def test_a_full_record_of_changes_is_read_on(firm: Firm, books: FakeQuickBooks) -> None:
    wanted = []
    for number in range(1300):
        books.time.pass_by(seconds=1)
        wanted.append(books.open_invoice(number))
        books.delete("Invoice", books.things["Invoice"][-1])

    found = ids(await read_all(firm.source, SINCE))

    assert sorted(set(found)) == sorted(wanted)


async def test_after_a_month_the_record_of_changes_is_not_asked_for(
    firm: Firm, books: FakeQuickBooks
) -> None:
    await read_all(firm.source, NOW - timedelta(days=31))

    assert not [one for one in firm.line.requests if one.path.endswith("/cdc")]
    assert len(books.queries) == 4


async def test_a_customer_that_changed_comes_with_since(firm: Firm, books: FakeQuickBooks) -> None:
    books.customer("New Name")["Active"] = False

    [stated] = await read_all(firm.source, SINCE)

    assert isinstance(stated, CustomerStated)
    assert stated.customer.name == "New Name"


@pytest.mark.parametrize("prefix", ["", "qbo-"])
async def test_an_invoice_is_fetched_by_either_id(
    firm: Firm, books: FakeQuickBooks, prefix: str
) -> None:
    books.open_invoice(1)

    [stated] = invoices(await fetch(firm, ObjectKind.INVOICE, f"{prefix}2"))

    assert stated.invoice.id == "qbo-2"
    assert stated.contacts


async def test_an_invoice_that_is_no_more_is_void(firm: Firm, books: FakeQuickBooks) -> None:
    [stated] = invoices(await fetch(firm, ObjectKind.INVOICE, "99"))

    assert (stated.invoice.id, stated.is_gone, stated.as_of) == ("qbo-99", True, NOW)


async def test_what_a_webhook_says_is_deleted_is_not_asked_for(
    firm: Firm, books: FakeQuickBooks
) -> None:
    told = [
        (await fetch(firm, kind, "9", deleted=True))[0].kind
        for kind in (ObjectKind.INVOICE, ObjectKind.PAYMENT, ObjectKind.CREDIT_NOTE)
    ]

    assert told == ["invoice_stated", "payment_returned", "credit_voided"]
    assert await fetch(firm, ObjectKind.CUSTOMER, "9", deleted=True) == []
    assert firm.line.requests == []


async def test_another_fault_is_refused_with_its_code_alone(firm: Firm) -> None:
    await firm.source.page(None, "")
    firm.line.fail_next(
        Answer(400, {"Fault": {"Error": [{"code": "6190", "Message": "secret words"}]}})
    )

    with pytest.raises(PeerRefused, match="400 6190") as refused:
        await fetch(firm, ObjectKind.INVOICE, "9")

    assert "secret" not in str(refused.value)


async def test_a_hostile_customer_id_does_not_get_into_a_query(
    firm: Firm, books: FakeQuickBooks
) -> None:
    books.open_invoice(1, CustomerRef={"value": "1') or Id in ('2"})

    [stated] = invoices(await read_all(firm.source))

    assert stated.contacts == ()
    assert not [query for query in books.queries if "Customer" in query]
