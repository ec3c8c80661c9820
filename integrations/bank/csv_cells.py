"""Typed readings of a row of a bank's CSV, decided from all of its rows."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeVar

from integrations.bank.broken import Broken
from integrations.bank.csv_columns import Column
from integrations.bank.csv_mapping import BankMapping
from integrations.bank.csv_rows import Row, Table
from integrations.bank.csv_signs import Marks, Moved
from integrations.csv_ledger.amounts import AmountEvidence, Amounts
from integrations.csv_ledger.currencies import Currencies
from integrations.csv_ledger.dates import DAY_FIRST, MONTH_FIRST, DateEvidence, Dates

_T = TypeVar("_T")

DATES = (Column.BOOKED_ON, Column.VALUE_ON)
MOVES = (Column.AMOUNT, Column.CREDIT, Column.DEBIT)
_AMOUNTS = (*MOVES, Column.BALANCE, Column.ORIGINAL_AMOUNT)
_LONGEST = 60  # what is longer is no amount with a mark
_MARK_BESIDE = re.compile(
    r"(?P<number>.*[0-9].*?)\s*(?<![A-Z])(?P<mark>CR|DR|H|S)\.?", re.IGNORECASE
)


class Cells:
    """How this file's values are read."""

    def __init__(self, table: Table, rows: Sequence[Row], mapping: BankMapping) -> None:
        """Decide from all rows how dates and amounts are written.

        Raises:
            LedgerUnreadable: they could be read in two ways, or are written in two.
            Broken: nothing says the currency.
        """
        dates, amounts = DateEvidence(), AmountEvidence()
        for row in rows:
            for columns, evidence in ((DATES, dates), (_AMOUNTS, amounts)):
                for column in columns:
                    evidence.add(column, row.line, row[column])
        form = mapping.dates.format
        told = form if form in {DAY_FIRST, MONTH_FIRST} else None
        self._dates = Dates(form if form and told is None else dates.decide(told)[0])
        self._amounts = Amounts(amounts.decide(mapping.amounts.decimal)[0])
        self._currencies = Currencies(mapping.defaults.currency or table.currency)
        self._marks = Marks(mapping.credit_words, mapping.debit_words)
        two = Column.ORIGINAL_AMOUNT in table.columns
        own = Column.ORIGINAL_CURRENCY in table.columns
        self._foreign = Column.ORIGINAL_CURRENCY if own else Column.CURRENCY
        self._currency = Column.CURRENCY if own or not two else None
        says = self._currency is not None and self._currency in table.columns
        if not (says or mapping.defaults.currency or table.currency or amounts.has_symbol):
            raise Broken(
                table.line,
                "no column and no symbol says the currency. Give it in a mapping file: [defaults] "
                "currency.",
            )

    def moved(self, row: Row) -> tuple[Moved, str]:
        """What a row's columns of amounts say, and its currency."""
        money = {column: self._amount(row, column) for column in (*MOVES, Column.BALANCE)}
        stated = [one for column in MOVES if (one := money[column])]
        if not stated:
            raise Broken(
                row.line,
                "the row has no amount. Fill it in, or take the line out if it is no entry.",
            )
        cell = row[self._currency] if self._currency else ""
        currency = self._read(
            row, Column.CURRENCY, partial(self._currencies.of, cell), stated[0][1]
        )
        amount, credit, debit, balance = (one and one[0] for one in money.values())
        mark = row[Column.SIGN]
        is_credit = self._marks.is_credit(mark, row.line) if mark else None
        return Moved(row.line, amount, credit, debit, is_credit, balance), currency

    def day(self, row: Row, column: Column) -> date | None:
        """A day, None where the cell is empty."""
        return self._read(row, column, self._dates.__getitem__, row[column])

    def original(self, row: Row) -> tuple[Decimal | None, str]:
        """Amount and currency before conversion, where the row tells of one."""
        found = self._amount(row, Column.ORIGINAL_AMOUNT)
        if found is None or not found[0]:
            return None, ""
        return abs(found[0]), row[self._foreign].upper()

    def _amount(self, row: Row, column: Column) -> tuple[Decimal, str] | None:
        text = row[column]
        if not text:
            return None
        # In a ledger CR is what a customer is owed, in a bank's file money that came in.
        beside = _MARK_BESIDE.fullmatch(text) if len(text) <= _LONGEST else None
        if beside is None:
            return self._read(row, column, self._amounts.read, text)
        amount, symbol = self._read(row, column, self._amounts.read, beside["number"])
        is_credit = self._marks.is_credit(beside["mark"], row.line)
        return (abs(amount) if is_credit else -abs(amount)), symbol

    @staticmethod
    def _read(row: Row, column: Column, read: Callable[[str], _T], text: str) -> _T:
        try:
            return read(text)
        except ValueError as reason:
            remedy = str(reason).replace("with --currency", "in a mapping file")
            raise Broken(row.line, f"{column} {text[:40]!r} {remedy}") from None
