"""The databases that an outage is tried on."""

from tests.postgres import any_database, engine, new_database, postgres

__all__ = ["any_database", "engine", "new_database", "postgres"]
