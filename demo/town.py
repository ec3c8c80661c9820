"""The demo's own servers: Temporal with its UI, a database and a mailbox, in one folder."""

import shutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig
from temporalio.testing import WorkflowEnvironment

from demo.names import BOUNCING_DOMAIN
from integrations.mail.maildir import MaildirTransport
from integrations.mail.transport import Accepted, GoAhead
from models import search_attributes
from models.errors import AddressRejected, WrongUse
from models.letter import Envelope
from models.service import ServiceOrder
from models.settings import Settings, load_settings
from store import migrate
from store.database import Database

_LOOPBACK = "127.0.0.1"
_TEMPORAL_PORT, _UI_PORT = 7233, 8233
_FOLDER = Path(".dunlin")


class TownPost(MaildirTransport):
    """A mailbox that refuses the addresses of one domain, as a mail server would."""

    async def send(self, envelope: Envelope, go_ahead: GoAhead | None = None) -> Accepted:
        if envelope.to.endswith(f"@{BOUNCING_DOMAIN}"):
            raise AddressRejected(envelope.to, "550 5.1.1 no such mailbox")
        return await super().send(envelope, go_ahead)


class Switchboard:
    """The system that runs the customers' services: it notes what it is told, line by line."""

    def __init__(self, log: Path) -> None:
        self._log = log

    async def tell(self, order: ServiceOrder) -> None:
        with self._log.open("a", encoding="utf-8") as log:
            log.write(f"{order.model_dump_json()}\n")

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True, slots=True)
class Town:
    """Everything that runs for one demo: `post` takes letters to customers, `notices` what our own
    people are told. `taken` are the usual ports that others hold."""

    client: Client
    database: Database
    post: TownPost
    notices: MaildirTransport
    service: Switchboard
    settings: Settings
    address: str
    ui: str
    taken: tuple[int, ...]


@asynccontextmanager
async def open_town() -> AsyncIterator[Town]:
    """Start the demo's servers on free ports, with an empty database and mailbox.

    Raises:
        WrongUse: the embedded server is not installed.
    """
    port, ui_port = _free(_TEMPORAL_PORT), _free(_UI_PORT)
    taken = tuple(
        usual for usual, got in ((_TEMPORAL_PORT, port), (_UI_PORT, ui_port)) if usual != got
    )
    folder = _FOLDER / f"demo-{port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    settings = load_settings(
        database_url=f"sqlite:///{folder}/dunlin.db",
        outbox=folder / "outbox",
        firm_name="Harbour Supplies",
        firm_address="1 Quay Street, Boston",
        firm_country="US",
        firm_zone="America/New_York",
        base_currency="USD",
        sender_name="Robin Vale",
        sender_email="receivables@harbour.example",
        staff_email="receivables@harbour.example",
        backup_email="backup@harbour.example",
        manager_email="ines.calder@harbour.example",
        leadership_email="leadership@harbour.example",
        crm="",
        alerts_by="mail",
        service_webhook_url="",
        payment_link="https://pay.harbour.example/{invoice_id}",
        smtp_host="",
        task_queue="dunlin",
        build_id="",
        drain_seconds=5,
    )
    database = Database(settings.database_url)
    migrate.upgrade(database)
    server = await WorkflowEnvironment.start_local(
        dev_server_existing_path=_temporal_program(),
        data_converter=pydantic_data_converter,
        search_attributes=search_attributes.ALL,
        ip=_LOOPBACK,
        port=port,
        ui=True,
        ui_port=ui_port,
        dev_server_log_level="never",
        runtime=Runtime(telemetry=TelemetryConfig(logging=LoggingConfig(filter="ERROR"))),
    )
    async with server:
        try:
            yield Town(
                client=server.client,
                database=database,
                post=TownPost(settings.outbox),
                notices=MaildirTransport(folder / "notices"),
                service=Switchboard(folder / "service.jsonl"),
                settings=settings,
                address=f"{_LOOPBACK}:{port}",
                ui=f"http://{_LOOPBACK}:{ui_port}",
                taken=taken,
            )
        finally:
            database.close()


def _temporal_program() -> str:
    program = Path(sys.executable).parent / "temporal"
    if not program.exists():
        raise WrongUse("The embedded Temporal server is not installed. Run: make demo")
    return str(program)


def _free(usual: int) -> int:
    """The usual port, or any free one where somebody else has it."""
    for port in (usual, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((_LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise WrongUse("There is no free port on this machine.")
