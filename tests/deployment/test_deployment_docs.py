"""docs/deployment.md names only what is there."""

import re
import shlex

import pytest
from temporalio.api.enums.v1 import IndexedValueType

import starter
from models import search_attributes
from tests.deployment import compose

TEXT = (compose.ROOT / "docs" / "deployment.md").read_text()
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)).replace("\\\n", " ")
COMPOSE_LINES = [line for line in SHELL.splitlines() if line.startswith("docker compose ")]
WITH_A_VALUE = {"--scale", "--user", "--volume", "--entrypoint"}


def words_after_options(line: str) -> list[str]:
    words = iter(shlex.split(line.partition(" > ")[0].partition(" < ")[0])[2:])
    plain = []
    for word in words:
        if word in WITH_A_VALUE:
            next(words)
        elif not word.startswith("-"):
            plain.append(word)
    return plain


def test_every_variable_named_can_be_set() -> None:
    named = set(re.findall(r"\b(?:DUNLIN|TEMPORAL|PUBLISH|WORKER|COMPOSE)_[A-Z_]*[A-Z]\b", TEXT))

    assert named <= compose.variables_read() | {"COMPOSE_PROFILES"}


@pytest.mark.parametrize("line", COMPOSE_LINES)
def test_every_service_named_exists(line: str) -> None:
    verb, *rest = words_after_options(line)

    if verb in {"run", "exec", "stop", "restart", "up"} and rest:
        assert rest[0] in compose.services()
    if verb == "run" and rest[0] == "prepare" and rest[1:]:
        assert rest[1] in starter.COMMANDS


def test_every_command_named_exists() -> None:
    for command in re.findall(r"^dunlin (\w+)", SHELL, re.MULTILINE):
        assert command in starter.COMMANDS


def test_the_search_attributes_are_listed_with_their_types() -> None:
    types = {
        key.name: IndexedValueType.Name(key.indexed_value_type)  # type: ignore[arg-type]
        .removeprefix("INDEXED_VALUE_TYPE_")
        .capitalize()
        for key in search_attributes.ALL
    }

    assert dict(re.findall(r"\b([A-Z]\w+):([A-Z][a-z]+)\b", SHELL)) == types


def test_the_one_liner_for_secrets_is_that_of_the_example() -> None:
    example = (compose.ROOT / ".env.example").read_text()
    [one_liner] = re.findall(r"^#   (for .*?)(?: >> \.env)?$", example, re.MULTILINE)

    assert one_liner in SHELL


def test_the_pages_are_where_the_compose_file_puts_them() -> None:
    published = {
        port.split(":")[1]
        for service in compose.services().values()
        for port in service.get("ports", [])
    }

    assert set(re.findall(r"http://localhost:(\d+)", TEXT)) <= published
