"""docs/settings.md lists every variable as models/settings.py has it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from temporalio.envconfig import ClientConfigProfile

from models.settings import Settings
from tests.docs.keys import bounds
from tests.docs.pages import as_table, rows, section, table, words

_PAGE = "docs/settings.md"
_HEAD = ("variable", "default", "meaning")


def settings_table() -> str:
    """The table of every DUNLIN_ variable, in the order of the model."""
    said = Settings.model_json_schema()["properties"]
    body = [
        (f"`DUNLIN_{name.upper()}`", _default(field), _meaning(said[name]))
        for name, field in Settings.model_fields.items()
    ]
    return as_table(_HEAD, body)


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return "" if value in ("", None) else f"`{value}`"


def _meaning(said: dict[str, Any]) -> str:
    choices = ", ".join(f"`{one}`" for one in said.get("enum", []) if one) or bounds(said)
    return f"{said['description']}: {choices}" if choices else str(said["description"])


def test_the_table_is_that_of_the_model() -> None:
    wanted = settings_table()

    assert table(section(_PAGE, "Dunlin's own")) == wanted, (
        f"Put this table into {_PAGE}:\n\n{wanted}\n"
    )


def test_every_temporal_variable_named_is_read_by_the_sdk(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("made up")
    for row in rows(section(_PAGE, "Temporal's")):
        [variable] = words(row[0])
        if variable in {"TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE"}:
            continue
        name = variable.replace("*", "TEAM")

        assert ClientConfigProfile.load(
            disable_file=True, override_env_vars={name: "true"}
        ) != ClientConfigProfile.load(disable_file=True, override_env_vars={}), variable


@pytest.mark.parametrize("variable", ["TEMPORAL_PROFILE", "TEMPORAL_CONFIG_FILE"])
def test_the_profile_file_is_found_as_the_page_says(variable: str, tmp_path: Path) -> None:
    assert variable in section(_PAGE, "Temporal's")
    file = tmp_path / "temporal.toml"
    file.write_text('[profile.staging]\naddress = "temporal.example.com:7233"\n')

    told = {"TEMPORAL_PROFILE": "staging", "TEMPORAL_CONFIG_FILE": str(file)}

    assert ClientConfigProfile.load(override_env_vars=told).address == "temporal.example.com:7233"
