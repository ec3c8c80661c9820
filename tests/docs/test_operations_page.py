"""docs/operations.md knows every check, task and flag."""

import re

from models.tables import Contact, Customer, Task
from models.vocabulary import TaskKind
from tests.docs.pages import ROOT, blocks, rows, section, words

_PAGE = "docs/operations.md"
_TABLES = {table.__tablename__: table for table in (Contact, Customer, Task)}


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
        [table] = re.findall(r"(?:FROM|UPDATE) (\w+)", block.text)
        columns = re.findall(r"(?:SET|WHERE|BY|,|SELECT) (\w+)", block.text)

        assert set(columns) <= set(_TABLES[table].model_fields), block.page
