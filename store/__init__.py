"""The database: the engine, its transactions, and queries by name."""
