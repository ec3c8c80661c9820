"""From a record to the values of its fields: translated, filled in, in places known beforehand."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

from integrations.csv_ledger.fields import Field
from integrations.csv_ledger.rejects import Reject

_NOTHING = frozenset({"NULL", "null", "NaN", "nan", "NaT", "N/A", "n/a", "#N/A"})
"""How databases and spreadsheets write an empty cell."""


class Refused(Exception):
    """A row cannot be taken because of one field."""

    def __init__(self, field: Field | None, value: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.value, self.reason = field, value, reason


class Layout:
    """Where each field's value stands in what `values` gives."""

    def __init__(
        self,
        header: Sequence[str],
        columns: Mapping[Field, int],
        defaults: Mapping[Field, str],
        translations: Mapping[Field, Mapping[str, str]],
    ) -> None:
        """`columns` are positions in `header`; `defaults` fill empty cells and missing columns."""
        self.header = tuple(header)
        self._columns, self._tables = columns, translations
        fields = list(columns)
        # One more, and twice the first, because itemgetter gives no tuple for a single position.
        self._pick = itemgetter(*columns.values(), 0, 0)
        self._places = {field: place for place, field in enumerate(fields)}
        self._absent = len(fields)
        self._width = len(self.header)
        self._translations = [
            (self._places[field], {key.casefold(): value for key, value in table.items()})
            for field, table in translations.items()
            if field in self._places
        ]
        self._fill = [(self._places[f], text) for f, text in defaults.items() if f in self._places]
        self._constants = [""]
        for field, text in defaults.items():
            if field not in self._places:
                self._places[field] = self._absent + len(self._constants)
                self._constants.append(text)

    def place(self, field: Field) -> int:
        """The field's position in `values`; "" stands there if it has no column and no default."""
        return self._places.get(field, self._absent)

    def has(self, field: Field) -> bool:
        """Whether the file has a column for the field or the field a default."""
        return field in self._places

    def name(self, field: Field | None) -> str:
        """The header of the field's column; the field's own name when it has none."""
        if field is None:
            return ""
        return self.header[self._columns[field]] if field in self._columns else field.value

    def values(self, record: list[str]) -> list[str]:
        """The values of all fields, without surrounding spaces; "" where there is nothing.

        Raises:
            Refused: the record has more cells than the header.
        """
        if len(record) != self._width:
            record = self._fitted(record)
        values = list(map(str.strip, self._pick(record)))
        if not _NOTHING.isdisjoint(values):
            values = ["" if text in _NOTHING else text for text in values]
        del values[self._absent :]
        values += self._constants
        for place, table in self._translations:
            values[place] = table.get(values[place].casefold(), values[place])
        for place, text in self._fill:
            values[place] = values[place] or text
        return values

    def _fitted(self, record: list[str]) -> list[str]:
        if any(record[self._width :]):
            raise Refused(
                None,
                record[self._width],
                f"The row has {len(record)} cells under {self._width} headers. "
                f"Put quotes around a cell that holds the delimiter.",
            )
        return record[: self._width] + [""] * (self._width - len(record))

    def only(self, fields: Iterable[Field]) -> "Layout":
        """The same for these fields' columns alone, without defaults."""
        columns = {field: self._columns[field] for field in fields if field in self._columns}
        return Layout(self.header, columns, {}, self._tables)

    def reject(self, line: int, record: Sequence[str], refused: Refused) -> Reject:
        column = None if refused.field is None else self._columns.get(refused.field)
        as_written = refused.value if column is None else "".join(record[column : column + 1])
        return Reject(
            line=line,
            column=self.name(refused.field),
            value=as_written.strip(),
            reason=refused.reason,
            header=self.header,
            cells=tuple(record),
        )
