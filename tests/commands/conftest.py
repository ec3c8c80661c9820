"""A firm's terminal, on a Temporal namespace of its own, with or without a worker at work."""

import shutil
import uuid
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.testing import WorkflowEnvironment

from tests.commands.shop import Shop
from tests.commands.terminal import Terminal, at_work

NewNamespace = Callable[[], Awaitable[dict[str, str]]]


async def a_namespace(server: WorkflowEnvironment) -> dict[str, str]:
    """A new namespace on the server, as the variables that lead there."""
    name = f"shop-{uuid.uuid4()}"
    request = RegisterNamespaceRequest(namespace=name)
    request.workflow_execution_retention_period.FromTimedelta(timedelta(days=1))
    await server.client.workflow_service.register_namespace(request)
    return {
        "TEMPORAL_ADDRESS": server.client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": name,
        "DUNLIN_TASK_QUEUE": name,
    }


@pytest.fixture
def nowhere(tmp_path: Path, empty_database: Path) -> Terminal:
    """A terminal with an empty database, from which no Temporal server can be reached."""
    terminal = Terminal(tmp_path / "office", TEMPORAL_ADDRESS="127.0.0.1:1")
    shutil.copy(empty_database, terminal.folder / "dunlin.db")
    return terminal


@pytest.fixture
async def terminal(dev_server: WorkflowEnvironment, tmp_path: Path) -> Terminal:
    """A terminal on a new database and namespace, where nothing is prepared."""
    return Terminal(tmp_path / "office", **await a_namespace(dev_server))


@pytest.fixture(scope="session")
async def _open_shop(
    dev_server: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> Terminal:
    folder = tmp_path_factory.mktemp("shop")
    return Terminal(folder / "office", **await a_namespace(dev_server))


@pytest.fixture(scope="session")
def shop(_open_shop: Terminal) -> Iterator[Shop]:
    """A shop at work, shared by the tests of this process: each brings invoices of its own."""
    prepared = _open_shop("prepare")
    assert prepared.status == 0, prepared.err
    with at_work(_open_shop) as worker:
        yield Shop(_open_shop, worker)
