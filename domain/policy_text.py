"""Reading policy, segment and rate files: TOML text in, checked models out, errors with a line."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.exchange import Rates
from models.errors import PolicyInvalid
from models.matching import CashRules
from models.policy import Policy
from models.segments import Segments

_Model = TypeVar("_Model", bound=BaseModel)
_TOML_PLACE = re.compile(r"^(?P<problem>.*) \(at line (?P<line>\d+), column \d+\)$")


class _RateFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    rates: dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[Decimal, Field(gt=0)]] = {}


def parse_policy(text: str, path: Path | str) -> Policy:
    """The policy that `text` describes; `path` only names it in errors.

    Raises:
        PolicyInvalid: with the line and the key at fault.
    """
    return _parse(Policy, text, path)


def parse_segments(text: str, path: Path | str) -> Segments:
    """The rules by which an invoice gets its policy.

    Raises:
        PolicyInvalid: with the line and the key at fault.
    """
    return _parse(Segments, text, path)


def parse_rates(text: str, path: Path | str, base: str) -> Rates:
    """Exchange rates into `base` (ISO 4217).

    Raises:
        PolicyInvalid: with the line and the key at fault.
    """
    return Rates(base=base, worth=_parse(_RateFile, text, path).rates)


def parse_cash_rules(text: str, path: Path | str) -> CashRules:
    """How money that comes in is placed.

    Raises:
        PolicyInvalid: with the line and the key at fault.
    """
    return _parse(CashRules, text, path)


def _parse(model: type[_Model], text: str, path: Path | str) -> _Model:
    try:
        return model.model_validate(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as wrong:
        place = _TOML_PLACE.match(str(wrong))
        line = int(place["line"]) if place else text.count("\n") + 1
        problem = place["problem"] if place else str(wrong)
        raise PolicyInvalid(path, line, "TOML", problem) from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        loc = tuple(part for part in first["loc"] if part != "[key]")
        problem = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            problem = "there is no such key"
        raise PolicyInvalid(path, line_of(text, loc), _key(loc, text), problem) from None


def line_of(text: str, loc: tuple[int | str, ...]) -> int:
    """The line (from 1) on which the value at `loc` stands, or else the table it belongs to.

    The TOML reader keeps no positions, so the header and the key are looked for in the text.
    """
    wanted = list(loc)
    line, end = _table(text, wanted)
    names = [str(part) for part in wanted]
    lines = text.splitlines()
    for number in range(line, end):
        for name in names:
            if re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=", lines[number]):
                return number + 1
    return max(line, 1)


def _table(text: str, loc: list[int | str]) -> tuple[int, int]:
    """Lines (from, to) of the table that holds `loc`; consumes the parts that name the table."""
    lines = text.splitlines()
    headers = [(i, line.strip()) for i, line in enumerate(lines) if line.lstrip().startswith("[")]
    best = (0, headers[0][0] if headers else len(lines))
    used = 0
    seen: dict[str, int] = {}
    for position, (number, header) in enumerate(headers):
        name = header.split("#")[0].strip().strip("[]").strip()
        path: list[int | str] = list(name.split("."))
        if header.startswith("[["):
            path.append(seen.get(name, 0))
            seen[name] = seen.get(name, 0) + 1
        if loc[: len(path)] == path and len(path) > used:
            end = headers[position + 1][0] if position + 1 < len(headers) else len(lines)
            best, used = (number + 1, end), len(path)
    del loc[:used]
    return best


def _key(loc: tuple[int | str, ...], text: str) -> str:
    """`loc` as a person would write it, with a step named by its id where it has one."""
    if not loc:
        return "the file"
    parts: list[str] = []
    for depth, part in enumerate(loc):
        if isinstance(part, int):
            name = _named(text, str(loc[0]), part) if depth == 1 else part + 1
            parts[-1] += f"[{name}]"
        else:
            parts.append(part)
    return ".".join(parts)


def _named(text: str, table: str, index: int) -> str:
    entry: Mapping[str, Any] | None = None
    entries = tomllib.loads(text).get(table, [])
    if isinstance(entries, list) and index < len(entries):
        entry = entries[index] if isinstance(entries[index], dict) else None
    return str(entry.get("id", index + 1)) if entry else str(index + 1)
