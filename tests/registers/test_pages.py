"""A register is read page by page, and nothing in it is lost or told twice on the way."""

from datetime import timedelta
from decimal import Decimal

import pytest

from integrations.registers import Tokens
from models.billing import News, PaymentUnderWay
from models.errors import PeerRefused, PeerUnavailable
from tests.crm.http_server import Answer
from tests.registers.conftest import Open
from tests.registers.firm import NOW, Firm, ids, invoices, read_all
from tests.registers.keeper import Keeper


async def test_every_open_invoice_of_250_comes_exactly_once(firm: Firm) -> None:
    wanted = [firm.books.open_invoice(number) for number in range(250)]

    found = ids(await read_all(firm.source))

    assert sorted(found) == sorted(wanted)


async def test_invoices_made_over_time_come_exactly_once(firm: Firm) -> None:
    wanted = []
    for number in range(250):
        if number % 9 == 0:
            firm.books.time.pass_by(hours=1)
        wanted.append(firm.books.open_invoice(number))

    assert sorted(ids(await read_all(firm.source))) == sorted(wanted)


async def test_a_page_that_fails_is_asked_for_again_and_nothing_is_lost(firm: Firm) -> None:
    wanted = [firm.books.open_invoice(number) for number in range(250)]
    found: list[News] = []
    cursor, failures = "", 0
    for step in range(60):
        if step % 2 == 0:
            firm.line.fail_next(Answer(503), skip=step // 2 % 2)
        try:
            page = await firm.source.page(None, cursor)
        except PeerUnavailable:
            failures += 1
            continue
        found += page.news
        cursor = page.next
        if not cursor:
            break

    assert failures > 2
    assert sorted(ids(found)) == sorted(wanted)


async def test_a_page_asked_for_again_tells_the_same(firm: Firm) -> None:
    for number in range(120):
        firm.books.open_invoice(number)
    first = await firm.source.page(None, "")

    assert await firm.source.page(None, first.next) == await firm.source.page(None, first.next)


async def test_what_is_paid_between_two_pages_takes_no_other_invoice_along(firm: Firm) -> None:
    for number in range(150):
        firm.books.time.pass_by(minutes=1)
        firm.books.open_invoice(number)
    first = await firm.source.page(None, "")
    paid = ids([*first.news])[:30]
    for number in range(150):
        if _id(firm, number) in paid:
            firm.books.pay(number)
    found, cursor = [*first.news], first.next
    while cursor:
        page = await firm.source.page(None, cursor)
        found += page.news
        cursor = page.next

    assert sorted(ids(found)) == sorted(_id(firm, number) for number in range(150))


async def test_a_changed_invoice_comes_with_since_and_no_other_needs_to(firm: Firm) -> None:
    for number in range(5):
        firm.books.open_invoice(number)
    firm.books.time.pass_by(days=2)
    since = firm.books.time.now - timedelta(hours=1)
    firm.books.change(3)

    found = {one.invoice.id: one for one in invoices(await read_all(firm.source, since))}

    assert found[_id(firm, 3)].invoice.amount == _amount(firm, 3)


async def test_a_paid_invoice_comes_with_since(firm: Firm) -> None:
    for number in range(5):
        firm.books.open_invoice(number)
    firm.books.time.pass_by(days=2)
    since = firm.books.time.now - timedelta(hours=1)
    firm.books.pay(2)

    found = {one.invoice.id: one for one in invoices(await read_all(firm.source, since))}

    assert found[_id(firm, 2)].invoice.status == "paid"
    assert found[_id(firm, 2)].invoice.amount_open == 0


async def test_250_changes_within_one_moment_come_exactly_once(firm: Firm) -> None:
    wanted = [firm.books.open_invoice(number) for number in range(250)]
    since = firm.books.time.now - timedelta(minutes=1)

    assert sorted(ids(await read_all(firm.source, since))) == sorted(wanted)


async def test_the_next_reading_starts_before_this_one_did(any_firm: Firm) -> None:
    started = any_firm.books.time.now
    page = await any_firm.source.page(None, "")
    while page.next:
        any_firm.books.time.pass_by(hours=1)
        later = await any_firm.source.page(None, page.next)
        assert later.since == page.since
        page = later

    assert page.since is not None
    assert started - timedelta(hours=1) < page.since < started


async def test_what_changes_while_it_is_read_comes_the_next_time(firm: Firm) -> None:
    for number in range(3):
        firm.books.open_invoice(number)
    page = await firm.source.page(None, "")
    firm.books.change(0)
    while page.next:
        page = await firm.source.page(None, page.next)
    firm.books.time.pass_by(hours=1)

    found = {one.invoice.id: one for one in invoices(await read_all(firm.source, page.since))}

    assert found[_id(firm, 0)].invoice.amount == _amount(firm, 0)


async def test_a_customer_and_its_people_come_with_the_invoice(firm: Firm) -> None:
    firm.books.open_invoice(0)

    [stated] = invoices(await read_all(firm.source))

    assert stated.customer is not None
    assert stated.customer.id == stated.invoice.customer_id
    assert stated.customer.name in {"Harbour", "Firm 0"}
    assert [person.email for person in stated.contacts] in (
        ["ap@harbour.example"],
        ["ap0@firm.example"],
    )


async def test_a_register_without_anything_ends_at_once(any_firm: Firm) -> None:
    for since in (None, NOW - timedelta(days=1), NOW - timedelta(days=90)):
        assert await read_all(any_firm.source, since) == []


@pytest.mark.parametrize("cursor", ["x", "eyJraW5kIjogInRlYSJ9", "aW52b2ljZXM=", "ä", "=" * 9])
async def test_a_cursor_of_somebody_elses_is_refused(any_firm: Firm, cursor: str) -> None:
    with pytest.raises(PeerRefused, match="from its start"):
        await any_firm.source.page(None, cursor)


async def test_a_cursor_goes_on_in_another_process(firm: Firm, open_at: Open) -> None:
    wanted = [firm.books.open_invoice(number) for number in range(150)]
    first = await firm.source.page(None, "")
    tokens = getattr(firm.books, "tokens", None)
    keeper = Keeper([Tokens(tokens.refresh)]) if tokens else None
    other = await open_at(firm.source.name, books=firm.books, keeper=keeper)
    rest: list[News] = []
    cursor = first.next
    while cursor:
        page = await other.source.page(None, cursor)
        rest += page.news
        cursor = page.next

    assert sorted(ids([*first.news, *rest])) == sorted(wanted)


async def test_payments_of_250_at_gocardless_come_exactly_once(open_at: Open) -> None:
    firm = await open_at("gocardless")
    for number in range(250):
        firm.books.payment(f"PM{number}", "submitted")  # type: ignore[attr-defined]

    news = await read_all(firm.source)

    found = [one.payment_id for one in news if isinstance(one, PaymentUnderWay)]
    assert sorted(found) == sorted(f"PM{number}" for number in range(250))


def _id(firm: Firm, number: int) -> str:
    invoice = firm.books.invoice(number)  # type: ignore[attr-defined]
    bare = next(invoice[name] for name in ("id", "InvoiceID", "Id") if name in invoice)
    return f"qbo-{bare}" if "Id" in invoice else str(bare)


def _amount(firm: Firm, number: int) -> Decimal:
    """What an invoice is about once it has changed."""
    firsts = {"stripe": "101", "chargebee": "101", "quickbooks": "101", "xero": "101.5"}
    more = Decimal(number) / (100 if firm.source.name in {"stripe", "chargebee"} else 1)
    return Decimal(firsts[firm.source.name]) + more
