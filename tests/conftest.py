"""Servers and databases that the tests share."""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from store import migrate
from store.database import Database
from tests import servers
from tests.harness import Harness, a_firm


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return path


@pytest.fixture
def database(empty_database: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own."""
    shutil.copy(empty_database, tmp_path / "dunlin.db")
    database = Database(f"sqlite:///{tmp_path / 'dunlin.db'}")
    yield database
    database.close()


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server of the test's own."""
    async with servers.time_skipping() as env:
        yield env


@pytest.fixture(scope="session")
async def dev_server() -> AsyncIterator[WorkflowEnvironment]:
    """The real server, on the real clock, shared by all tests of this process.

    It suggests continuing as new after 40 events, which makes that cheap to reach.
    """
    async with servers.dev(suggest_continue_as_new_after=40) as env:
        yield env


@pytest.fixture
async def quick_firm(
    dev_server: WorkflowEnvironment, database: Database, begins: date
) -> AsyncIterator[Harness]:
    """A firm on the real server that lives a day in a second. Its invoices need ids of their own,
    because the server is shared."""
    async with a_firm(dev_server, database, begins, seconds_a_day=1) as harness:
        yield harness


@pytest.fixture
def begins() -> date:
    """The firm's first day; tests override it."""
    return date(2026, 2, 16)


@pytest.fixture
def country() -> str:
    """The firm's country; tests override it."""
    return "US"


@pytest.fixture
async def firm(
    skipping: WorkflowEnvironment, database: Database, begins: date, country: str
) -> AsyncIterator[Harness]:
    """A firm at work, without customers."""
    async with a_firm(skipping, database, begins, country) as harness:
        yield harness
