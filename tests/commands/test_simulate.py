"""The command, on ledgers written here and on a real one if that is at hand."""

import csv
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from commands.simulate import simulate
from models.errors import LedgerUnreadable, PolicyInvalid, WrongUse
from tests.domain.plain_chase import Plain, chase

ROOT = Path(__file__).parent.parent.parent
STANDARD = ROOT / "policies" / "standard.toml"
SETTLED_LEDGER = ROOT.parent / "shared" / "data" / "ledgers" / "ibm_late_payment.csv"

LEDGER = """\
invoice,customer id,issue date,due date,amount,currency,paid on
A,ACME,2026-01-31,2026-03-02,5000.00,USD,2026-03-18
B,ACME,2026-01-31,2026-03-02,800.00,USD,2026-03-04
C,BOLT,2026-02-10,2026-03-12,300.00,USD,2026-02-20
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.csv"
    path.write_text(LEDGER)
    return path


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: object, policy: Path = STANDARD) -> str:
    app = typer.Typer()
    app.command()(simulate)
    told = [str(argument) for argument in arguments]
    result = CliRunner().invoke(app, [*told, "--policy", str(policy)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def found(*arguments: object, policy: Path = STANDARD) -> dict[str, Any]:
    answer = json.loads(run(*arguments, "--json", policy=policy))
    assert isinstance(answer, dict)
    return answer


def test_the_answer_has_its_keys_and_the_figures_worked_out_by_hand(ledger: Path) -> None:
    answer = found(ledger)

    # A: 27 February, 3, 10 and 17 March; B goes along twice; C is paid before anybody writes.
    assert answer["invoices"] == 3
    assert answer["messages_by_stage"] == {"pre_due": 1, "due": 1, "early": 2, "final": 0}
    assert answer["messages_by_month"] == {"2026-01": 0, "2026-02": 1, "2026-03": 3}
    assert answer["calls"] == 1
    assert answer["calls_by_month"] == {"2026-01": 0, "2026-02": 0, "2026-03": 1}
    assert answer["paid_before_contact"] == 1
    assert answer["messages_before_consolidation"] == 6
    assert answer["messages_after_consolidation"] == 4
    assert answer["max_messages_per_customer_day"] == 1
    # 28 February: 5,800 of the 6,100 sold within 90 days are open.
    assert answer["dso_by_month"] == {"2026-01-31": 90.0, "2026-02-28": 85.57}
    assert answer["ageing_by_month"]["2026-02-28"] == {
        "current": "5800.00",
        "early": "0.00",
        "late": "0.00",
        "critical": "0.00",
    }
    assert (answer["from"], answer["to"]) == ("2026-01-31", "2026-03-18")
    assert (answer["held"], answer["open_at_end"], answer["rejected_rows"]) == ({}, 0, 0)


def test_a_period_can_be_told(ledger: Path) -> None:
    answer = found(ledger, "--from", "2026-03-01", "--to", "2026-03-31")

    assert answer["invoices"] == 2
    # The reminder that was up on the Friday before leaves on the first Monday, 2 March; the due
    # notice then keeps its distance until the 5th.
    assert answer["messages_by_month"] == {"2026-03": 4}
    assert list(answer["dso_by_month"]) == ["2026-03-31"]
    assert answer["dso_by_month"]["2026-03-31"] == 0.0


def test_dso_is_nothing_in_a_quarter_without_sales(ledger: Path) -> None:
    answer = found(ledger, "--from", "2026-07-01", "--to", "2026-07-31")

    assert answer["dso_by_month"] == {"2026-07-31": None}


def test_several_currencies_stand_side_by_side(ledger: Path) -> None:
    with ledger.open("a") as file:
        file.write("D,BOLT,2026-02-10,2026-03-12,70000,JPY,2026-03-12\n")

    answer = found(ledger, "--to", "2026-02-28")

    assert answer["dso_by_month"]["2026-02-28"] == {"JPY": 90.0, "USD": 85.57}
    assert answer["ageing_by_month"]["2026-02-28"]["current"] == {"JPY": "70000", "USD": "5800.00"}


def test_the_policy_decides(ledger: Path, tmp_path: Path) -> None:
    policy = tmp_path / "one.toml"
    policy.write_text(
        'name = "one"\nversion = 1\n[[steps]]\nid = "late"\noffset = 10\nstage = "late"\n'
        'template = "first_notice"\n'
    )

    answer = found(ledger, policy=policy)

    assert answer["messages_by_stage"] == {"late": 1}
    assert answer["paid_before_contact"] == 2


def test_rates_beside_the_policy_are_used(ledger: Path, tmp_path: Path) -> None:
    ledger.write_text(LEDGER.replace("USD", "JPY"))
    policy = tmp_path / "standard.toml"
    policy.write_text(STANDARD.read_text())
    unknown = found(ledger, policy=policy)
    (tmp_path / "exchange_rates.toml").write_text("[rates]\nJPY = 0.0065\n")
    known = found(ledger, policy=policy)

    # An amount that cannot be compared counts as large: somebody has to sign.
    assert (unknown["held"], unknown["messages_after_consolidation"]) == ({"needs_approval": 2}, 0)
    assert (known["held"], known["messages_after_consolidation"]) == ({}, 4)
    assert known["calls"] == 0  # 5,000 yen are not worth one


def test_the_tables_show_letters_dso_and_ages(ledger: Path) -> None:
    shown = run(ledger)

    for words in ("paid before any letter", "pre due", "2026-03", "DSO", "85.6", "5,800.00", "█"):
        assert words in shown


def test_rows_that_cannot_be_taken_are_told(ledger: Path) -> None:
    with ledger.open("a") as file:
        file.write("E,ACME,2026-02-30,2026-03-12,300.00,USD,\n")

    assert "Rows that could not be taken: 1." in run(ledger)
    assert found(ledger)["rejected_rows"] == 1


def test_what_is_wrong_is_said(ledger: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="swap the two"):
        run(ledger, "--from", "2026-03-01", "--to", "2026-02-01")
    with pytest.raises(PolicyInvalid, match="cannot be read"):
        run(ledger, policy=tmp_path / "absent.toml")
    with pytest.raises(LedgerUnreadable):
        run(tmp_path / "absent.csv")
    ledger.write_text(LEDGER.splitlines()[0])
    with pytest.raises(WrongUse, match="no row of it"):
        run(ledger)


# The ledger as published, 2,466 invoices of 100 customers, all settled.
needs_the_ledger = pytest.mark.skipif(not SETTLED_LEDGER.exists(), reason="the ledger is not here")


def _plain() -> Iterator[Plain]:
    def day(text: str) -> date:
        return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007 - a date without a time

    with SETTLED_LEDGER.open() as file:
        for row in csv.DictReader(file):
            yield Plain(
                customer=row["customerID"],
                issued=day(row["InvoiceDate"]),
                due=day(row["DueDate"]),
                paid=day(row["SettledDate"]),
            )


@needs_the_ledger
def test_a_real_ledger_comes_out_as_in_plain_dates(tmp_path: Path) -> None:
    invoices = list(_plain())
    letters = chase(invoices)
    # Plain dates know nothing of how anybody pays: nobody counts as surely late here.
    whoever = tmp_path / "standard.toml"
    whoever.write_text(f"{STANDARD.read_text()}\n[behaviour]\nmin_invoices = 1_000_000\n")

    answer = found(SETTLED_LEDGER, policy=whoever)

    assert answer["invoices"] == len(invoices) == 2466
    assert answer["messages_after_consolidation"] == len(letters)
    assert answer["messages_before_consolidation"] == sum(count for _, _, count in letters)
    assert answer["messages_by_stage"] == Counter(stage for _, stage, _ in letters)
    assert Counter(answer["messages_by_month"]) == Counter(f"{day:%Y-%m}" for day, _, _ in letters)
    assert answer["paid_before_contact"] == sum(invoice.step < 0 for invoice in invoices)
    assert answer["max_messages_per_customer_day"] == 1
    assert answer["calls"] == 0  # no invoice of it comes to the 1,000 from which one calls
    assert answer["open_at_end"] == 0


@needs_the_ledger
def test_a_real_ledger_stands_at_month_ends_as_its_rows_add_up() -> None:
    with SETTLED_LEDGER.open() as file:
        rows = list(csv.DictReader(file))
    answer = found(SETTLED_LEDGER)

    for month_end in ("2012-06-30", "2013-03-31", "2013-12-31"):
        end = datetime.fromisoformat(month_end)
        still_open = sales = late = Decimal(0)
        for row in rows:
            issued, due, paid = (
                datetime.strptime(row[name], "%m/%d/%Y")  # noqa: DTZ007 - a date without a time
                for name in ("InvoiceDate", "DueDate", "SettledDate")
            )
            amount = Decimal(row["InvoiceAmount"])
            if timedelta(0) <= end - issued < timedelta(days=90):
                sales += amount
            if issued <= end < paid:
                still_open += amount
                late += amount if end > due else 0
        ages = {tier: Decimal(text) for tier, text in answer["ageing_by_month"][month_end].items()}
        assert sum(ages.values()) == still_open
        assert sum(ages.values()) - ages["current"] == late
        assert answer["dso_by_month"][month_end] == float(round(still_open / sales * 90, 2))


@needs_the_ledger
def test_a_real_ledger_takes_less_than_ten_seconds() -> None:
    program = "import typer; from commands.simulate import simulate; typer.run(simulate)"
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", program, SETTLED_LEDGER, "--policy", STANDARD, "--json"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    assert time.perf_counter() - begun < 10
