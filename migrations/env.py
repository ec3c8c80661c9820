"""How Alembic reaches the database: through a connection that the caller opened."""

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401  (fills the metadata)


def run() -> None:
    """Apply migrations on the connection handed over in the configuration's attributes."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        # SQLite can, and two processes that read what is missing before either has begun could not.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
