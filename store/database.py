"""The database: one engine, its transactions, and threads to wait for it in."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from models.errors import DatabaseUnavailable

T = TypeVar("T")
_LOCK_WAIT_SECONDS = 5
_LOCK_RETRY_SECONDS = 0.02
_POSTGRES_CONNECTIONS = 8
# Names and addresses would stand in errors, which are logged and which Temporal keeps.
_HIDE_PARAMETERS = True


class Database:
    """Facts in SQLite or PostgreSQL.

    `reading()` and `writing()` are transactions: they commit at the end of the block and roll
    back when it raises. On SQLite a writing transaction takes the write lock when it begins, so
    what it reads stays true until it commits. `read` and `write` do the same for callers on an
    event loop, with one hop to a thread per transaction.

    Raises (every method):
        DatabaseUnavailable: the database is away, or stayed locked.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgres_engine(self.url)
        # SQLite has one writer: a single thread queues for it without ever meeting its lock.
        threads = 1 if self.is_sqlite else _POSTGRES_CONNECTIONS
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="database")

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads."""
        with self._session(for_writing=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that may write."""
        with self._session(for_writing=True) as session:
            yield session

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a reading transaction on a thread of the database's own."""
        return await self._on_thread(self._within, self.reading, work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a writing transaction on a thread of the database's own."""
        return await self._on_thread(self._within, self.writing, work)

    def close(self) -> None:
        """Finish what runs and let every connection go."""
        self._threads.shutdown(wait=True)
        self.engine.dispose()

    @staticmethod
    def _within(transaction: Callable[[], Any], work: Callable[[Session], T]) -> T:
        with transaction() as session:
            return work(session)

    async def _on_thread(self, call: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call, *args)

    @contextmanager
    def connection(self, *, for_writing: bool) -> Iterator[Connection]:
        """A bare connection, for what is about the database itself."""
        try:
            with self.engine.connect() as connection:
                connection.info["for_writing"] = for_writing
                yield connection
        except (OperationalError, InterfaceError) as away:
            raise DatabaseUnavailable(f"The database does not answer: {away.orig}") from away

    @contextmanager
    def _session(self, *, for_writing: bool) -> Iterator[Session]:
        with (
            self.connection(for_writing=for_writing) as connection,
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            session.commit()


def _sqlite_engine(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        folder = Path(url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUnavailable(
                f"The database has no place: {folder} cannot be made ({error})."
            ) from error
    engine = create_engine(
        url,
        hide_parameters=_HIDE_PARAMETERS,
        connect_args={"timeout": _LOCK_WAIT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where `_begin` says, not by guess
        _keep_a_write_ahead_log(connection)
        for pragma in (
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "cache_size=-64000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        mode = "IMMEDIATE" if connection.info.get("for_writing") else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _keep_a_write_ahead_log(connection: Any) -> None:
    """SQLite refuses this at once while another process does the same: it must be asked again."""
    give_up_at = monotonic() + _LOCK_WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if monotonic() > give_up_at:
                raise
            sleep(_LOCK_RETRY_SECONDS)
        else:
            return


def _postgres_engine(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=_HIDE_PARAMETERS,
        pool_size=_POSTGRES_CONNECTIONS,
        max_overflow=4,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": _LOCK_WAIT_SECONDS,
            "options": f"-c lock_timeout={_LOCK_WAIT_SECONDS}s",
        },
    )

    @event.listens_for(engine, "handle_error")
    def _quote_no_row(context: ExceptionContext) -> None:
        # The first line says what is wrong; the next ones show the row in question.
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args:
                error.args = (str(error.args[0]).partition("\n")[0],)

    return engine
