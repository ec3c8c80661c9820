"""Rows of a file of payments."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from integrations.csv_ledger import words
from integrations.csv_ledger.cells import Cells, Values
from integrations.csv_ledger.fields import INVOICE_NAMED_BY, Field
from integrations.csv_ledger.layout import Refused
from integrations.csv_ledger.ledger import Row
from integrations.csv_ledger.seen import Seen
from integrations.csv_ledger.tally import Tally
from models.ledger import PaymentRow
from models.vocabulary import Method


class Payments:
    """Reads one row after the other of a file of payments."""

    def __init__(self, cells: Cells, tally: Tally) -> None:
        self._cells, self._tally = cells, tally
        layout = cells.layout
        self._invoice_field = next(filter(layout.has, INVOICE_NAMED_BY))
        self._invoice = cells.id_of(self._invoice_field)
        self._id = cells.id_of(Field.PAYMENT_ID)
        self._amount = cells.amount_of(Field.AMOUNT)
        self._paid_on = cells.date_of(Field.PAID_ON)
        self._method = cells.word_of(Field.METHOD, words.method_of)
        self._currency = cells.currency_of()
        self._seen = Seen()
        self._made_up: Counter[str] = Counter()

    def read(self, line: int, values: Values) -> Sequence[Row]:
        """The row's payment; nothing when the row repeats an earlier one.

        Raises:
            Refused: the row cannot be taken.
        """
        invoice_id = self._invoice(values)
        if not invoice_id:
            raise Refused(self._invoice_field, "", "is missing. Fill in the invoice that was paid.")
        paid_on = self._paid_on(values)
        if paid_on is None:
            raise Refused(Field.PAID_ON, "", "is missing. Fill in the day the money arrived.")
        amount, symbol = self._money(values)
        said = self._id(values)
        payment = PaymentRow(
            id=said or self._made_up_id(invoice_id, paid_on, amount),
            invoice_id=invoice_id,
            currency=self._currency(values, symbol),
            amount=amount,
            received_on=paid_on,
            method=self._method(values) or Method.OTHER,
        )
        return [payment] if self._is_new(line, payment) else []

    def _money(self, values: Values) -> tuple[Decimal, str]:
        money = self._amount(values)
        if money is None:
            raise Refused(Field.AMOUNT, "", "is missing. Fill in what was paid.")
        if money[0] <= 0:
            raise Refused(
                Field.AMOUNT,
                str(money[0]),
                "is no payment. Report a reversal to the invoice's follow-up instead.",
            )
        return money

    def _made_up_id(self, invoice_id: str, paid_on: date, amount: Decimal) -> str:
        # Equal rows without ids count as two payments: chasing what is paid is the worse mistake.
        made_up = f"{invoice_id}/{paid_on.isoformat()}/{amount.normalize():f}"
        self._made_up[made_up] += 1
        again = self._made_up[made_up]
        return made_up if again == 1 else f"{made_up}/{again}"

    def _is_new(self, line: int, payment: PaymentRow) -> bool:
        try:
            new = self._seen.admit(payment.id, line, payment)
        except ValueError as reason:
            raise Refused(Field.PAYMENT_ID, payment.id, str(reason)) from reason
        if not new:
            column = self._cells.layout.name(Field.PAYMENT_ID)
            self._tally.add("Rows that repeat an earlier one, dropped", column, line, payment.id)
        return new
