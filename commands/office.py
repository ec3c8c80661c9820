"""What a command works with: settings, the database, and Temporal when it is needed."""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from datetime import UTC, date, datetime
from types import TracebackType
from typing import Annotated, Any, Self, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from integrations.temporal.connection import connect
from integrations.temporal.follow_ups import FollowUps
from models.errors import FollowUpClosed, TemporalUnavailable, WrongUse
from models.settings import Settings, load_settings
from store import lookup, migrate
from store.database import Database
from store.lookup import Found

T = TypeVar("T")
_PATIENCE_SECONDS = 3.0

AsJson = Annotated[bool, typer.Option("--json", help="Print data for scripts.")]


def parse_day(text: str) -> date:
    """The day that somebody wrote as 2026-03-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date; write it as 2026-03-31") from None


Day = Annotated[date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD")]


class Office(AbstractAsyncContextManager["Office"]):
    """One command's connections, opened when first asked for and closed at its end."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or load_settings()
        self._database: Database | None = None
        self._follow_ups: FollowUps | None = None

    @property
    def database(self) -> Database:
        """The database, known to be up to date; one that is new is set up.

        Raises:
            WrongUse: migrations are missing.
            DatabaseUnavailable: it does not answer.
        """
        if self._database is None:
            database = Database(self.settings.database_url)
            if migrate.is_new(database):
                migrate.upgrade(database)
            if migrate.missing(database):
                raise WrongUse(
                    f"The database {database.url.render_as_string()} is not up to date. "
                    "Run: starter.py prepare"
                )
            self._database = database
        return self._database

    def find(self, named: str) -> Found:
        """The invoice of that id or number, with its follow-up's row.

        Raises:
            InvoiceUnknown, NotFollowedUp: there is none, or several have that number.
        """
        with self.database.reading() as session:
            return lookup.find(session, named)

    async def follow_ups(self) -> FollowUps:
        """The follow-ups on the Temporal server.

        Raises:
            TemporalUnavailable: it does not answer.
        """
        if self._follow_ups is None:
            self._follow_ups = FollowUps(await connect(), self.settings.task_queue)
        return self._follow_ups

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._database is not None:
            self._database.close()
        if self._follow_ups is not None:
            # The SDK's threads outlive the loop for a moment; leaving before them aborts the
            # process now and then.
            await asyncio.sleep(0.5)


def in_office(work: Callable[[Office], Coroutine[Any, Any, T]]) -> T:
    """Run a command's work in an office of its own."""

    async def session() -> T:
        async with Office() as office:
            return await work(office)

    return asyncio.run(session())


def say(text: str) -> None:
    """One line to the person at the terminal."""
    Console(highlight=False, soft_wrap=True).print(text, markup=False, emoji=False)


def print_json(data: object) -> None:
    """Data for scripts on standard output."""
    json.dump(data, sys.stdout, default=str, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


async def business_now(office: Office, invoice_ids: Sequence[str]) -> datetime:
    """What time it is by the clock of the first of these follow-ups: all of a database share one.

    Where there is none, or no worker can say, the real time.
    """
    for invoice_id in invoice_ids[:1]:
        with suppress(TemporalUnavailable, FollowUpClosed, TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                state = await (await office.follow_ups()).state(invoice_id)
            return state.clock.business(datetime.now(UTC))
    return datetime.now(UTC)


def print_facts(lines: Iterable[tuple[str, str]]) -> None:
    """What there is to know, line by line; a heading stands once for all lines in a row."""
    table = Table(show_header=False, box=None)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    before = ""
    for heading, text in lines:
        table.add_row("" if heading == before else heading, Text(text))
        before = heading
    Console().print(table)
