"""Money finds its invoices, says why, and never becomes more or less."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.match_reasons import CERTAIN, SCORES, sentence
from domain.matching import match
from domain.open_items import OpenItems
from models.matching import (
    CashRules,
    Incoming,
    Match,
    MatchReason,
    OpenItem,
    Part,
    Payers,
)
from models.vocabulary import CreditKind

RULES = CashRules(
    small_rest={"USD": Decimal(1)},
    small_surplus={"USD": Decimal(1)},
    bank_fee={"USD": Decimal(25)},
)
PAYERS = Payers(
    customers={"C-1": "Acme Industrial Supplies Inc.", "C-2": "Börner & Söhne GmbH", "C-3": "Bolt"},
    accounts={"DE02120300000000202051": "C-2"},
    names={"zahlstelle nord": "C-3"},
)
DAY = date(2026, 3, 9)


def item(number: str, amount: str, customer: str = "C-1", **more: Any) -> OpenItem:
    values: dict[str, Any] = {
        "invoice_id": number,
        "number": number,
        "customer_id": customer,
        "currency": "USD",
        "open": Decimal(amount),
        "issued_on": date(2026, 2, 1),
        "due_on": date(2026, 3, 2),
    }
    return OpenItem(**(values | more))


def money(amount: str, text: str = "", **more: Any) -> Incoming:
    values: dict[str, Any] = {
        "key": "k",
        "amount": Decimal(amount),
        "currency": "USD",
        "received_on": DAY,
        "texts": (text,) if text else (),
    }
    return Incoming(**(values | more))


def matched(incoming: Incoming, *items: OpenItem, rules: CashRules = RULES) -> Match:
    return match(incoming, OpenItems(items, PAYERS, rules))


def paid(found: Match) -> dict[str, Decimal]:
    assert found.best is not None
    return {part.invoice_id: part.amount for part in found.best.parts}


INV = item("INV-01042A", "500")


@pytest.mark.parametrize(
    "text",
    [
        "INV-01042A",
        "payment of INV 1042-A thank you",
        "inv1042a",
        "Rechnung Inv. 01042 A vom 02.03.2026",
        "INV/1042/A",
        "REF INV-0104 2A",
    ],
)
def test_a_number_is_found_in_any_spelling(text: str) -> None:
    found = matched(money("500", text), INV, item("INV-01043A", "500"))

    assert paid(found) == {"INV-01042A": 500}
    assert found.is_certain


def test_a_number_cut_by_a_lines_end_is_found() -> None:
    found = matched(money("500", texts=("pays INV-01", "042A", "pays INV-01042A")), INV)

    assert found.is_certain


@pytest.mark.parametrize("reference", ["RF18 5390 0754 7034", "RF18539007547034"])
def test_a_creditor_reference_whose_check_digits_hold_names_the_invoice(reference: str) -> None:
    invoice = item("539007547034", "500")

    assert matched(money("500", references=(reference,)), invoice).is_certain
    wrong = reference.replace("RF18", "RF19")
    assert not matched(money("400", references=(wrong,)), invoice).is_certain


def test_one_transfer_for_three_invoices_pays_all_three() -> None:
    three = [item(f"INV-{number}", "100.10") for number in (1001, 1002, 1003)]

    found = matched(money("300.30", "INV-1001, 1002 and INV 1003 INV1002"), *three)

    assert found.is_certain
    assert sum(paid(found).values()) == Decimal("300.30")


def test_short_by_a_bank_fee_closes_it_and_says_so() -> None:
    found = matched(money("485", "INV-01042A"), INV)

    assert found.is_certain
    assert found.best is not None
    assert found.best.parts == (Part("INV-01042A", Decimal(485), Decimal(15), CreditKind.FEE),)
    assert found.best.reason is MatchReason.REFERENCE_SHORT


def test_short_by_more_than_a_fee_is_a_part() -> None:
    found = matched(money("300", "INV-01042A"), INV)

    assert found.is_certain
    assert paid(found) == {"INV-01042A": 300}


def test_a_discount_taken_in_time_closes_it_and_one_taken_late_does_not() -> None:
    terms: dict[str, Any] = {"terms": "2/10 net 30", "issued_on": date(2026, 3, 1)}
    in_time = matched(money("490", "INV-01042A"), item("INV-01042A", "500", **terms))
    late = matched(
        money("490", "INV-01042A", received_on=date(2026, 3, 12)),
        item("INV-01042A", "500", **terms),
        rules=CashRules(),
    )

    assert in_time.best is not None
    assert in_time.best.parts[0].credit_kind is CreditKind.DISCOUNT
    assert late.best is not None
    assert late.best.parts[0].credit == 0


def test_more_than_is_open_leaves_the_rest_with_the_customer() -> None:
    found = matched(money("520", "INV-01042A"), INV)

    assert found.best is not None
    assert found.is_certain
    assert found.best.left == 20


def test_a_number_of_digits_alone_and_another_amount_is_left_to_a_person() -> None:
    found = matched(money("300", "2026 0001"), item("2026-0001", "500"))

    assert not found.is_certain
    assert found.best is not None


def test_a_known_account_and_an_amount_are_certain() -> None:
    found = matched(
        money("70", payer_account="DE02 1203 0000 0000 2020 51"),
        item("A-1000", "70", "C-2"),
        item("A-1001", "90", "C-2"),
    )

    assert found.is_certain
    assert paid(found) == {"A-1000": 70}


def test_a_learned_name_counts_as_an_account() -> None:
    found = matched(money("70", payer_name="ZAHLSTELLE NORD"), item("A-1000", "70", "C-3"))

    assert found.is_certain


def test_two_equal_amounts_of_one_payer_are_left_to_a_person() -> None:
    found = matched(
        money("70", payer_account="DE02120300000000202051"),
        item("A-1000", "70", "C-2"),
        item("A-1001", "70", "C-2"),
    )

    assert not found.is_certain
    assert len(found.candidates) == 2


@pytest.mark.parametrize(
    "name",
    ["ACME INDUSTRIAL SUPPLIES", "Acme Industrial Supplies, Inc", "Industrial Supplies Acme"],
)
def test_a_like_name_and_the_amount_are_offered_to_a_person(name: str) -> None:
    found = matched(money("500", payer_name=name), INV, item("B-1", "500", "C-2"))

    assert not found.is_certain
    assert found.best is not None
    assert (found.best.customer_id, found.best.reason) == ("C-1", MatchReason.NAME_AMOUNT)


def test_accents_and_legal_forms_do_not_hide_a_name() -> None:
    found = matched(money("70", payer_name="BOERNER UND SOEHNE"), item("A-1000", "70", "C-2"))
    exact = matched(money("70", payer_name="Borner Sohne"), item("A-1000", "70", "C-2"))

    assert exact.best is not None
    assert exact.best.customer_id == "C-2"
    assert found.best is not None


def test_a_sum_that_one_set_of_invoices_makes_is_found() -> None:
    owed = [item(f"A-{n}", amount, "C-2") for n, amount in enumerate(("10", "22.5", "47.5", "90"))]

    found = matched(money("70", payer_account="DE02120300000000202051"), *owed)

    assert paid(found) == {"A-1": Decimal("22.5"), "A-2": Decimal("47.5")}


def test_a_number_of_somebody_elses_invoice_is_left_to_a_person() -> None:
    found = matched(money("500", "INV-01042A", payer_account="DE02120300000000202051"), INV)

    assert not found.is_certain


def test_money_in_another_currency_is_placed_by_nobody_but_known_for_whose_it_is() -> None:
    found = matched(money("500", "INV-01042A", currency="EUR"), INV)

    assert found.best is not None
    assert (found.best.parts, found.best.customer_id) == ((), "C-1")
    assert not found.is_certain


def test_what_was_paid_before_is_known_for_whose_it_is() -> None:
    found = matched(money("500", "INV-01042A"), item("INV-01042A", "0"))

    assert found.best is not None
    assert found.best.reason is MatchReason.SETTLED_BEFORE


def test_the_amount_alone_is_never_certain() -> None:
    found = matched(money("500"), INV)

    assert found.best is not None
    assert (found.is_certain, found.best.reason) == (False, MatchReason.AMOUNT_ALONE)


def test_nothing_that_fits_is_nothing() -> None:
    assert matched(money("77", "thank you"), INV).candidates == ()


def test_what_was_placed_is_not_offered_again() -> None:
    items = OpenItems([INV], PAYERS, RULES)
    first = match(money("500", "INV-01042A"), items)
    assert first.best is not None

    items.take_out(first.best.parts)
    second = match(money("500", "INV-01042A"), items)

    assert second.best is not None
    assert second.best.reason is MatchReason.SETTLED_BEFORE


def test_every_reason_has_a_score_and_a_sentence() -> None:
    assert set(SCORES) == set(MatchReason)
    for reason in set(MatchReason) - {
        MatchReason.CUSTOMER_ALONE,
        MatchReason.SETTLED_BEFORE,
        MatchReason.WRONG_CURRENCY,
    }:
        assert sentence(reason, [INV]).startswith("It ")


_cents = st.decimals("0.01", 500, places=2)
_numbers = st.sampled_from(["INV-1001", "INV-1002", "A-77", "2026-0003", "9", "X1"])
_items = st.lists(
    st.builds(
        lambda number, amount, customer, terms: item(number, str(amount), customer, terms=terms),
        _numbers,
        _cents,
        st.sampled_from(["C-1", "C-2"]),
        st.sampled_from(["", "2/10 net 30", "3/60"]),
    ),
    max_size=6,
    unique_by=lambda one: one.invoice_id,
)
_money = st.builds(
    lambda amount, words, name, account: money(
        str(amount), " ".join(words), payer_name=name, payer_account=account
    ),
    _cents,
    st.lists(_numbers | st.text(max_size=6), max_size=4),
    st.sampled_from(["", "Acme Industrial Supplies", "Nobody"]),
    st.sampled_from(["", "DE02120300000000202051"]),
)


@given(incoming=_money, items=_items)
def test_no_cent_appears_or_vanishes(incoming: Incoming, items: list[OpenItem]) -> None:
    by_id = {one.invoice_id: one for one in items}

    found = matched(incoming, *items)

    for candidate in found.candidates:
        placed = sum((part.amount for part in candidate.parts), Decimal(0))
        assert placed + candidate.left == incoming.amount
        assert candidate.left >= 0
        assert len({part.invoice_id for part in candidate.parts}) == len(candidate.parts)
        for part in candidate.parts:
            assert part.amount > 0
            assert part.amount + part.credit <= by_id[part.invoice_id].open
            assert (part.credit > 0) == (part.credit_kind is not None)
            assert by_id[part.invoice_id].customer_id == candidate.customer_id
    if found.is_certain:
        assert found.best is not None
        assert found.best.score >= CERTAIN
