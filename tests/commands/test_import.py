"""A ledger is taken in as often as it comes, and running follow-ups hear what changed in it."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from commands.take_in import _MOVED, _UNKNOWN_CUSTOMER, _UNKNOWN_INVOICE
from tests.commands.shop import Shop, bill
from tests.commands.terminal import Terminal

TODAY = datetime.now(UTC).date()
NEW = {"new": 1, "changed": 0, "unchanged": 0, "left_out": []}
KNOWN = {"new": 0, "changed": 0, "unchanged": 1, "left_out": []}
NOTHING = {"new": 0, "changed": 0, "unchanged": 0, "left_out": []}


def payment(invoice: str, payment_id: str, amount: str = "1200.00") -> dict[str, object]:
    return {
        "Payment ID": payment_id,
        "Invoice Number": invoice,
        "Payment Date": TODAY,
        "Amount": amount,
        "Currency": "USD",
    }


def refused(terminal: Terminal, name: str) -> list[tuple[str, str, str, str]]:
    """Line, column, value and reason of what stands in the reject file."""
    place = terminal.folder / f"{name}.rejects.csv"
    with place.open(encoding="utf-8-sig", newline="") as file:
        return [
            (
                row["reject_line"],
                row["reject_column"],
                row[row["reject_column"]],
                row["reject_reason"],
            )
            for row in csv.DictReader(file)
        ]


def total_open(terminal: Terminal) -> Decimal:
    return sum(
        (Decimal(one["open"]) for one in terminal("status", "--json").data["open"]), Decimal(0)
    )


def test_a_ledger_comes_in_and_the_second_time_changes_nothing(nowhere: Terminal) -> None:
    file = nowhere.write("ledger.csv", [bill("INV-1"), bill("INV-2", Status="paid")])

    first = nowhere("import", file, "--json")
    again = nowhere("import", file, "--json")

    assert (first.status, again.status) == (0, 0)
    assert first.data["customers"] == first.data["contacts"] == NEW
    assert first.data["invoices"] == NEW | {"new": 2}
    assert first.data["payments"] == NOTHING
    assert (first.data["rejected"], first.data["reject_file"]) == (0, None)
    assert again.data["customers"] == again.data["contacts"] == KNOWN
    assert again.data["invoices"] == KNOWN | {"unchanged": 2}


def test_what_was_done_is_said_in_words(nowhere: Terminal) -> None:
    file = nowhere.write("ledger.csv", [bill("INV-1")])

    said = nowhere("import", file)

    assert said.status == 0
    lines = said.out.splitlines()
    assert "It holds invoices." in lines
    assert "customers: 1 new, 0 changed, 0 unchanged." in lines
    assert "invoices: 1 new, 0 changed, 0 unchanged." in lines
    assert not any(line.startswith("payments") for line in lines)


def test_rows_that_cannot_be_taken_are_written_out_to_be_mended(nowhere: Terminal) -> None:
    bad = bill("INV-2", Amount="much")
    file = nowhere.write("ledger.csv", [bill("INV-1"), bad])

    said = nowhere("import", file)

    place = nowhere.folder / "ledger.rejects.csv"
    assert said.status == 0
    assert "1 rows were refused" in said.out
    assert str(place) in said.out
    assert "line 3, Amount: 'much'" in said.out
    with place.open(encoding="utf-8-sig", newline="") as rejects:
        [refused] = csv.DictReader(rejects)
    assert (refused["Invoice"], refused["Amount"]) == ("INV-2", "much")

    place.write_text(place.read_text(encoding="utf-8").replace("much", "10.00"), encoding="utf-8")
    mended = nowhere("import", place, "--json")
    assert mended.data["invoices"] == NEW
    assert nowhere("status", "--json").data["open"] == [
        {"status": "not_followed_up", "currency": "USD", "invoices": 2, "open": "5010.0000"}
    ]


def test_rejects_go_where_they_are_wanted(nowhere: Terminal, tmp_path: Path) -> None:
    file = nowhere.write("ledger.csv", [bill("INV-2", Amount="much")])
    place = tmp_path / "elsewhere.csv"

    said = nowhere("import", file, "--rejects", place, "--json")

    assert (said.data["rejected"], said.data["reject_file"]) == (1, str(place))
    assert place.exists()


def test_rejects_that_cannot_be_written_are_said_and_the_rest_is_in(
    nowhere: Terminal, tmp_path: Path
) -> None:
    file = nowhere.write("ledger.csv", [bill("INV-1"), bill("INV-2", Amount="much")])

    said = nowhere("import", file, "--rejects", tmp_path / "no" / "such" / "folder.csv")

    assert said.status == 1
    assert "The other rows were taken in, but the 1 refused ones cannot be written" in said.err
    assert nowhere("status", "INV-1").status in {0, 1}
    assert "not in the register" not in nowhere("status", "INV-1").err


def test_payments_find_their_invoice_by_its_number_once(nowhere: Terminal) -> None:
    rows = [
        bill(id_) | {"Invoice ID": id_, "Invoice Number": number}
        for id_, number in (("a1", "2026/1"), ("a2", "2026/2"), ("a3", "2026/2"))
    ]
    for row in rows:
        del row["Invoice"]
    nowhere("import", nowhere.write("ledger.csv", rows))
    file = nowhere.write(
        "payments.csv", [payment("2026/1", "P-1"), payment("2026/2", "P-2"), payment("9", "P-3")]
    )

    first = nowhere("import", file, "--json")
    again = nowhere("import", file, "--json")
    told = nowhere("import", file)

    assert first.data["payments"] == NEW | {"left_out": ["P-2", "P-3"]}
    assert again.data["payments"] == KNOWN | {"left_out": ["P-2", "P-3"]}
    assert "2 payments name an unknown invoice and were left out." in told.out
    assert refused(nowhere, "payments") == [
        ("3", "Invoice Number", "2026/2", _UNKNOWN_INVOICE),
        ("4", "Invoice Number", "9", _UNKNOWN_INVOICE),
    ]
    [total] = nowhere("status", "--json").data["open"]
    assert total["open"] == "13800.0000"


def test_what_the_last_of_several_exports_says_is_what_is_open(nowhere: Terminal) -> None:
    def take(paid: str, day: str, **more: str) -> Decimal:
        row = bill("INV-1", Amount="1000.00", **{"Amount Paid": paid, "Payment Date": day}, **more)
        file = nowhere.write("ledger.csv", [row])
        nowhere("import", file)
        again = nowhere("import", file, "--json").data
        assert again["invoices"] == KNOWN
        assert (again["payments"]["new"], again["unplaced"]) == (0, [])
        return total_open(nowhere)

    assert take("400.00", "2026-03-01") == 600
    assert take("700.00", "2026-03-10") == 300
    nowhere("import", nowhere.write("payments.csv", [payment("INV-1", "P-1", "100.00")]))
    assert total_open(nowhere) == 200
    assert take("1000.00", "2026-03-20") == 0
    assert take("1000.00", "2026-03-20", Status="paid") == 0


def test_money_that_cannot_be_placed_is_said(nowhere: Terminal) -> None:
    nowhere("import", nowhere.write("ledger.csv", [bill("INV-1")]))
    rows = [payment("INV-1", "P-1", "6000.00"), payment("INV-1", "P-2") | {"Currency": "EUR"}]

    said = nowhere("import", nowhere.write("payments.csv", rows))

    assert (
        "2 payments are more than was open, or in another currency than their invoice. "
        "A person has to place the rest: P-1, P-2." in said.out
    )
    data = nowhere("import", nowhere.write("more.csv", [payment("INV-1", "P-3")]), "--json").data
    assert data["unplaced"] == ["P-3"]


def test_people_of_an_unknown_customer_are_rejected_with_their_place(nowhere: Terminal) -> None:
    nowhere("import", nowhere.write("ledger.csv", [bill("INV-1")]))
    people = [
        {"Customer ID": id_, "Contact Name": "Lee", "Email": f"lee@{id_}.example", "Role": "CFO"}
        for id_ in ("ACME", "BOLT")
    ]

    said = nowhere("import", nowhere.write("people.csv", people), "--json")

    assert said.data["contacts"] == NEW | {"left_out": ["BOLT"]}
    assert refused(nowhere, "people") == [("3", "Customer ID", "BOLT", _UNKNOWN_CUSTOMER)]


def test_an_invoice_that_names_another_customer_than_before_is_rejected(nowhere: Terminal) -> None:
    nowhere("import", nowhere.write("ledger.csv", [bill("INV-1")]))
    moved = bill("INV-1", **{"Customer ID": "BOLT", "Payment Date": TODAY, "Status": "disputed"})

    said = nowhere(
        "import", nowhere.write("moved.csv", [bill("INV-2") | {"Payment Date": ""}, moved])
    )

    assert "1 invoices name another customer than before and were left as they are." in said.out
    assert "marked as disputed" not in said.out
    assert refused(nowhere, "moved") == [("3", "Customer ID", "BOLT", _MOVED)]
    assert total_open(nowhere) == 10_000


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("shoe,size\nred,42\n", "Cannot tell what the file holds"),
        ("", "has no header"),
        ("Invoice,Customer,Issued,Due,Amount\n1,Acme,2026-01-01,2026-02-01,5\n", "--currency"),
    ],
)
def test_a_file_that_makes_no_sense_as_a_whole_is_refused(
    nowhere: Terminal, text: str, says: str
) -> None:
    file = nowhere.folder / "ledger.csv"
    file.write_text(text, encoding="utf-8")

    said = nowhere("import", file)

    assert said.status == 2
    assert says in said.err
    assert "Traceback" not in said.err


def test_a_changed_amount_reaches_the_running_follow_up(shop: Shop) -> None:
    invoice = shop.follow()

    said = shop.take(bill(invoice, Amount="4321.00"))

    assert "1 running follow-ups were told of changes." in said.out
    shop.wait_for(invoice, "invoice_changed")
    assert shop.state(invoice)["amount_open"] == "4321.0000"
    assert shop.take(bill(invoice, Amount="4321.00")).out.count("told of changes") == 0


def test_a_void_ends_the_follow_up(shop: Shop) -> None:
    invoice = shop.follow()

    shop.take(bill(invoice, Status="void"))

    shop.wait_for(invoice, "voided")
    said = shop("status", invoice)
    assert said.out == f"Invoice {invoice} is closed: voided. It was voided.\n"
    assert shop.story(invoice)[:3] == ["opened", "not_yet", "invoice_changed"]
    assert set(shop.story(invoice)[3:]) == {"voided"}


def test_a_payment_in_a_file_ends_the_follow_up(shop: Shop) -> None:
    invoice = shop.follow()

    shop.take(payment(invoice, f"P-{invoice}", "5000.00"))

    shop.wait_for(invoice, "paid")
    assert shop.state(invoice)["outcome"] == "paid"


def test_an_invoice_that_comes_as_disputed_is_held_from_the_start(shop: Shop) -> None:
    invoice = shop.follow(Status="disputed")

    shop.wait_for(invoice, "disputed")
    assert shop.story(invoice) == ["opened", "dispute_opened", "disputed"]
    assert shop.state(invoice)["status"] == "disputed"
    assert f"Invoice {invoice} is disputed already, since " in shop("dispute", invoice).err


def test_without_a_server_the_scan_is_left_to_tell(shop: Shop) -> None:
    invoice = shop.follow()
    away = shop.terminal.but(TEMPORAL_ADDRESS="127.0.0.1:1")
    file = shop.terminal.write("changed.csv", [bill(invoice, Amount="4000.00")])

    said = away("import", file)
    assert said.status == 0
    assert "No Temporal server answers: the daily scan will tell 1 follow-ups" in said.out

    counts = shop("backfill", "--json").data
    assert counts["changed"] == 1
    shop.wait_for(invoice, "invoice_changed")
    assert shop.state(invoice)["amount_open"] == "4000.0000"
