"""Files in which banks tell what was paid: CAMT, MT940, OFX, BAI2, CSV (docs/bank-files.md)."""

from integrations.bank.csv_mapping import BankMapping, read_bank_mapping
from integrations.bank.reader import LARGEST, read_statements

__all__ = ["LARGEST", "BankMapping", "read_bank_mapping", "read_statements"]
