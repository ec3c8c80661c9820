"""Published bank files in the shared folder beside the project, and what is said of them there."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

BANK = Path(__file__).parents[3] / "shared" / "data" / "bank"
_NO_STATEMENTS = {".json", ".yml", ""}

needed = pytest.mark.skipif(
    not BANK.is_dir(), reason="The bank files are not in the shared folder beside the project."
)


def names(under: str = "") -> list[str]:
    """The statements under a folder, by their paths."""
    found = (path for path in (BANK / under).rglob("*") if path.is_file())
    return sorted(
        path.relative_to(BANK).as_posix() for path in found if path.suffix not in _NO_STATEMENTS
    )


def content(name: str) -> bytes:
    """A file's bytes."""
    return (BANK / name).read_bytes()


def json_beside(name: str) -> Any:
    """What a JSON of the same name says, as genkgo/camt reads the file."""
    return json.loads((BANK / name).with_suffix(".json").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Said:
    """A transaction as a YAML of mt-940 has it."""

    amount: Decimal
    value_on: date
    booked_on: date | None
    customer_reference: str
    bank_reference: str


_TRANSACTION = re.compile(r"^- !!python/object:mt940\.models\.Transaction$", re.MULTILINE)
_AMOUNT = re.compile(r"^      amount: .*decimal\.Decimal \['(-?[0-9.]+)'\]$", re.MULTILINE)
_DATE = (
    r"(?:&(?P<made>id[0-9]+) )?(?:!!.*?\.Date\s+- !!binary \|\s+(?P<bytes>\S+)|\*(?P<same>id\d+))"
)
_FIELD = r"^    {}: '?(.*?)'?$"


def yaml_beside(name: str) -> Iterator[Said]:
    """The transactions of a YAML of the same name."""
    text = (BANK / name).with_suffix(".yml").read_text("utf-8")
    known: dict[str, date] = {}
    for block in _TRANSACTION.split(text)[1:]:
        value_on, booked_on = (_date(block, field, known) for field in ("date", "entry_date"))
        assert value_on
        found = _AMOUNT.search(block)
        assert found
        yield Said(
            amount=Decimal(found[1]),
            value_on=value_on,
            booked_on=booked_on,
            customer_reference=_text(block, "customer_reference"),
            bank_reference=_text(block, "bank_reference"),
        )


def _date(block: str, field: str, known: dict[str, date]) -> date | None:
    found = re.search(rf"^    {field}: {_DATE}", block, re.MULTILINE)
    if found is None:
        return None
    if found["same"]:
        return known[found["same"]]
    raw = base64.b64decode(found["bytes"])
    day = date(int.from_bytes(raw[:2]), raw[2], raw[3])
    if found["made"]:
        known[found["made"]] = day
    return day


def _text(block: str, field: str) -> str:
    found = re.search(_FIELD.format(field), block, re.MULTILINE)
    return "" if found is None or found[1] in {"null", "NONREF"} else found[1].strip()
