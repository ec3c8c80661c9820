import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.csv_ledger import LedgerFile, Reject, read_ledger, write_rejects
from integrations.csv_ledger.rejects import _guarded, unguarded

HEADER = "Invoice Number,Customer ID,Currency,Amount,Invoice Date,Due Date,Memo"


def test_rejects_are_mended_and_imported_again(tmp_path: Path) -> None:
    first, second = tmp_path / "ledger.csv", tmp_path / "ledger.rejects.csv"
    first.write_text(
        f"{HEADER}\n"
        "1,C1,EUR,10.00,2026-03-01,2026-03-31,\n"
        '=2+3,@C2,EUR,?,2026-03-01,2026-03-31,"=HYPERLINK(1)\nand more"\n'
        "3,C1,EUR,1.00,2026-03-01,,'=kept\n",
        encoding="utf-8",
    )

    assert write_rejects(second, read_ledger(first).rejects) == 2
    mended = second.read_text(encoding="utf-8-sig").replace('"?"', '"7.00"')
    second.write_text(mended, encoding="utf-8-sig")
    again = read_ledger(second)

    assert [(invoice.id, invoice.customer_id) for invoice in again.invoices] == [("=2+3", "@C2")]
    assert [reject.cells[6] for reject in again.rejects] == ["'=kept"]


def test_the_file_of_rejects_says_line_column_and_reason_and_runs_no_formula(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.rejects.csv"
    header = ("Invoice Number", "Amount")

    write_rejects(path, [Reject(7, "Amount", "=1+1", "is no amount.", header, ("-5", "=1+1"))])

    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["Invoice Number", "Amount", "reject_line", "reject_column", "reject_reason"],
            ["-5", "'=1+1", "7", "Amount", "is no amount."],
        ]


def test_rejects_of_rejects_do_not_gather_columns(tmp_path: Path) -> None:
    first, second, third = (tmp_path / name for name in ("a.csv", "b.csv", "c.csv"))
    first.write_text(f"{HEADER}\n1,C1,EUR,?,2026-03-01,2026-03-31,+1+1\n", encoding="utf-8")

    write_rejects(second, read_ledger(first).rejects)
    write_rejects(third, read_ledger(second).rejects)

    assert third.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("text", "column", "value"),
    [
        ("Payment ID,Invoice Number,Amount,Currency,Payment Date\nP,7,1,EUR,2026-03-01\n", 1, "7"),
        ("Customer ID,Contact Name,Email\nC1,Lee,lee@aster.example\n", 0, "C1"),
        (f"{HEADER}\n1,C1,EUR,10.00,2026-03-01,2026-03-31,\n", 1, "C1"),
    ],
)
def test_an_entry_that_is_refused_later_names_the_column_of_its_owner(
    tmp_path: Path, text: str, column: int, value: str
) -> None:
    path = tmp_path / "ledger.csv"
    path.write_text(text, encoding="utf-8")
    file = LedgerFile(path)
    [entry] = file.entries()

    reject = file.refuse(entry, "is not known.")

    header, cells = (tuple(line.split(",")) for line in text.splitlines())
    assert reject == Reject(2, header[column], value, "is not known.", header, cells)


def test_without_rejects_no_file_is_written(tmp_path: Path) -> None:
    assert write_rejects(tmp_path / "none.csv", []) == 0
    assert not (tmp_path / "none.csv").exists()


@given(st.text(alphabet="'=+-@\t\n\r0a1.,", max_size=6))
def test_every_cell_survives_being_guarded(cell: str) -> None:
    guarded = _guarded(cell)

    assert unguarded([guarded]) == [cell]
    assert guarded[:1] not in {"=", "@", "\t", "\r"}
