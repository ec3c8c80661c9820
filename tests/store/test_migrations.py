"""The migrations make, on both engines, exactly the tables that the code works with."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlmodel import SQLModel, select

from models.errors import DatabaseUnavailable
from models.tables import Customer
from store import migrate
from store.database import Database
from tests.postgres import NewDatabase, PostgresServer

_ROOT = Path(migrate.__file__).parent.parent
_SCRIPTS = _ROOT / "migrations" / "versions"
_PREPARES = """
import sys
from store import migrate
from store.database import Database
database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate.upgrade(database)
database.close()
"""


def downgrade(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.info["for_writing"] = True
        command.downgrade(migrate._config(connection), "base")
        connection.commit()


def change(database: Database, statement: str) -> None:
    with database.writing() as session:
        session.connection().execute(text(statement))


def test_a_new_database_lacks_every_migration_oldest_first(new_database: NewDatabase) -> None:
    database = new_database(migrated=False)

    assert migrate.is_new(database)
    assert [revision[:4] for revision in migrate.missing(database)] == sorted(
        path.name[:4] for path in _SCRIPTS.glob("*.py")
    )


def test_upgrading_makes_the_tables_of_the_code_and_no_others(new_database: NewDatabase) -> None:
    database = new_database(migrated=False)

    migrate.upgrade(database)

    assert not migrate.is_new(database)
    assert migrate.missing(database) == []
    assert migrate.drift(database) == []
    tables = set(inspect(database.engine).get_table_names())
    assert tables == {*SQLModel.metadata.tables, "alembic_version"}


def test_upgrading_again_changes_nothing(any_database: Database) -> None:
    with any_database.writing() as session:
        session.add(Customer(id="ACME", name="Acme Inc."))

    migrate.upgrade(any_database)

    with any_database.reading() as session:
        assert [one.name for one in session.exec(select(Customer))] == ["Acme Inc."]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP INDEX ix_invoices_due_on",
        "ALTER TABLE customers ADD COLUMN shoe_size INTEGER",
        "DROP TABLE scans",
    ],
)
def test_a_table_that_differs_from_the_code_is_noticed(
    any_database: Database, statement: str
) -> None:
    change(any_database, statement)

    assert migrate.drift(any_database) != []


def test_a_downgrade_takes_every_table_away_and_an_upgrade_brings_them_back(
    any_database: Database,
) -> None:
    everything = migrate.missing(any_database)
    downgrade(any_database)

    assert inspect(any_database.engine).get_table_names() == ["alembic_version"]
    assert len(migrate.missing(any_database)) > len(everything)

    migrate.upgrade(any_database)
    assert migrate.missing(any_database) == []
    assert migrate.drift(any_database) == []


def test_two_processes_may_prepare_a_database_at_once(new_database: NewDatabase) -> None:
    database = new_database(migrated=False)
    url = database.url.render_as_string(hide_password=False)
    other = subprocess.Popen(
        [sys.executable, "-c", _PREPARES, url],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"

    other.stdin.write("go\n")
    other.stdin.flush()
    try:
        migrate.upgrade(database)
    finally:
        _, said = other.communicate(timeout=60)

    assert other.returncode == 0, said
    assert migrate.missing(database) == []


@pytest.mark.parametrize("ask", [migrate.is_new, migrate.missing, migrate.upgrade, migrate.drift])
def test_a_server_that_is_away_is_said_to_be(
    postgres: PostgresServer, ask: Callable[[Database], object]
) -> None:
    database = Database(postgres.url("no_such_database"))

    with pytest.raises(DatabaseUnavailable):
        ask(database)

    database.close()
