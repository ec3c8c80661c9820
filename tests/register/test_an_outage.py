"""An outage reaches the caller as the one error it is, and an error says nothing of anybody."""

import traceback
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from activities.register import Register, _all
from integrations.temporal.follow_ups import FollowUps
from models.errors import DatabaseUnavailable, TemporalUnavailable
from models.follow_up import FollowUp
from models.scan import Page
from store.database import Database
from tests.store.rows import RULEBOOK, add_customer, add_invoice


class _Away(FollowUps):
    """Follow-ups on a server that went away."""

    def __init__(self) -> None:
        """Nobody is called."""

    async def start(self, follow_up: FollowUp, **_options: Any) -> bool:
        raise TemporalUnavailable(f"no answer for {follow_up.invoice_id}") from OSError("refused")


async def test_an_outage_during_a_backfill_is_raised_as_itself(database: Database) -> None:
    with database.writing() as session:
        add_customer(session)
        for number in range(3):
            add_invoice(session, f"INV-{number}")
    entering = Register(database, RULEBOOK, _Away(), "UTC")

    with pytest.raises(TemporalUnavailable, match="no answer for INV-0") as raised:
        await entering.start_follow_ups(Page(scan_id="outage", now=datetime.now(UTC)))

    assert str(raised.value.__cause__) == "refused"
    assert "ExceptionGroup" not in "".join(traceback.format_exception(raised.value))


async def test_calls_answer_in_their_order() -> None:
    async def answer(number: int) -> int:
        return number

    assert await _all(partial(answer, number) for number in range(200)) == list(range(200))


SECRET = "sam.lee@acme.example"


def failing(database: Database, statement: str) -> Exception:
    """What a statement with a secret among its parameters raises."""
    with database.writing() as session:
        add_customer(session, email=SECRET)
    wrong = (SQLAlchemyError, DatabaseUnavailable)
    with pytest.raises(wrong) as raised, database.writing() as session:
        session.execute(text(statement), {"secret": SECRET})
    return raised.value


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO no_such_table VALUES (:secret)",
        "INSERT INTO contacts (email) VALUES (:secret)",
        "INSERT INTO contacts SELECT 9, customer_id, :secret, '', '', role, NULL FROM contacts",
    ],
)
def test_an_error_of_the_database_shows_nothing_that_was_to_be_stored(
    any_database: Database, statement: str
) -> None:
    shown = "".join(traceback.format_exception(failing(any_database, statement)))

    assert "SQL parameters hidden" in shown
    assert SECRET not in shown


def test_a_database_that_is_away_is_told_without_parameters(database: Database) -> None:
    said = failing(database, "INSERT INTO no_such_table VALUES (:secret)")

    assert isinstance(said, DatabaseUnavailable)
    assert str(said) == "The database does not answer: no such table: no_such_table"


def test_a_database_that_nobody_reaches_says_so_in_a_line() -> None:
    with (
        closing(Database("postgresql://nobody@localhost:1/nothing")) as nowhere,
        pytest.raises(DatabaseUnavailable) as raised,
        nowhere.reading(),
    ):
        pass

    assert "refused" in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1
