"""Servers and databases that the tests share."""

import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from models import search_attributes
from store import migrate
from store.database import Database
from tests.harness import Harness, a_firm


def program(name: str) -> str:
    """A program that came with the packages, beside this Python."""
    return str(Path(sys.executable).parent / name)


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
    """A time-skipping server of the test's own, with our search attributes."""
    env = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=program("temporal-test-server"),
        data_converter=pydantic_data_converter,
    )
    async with env:
        await env.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=env.client.namespace,
                search_attributes={
                    key.name: IndexedValueType.ValueType(key.indexed_value_type)
                    for key in search_attributes.ALL
                },
            )
        )
        yield env


@pytest.fixture(scope="session")
async def dev_server() -> AsyncIterator[WorkflowEnvironment]:
    """The real server, on the real clock, shared by all tests of this process.

    It suggests continuing as new after 40 events, which makes that cheap to reach.
    """
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=program("temporal"),
        data_converter=pydantic_data_converter,
        search_attributes=search_attributes.ALL,
        dev_server_extra_args=[
            "--dynamic-config-value",
            "limit.historyCount.suggestContinueAsNew=40",
        ],
        dev_server_log_level="error",
    )
    async with env:
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
