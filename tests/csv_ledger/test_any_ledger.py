"""Whatever way a ledger is written, it is read back as it was."""

import csv
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.csv_ledger import read_ledger
from models.errors import LedgerUnreadable
from models.ledger import InvoiceRow

_DATE_FORMS = {
    "iso": "{d:%Y-%m-%d}",
    "compact": "{d:%Y%m%d}",
    "dotted": "{d.day}.{d.month}.{d.year}",
    "day_first": "{d.day}/{d.month}/{d.year}",
    "month_first": "{d.month:02}/{d.day:02}/{d.year}",
    "named": "{d.day}-{d:%b}-{d.year}",
}
_GROUPS = {".": ("", ",", " ", "'"), ",": ("", ".", " ", "\u00a0")}

ids = st.text(st.sampled_from("0123456789ABCxyz/-_#"), min_size=1, max_size=12).filter(
    lambda text: text[0] != "-" and text.strip() == text
)
days = st.dates(date(2001, 1, 1), date(2060, 12, 31))


@dataclass(frozen=True)
class Way:
    """One way to write a ledger down."""

    delimiter: str
    encoding: str
    dates: str
    mark: str
    group: str
    end: str

    def day(self, day: date) -> str:
        return _DATE_FORMS[self.dates].format(d=day)

    def amount(self, amount: Decimal) -> str:
        return f"{amount:,.2f}".replace(",", "g").replace(".", self.mark).replace("g", self.group)


@st.composite
def ways(draw: st.DrawFn) -> Way:
    mark = draw(st.sampled_from(".,"))
    return Way(
        delimiter=draw(st.sampled_from(",;\t|")),
        encoding=draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])),
        dates=draw(st.sampled_from(sorted(_DATE_FORMS))),
        mark=mark,
        group=draw(st.sampled_from(_GROUPS[mark])),
        end=draw(st.sampled_from(["\n", "\r\n", "\r"])),
    )


@st.composite
def ledgers(draw: st.DrawFn) -> list[InvoiceRow]:
    """Invoices of different ids; the first is due on a 28th, which decides the order of dates."""
    rows = [
        InvoiceRow(
            id=invoice_id,
            number=invoice_id,
            customer_id=draw(ids),
            currency=draw(st.sampled_from(["EUR", "USD", "JPY"])),
            amount=draw(st.decimals("0.01", "99999999.99", places=2)),
            issued_on=(issued := draw(days)),
            due_on=issued + timedelta(days=draw(st.integers(0, 400))),
            purchase_order=draw(st.sampled_from(["", "Bestellung Ü-1", 'a "b"', "x;y,z|\tw"])),
        )
        for invoice_id in draw(st.lists(ids, unique=True, max_size=8))
    ]
    decides = InvoiceRow(
        id="decides",
        number="decides",
        customer_id="C",
        currency="EUR",
        amount=Decimal("1.50"),
        issued_on=date(2026, 2, 1),
        due_on=date(2026, 2, 28),
    )
    return [decides, *rows]


def written(rows: list[list[str]], way: Way) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=way.delimiter, lineterminator=way.end)
    writer.writerow(
        ["Invoice #", "Customer No", "Ccy", "Total", "Issue Date", "Due Date", "PO", "Memo"]
    )
    writer.writerows(rows)
    return text.getvalue().encode(way.encoding)


def cells(row: InvoiceRow, way: Way, memo: str) -> list[str]:
    return [
        row.id,
        row.customer_id,
        row.currency,
        way.amount(row.amount),
        way.day(row.issued_on),
        way.day(row.due_on),
        row.purchase_order,
        memo,
    ]


@contextmanager
def stored(content: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.csv"
        path.write_bytes(content)
        yield path


@given(ledgers(), ways())
@settings(deadline=None)
def test_every_ledger_reads_back_equal_in_whatever_way_it_was_written(
    rows: list[InvoiceRow], way: Way
) -> None:
    with stored(written([cells(row, way, "Grüße") for row in rows], way)) as path:
        ledger = read_ledger(path)

    assert ledger.rejects == ()
    assert list(ledger.invoices) == rows


@given(ways(), st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=12))
@settings(deadline=None)
def test_a_reject_names_the_line_where_its_row_starts(
    way: Way, rows: list[tuple[bool, int]]
) -> None:
    good = InvoiceRow("", "", "C", "EUR", Decimal("1.50"), date(2026, 2, 1), date(2026, 2, 28))
    table, expected, line = [], [], 2
    for number, (bad, newlines) in enumerate(rows):
        row = cells(good, way, "ä" + "\n" * newlines)
        row[0] = "" if bad else f"I{number}"
        table.append(row)
        expected += [line] if bad else []
        line += 1 + newlines

    with stored(written(table, way)) as path:
        ledger = read_ledger(path)

    assert [reject.line for reject in ledger.rejects] == expected


_PIECES = st.sampled_from(
    [
        b"Invoice Number,Customer,Currency,Amount,Invoice Date,Due Date\n",
        b"Customer ID;Name;Email\n",
        b"Invoice\tAmount\tPayment Date\n",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b'"',
        b"\n",
        b"\r",
        b",",
        b";",
        b"1,A,EUR,10.00,2026-01-01,2026-02-01\n",
        b"9" * 50,
        b"4/6/2013,",
        b"\x81",
        b"\0",
    ]
)


@given(st.lists(st.one_of(_PIECES, st.binary(max_size=30)), max_size=12).map(b"".join))
@settings(deadline=None, max_examples=400)
def test_any_bytes_are_a_ledger_or_refused_as_unreadable(content: bytes) -> None:
    with stored(content) as path, suppress(LedgerUnreadable):
        read_ledger(path, currency="EUR")


@given(
    ledgers(),
    ways(),
    st.lists(st.tuples(st.integers(0, 5000), st.binary(max_size=4), st.integers(0, 3)), max_size=5),
)
@settings(deadline=None)
def test_a_damaged_ledger_is_read_as_far_as_it_goes_or_refused(
    rows: list[InvoiceRow], way: Way, damage: list[tuple[int, bytes, int]]
) -> None:
    content = bytearray(written([cells(row, way, "x") for row in rows], way))
    for place, other, length in damage:
        start = place % len(content)
        content[start : start + length] = other

    with stored(bytes(content)) as path, suppress(LedgerUnreadable):
        ledger = read_ledger(path)
        assert all(reject.reason and reject.line > 1 for reject in ledger.rejects)
