"""docker-compose.yml as the tests read it: as written, and as Compose would see it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"

# What .env.example lets everybody fill in for themselves.
SECRETS = {
    "POSTGRES_PASSWORD": "one",
    "POSTGRES_TEMPORAL_PASSWORD": "two",
    "POSTGRES_DUNLIN_PASSWORD": "three",
}
ENOUGH = SECRETS | {"DUNLIN_SMTP_HOST": "mailpit"}

_VARIABLE = re.compile(r"\$(?P<dollar>\$)|\$\{(?P<name>\w+)(?:(?P<how>:[-?])(?P<rest>[^}]*))?\}")


class NotSet(LookupError):
    """A variable that the file demands is not set."""


def as_written() -> dict[str, Any]:
    """The file with its variables still in it; anchors and merges are resolved."""
    loaded: dict[str, Any] = YAML(typ="safe").load(FILE.read_text())
    return loaded


def with_variables(variables: dict[str, str]) -> dict[str, Any]:
    """The file as Compose sees it with these variables.

    Raises:
        NotSet: a demanded one is missing.
    """

    def value(found: re.Match[str]) -> str:
        if found["dollar"]:
            return "$"
        told = variables.get(found["name"], "")
        if found["how"] == ":?" and not told:
            raise NotSet(found["name"])
        return told or (found["rest"] if found["how"] == ":-" else "")

    loaded: dict[str, Any] = YAML(typ="safe").load(_VARIABLE.sub(value, FILE.read_text()))
    return loaded


def services() -> dict[str, dict[str, Any]]:
    """Every service, with nothing set but what must be."""
    found: dict[str, dict[str, Any]] = with_variables(ENOUGH)["services"]
    return found


def script(service: str) -> list[str]:
    """What a one-shot job runs, as a command line."""
    job = services()[service]
    return [*job["entrypoint"], *job["command"]]


def variables_read() -> set[str]:
    """Every variable that the file takes from .env, whether it names it or lets it through."""
    named = {found["name"] for found in _VARIABLE.finditer(FILE.read_text()) if found["name"]}
    let_through = {
        name
        for service in as_written()["services"].values()
        for name, value in service.get("environment", {}).items()
        if value is None
    }
    return named | let_through


def environments() -> Iterator[tuple[str, str, str | None]]:
    """Service, variable and value as written, of everything that a container is told."""
    for name, service in as_written()["services"].items():
        for variable, value in service.get("environment", {}).items():
            yield name, variable, value
