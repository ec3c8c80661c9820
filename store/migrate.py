"""Bringing the database to the shape that this version needs."""

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

from store.database import Database

_ONE_AT_A_TIME = 7_233_001
_SCRIPTS = Path(__file__).parent.parent / "migrations"


def upgrade(database: Database) -> None:
    """Apply every migration that is missing. Does nothing on a database that is up to date."""
    with database.connection(for_writing=True) as connection:
        if not database.is_sqlite:  # where a writing transaction is alone by itself
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
        command.upgrade(_config(connection), "head")
        connection.commit()


def missing(database: Database) -> list[str]:
    """The migrations that the database still lacks, oldest first.

    A database that a newer version has migrated lacks nothing: migrations leave the version
    before them able to work, so that workers can be replaced one by one.
    """
    with database.connection(for_writing=False) as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
        scripts = ScriptDirectory.from_config(_config(connection))
        ours = [script.revision for script in scripts.walk_revisions()]
        if any(head not in ours for head in heads):
            return []
        applied = {one.revision for head in heads for one in scripts.walk_revisions("base", head)}
        return [revision for revision in reversed(ours) if revision not in applied]


def is_new(database: Database) -> bool:
    """True for a database that holds nothing yet."""
    with database.connection(for_writing=False) as connection:
        return not inspect(connection).get_table_names()


def drift(database: Database) -> list[object]:
    """Differences between the tables in code and those in the database; empty when in step."""
    with database.connection(for_writing=False) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config
