"""Typed readings of a row's values, each bound to its place once and then called for every row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from integrations.csv_ledger.amounts import Amounts
from integrations.csv_ledger.currencies import Currencies
from integrations.csv_ledger.dates import Dates
from integrations.csv_ledger.fields import Field
from integrations.csv_ledger.ids import Ids
from integrations.csv_ledger.layout import Layout, Refused

Values = list[str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Cells:
    """How this file's values are to be read.

    Every reader that a method gives raises `Refused` for a value that cannot be read.
    """

    layout: Layout
    dates: Dates
    amounts: Amounts
    currencies: Currencies
    ids: Ids

    def text_of(self, field: Field) -> Callable[[Values], str]:
        """Reads the value as it stands."""
        place = self.layout.place(field)
        return lambda values: values[place]

    def id_of(self, field: Field) -> Callable[[Values], str]:
        """Reads an id, "" where there is none."""
        return self._bound(field, self.ids.clean)

    def date_of(self, field: Field) -> Callable[[Values], date | None]:
        """Reads a date, None where there is none."""
        return self._bound(field, self.dates.__getitem__)

    def amount_of(self, field: Field) -> Callable[[Values], tuple[Decimal, str] | None]:
        """Reads an amount and its symbol, None where there is no amount."""
        read = self.amounts.read
        return self._bound(field, lambda text: read(text) if text else None)

    def word_of(self, field: Field, read: Callable[[str], T]) -> Callable[[Values], T | None]:
        """Reads a word through `read`, None where there is no word."""
        return self._bound(field, lambda text: read(text) if text else None)

    def currency_of(self) -> Callable[[Values, str], str]:
        """Reads the currency, given the symbol beside the amount."""
        place = self.layout.place(Field.CURRENCY)

        def read(values: Values, symbol: str) -> str:
            try:
                return self.currencies.of(values[place], symbol)
            except ValueError as reason:
                raise Refused(Field.CURRENCY, values[place] or symbol, str(reason)) from reason

        return read

    def _bound(self, field: Field, read: Callable[[str], T]) -> Callable[[Values], T]:
        place = self.layout.place(field)
        if not self.layout.has(field):
            nothing = read("")
            return lambda _: nothing

        def bound(values: Values) -> T:
            try:
                return read(values[place])
            except ValueError as reason:
                raise Refused(field, values[place], str(reason)) from reason

        return bound
