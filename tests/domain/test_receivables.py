from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.receivables import (
    DSO_DAYS,
    Receipt,
    Receivable,
    Standing,
    month_ends,
    simple_dso,
    standings,
)
from models.vocabulary import Tier


def owed(
    amount: str, issued: date, *receipts: tuple[date, str], terms: int = 30, currency: str = "USD"
) -> Receivable:
    return Receivable(
        currency=currency,
        amount=Decimal(amount),
        issued_on=issued,
        due_on=issued + timedelta(days=terms),
        receipts=tuple(Receipt(day, Decimal(paid)) for day, paid in receipts),
    )


@pytest.mark.parametrize(
    ("receivables", "credit_sales", "days", "dso"),
    [
        # Receivables of 250,000 at the end of a quarter that sold 750,000 on credit: a month's.
        ("250000", "750000", 90, "30"),
        ("150000", "1200000", 365, "45.625"),
        ("80000", "80000", 90, "90"),  # nothing of the quarter's sales is paid
        ("0", "80000", 90, "0"),
    ],
)
def test_simple_dso_is_open_receivables_over_credit_sales_times_days(
    receivables: str, credit_sales: str, days: int, dso: str
) -> None:
    assert simple_dso(Decimal(receivables), Decimal(credit_sales), days) == Decimal(dso)


def test_there_is_no_dso_without_sales() -> None:
    assert simple_dso(Decimal(100), Decimal(0)) is None


def test_a_quarter_by_hand() -> None:
    ledger = [
        owed("3000", date(2026, 1, 10), (date(2026, 2, 9), "3000")),
        owed("2000", date(2026, 2, 5), (date(2026, 3, 1), "500")),  # due 7 March
        owed("1000", date(2026, 3, 20)),  # due 19 April
        owed("4000", date(2025, 12, 31), terms=60),  # due 1 March, sold 90 days before 31 March
    ]

    march = standings(ledger, [date(2026, 3, 31)])[date(2026, 3, 31)]["USD"]

    # Open: 0 + 1,500 + 1,000 + 4,000. The sale of 31 December is a day too old to count.
    assert march.sales == 6000
    assert march.open == 6500
    assert march.dso == Decimal("97.5")
    assert march.by_tier == {
        Tier.CURRENT: 1000,
        Tier.EARLY: 0,
        Tier.LATE: 5500,  # 24 and 30 days past due
        Tier.CRITICAL: 0,
    }


def test_a_payment_of_the_day_itself_counts_as_paid_at_its_end() -> None:
    ledger = [owed("100", date(2026, 1, 1), (date(2026, 1, 31), "100"))]

    at = standings(ledger, [date(2026, 1, 30), date(2026, 1, 31)])

    assert at[date(2026, 1, 30)]["USD"].open == 100
    assert at[date(2026, 1, 31)]["USD"].open == 0


def test_an_invoice_is_owed_from_its_issue_date() -> None:
    invoice = owed("100", date(2026, 1, 31), (date(2026, 1, 5), "40"))

    assert invoice.open_on(date(2026, 1, 30)) == 0
    assert invoice.open_on(date(2026, 1, 31)) == 60


def test_money_beyond_the_amount_does_not_make_a_debt_negative() -> None:
    assert owed("100", date(2026, 1, 1), (date(2026, 1, 2), "140")).open_on(date(2026, 1, 2)) == 0


@pytest.mark.parametrize(
    ("days_late", "tier"),
    [
        (0, Tier.CURRENT),
        (1, Tier.EARLY),
        (14, Tier.EARLY),
        (15, Tier.LATE),
        (45, Tier.LATE),
        (46, Tier.CRITICAL),
    ],
)
def test_an_open_amount_stands_in_the_tier_of_its_age(days_late: int, tier: Tier) -> None:
    due = date(2026, 1, 31)
    end = due + timedelta(days=days_late)

    at = standings([owed("100", due, terms=0)], [end])

    assert at[end]["USD"].by_tier[tier] == 100


def test_currencies_are_never_added() -> None:
    end = date(2026, 1, 31)
    ledger = [owed("100", end), owed("70", end, currency="EUR")]

    at = standings(ledger, [date(2025, 12, 31), end])

    assert {currency: standing.open for currency, standing in at[end].items()} == {
        "USD": 100,
        "EUR": 70,
    }
    assert at[date(2025, 12, 31)] == {"USD": Standing(), "EUR": Standing()}


def test_month_ends_include_both_ends() -> None:
    assert month_ends(date(2024, 1, 31), date(2024, 3, 31)) == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
    ]
    assert month_ends(date(2025, 12, 5), date(2026, 1, 30)) == [date(2025, 12, 31)]
    assert month_ends(date(2026, 1, 1), date(2026, 1, 30)) == []
    assert month_ends(date(9999, 12, 1), date.max) == [date.max]


_START = date(2025, 1, 1)
_invoices = st.builds(
    lambda amount, issued, terms, paid: owed(
        str(amount),
        _START + timedelta(days=issued),
        *sorted((_START + timedelta(days=day), str(part)) for day, part in paid),
        terms=terms,
    ),
    st.integers(1, 500),
    st.integers(0, 200),
    st.integers(0, 60),
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 300)), max_size=3),
)


@given(st.lists(_invoices, min_size=1, max_size=8))
def test_a_standing_is_what_going_through_every_invoice_gives(ledger: list[Receivable]) -> None:
    days = month_ends(_START, _START + timedelta(days=500))

    for day, by_currency in standings(ledger, days).items():
        lately = [i for i in ledger if 0 <= (day - i.issued_on).days < DSO_DAYS]
        assert by_currency["USD"].sales == sum(i.amount for i in lately)
        assert by_currency["USD"].open == sum(i.open_on(day) for i in ledger)
