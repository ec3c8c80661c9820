"""A ledger from a CSV file: looked through to decide how it is written, then read row by row."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from integrations.csv_ledger.amounts import AmountEvidence, Amounts
from integrations.csv_ledger.cells import Cells, Values
from integrations.csv_ledger.currencies import Currencies, meanings
from integrations.csv_ledger.dates import DAY_FIRST, MONTH_FIRST, DateEvidence, Dates
from integrations.csv_ledger.dialect import Dialect, Progress, dialect_of, records
from integrations.csv_ledger.fields import (
    AMOUNTS,
    CUSTOMER_NAMED_BY,
    DATES,
    FIELDS,
    INVOICE_NAMED_BY,
    Field,
    Kind,
)
from integrations.csv_ledger.headers import columns_of, kind_of, known_headers
from integrations.csv_ledger.ids import Ids
from integrations.csv_ledger.invoices import Invoices
from integrations.csv_ledger.layout import Layout, Refused
from integrations.csv_ledger.ledger import DisputeMark, Entry, Ledger, Row
from integrations.csv_ledger.mapping import Mapping
from integrations.csv_ledger.parties import Parties
from integrations.csv_ledger.payments import Payments
from integrations.csv_ledger.rejects import Reject, are_rejects, unguarded
from integrations.csv_ledger.tally import Tally
from models.errors import LedgerUnreadable
from models.ledger import ContactRow, CustomerRow, InvoiceRow, PaymentRow

Report = Callable[[int, int], None]

_WEIGHED_LATER = FIELDS[Kind.CUSTOMERS] | {Field.CURRENCY}


class LedgerFile:
    """One file, looked through: what it holds is decided, its rows can be read.

    `progress` hears of `(bytes_read, bytes_total)`; both passes over the file count.
    """

    def __init__(
        self,
        path: Path,
        *,
        mapping: Mapping | None = None,
        kind: Kind | None = None,
        day_first: bool | None = None,
        progress: Report | None = None,
    ) -> None:
        """Look the file through. `kind` and `day_first` go before what `mapping` says.

        Raises:
            LedgerUnreadable: the file as a whole cannot be read; the sentence names the remedy.
        """
        self._path = path
        self._mapping = mapping or Mapping()
        self._dialect = self._opened()
        self._mends_rejects = are_rejects(self._dialect.header)
        header = self._dialect.header
        columns = self._mapping.columns
        try:
            self.kind = kind or self._mapping.kind or kind_of(header, columns)
            self._layout = self._laid_out(header)
        except LedgerUnreadable as error:
            raise LedgerUnreadable(f"{path}: {error}") from error
        size = path.stat().st_size
        self._passes = [Progress(progress, 0, 2 * size), Progress(progress, size, 2 * size)]
        self._tally = Tally()
        self._decided = [str(self._dialect), f"It holds {self.kind}."]
        self._cells = self._look_through(day_first)

    @property
    def notes(self) -> list[str]:
        """What was decided and made up, in sentences; complete once `rows()` has ended."""
        notes = [*self._decided, *self._tally.sentences()]
        assumed = self._cells.currencies.assumed
        notes += [f"{symbol} was taken for {code}." for symbol, code in assumed.items()]
        shortened = self._cells.ids.spreadsheet_like
        if shortened:
            notes.append(
                f'Ids such as {shortened} end in ".0", as a spreadsheet leaves them. If they '
                f'should not, import with strip = ".0" under [ids] in a mapping file.'
            )
        return notes

    def rows(self) -> Iterator[Row]:
        """Everything the file says, in its order; can be called once.

        A customer or contact comes before the first invoice that needs it, and comes again whenever
        a later row says more of it or something else: the last one holds. Rows that are refused
        come as `Reject`.

        Raises:
            LedgerUnreadable: the file changed since it was looked through, or can be read no more.
        """
        for entry in self.entries():
            yield from entry.rows

    def entries(self) -> Iterator[Entry]:
        """The same record by record, for whom it matters where a row stands; can be called once.

        Raises:
            LedgerUnreadable: the file changed since it was looked through, or can be read no more.
        """
        read = self._row_reader()
        for line, record in self._records(1):
            found: Sequence[Row] = ()
            try:
                found = read(line, self._layout.values(record))
            except Refused as refused:
                if any(map(str.strip, record)):
                    found = (self._layout.reject(line, record, refused),)
            if found:
                yield Entry(line, tuple(record), tuple(found))

    def refuse(self, entry: Entry, reason: str) -> Reject:
        """An entry that turns out too late not to fit what is known: `reason` says why its invoice,
        in a file of payments, or else its customer is the wrong one."""
        named_by = INVOICE_NAMED_BY if self.kind is Kind.PAYMENTS else CUSTOMER_NAMED_BY
        field = next(filter(self._layout.has, named_by))
        return self._layout.reject(entry.line, entry.cells, Refused(field, "", reason))

    def _opened(self) -> Dialect:
        dialect = dialect_of(self._path, partial(known_headers, named=self._mapping.columns))
        if not are_rejects(dialect.header):
            return dialect
        header = tuple(unguarded(dialect.header))
        return Dialect(dialect.encoding, dialect.delimiter, header, dialect.header_ends)

    def _laid_out(self, header: tuple[str, ...]) -> Layout:
        mapping = self._mapping
        columns = columns_of(header, self.kind, mapping.columns, frozenset(mapping.defaults))
        # A default must not stand in for what a symbol or another row of the same customer says.
        others = {f: text for f, text in mapping.defaults.items() if f not in _WEIGHED_LATER}
        return Layout(header, columns, others, mapping.values)

    def _records(self, which: int) -> Iterator[tuple[int, list[str]]]:
        found = records(self._path, self._dialect, self._passes[which])
        if self._mends_rejects:
            return ((line, unguarded(record)) for line, record in found)
        return found

    def _look_through(self, day_first: bool | None) -> Cells:
        dates, amounts = DateEvidence(), AmountEvidence()
        self._survey(dates, amounts)
        try:
            form = self._date_form(dates, day_first)
            mark, why = amounts.decide(self._mapping.amounts.decimal)
        except LedgerUnreadable as error:
            raise LedgerUnreadable(f"{self._path}: {error}") from error
        self._decided += [why] if why else []
        self._decide_currency(has_symbol=amounts.has_symbol)
        self._decide_amount()
        return Cells(
            self._layout,
            Dates(form),
            Amounts(mark),
            Currencies(self._default_currency()),
            Ids(self._mapping.ids.strip),
        )

    def _survey(self, dates: DateEvidence, amounts: AmountEvidence) -> None:
        layout = self._layout.only((*DATES, *AMOUNTS))
        looks = [
            (layout.place(field), layout.name(field), evidence.add)
            for evidence, fields in ((dates, DATES), (amounts, AMOUNTS))
            for field in fields
            if layout.has(field)
        ]
        for line, record in self._records(0) if looks else ():
            try:
                values = layout.values(record)
            except Refused:
                continue
            for place, name, add in looks:
                add(name, line, values[place])

    def _date_form(self, evidence: DateEvidence, day_first: bool | None) -> str:
        form = self._mapping.dates.format
        if day_first is not None:
            form = DAY_FIRST if day_first else MONTH_FIRST
        if form and form not in {DAY_FIRST, MONTH_FIRST}:
            self._decided.append(f"Dates are of the form {form}, as told.")
            return form
        order, why = evidence.decide(form or None)
        self._decided += [why] if why else []
        return order

    def _default_currency(self) -> str:
        return next(iter(meanings(self._mapping.defaults.get(Field.CURRENCY, ""))), "")

    def _decide_currency(self, *, has_symbol: bool) -> None:
        if self.kind not in {Kind.INVOICES, Kind.PAYMENTS}:
            return
        if default := self._default_currency():
            self._decided.append(f"Rows that name no currency are in {default}.")
        elif not has_symbol and not self._layout.has(Field.CURRENCY):
            raise LedgerUnreadable(
                f"{self._path}: no column and no symbol says the currency. Give it with "
                f"--currency, or as `currency` under [defaults] in a mapping file."
            )

    def _decide_amount(self) -> None:
        if self.kind is Kind.INVOICES and not self._layout.has(Field.AMOUNT):
            self._decided.append(
                "No column gives invoice amounts: the open amount stands for both."
            )

    def _row_reader(self) -> Callable[[int, Values], Sequence[Row]]:
        if self.kind is Kind.PAYMENTS:
            return Payments(self._cells, self._tally).read
        parties = Parties(self._cells, self.kind, self._mapping.defaults, self._tally)
        if parties.made_up_from is not None:
            self._decided.append(
                f"The file has no customer ids: they are made from {parties.made_up_from}."
            )
        if self.kind is Kind.INVOICES:
            return Invoices(self._cells, parties, self._tally).read
        return lambda line, values: parties.changes(line, values, parties.customer_id(values))


def read_ledger(
    path: Path,
    *,
    mapping: Mapping | None = None,
    kind: Kind | None = None,
    day_first: bool | None = None,
    currency: str = "",
    country: str = "",
    language: str = "",
    progress: Report | None = None,
) -> Ledger:
    """Read a whole ledger file into memory; `LedgerFile.rows()` reads it row by row.

    `kind`, `day_first`, `currency`, `country` and `language` go before what `mapping` says.
    `progress` hears of `(bytes_read, bytes_total)`.

    Raises:
        LedgerUnreadable: the file as a whole cannot be read, or a default is unknown; the sentence
            names the remedy. Rows that cannot be taken alone are in `Ledger.rejects`.
    """
    told = {Field.CURRENCY: currency, Field.COUNTRY: country, Field.LANGUAGE: language}
    mapping = (mapping or Mapping()).with_defaults(
        {key: text for key, text in told.items() if text}
    )
    file = LedgerFile(path, mapping=mapping, kind=kind, day_first=day_first, progress=progress)
    customers: dict[str, CustomerRow] = {}
    contacts: dict[tuple[str, str], ContactRow] = {}
    invoices: list[InvoiceRow] = []
    payments: list[PaymentRow] = []
    disputed: list[str] = []
    rejects: list[Reject] = []
    for row in file.rows():
        match row:
            case InvoiceRow():
                invoices.append(row)
            case PaymentRow():
                payments.append(row)
            case CustomerRow():
                customers[row.id] = row
            case ContactRow():
                contacts[row.customer_id, row.email.casefold()] = row
            case DisputeMark():
                disputed.append(row.invoice_id)
            case Reject():
                rejects.append(row)
    return Ledger(
        customers=tuple(customers.values()),
        contacts=tuple(contacts.values()),
        invoices=tuple(invoices),
        payments=tuple(payments),
        disputed=tuple(disputed),
        rejects=tuple(rejects),
        notes=tuple(file.notes),
    )
