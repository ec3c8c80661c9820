"""The made-up firm's ledger shows every kind of case, and nothing in it is real."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.ledger_people import dress
from demo.names import BOUNCING_DOMAIN
from demo.portfolio import Portfolio, make_portfolio
from domain import segmentation
from domain.ageing import tier
from domain.exchange import Rates
from domain.policy_text import parse_rates, parse_segments
from integrations.mail.address import on_the_wire
from models.ledger import CustomerRow
from models.segments import InvoiceProfile, Segments
from models.vocabulary import Role, Tier

POLICIES = Path(__file__).parents[2] / "policies"
BEGINS = date(2026, 1, 5)
APPROVAL_ABOVE = 100_000


@pytest.fixture(params=[7, 1, 2, 3], ids=lambda seed: f"seed {seed}")
def portfolio(request: pytest.FixtureRequest) -> Portfolio:
    """A ledger; the rules below hold for any seed."""
    return make_portfolio(BEGINS, request.param)


@pytest.fixture(scope="module")
def segments() -> Segments:
    """The rules that say which policy an invoice gets."""
    path = POLICIES / "segments.toml"
    return parse_segments(path.read_text(), path)


@pytest.fixture(scope="module")
def rates() -> Rates:
    """What currencies are worth in the firm's own."""
    path = POLICIES / "exchange_rates.toml"
    return parse_rates(path.read_text(), path, "USD")


def test_the_same_seed_makes_the_same_ledger_and_another_seed_another() -> None:
    assert make_portfolio(BEGINS) == make_portfolio(BEGINS, seed=7)
    assert make_portfolio(BEGINS, seed=8).invoices != make_portfolio(BEGINS).invoices


def test_a_later_first_day_moves_the_ledger_and_changes_no_customer() -> None:
    later = make_portfolio(BEGINS + timedelta(days=7))
    assert later.customers == make_portfolio(BEGINS).customers
    assert [invoice.due_on - timedelta(days=7) for invoice in later.invoices] == [
        invoice.due_on for invoice in make_portfolio(BEGINS).invoices
    ]


def test_forty_customers_of_ten_countries_owe_a_hundred_and_fifty_invoices(
    portfolio: Portfolio,
) -> None:
    assert len(portfolio.customers) == 40
    assert len({customer.country for customer in portfolio.customers}) >= 10
    assert len({customer.zone for customer in portfolio.customers}) >= 12
    assert {customer.language for customer in portfolio.customers} == {"en", "de", "fr"}
    assert 140 <= len(portfolio.invoices) <= 160
    assert {invoice.currency for invoice in portfolio.invoices} == {
        "USD", "EUR", "GBP", "CAD", "AUD",
    }  # fmt: skip


def test_every_segment_rule_decides_for_some_invoice(
    portfolio: Portfolio, segments: Segments, rates: Rates
) -> None:
    customers = {customer.id: customer for customer in portfolio.customers}
    deciding = set()
    for invoice in portfolio.invoices:
        customer = customers[invoice.customer_id]
        profile = InvoiceProfile(
            segment=customer.segment,
            country=customer.country,
            currency=invoice.currency,
            tags=frozenset(customer.tags),
            strategic=customer.strategic,
            base_amount=rates.in_base(invoice.amount, invoice.currency),
        )
        deciding.add(
            next(
                place
                for place, rule in enumerate(segments.rules)
                if segmentation._fits(rule, profile)
            )
        )
    assert deciding == set(range(len(segments.rules)))


def test_some_invoice_is_so_large_that_its_letters_need_a_signature(
    portfolio: Portfolio, rates: Rates
) -> None:
    worth = [rates.in_base(invoice.amount, invoice.currency) for invoice in portfolio.invoices]
    assert 1 <= sum(amount is None or amount > APPROVAL_ABOVE for amount in worth) <= 5


def test_invoices_enter_late_in_every_age_and_new_ones_come_while_the_demo_runs(
    portfolio: Portfolio,
) -> None:
    entering = Counter(
        tier((BEGINS - invoice.due_on).days) for invoice in portfolio.known_on(BEGINS)
    )
    assert entering[Tier.EARLY] >= 5
    assert entering[Tier.LATE] >= 10
    assert entering[Tier.CRITICAL] >= 1
    assert entering[Tier.CURRENT] >= 25
    coming = [invoice for invoice in portfolio.invoices if invoice.issued_on > BEGINS]
    assert len(coming) >= 50
    assert all(invoice.issued_on < portfolio.ends for invoice in coming)
    assert len(portfolio.known_on(portfolio.ends)) == len(portfolio.invoices)


def test_an_invoice_is_due_as_its_terms_say_and_none_is_issued_at_a_weekend(
    portfolio: Portfolio,
) -> None:
    assert {invoice.terms for invoice in portfolio.invoices} == {
        "net 14", "net 30", "net 45", "net 60",
    }  # fmt: skip
    for invoice in portfolio.invoices:
        days = int(invoice.terms.removeprefix("net "))
        assert invoice.due_on == invoice.issued_on + timedelta(days=days)
        assert invoice.issued_on.weekday() < 5
        assert invoice.amount > 0
        assert invoice.amount == round(invoice.amount, 2)


def test_invoices_are_numbered_in_the_order_of_their_issue(portfolio: Portfolio) -> None:
    numbers = [invoice.number for invoice in portfolio.invoices]
    assert numbers == sorted(set(numbers))
    issued = [invoice.issued_on for invoice in portfolio.invoices]
    assert issued == sorted(issued)


def test_many_customers_owe_several_invoices_due_in_one_week(portfolio: Portfolio) -> None:
    due = defaultdict(list)
    for invoice in portfolio.invoices:
        due[invoice.customer_id, invoice.currency].append(invoice.due_on)
    together = [
        days
        for days in due.values()
        if any(0 <= (b - a).days < 7 for i, a in enumerate(days) for b in days[i + 1 :])
    ]
    assert len(together) >= 8


def test_two_customers_are_billed_in_two_currencies(portfolio: Portfolio) -> None:
    currencies = defaultdict(set)
    for invoice in portfolio.invoices:
        currencies[invoice.customer_id].add(invoice.currency)
    assert sorted(map(len, currencies.values()), reverse=True)[:3] == [2, 2, 1]


def test_a_few_invoices_name_a_purchase_order(portfolio: Portfolio) -> None:
    assert 5 <= sum(bool(invoice.purchase_order) for invoice in portfolio.invoices) <= 40


def test_five_account_owners_of_ours_share_the_customers(portfolio: Portfolio) -> None:
    owners = Counter(customer.owner_email for customer in portfolio.customers)
    assert len(owners) == 5
    assert all(owner.endswith("@harbour.example") for owner in owners)


def test_each_customer_has_a_clerk_and_the_large_ones_finance_people_too(
    portfolio: Portfolio,
) -> None:
    roles = defaultdict(list)
    for contact in portfolio.contacts:
        roles[contact.customer_id].append(contact.role)
    for customer in portfolio.customers:
        assert roles[customer.id].count(Role.AP) == 1
        if customer.segment == "enterprise":
            assert {Role.FINANCE_LEAD, Role.CFO} <= set(roles[customer.id])


@pytest.mark.parametrize("seed", range(20))
def test_every_address_is_one_of_its_own_under_example(seed: int) -> None:
    portfolio = make_portfolio(BEGINS, seed)
    addresses = [contact.email for contact in portfolio.contacts + portfolio.mended]
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        assert on_the_wire(address) == address
        assert address.endswith(".example")
    assert len({customer.name for customer in portfolio.customers}) == len(portfolio.customers)


def test_two_clerks_cannot_be_reached_and_of_one_customer_staff_find_another_address(
    portfolio: Portfolio,
) -> None:
    bouncing = {flags.customer_id for flags in portfolio.flags if flags.bounces}
    refused = [c for c in portfolio.contacts if c.email.endswith(f"@{BOUNCING_DOMAIN}")]
    assert {contact.customer_id for contact in refused} == bouncing
    assert len(bouncing) == 2
    elsewhere = {
        contact.customer_id for contact in portfolio.contacts if contact not in refused
    } & bouncing
    assert {contact.customer_id for contact in portfolio.mended} == bouncing - elsewhere
    assert len(elsewhere) == 1
    assert not any(contact.email.endswith(BOUNCING_DOMAIN) for contact in portfolio.mended)


def test_flags_say_who_is_insolvent_and_whose_contract_allows_a_suspension(
    portfolio: Portfolio,
) -> None:
    assert [flags.customer_id for flags in portfolio.flags] == [
        customer.id for customer in portfolio.customers
    ]
    segment = {customer.id: customer.segment for customer in portfolio.customers}
    assert sum(flags.insolvent for flags in portfolio.flags) == 1
    with_clause = {f.customer_id for f in portfolio.flags if "suspension" in f.contract_clauses}
    saas = {customer_id for customer_id, name in segment.items() if name == "saas"}
    assert 0 < len(with_clause) < len(saas)
    assert with_clause < saas


def test_a_ledger_of_bare_ids_gets_names_addresses_and_countries() -> None:
    dressed = dress(["0379-NEVHP", "8976-AMJEO"])
    for customer_id, customer in dressed.customers.items():
        assert customer.id == customer_id
        assert customer.name
        assert customer.country
        assert customer.zone in available_timezones()
        assert customer.language in {"en", "de", "fr"}
        assert dressed.contacts[customer_id].email.endswith(".example")
    assert dressed.currency == "USD"
    assert dressed.notes == (
        (
            "Names, countries, time zones, languages, addresses and the currency USD are made up: "
            "the ledger has none."
        ),
    )


def test_what_a_ledger_says_of_a_customer_stays_and_is_not_called_made_up() -> None:
    known = {
        "a": CustomerRow("a", name="Alpha Example Ltd", country="GB", segment="trade"),
        "b": CustomerRow("b", name="Beta Example SA", country="FR", zone="Europe/Paris"),
    }
    dressed = dress(known, known=known, addressed=["b"], currency="EUR")
    assert dressed.customers["a"] == CustomerRow(
        "a", "Alpha Example Ltd", "GB", "Europe/London", "en", "trade"
    )
    assert dressed.customers["b"].name == "Beta Example SA"
    assert dressed.contacts["a"].email.endswith("@alpha-example-ltd.example")
    assert set(dressed.contacts) == {"a"}
    assert dressed.currency == "EUR"
    assert dressed.notes == (
        "Languages are made up: the ledger has none.",
        "The time zones of 1 among 2 customers are made up.",
        "The addresses of 1 among 2 customers are made up.",
    )


def test_in_a_country_without_a_home_here_zone_and_language_stay_open() -> None:
    customer = dress(["a"], known={"a": CustomerRow("a", country="JP")}).customers["a"]
    assert (customer.country, customer.zone, customer.language) == ("JP", "", "")
    assert customer.name.endswith(" Ltd")


def test_a_ledger_that_says_everything_needs_no_note() -> None:
    whole = CustomerRow("a", "Alpha Example Ltd", "GB", "Europe/London", "en")
    assert dress(["a"], known={"a": whole}, addressed=["a"], currency="GBP").notes == ()


def test_twenty_thousand_customers_get_as_many_names_and_domains() -> None:
    dressed = dress(map(str, range(20_000)))
    assert len({customer.name for customer in dressed.customers.values()}) == 20_000
    assert len({contact.email.split("@")[1] for contact in dressed.contacts.values()}) == 20_000


def test_firms_of_one_name_get_domains_of_their_own_even_beside_a_numbered_one() -> None:
    names = {"a": "Tern", "b": "Tern", "c": "Tern 2", "d": "北京", "e": "上海"}
    known = {customer_id: CustomerRow(customer_id, name) for customer_id, name in names.items()}
    contacts = dress(known, known=known).contacts.values()
    domains = {contact.email.split("@")[1] for contact in contacts}
    assert len(domains) == len(names)
    assert all(on_the_wire(contact.email) == contact.email for contact in contacts)


@given(ids=st.lists(st.text(min_size=1, max_size=20), max_size=30))
def test_dressing_depends_neither_on_order_nor_on_repetition(ids: list[str]) -> None:
    assert dress(ids) == dress([*reversed(ids), *ids])
    assert set(dress(ids).customers) == set(ids)
