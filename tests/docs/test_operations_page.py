"""docs/operations.md knows every check, task and flag."""

import re

from sqlmodel import SQLModel

from models import tables
from models.tables import Customer
from models.vocabulary import TaskKind
from tests.docs.pages import ROOT, blocks, rows, section, words

_PAGE = "docs/operations.md"
_TABLES = {
    rows.__tablename__: rows
    for rows in vars(tables).values()
    if isinstance(rows, type) and issubclass(rows, SQLModel)
}


def test_every_check_of_the_doctor_is_explained() -> None:
    listed = [row[0] for row in rows(section(_PAGE, "First: the doctor"))]
    source = (ROOT / "commands" / "doctor.py").read_text()

    made = re.findall(r'(?:Finding|_try)\("([a-z ]+)"', source)
    assert set(listed) == set(made)


def test_every_kind_of_task_is_explained() -> None:
    listed = [words(row[0])[0] for row in rows(section(_PAGE, "Tasks"))]

    assert listed == [kind.value for kind in TaskKind]


def test_every_flag_is_a_column() -> None:
    listed = [word for row in rows(section(_PAGE, "Flags of a customer")) for word in words(row[0])]

    assert set(listed) <= set(Customer.model_fields)


def test_every_query_names_tables_and_columns_that_exist() -> None:
    for block in blocks("sql"):
        for query in block.text.strip().removesuffix(";").split(";"):
            [table] = re.findall(r"(?:FROM|UPDATE) (\w+)", query)
            columns = re.findall(r"(?:SET|WHERE|AND|BY|,|SELECT)\s+(\w+)\b(?!\()", query)

            assert columns
            assert set(columns) <= set(_TABLES[table].model_fields), query
