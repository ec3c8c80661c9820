"""Who enters: every open invoice that nobody follows up, once, in a fixed order, page by page."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from models.tables import Customer, FollowUpRow, Invoice
from models.vocabulary import InvoiceStatus, Outcome, Status
from store.database import Database
from store.entries import (
    Cursor,
    Entry,
    entries,
    entry_count,
    planned_letters,
    running_count,
    running_ids,
)
from tests.postgres import undone
from tests.store.rows import FILES, MORNING, TUESDAY, add_customer, add_invoice, follow

START: Cursor = ("", "", "")


def page(session: Session, after: Cursor = START, limit: int = 100) -> list[Entry]:
    session.flush()
    return entries(session, after, limit, FILES.rates, FILES.segments)


def ids(session: Session) -> list[str]:
    return [entry.invoice.id for entry in page(session)]


def end_round(session: Session, invoice_id: str, outcome: Outcome) -> None:
    row = session.get_one(FollowUpRow, invoice_id)
    row.status, row.outcome, row.closed_at = Status.CLOSED, outcome, MORNING
    session.add(row)
    session.flush()


# Ids as registers have them: languages sort such text each in its own way.
_ids = st.text(st.sampled_from("aAbBzZ019-_/. äßñ"), min_size=1, max_size=5).filter(str.strip)
_places = st.tuples(_ids, st.sampled_from(["USD", "EUR", "CHF"]), _ids)


@settings(deadline=None, max_examples=40)
@given(
    places=st.lists(_places, max_size=14, unique_by=lambda place: place[2]),
    size=st.integers(1, 16),
)
def test_pages_of_any_size_show_every_entry_once(
    shared_database: Database, places: list[tuple[str, str, str]], size: int
) -> None:
    with undone(shared_database) as session:
        for customer_id in {place[0] for place in places}:
            session.add(Customer(id=customer_id, name="Someone"))
        session.flush()
        for customer_id, currency, invoice_id in places:
            add_invoice(session, invoice_id, customer_id=customer_id, currency=currency)

        seen: list[Entry] = []
        after = START
        while found := page(session, after, size):
            assert len(found) <= size
            seen += found
            after = seen[-1].cursor

        assert sorted(one.cursor for one in seen) == sorted(places)
        assert entry_count(session) == len(places)
        assert [one.invoice.id for one in seen] == ids(session)
        debtors = [one.cursor[:2] for one in seen]
        assert len(list(groupby(debtors))) == len(set(debtors))


def test_entries_that_begin_meanwhile_shift_no_page(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)
        for number in range(6):
            add_invoice(session, f"INV-{number}")

        seen: list[str] = []
        after = START
        while found := page(session, after, 2):
            for entry in found:
                follow(session, entry.invoice)
            seen += [entry.invoice.id for entry in found]
            after = found[-1].cursor

    assert seen == [f"INV-{number}" for number in range(6)]


def test_what_is_followed_up_or_not_open_does_not_enter(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)
        add_invoice(session, "NEW")
        follow(session, add_invoice(session, "FOLLOWED"))
        for status in InvoiceStatus:
            if status is not InvoiceStatus.OPEN:
                add_invoice(session, status.upper(), status=status)

        assert ids(session) == ["NEW"]
        assert entry_count(session) == 1


@pytest.mark.parametrize("outcome", list(Outcome))
def test_an_ended_round_comes_back_only_where_money_may_be_owed_again(
    any_database: Database, outcome: Outcome
) -> None:
    comes_back = outcome in {Outcome.PAID, Outcome.CREDITED, Outcome.VOIDED}
    with any_database.writing() as session:
        add_customer(session)
        follow(session, add_invoice(session), round=3)
        end_round(session, "INV-1", outcome)

        found = page(session)

        assert [entry.round for entry in found] == ([4] if comes_back else [])
        assert entry_count(session) == comes_back
        session.get_one(Invoice, "INV-1").status = InvoiceStatus.PAID
        assert page(session) == []


def test_an_entry_knows_its_customer_its_facts_and_its_policy(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session, "BIG", segment="enterprise")
        add_customer(session, "KEY", strategic=True)
        add_customer(session, "SAAS", segment="saas", zone="Europe/Berlin")
        add_customer(session, "TINY", segment="small")
        for customer_id, amount in (("BIG", "60000"), ("KEY", "10"), ("SAAS", "10")):
            add_invoice(session, customer_id, amount, customer_id=customer_id)
        add_invoice(session, "TINY-1", "999.99", customer_id="TINY")
        add_invoice(session, "TINY-2", "1000", customer_id="TINY")

        found = {entry.invoice.id: entry for entry in page(session)}

    assert {name: entry.policy for name, entry in found.items()} == {
        "BIG": "key_account",
        "KEY": "key_account",
        "SAAS": "saas",
        "TINY-1": "long_tail",
        "TINY-2": "standard",
    }
    saas = found["SAAS"]
    assert (saas.facts.invoice.amount_open, saas.facts.customer.zone) == (
        Decimal(10),
        "Europe/Berlin",
    )
    assert saas.cursor == ("SAAS", "USD", "SAAS")


def test_running_follow_ups_are_listed_page_by_page_and_counted(any_database: Database) -> None:
    names = [f"INV-{number}" for number in range(5)]
    with any_database.writing() as session:
        add_customer(session)
        for name in names:
            follow(session, add_invoice(session, name))
        end_round(session, "INV-2", Outcome.PAID)

        found: list[str] = []
        while some := running_ids(session, found[-1] if found else "", 3):
            found += some

        assert found == ["INV-0", "INV-1", "INV-3", "INV-4"]
        assert running_count(session) == 4


def plan(session: Session, invoice_id: str, day: date | None, **more: Any) -> None:
    values = {"customer_id": "ACME", "policy": "standard"} | more
    policy = values.pop("policy")
    follow(session, add_invoice(session, invoice_id, **values), policy, not_before=day)


def test_first_letters_that_wait_are_counted_by_policy_and_day(any_database: Database) -> None:
    tomorrow = TUESDAY + timedelta(days=1)
    with any_database.writing() as session:
        add_customer(session)
        add_customer(session, "BOLT")
        plan(session, "TODAY", TUESDAY)
        plan(session, "TOGETHER", TUESDAY)
        plan(session, "OTHER", TUESDAY, customer_id="BOLT")
        plan(session, "TOMORROW", tomorrow)
        plan(session, "SAAS", tomorrow, policy="saas")
        plan(session, "YESTERDAY", TUESDAY - timedelta(days=1))
        plan(session, "AT ONCE", None)
        plan(session, "PAID", tomorrow, customer_id="BOLT")
        end_round(session, "PAID", Outcome.PAID)

        assert planned_letters(session, TUESDAY) == {
            "standard": {TUESDAY: 2, tomorrow: 1},
            "saas": {tomorrow: 1},
        }


def test_a_customer_who_owes_in_two_currencies_gets_two_of_the_planned_letters(
    any_database: Database,
) -> None:
    with any_database.writing() as session:
        add_customer(session)
        plan(session, "DOLLARS", TUESDAY)
        plan(session, "EUROS", TUESDAY, currency="EUR")

        assert planned_letters(session, TUESDAY) == {"standard": {TUESDAY: 2}}


def test_the_worth_of_an_entry_is_what_is_open_of_it_in_our_currency(
    any_database: Database,
) -> None:
    with any_database.writing() as session:
        add_customer(session)
        add_invoice(session, "A", "100.25", amount_open=Decimal("99.75"), currency="EUR")

        [entry] = page(session)

    rate = FILES.rates.worth["EUR"]
    assert entry.facts.invoice.base_open == Decimal("99.75") * rate
