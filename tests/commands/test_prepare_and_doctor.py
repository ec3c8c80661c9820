"""`prepare` sets everything up, `doctor` tells what is not, and each names the remedy."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from temporalio.client import Client, ScheduleActionStartWorkflow

from integrations.temporal.schedule import SCHEDULE_ID
from store import migrate
from store.database import Database
from tests.commands.shop import Shop
from tests.commands.terminal import ROOT, Terminal

Findings = dict[str, dict[str, Any]]


def examine(terminal: Terminal) -> Findings:
    """What `doctor --json` found, by check."""
    said = terminal("doctor", "--json")
    findings = {finding["check"]: finding for finding in said.data}
    assert said.status == (0 if all(one["ok"] for one in findings.values()) else 1)
    return findings


def wrong(findings: Findings) -> set[str]:
    return {check for check, finding in findings.items() if not finding["ok"]}


@pytest.fixture(scope="session")
def english(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Our letters in one language: to examine all of them takes seconds."""
    folder = tmp_path_factory.mktemp("letters") / "templates"
    for part in ("en", "parts"):
        shutil.copytree(ROOT / "templates" / part, folder / part)
    return str(folder)


@pytest.fixture
def terminal(terminal: Terminal, english: str) -> Terminal:
    return terminal.but(DUNLIN_TEMPLATES=english)


@pytest.fixture
def nowhere(tmp_path: Path, english: str) -> Terminal:
    """A terminal without a database, from which no Temporal server can be reached."""
    told = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "DUNLIN_TEMPLATES": english}
    return Terminal(tmp_path / "office", **told)


def take_migrations_back(terminal: Terminal) -> None:
    database = Database(terminal.env["DUNLIN_DATABASE_URL"])
    with database.engine.connect() as connection:
        connection.info["for_writing"] = True
        command.downgrade(migrate._config(connection), "base")
        connection.commit()
    database.close()


def with_broken(folder: str, file: str, old: str, new: str, terminal: Terminal) -> Terminal:
    """The terminal with a copy of its `folder`, in whose `file` something is wrong."""
    copied = terminal.folder / folder
    shutil.copytree(terminal.env[f"DUNLIN_{folder.upper()}"], copied)
    place = copied / file
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new), encoding="utf-8")
    return terminal.but(**{f"DUNLIN_{folder.upper()}": str(copied)})


def test_prepare_does_what_is_missing_and_the_second_time_nothing(terminal: Terminal) -> None:
    first = terminal.program("prepare")
    again = terminal("prepare")

    assert (first.status, first.err) == (0, "")
    assert "applied" in first.out
    assert "AccountOwner, AmountOpen, CustomerId" in first.out
    assert "Daily scan: scheduled." in first.out
    assert again.status == 0
    assert again.out.splitlines() == [
        "Database: was up to date.",
        "Search attributes: all were there.",
        "Daily scan: was scheduled already.",
    ]


def test_a_firm_at_work_has_nothing_wrong(shop: Shop) -> None:
    shop.follow()

    said = shop.terminal.program("doctor")

    assert said.status == 0, said.out
    assert "wrong" not in said.out
    for check in (
        "temporal: answers at",
        "search attributes: all 7",
        "schedule: the next scan is at",
        "worker: 1 at work",
        "rounds: our own people are told",
        "intake: what comes in is read",
        "database: sqlite:",
        "mail: Letters are kept",
        "policies:",
        "letters: every letter",
    ):
        assert f"ok    {check}" in said.out


def test_everything_that_is_wrong_is_found_at_once_each_with_its_remedy(
    terminal: Terminal,
) -> None:
    terminal("prepare")
    terminal("schedule", "--pause", "--note", "moving house")
    take_migrations_back(terminal)
    broken = with_broken(
        "templates", "en/first_notice.md", "{{", "{{ no_such_word }} {{", terminal
    ).but(DUNLIN_SMTP_HOST="127.0.0.1", DUNLIN_SMTP_PORT="1", DUNLIN_SMTP_SECURITY="none")

    findings = examine(broken)

    assert wrong(findings) == {
        *("schedule", "worker", "rounds", "intake", "database", "mail", "letters")
    }
    assert "moving house" in findings["schedule"]["says"]
    assert findings["schedule"]["mend"] == "Run: starter.py schedule --unpause"
    assert terminal.env["DUNLIN_TASK_QUEUE"] in findings["worker"]["says"]
    assert findings["worker"]["mend"] == "Run: make worker"
    assert findings["intake"]["mend"] == "Run: make worker (a worker starts it)"
    assert findings["database"]["mend"] == "Run: starter.py prepare"
    assert "DUNLIN_SMTP_" in findings["mail"]["mend"]
    assert "first_notice.md" in findings["letters"]["says"]

    assert broken("prepare").status == 0
    assert broken("schedule", "--unpause").status == 0
    assert wrong(examine(broken)) == {"worker", "rounds", "intake", "mail", "letters"}


def test_before_prepare_the_namespace_lacks_attributes_and_schedule(terminal: Terminal) -> None:
    findings = examine(terminal)

    assert wrong(findings) == {"search attributes", "schedule", "worker", "rounds", "intake"}
    assert "AccountOwner" in findings["search attributes"]["says"]
    assert findings["search attributes"]["mend"] == "Run: starter.py prepare"
    assert findings["schedule"]["mend"] == "Run: starter.py schedule"


def test_a_namespace_that_is_missing_is_a_finding_with_its_remedy(terminal: Terminal) -> None:
    findings = examine(terminal.but(TEMPORAL_NAMESPACE="nobody-s"))

    assert wrong(findings) == {"temporal"}
    assert findings["temporal"]["says"] == 'the server has no namespace "nobody-s".'
    assert "temporal operator namespace create nobody-s" in findings["temporal"]["mend"]
    assert findings["policies"]["ok"]


def test_an_address_of_ours_that_mail_cannot_have_is_a_finding(nowhere: Terminal) -> None:
    # Only IDNA's tables tell that this domain is none, so that settings let it through.
    findings = examine(nowhere.but(DUNLIN_STAFF_EMAIL="ar@☃☃.example"))

    assert "mail" in wrong(findings)
    assert findings["mail"]["says"].startswith("DUNLIN_STAFF_EMAIL: ")


def test_without_a_server_the_rest_is_still_examined(nowhere: Terminal) -> None:
    broken = with_broken("policies", "standard.toml", "offset = 7", 'offset = "soon"', nowhere)

    findings = examine(broken)

    assert wrong(findings) == {"temporal", "policies", "letters"}
    assert "127.0.0.1:1" in findings["temporal"]["says"]
    assert "standard.toml:" in findings["policies"]["says"]
    assert "offset" in findings["policies"]["says"]


@pytest.mark.parametrize(
    "url",
    ["postgresql://dunlin:s3cret@127.0.0.1:1/dunlin", "sqlite:////proc/1/no/such/place.db"],
)
def test_a_database_that_is_away_is_a_finding_that_keeps_its_password(
    nowhere: Terminal, url: str
) -> None:
    said = nowhere.but(DUNLIN_DATABASE_URL=url)("doctor", "--json")

    findings = {finding["check"]: finding for finding in said.data}
    assert said.status == 1
    assert not findings["database"]["ok"]
    assert findings["policies"]["ok"]
    assert "s3cret" not in said.out + said.err


def test_prepare_without_a_server_prepares_the_database_and_says_what_is_missing(
    nowhere: Terminal,
) -> None:
    said = nowhere("prepare")

    assert said.status == 1
    assert "applied" in said.out
    assert said.err == (
        "No Temporal server answers at 127.0.0.1:1. Start one, or set TEMPORAL_ADDRESS.\n"
    )


def test_who_works_on_a_database_that_is_behind_is_told_to_prepare(
    nowhere: Terminal,
) -> None:
    nowhere("status")  # sets a new database up
    take_migrations_back(nowhere)

    command_said = nowhere("status")
    worker_said = nowhere.program(name="worker.py")

    for said in (command_said, worker_said):
        assert said.status == 2
        assert "not up to date. Run: starter.py prepare" in said.err
        assert "Traceback" not in said.err


def test_the_schedule_is_paused_and_goes_on_as_told(terminal: Terminal) -> None:
    made = terminal("schedule", "--json")
    paused = terminal("schedule", "--pause", "--note", "audit")
    still = terminal("schedule", "--json")
    resumed = terminal("schedule", "--unpause")

    assert made.data["paused"] is False
    assert len(made.data["next"]) == 3
    assert paused.out == "The daily scan is paused: audit\n"
    assert (still.data["paused"], still.data["note"]) == (True, "audit")
    assert resumed.out.startswith("The register is scanned on business days; next: ")


async def test_the_schedule_moves_to_the_task_queue_that_is_set(terminal: Terminal) -> None:
    await asyncio.to_thread(terminal, "schedule")
    moved = terminal.but(DUNLIN_TASK_QUEUE="elsewhere")
    said = await asyncio.to_thread(moved, "schedule", "--json")

    client = await Client.connect(
        terminal.env["TEMPORAL_ADDRESS"], namespace=terminal.env["TEMPORAL_NAMESPACE"]
    )
    described = await client.get_schedule_handle(SCHEDULE_ID).describe()
    action = described.schedule.action

    assert said.status == 0
    assert isinstance(action, ScheduleActionStartWorkflow)
    assert (action.workflow, action.task_queue) == ("RegisterScan", "elsewhere")
    assert len(action.args) == 1


def test_the_schedule_runs_at_the_hour_and_in_the_zone_that_are_set(terminal: Terminal) -> None:
    early = terminal.but(DUNLIN_SCAN_HOUR="3", DUNLIN_FIRM_ZONE="Asia/Tokyo")

    said = early("schedule", "--json")

    assert {when.split()[1] for when in said.data["next"]} == {"18:00"}
