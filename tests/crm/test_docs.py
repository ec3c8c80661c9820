"""docs/crm.md lists every key with its defaults, and the examples are valid."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from integrations.crm import Mapping, parse_hubspot_mapping, parse_salesforce_mapping
from integrations.crm.mapping import (
    Contacts,
    Deals,
    Flags,
    Health,
    HubSpotCustomer,
    HubSpotMapping,
    Nps,
    Tasks,
    Tickets,
    Until,
)
from integrations.crm.mapping_text import HUBSPOT, SALESFORCE
from tests.docs.pages import ROOT, pages, rows, section

_PAGE = "docs/crm.md"
_TABLES: dict[str, type[BaseModel]] = {
    "customer": HubSpotCustomer,
    "flags": Flags,
    "until": Until,
    "health": Health,
    "nps": Nps,
    "deals": Deals,
    "tickets": Tickets,
    "contacts": Contacts,
    "tasks": Tasks,
}
_EXAMPLES: list[tuple[str, Callable[..., Mapping]]] = [
    ("hubspot.toml", parse_hubspot_mapping),
    ("salesforce.toml", parse_salesforce_mapping),
]


def toml(value: Any) -> str:
    """A default as a mapping file has it."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {toml(one)}' for key, one in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def default(of: dict[str, dict[str, Any]], table: str, key: str) -> str:
    values = of.get(table, {})
    return f"`{toml(values[key])}`" if key in values else ""


def test_no_table_is_left_out() -> None:
    assert [*_TABLES] == [*HubSpotMapping.model_fields]


@pytest.mark.parametrize("table", _TABLES)
def test_every_key_is_listed_with_its_defaults(table: str) -> None:
    listed = [(row[0], row[2], row[3]) for row in rows(section(_PAGE, f"`[{table}]`"))]
    wanted = [
        (f"`{key}`", default(HUBSPOT, table, key), default(SALESFORCE, table, key))
        for key in _TABLES[table].model_fields
        if key != "unique"
    ]

    assert [row for row in listed if row[0] != "`unique`"] == wanted


@pytest.mark.parametrize("table", _TABLES)
def test_every_key_is_explained(table: str) -> None:
    assert all(row[1] and row[4] for row in rows(section(_PAGE, f"`[{table}]`")))


@pytest.mark.parametrize(("name", "parse"), _EXAMPLES)
def test_an_example_is_valid_and_says_more_than_an_empty_file(
    name: str, parse: Callable[..., Mapping]
) -> None:
    path = ROOT / "docs" / "examples" / name
    mapping = parse(path.read_text(encoding="utf-8"), path)

    assert mapping != parse("", path)
    assert f"(examples/{name})" in pages()[_PAGE]
