"""Comparing amounts in one currency."""

from decimal import Decimal

from domain.exchange import Rates
from domain.policy_text import parse_rates
from tests.domain.one_invoice import POLICY_FILES

RATES = Rates("USD", {"EUR": Decimal("1.10"), "JPY": Decimal("0.0067")})


def test_an_amount_is_worth_its_rate() -> None:
    assert RATES.in_base(Decimal("100.00"), "EUR") == Decimal("110.00")
    assert RATES.in_base(Decimal(1_000_000), "JPY") == Decimal(6_700)


def test_the_base_currency_needs_no_rate() -> None:
    assert RATES.in_base(Decimal("99.99"), "USD") == Decimal("99.99")
    assert Rates("EUR", {}).in_base(Decimal(1), "EUR") == 1


def test_a_rate_for_the_base_currency_itself_is_not_looked_at() -> None:
    assert Rates("USD", {"USD": Decimal(2)}).in_base(Decimal(10), "USD") == 10


def test_without_a_rate_nothing_is_known() -> None:
    assert RATES.in_base(Decimal(100), "BRL") is None


def test_the_shipped_rates_are_read() -> None:
    path = POLICY_FILES / "exchange_rates.toml"
    rates = parse_rates(path.read_text(), path, "USD")

    assert rates.base == "USD"
    assert rates.in_base(Decimal(100), "EUR") == Decimal(110)
    assert "USD" not in rates.worth
