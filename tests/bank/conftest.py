"""Reads bank files of a few lines."""

from collections.abc import Callable

import pytest

from integrations.bank import BankMapping, read_statements
from models.bank import BankEntry, BankStatement
from models.errors import StatementUnreadable

Read = Callable[..., list[BankStatement]]
ReadEntries = Callable[..., list[BankEntry]]
Refused = Callable[..., StatementUnreadable]


@pytest.fixture
def read() -> Read:
    """Reads a file's text; further arguments are those of `read_statements`."""

    def reads(
        text: str, *, encoding: str = "utf-8", mapping: object = None, **told: bool
    ) -> list[BankStatement]:
        return read_statements(
            text.encode(encoding),
            "bank.txt",
            mapping=BankMapping.model_validate(mapping) if mapping else None,
            **told,
        )

    return reads


@pytest.fixture
def entries_of(read: Read) -> ReadEntries:
    """The entries of all statements in a text."""
    return lambda text, **told: [one for each in read(text, **told) for one in each.entries]


@pytest.fixture
def refusal_of(read: Read) -> Refused:
    """How a text is refused."""

    def refuses(text: str, **told: object) -> StatementUnreadable:
        with pytest.raises(StatementUnreadable) as refused:
            read(text, **told)
        return refused.value

    return refuses
