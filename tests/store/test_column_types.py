"""Money and moments come out of both engines as they went in."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func
from sqlalchemy.exc import StatementError
from sqlmodel import col, select

from models.tables import Customer, Scan
from store.database import Database
from tests.postgres import undone

LARGEST = Decimal("99_999_999_999_999.9999")

amounts = st.decimals(-LARGEST, LARGEST, places=4, allow_nan=False)
everyday_amounts = st.decimals(0, 10_000_000, places=4, allow_nan=False)
zones = st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]).map(ZoneInfo)
moments = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001  (hypothesis adds the zone)
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=zones | st.just(timezone(timedelta(hours=-3, minutes=-30))),
)


def holding(amount: Decimal, number: int = 0) -> Customer:
    return Customer(id=f"C-{number}", name="Acme Inc.", unapplied_cash=amount)


@settings(deadline=None)
@given(amount=amounts)
def test_an_amount_comes_out_as_it_went_in(shared_database: Database, amount: Decimal) -> None:
    with undone(shared_database) as session:
        session.add(holding(amount))
        session.flush()
        session.expire_all()

        kept = session.exec(select(col(Customer.unapplied_cash))).one()

    assert isinstance(kept, Decimal)
    assert kept == amount
    assert kept.as_tuple().exponent == -4


@settings(deadline=None)
@given(several=st.lists(everyday_amounts, min_size=1, max_size=20))
def test_a_sum_made_by_the_database_is_exact(
    shared_database: Database, several: list[Decimal]
) -> None:
    with undone(shared_database) as session:
        session.add_all(holding(amount, number) for number, amount in enumerate(several))
        session.flush()

        total = session.exec(select(func.sum(Customer.unapplied_cash))).one()

    assert total == sum(several)


def test_a_thousand_tenths_are_a_hundred(shared_database: Database) -> None:
    with undone(shared_database) as session:
        session.add_all(holding(Decimal("0.1"), number) for number in range(1000))
        session.flush()

        total = session.exec(select(func.sum(Customer.unapplied_cash))).one()

    assert total == Decimal(100)


def test_amounts_are_ordered_and_compared_as_numbers(shared_database: Database) -> None:
    several = [Decimal(text) for text in ("100", "-5", "9", "20.5", "0")]
    with undone(shared_database) as session:
        session.add_all(holding(amount, number) for number, amount in enumerate(several))
        session.flush()

        ordered = session.exec(
            select(col(Customer.unapplied_cash)).order_by(col(Customer.unapplied_cash))
        ).all()
        above = session.exec(
            select(col(Customer.unapplied_cash)).where(Customer.unapplied_cash > Decimal("9.5"))
        ).all()

    assert list(ordered) == sorted(several)
    assert set(above) == {Decimal(100), Decimal("20.5")}


@pytest.mark.parametrize(
    ("said", "kept"),
    [("0.00005", "0.0000"), ("0.00015", "0.0002"), ("-2.00005", "-2.0000"), ("1.23456", "1.2346")],
)
def test_both_engines_round_an_amount_that_is_too_fine_alike(
    shared_database: Database, said: str, kept: str
) -> None:
    with undone(shared_database) as session:
        session.add(holding(Decimal(said)))
        session.flush()

        found = session.exec(select(col(Customer.unapplied_cash))).one()

    assert found == Decimal(kept)


@settings(deadline=None)
@given(moment=moments)
def test_a_moment_comes_out_as_the_same_moment_in_utc(
    shared_database: Database, moment: datetime
) -> None:
    with undone(shared_database) as session:
        session.add(Scan(id="scan", started_at=moment))
        session.flush()
        session.expire_all()

        kept = session.exec(select(col(Scan.started_at))).one()

    assert kept == moment.astimezone(UTC)
    assert kept.utcoffset() == timedelta(0)


@settings(deadline=None, max_examples=30)
@given(several=st.lists(moments, min_size=2, max_size=5, unique_by=lambda at: at.astimezone(UTC)))
def test_moments_are_ordered_whatever_zone_they_came_in(
    shared_database: Database, several: list[datetime]
) -> None:
    with undone(shared_database) as session:
        session.add_all(Scan(id=str(n), started_at=at) for n, at in enumerate(several))
        session.flush()

        ordered = session.exec(select(col(Scan.started_at)).order_by(col(Scan.started_at))).all()

    assert list(ordered) == sorted(at.astimezone(UTC) for at in several)


def test_a_moment_without_a_zone_is_refused(shared_database: Database) -> None:
    with undone(shared_database) as session:
        session.add(Scan(id="scan", started_at=datetime(2026, 3, 2, 9)))  # noqa: DTZ001

        with pytest.raises(StatementError, match="time zone"):
            session.flush()
