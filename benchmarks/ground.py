"""Where it is measured: one dev server, the product's worker, a bare one and a mail sink."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from benchmarks.programs import ROOT, MeasuringFailed, Program, running
from models import search_attributes
from store import migrate
from store.database import Database
from store.policies import PolicyFiles

QUEUE = "dunlin"
BASE_CURRENCY = "USD"
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Ground:
    """What every measurement stands on. The load comes from this process, the work does not."""

    client: Client
    folder: Path
    database: Database
    files: PolicyFiles
    sink: Program
    sink_port: int
    product: Program
    bare: Program

    @property
    def bare_notes(self) -> Path:
        """Where the bare worker notes payments."""
        return self.folder / "bare.db"


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    """Everything started, on files that are gone afterwards."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dunlin-bench-")))
        client = await stack.enter_async_context(_server())
        database = new_database(folder / "dunlin.db")
        stack.callback(database.close)
        sink = await stack.enter_async_context(
            running("sink", "-m", "benchmarks.mail_sink", told={}, folder=folder)
        )
        sink_port = int(await sink.says())
        product = await stack.enter_async_context(
            product_worker(client, folder, database, sink_port, QUEUE)
        )
        bare = await stack.enter_async_context(
            running(
                "bare-worker",
                "-m",
                "benchmarks.bare_worker",
                "bare.db",
                told=_told(client, folder),
                folder=folder,
            )
        )
        yield Ground(
            client=client,
            folder=folder,
            database=database,
            files=PolicyFiles(ROOT / "policies", BASE_CURRENCY),
            sink=sink,
            sink_port=sink_port,
            product=product,
            bare=bare,
        )


def new_database(path: Path) -> Database:
    """An empty SQLite file with every migration applied."""
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    return database


@asynccontextmanager
async def product_worker(
    client: Client, folder: Path, database: Database, sink_port: int, queue: str
) -> AsyncIterator[Program]:
    """The product's own worker, as it runs in production but for its settings."""
    told = {
        **_told(client, folder),
        "DUNLIN_TASK_QUEUE": queue,
        "DUNLIN_DATABASE_URL": database.url.render_as_string(),
        "DUNLIN_BASE_CURRENCY": BASE_CURRENCY,
        "DUNLIN_FIRM_NAME": "Harbour Supplies",
        "DUNLIN_FIRM_ADDRESS": "1 Quay Street, Boston",
        "DUNLIN_PAYMENT_LINK": "https://pay.harbour.example/{invoice_id}",
        "DUNLIN_SENDER_EMAIL": "ar@harbour.example",
        "DUNLIN_SMTP_HOST": "127.0.0.1",
        "DUNLIN_SMTP_PORT": str(sink_port),
        "DUNLIN_SMTP_SECURITY": "none",
        "DUNLIN_DRAIN_SECONDS": "5",
        "DUNLIN_POLICIES": str(ROOT / "policies"),
        "DUNLIN_TEMPLATES": str(ROOT / "templates"),
    }
    name = f"worker-{queue}"
    async with running(name, str(ROOT / "worker.py"), told=told, folder=folder) as program:
        yield program


async def all_of(
    calls: Iterable[Callable[[], Awaitable[object]]], a_second: float | None = None
) -> None:
    """Make every call, as many at a time as a backfill does, but not more than that `a_second`."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def through_the_gate(call: Callable[[], Awaitable[object]]) -> None:
        async with gate:
            await call()

    async with asyncio.TaskGroup() as group:
        for call in calls:
            group.create_task(through_the_gate(call))
            if a_second is not None:
                await asyncio.sleep(1 / a_second)


def _told(client: Client, folder: Path) -> dict[str, str]:
    profiles = folder / "temporal.toml"
    profiles.touch()
    return {
        "TEMPORAL_ADDRESS": client.service_client.config.target_host,
        "TEMPORAL_NAMESPACE": client.namespace,
        "TEMPORAL_CONFIG_FILE": str(profiles),
    }


@asynccontextmanager
async def _server() -> AsyncIterator[Client]:
    program = Path(sys.executable).parent / "temporal"
    if not program.exists():
        raise MeasuringFailed("There is no Temporal dev server beside this Python: make bench.")
    server = await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(program),
        data_converter=pydantic_data_converter,
        search_attributes=search_attributes.ALL,
        dev_server_log_level="error",
        # It would say where it listens, in the midst of our own output.
        dev_server_extra_args=["--output", "none"],
    )
    async with server:
        yield server.client
    # The SDK's threads outlive the loop for a moment; leaving before them aborts the process.
    await asyncio.sleep(0.5)
