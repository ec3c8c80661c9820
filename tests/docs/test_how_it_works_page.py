"""docs/how-it-works.md lists the rules in the order in which they are asked, and the loops."""

from datetime import timedelta

from activities import matching, reading, telling
from domain.decide import RULES
from models.intake import IntakeOrder, intake_queue
from models.tables import __path__ as tables
from tests.docs.pages import ROOT, pages, rows, section, words

_PAGE = "docs/how-it-works.md"


def test_the_rules_stand_in_their_order_with_the_files_they_are_in() -> None:
    listed = [words(row[1])[0] for row in rows(section(_PAGE, "The rules in their order"))]

    assert listed == [f"{rule.__module__.replace('.', '/')}.py" for rule in RULES]


def test_every_file_of_tables_is_named() -> None:
    [folder] = tables
    files = {path.name for path in ROOT.joinpath(folder).glob("*.py")} - {
        "__init__.py",
        "columns.py",
    }

    assert all(f"`models/tables/{name}`" in pages()[_PAGE] for name in files)


def test_the_intake_is_as_the_page_says() -> None:
    said = section(_PAGE, "The intake")

    assert f"`{intake_queue('{queue}')}`" in said
    assert f"up to {reading._AT_ONCE} events" in said
    assert f"{matching._TOGETHER} payments in a transaction" in said
    assert f"{telling._SIDE_BY_SIDE} invoices side by side" in said
    assert IntakeOrder().every == timedelta(seconds=30)
    assert "every half minute" in said
