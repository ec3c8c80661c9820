"""Bank files of any known format: recognised by what stands in them, read whole or refused."""

from integrations.bank.bai2 import read_bai2
from integrations.bank.bai2_records import is_bai2
from integrations.bank.booking import Draft
from integrations.bank.broken import Broken
from integrations.bank.camt import read_camt
from integrations.bank.csv_mapping import BankMapping
from integrations.bank.csv_statement import read_csv
from integrations.bank.decoding import text_of
from integrations.bank.keys import keyed
from integrations.bank.mt940 import read_mt940
from integrations.bank.mt940_fields import is_mt940
from integrations.bank.ofx import read_ofx
from integrations.bank.ofx_tree import is_ofx, ofx_tree
from models.bank import BankStatement
from models.errors import StatementUnreadable

LARGEST = 128 * 1024 * 1024
"""Bytes of a file; a wordy CAMT of forty thousand entries has as many."""


def read_statements(
    content: bytes,
    name: str,
    *,
    mapping: BankMapping | None = None,
    accept_unbalanced: bool = False,
) -> list[BankStatement]:
    """Every statement in a file; `name` is only for the sentence that refuses it.

    `mapping` says what a CSV's columns mean. `accept_unbalanced` takes statements whose entries do
    not lead from the opening to the closing balance, for a file that a person has looked at.

    Raises:
        StatementUnreadable: nothing of it was taken; the sentence says where, why and what to do.
    """
    try:
        drafts = _drafts(content, mapping or BankMapping())
        statements = list(keyed(drafts))
        if not accept_unbalanced:
            _prove(statements, [draft.line for draft in drafts])
    except Broken as broken:
        raise StatementUnreadable(name, broken.line, broken.reason) from None
    return statements


def _drafts(content: bytes, mapping: BankMapping) -> list[Draft]:
    if len(content) > LARGEST:
        raise Broken(None, f"is larger than {LARGEST >> 20} MB. Download fewer days at a time.")
    text = text_of(content)
    if not text.strip():
        raise Broken(None, "is empty. Download it again from the bank.")
    if is_ofx(text):
        return read_ofx(ofx_tree(text))
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return read_camt(content)
    if is_mt940(text):
        return read_mt940(text)
    if is_bai2(text):
        return read_bai2(text)
    return read_csv(text, mapping)


def _prove(statements: list[BankStatement], lines: list[int | None]) -> None:
    for statement, line in zip(statements, lines, strict=True):
        if difference := statement.difference:
            raise Broken(
                line,
                f"the statement {statement.number} of {statement.account} does not add up: its "
                f"entries miss the closing balance by {difference} {statement.currency}. Download "
                f"it again; if the bank confirms it as it is, accept it unbalanced.",
            )
