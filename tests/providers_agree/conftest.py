"""Providers that both roads lead from, and a database to tell."""

from tests.registers.conftest import open_at
from tests.store.conftest import blank, engine, postgres, shared_database

__all__ = ["blank", "engine", "open_at", "postgres", "shared_database"]
