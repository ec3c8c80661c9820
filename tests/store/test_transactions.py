"""What is written together is kept together, in turn, and never on a database that is away."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

import store.database
from models.errors import DatabaseUnavailable
from models.tables import Customer, Invoice
from store.correspondence import lock_customer
from store.database import Database
from tests.postgres import NewDatabase, PostgresServer
from tests.store.rows import acme, add_customer, add_invoice


def names(session: Session) -> list[str]:
    return list(session.exec(select(Customer.name)))


def rename(session: Session, name: str) -> None:
    customer = session.get_one(Customer, "ACME")
    customer.name = name
    session.add(customer)


@contextmanager
def customers_locked(database: Database) -> Iterator[None]:
    """Somebody outside holds ACME's row; on SQLite that is the whole file."""
    if database.is_sqlite:
        assert database.url.database is not None
        with closing(sqlite3.connect(database.url.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()
        return
    url = database.url.render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        connection.execute("SELECT id FROM customers WHERE id = 'ACME' FOR UPDATE")
        yield
        connection.rollback()


def test_what_a_transaction_wrote_is_there_for_the_next(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)

    with any_database.reading() as session:
        assert names(session) == ["Acme Inc."]


def test_a_transaction_that_raises_leaves_nothing(any_database: Database) -> None:
    def fail() -> None:
        with any_database.writing() as session:
            acme(session)
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    with any_database.reading() as session:
        assert session.exec(select(Invoice)).all() == []
        assert names(session) == []


async def test_from_an_event_loop_a_failed_write_leaves_nothing_either(
    any_database: Database,
) -> None:
    def fail(session: Session) -> None:
        add_customer(session)
        raise LookupError

    with pytest.raises(LookupError):
        await any_database.write(fail)
    assert await any_database.read(names) == []

    await any_database.write(add_customer)
    assert await any_database.read(names) == ["Acme Inc."]


def test_an_invoice_of_nobody_is_refused(any_database: Database) -> None:
    with pytest.raises(IntegrityError), any_database.writing() as session:
        add_invoice(session, customer_id="NOBODY")


def test_who_reads_meanwhile_sees_the_old_state_and_need_not_wait(any_database: Database) -> None:
    with any_database.writing() as session:
        add_customer(session)

    with any_database.writing() as writing:
        rename(writing, "Acme Ltd.")
        writing.flush()
        with any_database.reading() as reading:
            assert names(reading) == ["Acme Inc."]

    with any_database.reading() as reading:
        assert names(reading) == ["Acme Ltd."]


def test_a_second_writer_waits_for_the_first_and_sees_what_it_wrote(
    any_database: Database,
) -> None:
    with any_database.writing() as session:
        add_customer(session, unapplied_cash=Decimal(0))
    first_has_the_lock, order = threading.Event(), []

    def add_a_dollar(who: str, linger: float) -> None:
        with any_database.writing() as session:
            lock_customer(session, "ACME")
            order.append(who)
            first_has_the_lock.set()
            customer = session.get_one(Customer, "ACME")
            time.sleep(linger)
            customer.unapplied_cash += 1
            session.add(customer)

    first = threading.Thread(target=add_a_dollar, args=("first", 0.3))
    second = threading.Thread(target=add_a_dollar, args=("second", 0))
    first.start()
    first_has_the_lock.wait()
    second.start()
    first.join()
    second.join()

    assert order == ["first", "second"]
    with any_database.reading() as session:
        assert session.get_one(Customer, "ACME").unapplied_cash == 2


def test_who_waits_too_long_for_a_lock_is_told_and_can_try_again(
    new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.database, "_LOCK_WAIT_SECONDS", 1)
    database = new_database()
    with database.writing() as session:
        add_customer(session)
    told: list[Exception] = []

    def write() -> None:
        try:
            with database.writing() as session:
                rename(session, "Acme Ltd.")
        except DatabaseUnavailable as locked:
            told.append(locked)

    with customers_locked(database):
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(timeout=3)
        gave_up = not writer.is_alive()
    writer.join()

    assert gave_up
    assert len(told) == 1
    write()
    assert len(told) == 1
    with database.reading() as session:
        assert names(session) == ["Acme Ltd."]


def test_a_server_that_is_away_is_said_to_be_and_is_used_again_when_it_is_back(
    postgres: PostgresServer,
) -> None:
    name = postgres.create(migrated=True)
    database = Database(postgres.url(name))
    with database.writing() as session:
        add_customer(session)

    with postgres.away():
        with pytest.raises(DatabaseUnavailable, match="does not answer"), database.reading():
            pass
        with pytest.raises(DatabaseUnavailable, match="does not answer"), database.writing():
            pass

    with database.writing() as session:
        rename(session, "Acme Ltd.")
    with database.reading() as session:
        assert names(session) == ["Acme Ltd."]
    database.close()
    postgres.drop(name)


def test_a_server_that_leaves_in_the_middle_leaves_nothing_half_done(
    postgres: PostgresServer,
) -> None:
    name = postgres.create(migrated=True)
    database = Database(postgres.url(name))

    def write_through_a_restart() -> None:
        with database.writing() as session:
            add_customer(session)
            with postgres.away():
                pass
            session.exec(select(Customer)).all()

    with pytest.raises(DatabaseUnavailable):
        write_through_a_restart()

    with database.reading() as session:
        assert names(session) == []
    database.close()
    postgres.drop(name)


def test_a_new_sqlite_database_gets_its_folder(tmp_path: object) -> None:
    database = Database(f"sqlite:///{tmp_path}/deep/down/dunlin.db")

    with database.reading() as session:
        assert session.connection().exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    database.close()
