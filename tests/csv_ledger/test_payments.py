from datetime import date
from decimal import Decimal

import pytest

from models.ledger import PaymentRow
from models.vocabulary import Method
from tests.csv_ledger.conftest import ReadText

HEADER = "Payment ID,Invoice Number,Amount,Currency,Payment Date,Method"
ROW = "P1,0042,50.00,EUR,2026-04-02,SEPA debit"


def test_a_file_of_payments(ledger_of: ReadText) -> None:
    ledger = ledger_of(f"{HEADER}\n{ROW}\n")

    assert ledger.payments == (
        PaymentRow("P1", "0042", "EUR", Decimal("50.00"), date(2026, 4, 2), Method.SEPA),
    )
    assert not ledger.customers
    assert not ledger.invoices


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("P2,,50.00,EUR,2026-04-02,", "Invoice Number"),
        ("P2,0042,,EUR,2026-04-02,", "Amount"),
        ("P2,0042,-50.00,EUR,2026-04-02,", "Amount"),
        ("P2,0042,50.00,EUR,,", "Payment Date"),
        ("P1,0042,51.00,EUR,2026-04-02,", "Payment ID"),
    ],
)
def test_a_payment_that_cannot_be_booked_is_rejected(
    ledger_of: ReadText, row: str, column: str
) -> None:
    ledger = ledger_of(f"{HEADER}\n{ROW}\n{row}\n")

    assert len(ledger.payments) == 1
    assert [(reject.line, reject.column) for reject in ledger.rejects] == [(3, column)]


def test_the_same_payment_twice_is_booked_once(ledger_of: ReadText) -> None:
    assert len(ledger_of(f"{HEADER}\n{ROW}\n{ROW}\n").payments) == 1


def test_equal_payments_without_ids_are_two_with_ids_that_stay_the_same(
    ledger_of: ReadText,
) -> None:
    text = "Invoice,Amount,Currency,Date\n42,50.00,EUR,2026-04-02\n42,50.0,EUR,2026-04-02\n"

    ids = [payment.id for payment in ledger_of(text).payments]

    assert ids == ["42/2026-04-02/50", "42/2026-04-02/50/2"]
    assert ids == [payment.id for payment in ledger_of(text).payments]
