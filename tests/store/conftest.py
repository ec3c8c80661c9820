"""The databases that tests of the store run on."""

from collections.abc import Iterator

import pytest
from sqlmodel import Session

from store.database import Database
from tests.postgres import any_database, engine, new_database, postgres, shared_database, undone

__all__ = ["any_database", "blank", "engine", "new_database", "postgres", "shared_database"]


@pytest.fixture
def blank(shared_database: Database) -> Iterator[Session]:
    """A transaction on an empty database that leaves nothing behind: for a story that needs one
    transaction, it costs a tenth of a database of its own."""
    with undone(shared_database) as session:
        yield session
