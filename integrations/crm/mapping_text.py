"""Reading mapping files: TOML text in, a checked mapping out, errors with a line."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from domain.policy_text import line_of
from integrations.crm.mapping import HubSpotMapping, Mapping
from models.errors import PolicyInvalid

_Mapping = TypeVar("_Mapping", bound=Mapping)
_TOML_PLACE = re.compile(r"^(?P<problem>.*) \(at line (?P<line>\d+), column \d+\)$")

HUBSPOT: dict[str, dict[str, Any]] = {
    "customer": {"key": "hs_object_id", "owner": "hubspot_owner_id"},
    "deals": {
        "open": {"hs_is_closed": False},
        "renewal": {"dealtype": "renewal"},
        "expansion": {"dealtype": "existingbusiness"},
        "date": "closedate",
    },
    "tickets": {
        "open": {"closed_date": ""},
        "severe": {"hs_ticket_priority": ["HIGH", "URGENT"]},
    },
    "contacts": {"role": "jobtitle"},
}
"""What holds where a HubSpot mapping says nothing: properties that every account has."""

SALESFORCE: dict[str, dict[str, Any]] = {
    "customer": {"key": "AccountNumber", "owner": "Owner"},
    "deals": {
        "open": {"IsClosed": False},
        "renewal": {"Type": "Renewal"},
        "expansion": {"Type": ["Existing Business", "Existing Customer - Upgrade"]},
        "date": "CloseDate",
    },
    "tickets": {
        "open": {"IsClosed": False},
        "severe": {"Priority": ["High", "Urgent", "Critical"]},
    },
    "contacts": {"role": "Title"},
}
"""What holds where a Salesforce mapping says nothing: fields that every organisation has."""


def parse_hubspot_mapping(text: str, path: Path | str) -> HubSpotMapping:
    """The mapping that `text` describes; an empty one is the defaults. `path` names it in errors.

    Raises:
        PolicyInvalid: with the line and the key at fault.
    """
    return _parse(HubSpotMapping, HUBSPOT, text, path)


def parse_salesforce_mapping(text: str, path: Path | str) -> Mapping:
    """The mapping that `text` describes; an empty one is the defaults. `path` names it in errors.

    Raises:
        PolicyInvalid: with the line and the key at fault.
    """
    return _parse(Mapping, SALESFORCE, text, path)


def _parse(
    model: type[_Mapping], defaults: dict[str, dict[str, Any]], text: str, path: Path | str
) -> _Mapping:
    try:
        said = tomllib.loads(text, parse_float=Decimal)
        return model.model_validate(_with_defaults(said, defaults))
    except tomllib.TOMLDecodeError as wrong:
        place = _TOML_PLACE.match(str(wrong))
        line = int(place["line"]) if place else text.count("\n") + 1
        raise PolicyInvalid(path, line, "TOML", place["problem"] if place else str(wrong)) from None
    except ValidationError as wrong:
        first = wrong.errors()[0]
        loc = tuple(part for part in first["loc"] if part != "[key]")
        key = ".".join(part for part in loc if isinstance(part, str))
        problem = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            problem = "there is no such key"
        raise PolicyInvalid(path, line_of(text, loc), key, problem) from None


def _with_defaults(
    said: dict[str, Any], defaults: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What the file says over what holds without it, key by key within each table."""
    both = dict(said)
    for table, values in defaults.items():
        # What is no table goes on as it is, to be refused with its line.
        if isinstance(own := said.get(table, {}), dict):
            both[table] = values | own
    return both
