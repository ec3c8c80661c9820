"""The Compose file keeps its promises: pinned, confined, on this machine only, in order."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from typing import Any

import pytest

from models.settings import Settings
from tests.deployment import compose
from tests.deployment.dockerfile import healthcheck
from tests.servers import program

SERVICES = compose.services()
ONE_SHOTS = {
    name
    for service in SERVICES.values()
    for name, how in service.get("depends_on", {}).items()
    if how["condition"] == "service_completed_successfully"
}
# One of them builds the image that all of them run.
OURS = {"worker", "web", "prepare"}
each_service = pytest.mark.parametrize("name", SERVICES)


def seconds(duration: str) -> int:
    parts = re.findall(r"(\d+)([ms])", duration)
    assert "".join(number + unit for number, unit in parts) == duration
    return sum(int(number) * {"m": 60, "s": 1}[unit] for number, unit in parts)


@contextmanager
def answering(status: HTTPStatus) -> Iterator[tuple[int, list[str]]]:
    """A server that answers everything so: its port, and what it was asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, asked
        server.shutdown()


def test_the_file_is_a_valid_compose_file() -> None:
    checked = subprocess.run(
        [
            program("check-jsonschema"),
            "--builtin-schema",
            "vendor.compose-spec",
            str(compose.FILE),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stdout


@each_service
def test_every_service_shows_its_health_or_is_waited_for_until_it_is_done(name: str) -> None:
    service = SERVICES[name]
    if name in ONE_SHOTS:
        assert "restart" not in service
    elif name == "worker":
        assert healthcheck()
        assert "healthcheck" not in service
    else:
        assert service["healthcheck"]["test"]


@each_service
def test_nobody_starts_before_what_it_needs_is_ready_or_done(name: str) -> None:
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        done = needed in ONE_SHOTS
        assert how["condition"] == (
            "service_completed_successfully" if done else "service_healthy"
        ), needed


@each_service
def test_what_can_run_elsewhere_is_not_insisted_on(name: str) -> None:
    profiles = set(SERVICES[name].get("profiles", []))
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        may_be_missing = bool(SERVICES[needed].get("profiles")) and not profiles
        assert how.get("required", True) is not may_be_missing, needed


@each_service
def test_every_image_is_pinned(name: str) -> None:
    image, _, tag = SERVICES[name]["image"].partition(":")
    if name in OURS:
        assert image == "dunlin"
    else:
        assert re.fullmatch(r"v?\d+\.\d+(\.\d+)?(-[a-z]+)?", tag)


def test_the_image_is_built_once_and_never_looked_for_elsewhere() -> None:
    assert [name for name, service in SERVICES.items() if "build" in service] == ["prepare"]
    for name in OURS - {"prepare"}:
        assert SERVICES[name]["pull_policy"] == "never"
        assert SERVICES[name]["image"] == SERVICES["prepare"]["image"]


def test_temporal_and_the_tools_that_make_its_tables_are_of_one_version() -> None:
    tags = {
        SERVICES[name]["image"].partition(":")[2] for name in ("temporal", "schema", "namespace")
    }

    assert len(tags) == 1


@each_service
def test_every_port_is_open_to_this_machine_only(name: str) -> None:
    for port in SERVICES[name].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\d+:\d+", port)


def test_every_port_can_be_opened_elsewhere() -> None:
    widely = compose.with_variables(
        compose.ENOUGH
        | {
            "PUBLISH_TEMPORAL": "10.0.0.1:7000",
            "PUBLISH_TEMPORAL_UI": "10.0.0.1:8000",
            "PUBLISH_MAILPIT": "10.0.0.1:9000",
            "PUBLISH_WEB": "10.0.0.1:9100",
        }
    )

    for service in widely["services"].values():
        assert all(port.startswith("10.0.0.1:") for port in service.get("ports", []))


@each_service
def test_every_container_is_confined(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service
    assert "/tmp" in service["tmpfs"]


@each_service
def test_nobody_is_root(name: str) -> None:
    # These images name another user themselves; the Dockerfile's is tested with it.
    named_in_image = ("temporalio/", "dunlin:")

    service = SERVICES[name]

    if not service["image"].startswith(named_in_image):
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"])


@pytest.mark.parametrize("drain", ["", "0", "30", "900"])
def test_a_worker_has_more_time_to_stop_than_it_takes(drain: str) -> None:
    told = compose.with_variables(compose.ENOUGH | {"DUNLIN_DRAIN_SECONDS": drain})
    fields = Settings.model_fields

    takes = int(drain or fields["drain_seconds"].default)
    assert seconds(told["services"]["worker"]["stop_grace_period"]) > takes


def test_workers_can_be_many() -> None:
    def worker(variables: dict[str, str]) -> dict[str, Any]:
        found: dict[str, Any] = compose.with_variables(variables)["services"]["worker"]
        return found

    one = worker(compose.ENOUGH)

    assert one["deploy"]["replicas"] == 1
    assert not one.keys() & {"container_name", "ports", "hostname"}
    assert worker(compose.ENOUGH | {"WORKER_REPLICAS": "3"})["deploy"]["replicas"] == 3


@pytest.mark.parametrize(("answer", "status"), [(HTTPStatus.OK, 0), (HTTPStatus.BAD_GATEWAY, 1)])
def test_the_web_service_is_well_when_it_says_that_it_is_ready(
    answer: HTTPStatus, status: int
) -> None:
    with answering(answer) as (port, asked):
        check = [
            word.replace(":8080", f":{port}") for word in SERVICES["web"]["healthcheck"]["test"]
        ]
        done = subprocess.run(
            [sys.executable, *check[2:]], env={}, capture_output=True, check=False, timeout=20
        )

    assert check[:2] == ["CMD", "python"]
    assert done.returncode == status
    assert asked == ["/health/ready"]


def test_the_web_service_listens_where_it_is_published_and_asked() -> None:
    told = SERVICES["web"]["environment"]

    [port] = SERVICES["web"]["ports"]
    assert IPv4Address(told["DUNLIN_WEB_HOST"]).is_unspecified
    assert port.endswith(f":{told['DUNLIN_WEB_PORT']}")
    assert f":{told['DUNLIN_WEB_PORT']}/health/" in SERVICES["web"]["healthcheck"]["test"][-1]


def test_what_strangers_may_call_knows_no_other_secret() -> None:
    told = SERVICES["web"]["environment"].keys()

    assert not {
        name for name in told if re.search("SMTP|CRM|HUBSPOT|SALESFORCE|SLACK|SERVICE", name)
    }


def test_the_database_has_room_for_temporal_the_web_and_ten_workers() -> None:
    limit = next(word for word in SERVICES["postgres"]["command"] if "max_connections" in word)
    told = SERVICES["temporal"]["environment"]
    temporal = 4 * (int(told["SQL_MAX_CONNS"]) + int(told["SQL_VIS_MAX_CONNS"]))

    ours = 10 + Settings.model_fields["web_workers"].default
    assert int(limit.partition("=")[2]) >= temporal + ours * 12 + 10


def test_the_databases_survive_their_container() -> None:
    kept = SERVICES["postgres"]["volumes"]

    assert kept == ["postgres:/var/lib/postgresql"]
    assert "postgres" in compose.as_written()["volumes"]
