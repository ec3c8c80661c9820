"""Two published ledgers; the counts were taken with the csv module alone."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from integrations.csv_ledger import Ledger, read_ledger, read_mapping
from models.vocabulary import InvoiceStatus

_ROOT = Path(__file__).parents[2]
_LEDGERS = _ROOT.parent / "shared" / "data" / "ledgers"

pytestmark = pytest.mark.skipif(
    not _LEDGERS.is_dir(),
    reason="The published ledgers are not in the shared folder beside the project.",
)


def read(name: str, mapping: str) -> Ledger:
    return read_ledger(_LEDGERS / name, mapping=read_mapping(_ROOT / "docs" / "examples" / mapping))


def test_the_ibm_ledger_is_read_whole_as_a_settled_past() -> None:
    ledger = read("ibm_late_payment.csv", "ibm.toml")

    assert ledger.rejects == ()
    assert len(ledger.customers) == 100
    assert len(ledger.invoices) == len(ledger.payments) == 2466
    assert sum(invoice.amount for invoice in ledger.invoices) == Decimal("147703.18")
    assert len(ledger.disputed) == 561
    late = {invoice.id: invoice.due_on for invoice in ledger.invoices}
    assert sum(payment.received_on > late[payment.invoice_id] for payment in ledger.payments) == 877
    assert {invoice.status for invoice in ledger.invoices} == {InvoiceStatus.OPEN}
    assert ledger.invoices[0].id == "0000611365"


def test_the_ibm_ledger_says_its_own_date_order_and_strange_countries() -> None:
    ledger = read_ledger(_LEDGERS / "ibm_late_payment.csv", currency="USD")

    assert ledger.invoices == read("ibm_late_payment.csv", "ibm.toml").invoices
    assert "Dates are month-first: 'SettledDate' in line 2 is 1/15/2013." in ledger.notes
    assert {customer.country for customer in ledger.customers} == {""}
    assert any("also 406, 818, 897, 770" in note for note in ledger.notes)


def test_the_highradius_ledger_is_read_whole_as_open_items() -> None:
    ledger = read("highradius_open_items.csv", "highradius.toml")

    assert not ledger.rejects
    assert not ledger.payments
    assert len(ledger.invoices) == 9700
    assert len(ledger.customers) == 664
    assert Counter(invoice.currency for invoice in ledger.invoices) == {"USD": 8953, "CAD": 747}
    owed = Counter[str]()
    for invoice in ledger.invoices:
        owed[invoice.currency] += int(invoice.amount * 100)
    assert owed == {"USD": 27_511_371_683, "CAD": 4_447_100_908}
    assert ledger.invoices[0].id == ledger.invoices[0].number == "1930571429"
    assert ledger.customers[0].id == "0200706844"
    assert any(
        "more than one name, of which the last was taken: 399" in note for note in ledger.notes
    )


def test_the_highradius_ledger_without_a_mapping_shows_what_the_mapping_mends() -> None:
    ledger = read_ledger(_LEDGERS / "highradius_open_items.csv")

    assert len(ledger.rejects) == 40
    assert all("before the issue date" in reject.reason for reject in ledger.rejects)
    assert any('strip = ".0"' in note for note in ledger.notes)
