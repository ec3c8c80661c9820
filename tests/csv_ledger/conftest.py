"""Ledger files of a few lines, written and read back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from integrations.csv_ledger import Ledger, read_ledger

ReadText = Callable[..., Ledger]


@pytest.fixture
def ledger_of(tmp_path: Path) -> ReadText:
    """Reads `text` as a file; further arguments are those of `read_ledger`."""

    def read(text: str, *, encoding: str = "utf-8", **told: Any) -> Ledger:
        path = tmp_path / "ledger.csv"
        path.write_bytes(text.encode(encoding))
        return read_ledger(path, **told)

    return read
