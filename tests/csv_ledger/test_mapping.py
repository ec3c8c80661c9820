from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.csv_ledger import Field, Kind, Mapping, read_ledger, read_mapping
from models.errors import LedgerUnreadable
from models.vocabulary import InvoiceStatus

WHOLE = """
kind = "invoices"

[columns]
invoice_id = "doc"
customer_id = "who"
amount = "sum"
issued_on = "from"
due_on = "to"
status = "state"
country = ""

[defaults]
currency = "USD"
language = "German"
segment = "retail"

[dates]
format = "%Y%m%d"

[amounts]
decimal = ","

[ids]
strip = ".0"

[values.status]
Beglichen = "paid"
"1" = "open"
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_mapping_gives_a_file_of_unknown_headers_its_meaning(tmp_path: Path) -> None:
    ledger_file = tmp_path / "ledger.csv"
    ledger_file.write_text(
        "doc;who;sum;from;to;state;country\n"
        "77.0;C1;1.234;20260301;20260331;BEGLICHEN;DE\n"
        "78.0;C1;12,50;20260301;20260331;1;DE\n",
        encoding="utf-8",
    )

    ledger = read_ledger(ledger_file, mapping=read_mapping(written(tmp_path, WHOLE)))

    first, second = ledger.invoices
    assert (first.id, first.amount, first.due_on) == ("77", Decimal(1234), date(2026, 3, 31))
    assert [first.status, second.status] == [InvoiceStatus.PAID, InvoiceStatus.OPEN]
    assert first.currency == "USD"
    assert (ledger.customers[0].language, ledger.customers[0].segment) == ("de", "retail")
    assert ledger.customers[0].country == ""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[columns]\nduedate = 'x'", "columns.duedate"),
        ("[columns]\ndue_on = 3", "columns.due_on"),
        ("[column]\ndue_on = 'x'", "column: Extra inputs"),
        ("kind = 'bills'", "kind: "),
        ("[defaults]\ncurrency = 'EURS'", "currency: 'EURS' is not known"),
        ("[defaults]\ncountry = 'Atlantis'", "country: 'Atlantis' is not known"),
        ("[defaults]\nstatus = 'payd'", "status: 'payd' is no known status"),
        ("[defaults]\ndue_on = '2026-01-01'", "due_on differs in every row"),
        ("[defaults]\nterms = 'NAA8'", "terms: 'NAA8' is not known"),
        ("[dates]\nformat = 'american'", "dates.format: 'american' is neither"),
        ("[amounts]\ndecimal = ';'", "amounts.decimal"),
        ("[ids]\ncut = '.0'", "ids.cut"),
        ("[values.status]\nBeglichen = 'payd'", "status: 'payd' is no known status"),
        ("[values.disputed]\nX = 'perhaps'", "disputed: 'perhaps' is neither yes nor no"),
        ("[columns", "is no TOML"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_by_file_and_key(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(LedgerUnreadable) as refused:
        read_mapping(written(tmp_path, text))

    assert str(refused.value).startswith(str(tmp_path / "mapping.toml"))
    assert problem in str(refused.value)


def test_a_mapping_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnreadable, match="No such file"):
        read_mapping(tmp_path / "none.toml")


@pytest.mark.parametrize("example", ["ibm.toml", "highradius.toml"])
def test_the_examples_in_the_docs_are_valid(example: str) -> None:
    assert read_mapping(Path(__file__).parents[2] / "docs" / "examples" / example) != Mapping()


def test_the_reference_names_every_field_and_kind() -> None:
    reference = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")

    assert [name for name in (*Field, *Kind) if f"`{name}`" not in reference] == []
