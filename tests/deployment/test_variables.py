"""Every variable has one meaning: in .env.example, in the Compose file and in the settings."""

import re
import subprocess
from pathlib import Path

import pytest
from dotenv import dotenv_values

from models.settings import Settings, load_settings
from tests.deployment import compose, dockerfile

SETTINGS = {f"DUNLIN_{name.upper()}" for name in Settings.model_fields}
EXAMPLE = compose.ROOT / ".env.example"
MENTIONED = re.compile(r"^(?:# )?([A-Z][A-Z0-9_]+)(?==|  )", re.MULTILINE)
SECRET = re.compile(r"PASSWORD|SECRET|API_KEY|KEY_DATA|TOKEN|PWD")

# The image settles these: its own folders, its log form; no outbox where there is a mail server.
SETTLED = dockerfile.environment().keys() | {
    "DUNLIN_POLICIES",
    "DUNLIN_TEMPLATES",
    "DUNLIN_OUTBOX",
}
# Compose reads this itself.
OF_COMPOSE = {"COMPOSE_PROFILES"}


def mentioned() -> set[str]:
    return set(MENTIONED.findall(EXAMPLE.read_text()))


def test_every_setting_can_be_set_in_production() -> None:
    services = compose.services()
    told = services["worker"]["environment"].keys() | services["web"]["environment"].keys()

    assert told | SETTLED >= SETTINGS


def test_nothing_is_set_that_no_setting_reads() -> None:
    told = {variable for _, variable, _ in compose.environments()} | mentioned()
    told |= dockerfile.environment().keys()

    assert {name for name in told if name.startswith("DUNLIN_")} - SETTINGS <= {
        "DUNLIN_PASSWORD"  # how the job `databases` calls the password it gives
    }


def test_the_example_explains_every_variable_and_no_other() -> None:
    assert mentioned() == compose.variables_read() | OF_COMPOSE


def test_the_example_is_read_by_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)

    settings = load_settings(_env_file=EXAMPLE)

    assert settings.smtp_host == "mailpit"


@pytest.mark.parametrize("secret", compose.SECRETS)
def test_no_secret_has_a_default(secret: str) -> None:
    without = {name: value for name, value in compose.ENOUGH.items() if name != secret}

    with pytest.raises(compose.NotSet, match=secret):
        compose.with_variables(without)


def test_no_secret_is_written_down() -> None:
    for service, variable, value in compose.environments():
        if SECRET.search(variable):
            assert value is None or re.fullmatch(r"\$\{\w+:\?[^}]*\}", value), (service, variable)
        else:
            assert "://" not in (value or "") or not re.search(r"://[^/]*:[^/]*@", value or "")
    for name, value in dotenv_values(EXAMPLE).items():
        assert not (SECRET.search(name) and value), name


def test_each_account_knows_its_own_password_only() -> None:
    services = compose.services()
    knows = {
        name: {word for word in compose.SECRETS.values() if word in told.values()}
        for name, service in services.items()
        if (told := service.get("environment", {}))
    }

    assert knows["worker"] == knows["web"] == knows["prepare"] == {"three"}
    assert knows["temporal"] == knows["schema"] == {"two"}
    assert knows["postgres"] == {"one"}


def test_the_one_liner_makes_every_secret(tmp_path: Path) -> None:
    [one_liner] = re.findall(r"^#   (for .*)$", EXAMPLE.read_text(), re.MULTILINE)

    subprocess.run(["/bin/sh", "-euc", one_liner], cwd=tmp_path, check=True)

    made = dotenv_values(tmp_path / ".env")
    assert made.keys() == compose.SECRETS.keys()
    assert len(set(made.values())) == len(made)
    assert all(re.fullmatch(r"[0-9a-f]{48}", value or "") for value in made.values())


def test_absent_variables_stay_absent() -> None:
    """An empty TEMPORAL_API_KEY would switch TLS on; so none may be given a value here."""
    for _, variable, value in compose.environments():
        if variable.startswith(("TEMPORAL_API", "TEMPORAL_TLS")):
            assert value is None, variable
    assert not [name for name in dotenv_values(EXAMPLE) if name.startswith("TEMPORAL_")]
