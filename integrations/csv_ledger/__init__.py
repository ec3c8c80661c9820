"""Ledgers from CSV files, as billing systems and spreadsheets export them (docs/import.md)."""

from integrations.csv_ledger.fields import Field, Kind
from integrations.csv_ledger.ledger import DisputeMark, Entry, Ledger, Row
from integrations.csv_ledger.mapping import Mapping, read_mapping
from integrations.csv_ledger.reader import LedgerFile, read_ledger
from integrations.csv_ledger.rejects import Reject, write_rejects

__all__ = [
    "DisputeMark",
    "Entry",
    "Field",
    "Kind",
    "Ledger",
    "LedgerFile",
    "Mapping",
    "Reject",
    "Row",
    "read_ledger",
    "read_mapping",
    "write_rejects",
]
