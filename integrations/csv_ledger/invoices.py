"""Rows of invoices, with the payment that settled one and the dispute that marks it."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from sys import intern

from integrations.csv_ledger import words
from integrations.csv_ledger.cells import Cells, Values
from integrations.csv_ledger.fields import INVOICE_NAMED_BY, Field
from integrations.csv_ledger.layout import Refused
from integrations.csv_ledger.ledger import DisputeMark, Row
from integrations.csv_ledger.parties import Parties
from integrations.csv_ledger.seen import Seen
from integrations.csv_ledger.tally import Tally
from integrations.csv_ledger.terms import days_of
from models.ledger import InvoiceRow, PaymentRow
from models.vocabulary import InvoiceStatus, Method

_ZERO = Decimal(0)


class Invoices:
    """Reads one row after the other of a file of invoices."""

    def __init__(self, cells: Cells, parties: Parties, tally: Tally) -> None:
        self._cells, self._parties, self._tally = cells, parties, tally
        layout = cells.layout
        self._id_field = next(filter(layout.has, INVOICE_NAMED_BY))
        self._id, self._number = cells.id_of(self._id_field), cells.id_of(Field.NUMBER)
        self._amount = cells.amount_of(Field.AMOUNT)
        self._open = cells.amount_of(Field.AMOUNT_OPEN)
        self._paid = cells.amount_of(Field.AMOUNT_PAID)
        self._currency = cells.currency_of()
        self._issued = cells.date_of(Field.ISSUED_ON)
        self._due = cells.date_of(Field.DUE_ON)
        self._paid_on = cells.date_of(Field.PAID_ON)
        self._status = cells.word_of(Field.STATUS, words.invoice_status)
        self._is_open = cells.word_of(Field.IS_OPEN, words.yes_or_no)
        self._is_disputed = cells.word_of(Field.DISPUTED, words.yes_or_no)
        self._kind = cells.text_of(Field.DOCUMENT_TYPE)
        self._terms = cells.text_of(Field.TERMS)
        self._order = cells.text_of(Field.PURCHASE_ORDER)
        self._link = cells.text_of(Field.PAYMENT_LINK)
        self._method = cells.word_of(Field.METHOD, words.method_of)
        self._seen = Seen()

    def read(self, line: int, values: Values) -> Sequence[Row]:
        """What the row says: customer and contacts where new, invoice, payment, dispute.

        Raises:
            Refused: the row cannot be taken.
        """
        if (kind := self._kind(values)) and (refused := words.refused_document(kind)):
            raise Refused(
                Field.DOCUMENT_TYPE,
                kind,
                f"is a {refused}, not an invoice. {_REMEDIES.get(refused, _LEAVE_OUT)}",
            )
        invoice_id = self._id(values)
        if not invoice_id:
            raise Refused(
                self._id_field, "", "is missing. Every invoice needs a number of its own."
            )
        customer_id = self._parties.customer_id(values)
        issued, due = self._days(values)
        status, disputed = self._standing(values)
        invoice, payment = self._money(values, invoice_id, customer_id, issued, due, status)
        if not self._is_new(line, invoice_id, (invoice, payment, disputed)):
            return ()
        rows: list[Row] = [*self._parties.changes(line, values, customer_id), invoice]
        if payment is not None:
            rows.append(payment)
        if disputed:
            rows.append(DisputeMark(invoice_id))
        return rows

    def _days(self, values: Values) -> tuple[date, date]:
        issued, due = self._issued(values), self._due(values)
        if issued is None:
            raise Refused(
                Field.ISSUED_ON, "", "is missing. Fill in the day the invoice was issued."
            )
        if due is None:
            due = self._due_by_terms(values, issued)
        if due < issued:
            raise Refused(
                Field.DUE_ON,
                due.isoformat(),
                f"is before the issue date {issued.isoformat()}. Correct one of them.",
            )
        return issued, due

    def _due_by_terms(self, values: Values, issued: date) -> date:
        terms = self._terms(values)
        if not terms:
            raise Refused(
                Field.DUE_ON,
                "",
                "is missing, and no terms say it. Fill it in, or give terms as net 30.",
            )
        days = days_of(terms)
        if days is None:
            raise Refused(
                Field.TERMS,
                terms,
                "do not say in how many days the invoice is due. Fill in the due date, or "
                "translate the terms under [values.terms], such as to net 30.",
            )
        return issued + timedelta(days=days)

    def _money(
        self,
        values: Values,
        invoice_id: str,
        customer_id: str,
        issued: date,
        due: date,
        status: InvoiceStatus,
    ) -> tuple[InvoiceRow, PaymentRow | None]:
        amount, still_open, paid, symbol = self._amounts(values)
        currency = self._currency(values, symbol)
        paid_on = self._paid_on(values)
        payment = None
        still_open = _balance(amount, still_open, paid, is_dated=paid_on is not None)
        if still_open == _ZERO or status is InvoiceStatus.PAID:
            still_open = _ZERO
            status = InvoiceStatus.PAID if status is InvoiceStatus.OPEN else status
        if paid_on is not None and still_open == _ZERO:
            payment = self._settlement(
                values, invoice_id, currency, amount if paid is None else paid, paid_on
            )
            # The payment settles the invoice, so that a past ledger can be lived through again.
            still_open = None
            status = InvoiceStatus.OPEN if status is InvoiceStatus.PAID else status
        number = self._number(values) or invoice_id
        # One string for both, where they are equal, saves 60 bytes an invoice.
        invoice = InvoiceRow(
            id=invoice_id,
            number=number if number != invoice_id else invoice_id,
            customer_id=customer_id,
            currency=currency,
            amount=amount,
            issued_on=issued,
            due_on=due,
            amount_open=still_open,
            status=status,
            purchase_order=self._order(values),
            terms=intern(self._terms(values)),
            payment_link=self._link(values),
        )
        return invoice, payment

    def _settlement(
        self, values: Values, invoice_id: str, currency: str, paid: Decimal, paid_on: date
    ) -> PaymentRow:
        # Day and sum are in the id: what is settled again after a reversal is another payment.
        return PaymentRow(
            id=f"{invoice_id}/settled/{paid_on.isoformat()}/{paid.normalize():f}",
            invoice_id=invoice_id,
            currency=currency,
            amount=paid,
            received_on=paid_on,
            method=self._method(values) or Method.OTHER,
            settles=True,
        )

    def _amounts(self, values: Values) -> tuple[Decimal, Decimal | None, Decimal | None, str]:
        """Whole, still open, paid; and the symbol beside the first of them that has one."""
        whole, still_open, paid = self._amount(values), self._open(values), self._paid(values)
        first = whole or still_open
        if first is None:
            raise Refused(Field.AMOUNT, "", "is missing. Fill in what the invoice comes to.")
        amount, symbol = first
        if amount <= 0:
            reason = _NEGATIVE if amount < 0 else "is zero, so that nothing is to be followed up."
            raise Refused(Field.AMOUNT if whole else Field.AMOUNT_OPEN, str(amount), reason)
        if still_open is not None and not 0 <= still_open[0] <= amount:
            raise Refused(
                Field.AMOUNT_OPEN,
                str(still_open[0]),
                f"is not between 0 and the invoice's {amount}. Correct one of them; book a "
                f"credit or a fee apart.",
            )
        if paid is not None and paid[0] < 0:
            raise Refused(Field.AMOUNT_PAID, str(paid[0]), "is negative. Report reversals apart.")
        symbol = symbol or (still_open or first)[1]
        return amount, still_open and still_open[0], paid and paid[0], symbol

    def _standing(self, values: Values) -> tuple[InvoiceStatus, bool]:
        """The status, and whether the invoice is marked as disputed."""
        said, disputed = self._status(values), bool(self._is_disputed(values))
        if said is not None:
            return said[0], disputed or said[1]
        closed = self._is_open(values) is False
        return InvoiceStatus.PAID if closed else InvoiceStatus.OPEN, disputed

    def _is_new(self, line: int, invoice_id: str, content: object) -> bool:
        column = self._cells.layout.name(self._id_field)
        try:
            new = self._seen.admit(invoice_id, line, content)
        except ValueError as reason:
            raise Refused(self._id_field, invoice_id, str(reason)) from reason
        if not new:
            self._tally.add("Rows that repeat an earlier one, dropped", column, line, invoice_id)
        return new


_NEGATIVE = (
    "is negative: credit notes are not followed up. Book it against its invoice and leave it out."
)
_LEAVE_OUT = "Leave it out of the file."
_REMEDIES = {
    "credit note": "Credit notes are not followed up: book it against its invoice.",
    "payment": "Import payments in a file of their own.",
}


def _balance(
    amount: Decimal, still_open: Decimal | None, paid: Decimal | None, *, is_dated: bool
) -> Decimal | None:
    """What is open by all that the row says; None when it says nothing of it.

    A day of payment alone means that the whole was paid.
    """
    if is_dated and paid == _ZERO:
        raise Refused(
            Field.AMOUNT_PAID,
            str(paid),
            "is zero, but the row has a payment date. Clear one of them.",
        )
    # Beside a day of payment, an open amount that equals the whole is the one before the payment.
    if still_open is not None and not (is_dated and still_open == amount):
        return still_open
    if paid is not None:
        return max(amount - paid, _ZERO)
    return _ZERO if is_dated else still_open
