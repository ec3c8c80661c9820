"""The databases that tests of the store run on."""

from tests.postgres import any_database, engine, new_database, postgres, shared_database

__all__ = ["any_database", "engine", "new_database", "postgres", "shared_database"]
