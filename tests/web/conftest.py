"""A service that is called, and a firm whose intake reads what it keeps."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from models.errors import TemporalUnavailable
from store.database import Database
from tests.harness import Harness
from tests.postgres import any_database, engine, new_database, postgres
from tests.web.serving import Caller, serving

__all__ = ["any_database", "engine", "new_database", "postgres"]


async def nobody() -> Client:
    raise TemporalUnavailable("there is no server in this test")


@pytest.fixture
async def caller(database: Database) -> AsyncIterator[Caller]:
    """Calls a service that has a database and nobody to tell."""
    async with serving(database, nobody) as caller:
        yield caller


@pytest.fixture
async def billing(firm: Harness) -> AsyncIterator[Caller]:
    """Calls the service of a firm at work."""

    async def connected() -> Client:
        return firm.client

    await firm.start_intake()
    async with serving(firm.database, connected) as caller:
        yield caller
