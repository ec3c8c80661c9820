"""docs/cash.md says how money is matched as the rules do, and shows what the commands say."""

import re
import shlex
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain import combinations, holds, matching
from domain.match_reasons import CERTAIN, SCORES
from domain.policy_text import parse_cash_rules
from models.matching import CashRules
from models.vocabulary import CashState, CreditKind
from store import cash_application, statements
from tests.commands.terminal import Terminal
from tests.docs.keys import keys
from tests.docs.pages import blocks, pages, rows, section, words

_PAGE = "docs/cash.md"
_SHOWN = re.compile(
    r"^```sh\n(python starter\.py [^\n]+)\n```\n```\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
_LEDGER = [
    ("INV-1042", "ACME", "Acme Inc.", "250.00"),
    ("INV-1043", "BOLT", "Bolt Ltd", "1200.00"),
    ("INV-1044", "CORE", "Core GmbH", "800.00"),
]


@pytest.fixture
def office(tmp_path: Path, empty_database: Path) -> Terminal:
    """A terminal as wide as the page, with the page's statement and three invoices."""
    told = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "COLUMNS": "124"}
    terminal = Terminal(tmp_path / "office", **told)
    shutil.copy(empty_database, terminal.folder / "dunlin.db")
    due = date(2026, 3, 9)
    ledger = [
        {
            "Invoice": number,
            "Customer ID": customer,
            "Customer": name,
            "Email": f"ap@{customer}.example",
            "Country": "US",
            "Issued": due - timedelta(days=30),
            "Due Date": due,
            "Amount": amount,
            "Currency": "USD",
            "Status": "open",
        }
        for number, customer, name, amount in _LEDGER
    ]
    assert terminal("import", terminal.write("ledger.csv", ledger)).status == 0
    [statement] = [block.text for block in blocks("csv") if block.page == _PAGE]
    (terminal.folder / "march.csv").write_text(statement, encoding="utf-8")
    return terminal


def test_the_commands_say_what_the_page_shows(office: Terminal) -> None:
    shown = _SHOWN.findall(pages()[_PAGE])

    assert len(shown) == 4
    for line, wanted in shown:
        said = office(*shlex.split(line)[2:])
        lines = [
            one.rstrip() for one in said.out.splitlines() if "The intake cannot be told" not in one
        ]
        assert lines == wanted.splitlines(), line


def test_the_ways_are_listed_by_their_scores() -> None:
    listed = [(words(row[1])[0], int(row[0])) for row in rows(section(_PAGE, "How it is found"))]

    assert listed == sorted(SCORES.items(), key=lambda one: -one[1])
    assert f"from {CERTAIN} on it is certain" in section(_PAGE, "How it is found")


def test_every_key_is_listed_with_what_it_takes_and_its_default() -> None:
    listed = rows(section(_PAGE, "`cash.toml`"))

    assert [tuple(row[:3]) for row in listed] == keys(CashRules)
    assert all(row[3] for row in listed)


def test_the_example_of_the_file_can_be_read() -> None:
    [example] = [block.text for block in blocks("toml") if block.page == _PAGE]

    assert parse_cash_rules(example, _PAGE).set_aside


def test_every_state_is_explained() -> None:
    listed = rows(section(_PAGE, "What has become of it"))

    assert [words(row[0])[0] for row in listed] == [state.value for state in CashState]


def test_every_credit_that_money_brings_is_named() -> None:
    said = words(section(_PAGE, "Less or more than what is open"))

    assert {CreditKind.DISCOUNT, CreditKind.FEE, CreditKind.SMALL_REST} <= set(said)


def test_the_bounds_are_those_of_the_rules() -> None:
    found, back = section(_PAGE, "How it is found"), section(_PAGE, "Money that goes back")

    assert f"the oldest {combinations._MOST_ITEMS} " in found
    assert f"after {combinations._MOST_STEPS:,} steps" in found
    assert f"offers {matching._MOST_CANDIDATES} at most" in found
    assert f"at most {statements._TAKEN_BACK_WITHIN.days} days" in back
    minutes = cash_application._PROVIDERS_TAKE / timedelta(minutes=1)
    assert {10: "ten"}[int(minutes)] + " minutes later" in pages()[_PAGE]
    assert holds._TENTH * 10 == 1
    assert "it is a tenth" in section(_PAGE, "What unplaced money does to a chase")
