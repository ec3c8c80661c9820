"""The database server that a test takes away."""

from tests.postgres import postgres

__all__ = ["postgres"]
