from pathlib import Path

import pytest

from integrations.csv_ledger import read_ledger
from models.errors import LedgerUnreadable
from tests.csv_ledger.conftest import ReadText

HEADER = "Invoice Number,Customer ID,Customer Name,Currency,Amount,Invoice Date,Due Date"
ROW = "1,C1,Käse & Söhne,EUR,10.00,2026-03-01,2026-03-31"


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("cp1252", "Windows-1252, since it is not UTF-8"),
    ],
)
def test_the_encoding_is_found_and_stated(ledger_of: ReadText, encoding: str, note: str) -> None:
    ledger = ledger_of(f"{HEADER}\r\n{ROW}\r\n", encoding=encoding)

    assert ledger.customers[0].name == "Käse & Söhne"
    assert ledger.notes[0] == f"Read as {note}, separated by commas."


def test_one_wrong_byte_far_down_makes_the_whole_file_windows_1252(ledger_of: ReadText) -> None:
    rows = "\n".join(
        ROW.replace("1,C1", f"{i},C{i}").replace("ä", "a").replace("ö", "o") for i in range(40_000)
    )

    ledger = ledger_of(
        f"{HEADER}\n{rows}\nlast,CX,Müller,EUR,1,2026-03-01,2026-03-31", encoding="cp1252"
    )

    assert ledger.customers[-1].name == "Müller"


@pytest.mark.parametrize(
    ("delimiter", "name"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
def test_the_delimiter_is_found_and_stated(ledger_of: ReadText, delimiter: str, name: str) -> None:
    name_with_others = " ".join(sign for sign in ",;|" if sign != delimiter)
    text = f"{HEADER}\n{ROW}\n".replace(",", delimiter).replace("&", name_with_others)

    ledger = ledger_of(text)

    assert ledger.customers[0].name == f"Käse {name_with_others} Söhne"
    assert f"separated by {name}" in ledger.notes[0]


def test_lines_above_the_header_are_passed_over(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"sep=,\nOpen items\n\n{HEADER}\n{ROW}\n,,,,,,oops\n")

    assert len(ledger.invoices) == 1
    assert ledger.notes[0].endswith("with its header in line 4.")
    assert ledger.rejects[0].line == 6


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_numbers_stay_right_under_newlines_in_quotes(ledger_of: ReadText, end: str) -> None:
    memo = f'"first{end}second{end}third"'
    lines = [
        f"{HEADER},Memo",
        f"{ROW},{memo}",
        f"2,C1,X,EUR,?,2026-03-01,2026-03-31,{memo}",
        ",,,,x,,,",
    ]

    ledger = ledger_of(end.join(lines) + end)

    assert [reject.line for reject in ledger.rejects] == [5, 8]
    assert ledger.rejects[0].cells[-1] == f"first{end}second{end}third"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "has no header"),
        (b"\n\n\n", "has no header"),
        (b"PK\x03\x04rest", "is a spreadsheet"),
        (b"a,b\0c\n1,2\n", "is no text file"),
        (b"\xff\xfea\x00,\x00\x00\x00", "is no text"),
        (b"Invoice Number,\x81\x8d\n", "is no text"),
        (f'{HEADER}\n{ROW}\n2,"C1,never closed'.encode(), "quote"),
        (f'{HEADER}\n{ROW}\n2,"C1"x,a'.encode(), "line 3"),
        (f"{HEADER}\n{'x' * 200_000}\n".encode(), "field larger"),
    ],
)
def test_what_is_no_ledger_is_refused_as_a_whole(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    path = tmp_path / "ledger.csv"
    path.write_bytes(content)

    with pytest.raises(LedgerUnreadable, match=problem):
        read_ledger(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnreadable, match="No such file"):
        read_ledger(tmp_path / "none.csv")
    with pytest.raises(LedgerUnreadable, match="directory"):
        read_ledger(tmp_path)


def test_progress_rises_to_the_total_over_both_passes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    rows = "\n".join(ROW.replace("1,C1", f"{i},C1") for i in range(20_000))
    path.write_text(f"{HEADER}\n{rows}\n", encoding="utf-8")
    heard: list[tuple[int, int]] = []

    read_ledger(path, progress=lambda done, total: heard.append((done, total)))

    assert {total for _, total in heard} == {2 * path.stat().st_size}
    assert [done for done, _ in heard] == sorted(done for done, _ in heard)
    assert heard[-1][0] == heard[-1][1]
    assert len(heard) > 4
