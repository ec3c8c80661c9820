"""Columns that more than one table has."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Enum as SqlEnum
from sqlalchemy import Table
from sqlmodel import Field, SQLModel

from models.column_types import Amount, Instant


def table_of(rows: type[SQLModel]) -> Table:
    """The table behind `rows`, for statements about columns: they make no object of a row."""
    return SQLModel.metadata.tables[str(rows.__tablename__)]


def words(kind: type[StrEnum]) -> Any:
    """The words themselves as text: a new word needs no migration, a wrong one is refused."""
    return SqlEnum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def money(*, nullable: bool = False) -> Any:
    """An amount of money in whatever currency stands beside it."""
    return Field(sa_type=Amount, nullable=nullable)


def moment(*, nullable: bool = False, index: bool = False) -> Any:
    """A moment, in UTC; a nullable one is empty until told otherwise."""
    if nullable:
        return Field(default=None, sa_type=Instant, nullable=True, index=index)
    return Field(sa_type=Instant, nullable=False, index=index)
