"""One worker process: settings, logging, client, worker, drain on SIGTERM.

python worker.py            works on the Temporal server that TEMPORAL_ADDRESS names
"""

import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

from activities.crew import Connections, Crew
from activities.kept_tokens import KeptTokens
from activities.rulebook import Rulebook
from domain.banking_days import Place
from domain.letter_writing import Stationery
from integrations.alerts.channel import AlertChannel
from integrations.alerts.crm_tasks import CrmTasks
from integrations.alerts.mail import MailAlerts
from integrations.alerts.slack import SlackAlerts
from integrations.crm import (
    ContextSource,
    HubSpot,
    Salesforce,
    parse_hubspot_mapping,
    parse_salesforce_mapping,
)
from integrations.letters.letters import Letters
from integrations.mail.maildir import MaildirTransport
from integrations.mail.smtp import SmtpTransport
from integrations.mail.transport import MailTransport
from integrations.registers.configured import providers
from integrations.registers.source import RegisterSource
from integrations.service.switch import ServiceSwitch
from integrations.service.webhook import ServiceWebhook
from integrations.temporal.connection import connect
from integrations.temporal.follow_ups import FollowUps
from integrations.temporal.intake import start_intake
from integrations.temporal.rounds import start_rounds
from integrations.webhooks.configured import translate
from logs import configure_logging
from models.errors import DunlinError, WrongUse
from models.intake import IntakeOrder, intake_queue
from models.rounds import RoundsOrder
from models.settings import Settings, load_settings
from store import migrate
from store.database import Database
from store.escalation import Superiors
from store.policies import PolicyFiles
from store.sealing import Seal
from workflows.intake import Intake
from workflows.invoice_follow_up import InvoiceFollowUp
from workflows.register_scan import RegisterScan
from workflows.staff_rounds import StaffRounds

WORKFLOWS = (InvoiceFollowUp, RegisterScan, StaffRounds)
_ALIVE_EVERY_SECONDS = 10

log = structlog.get_logger()


def workflow_runner() -> SandboxedWorkflowRunner:
    """The sandbox that workflows run in; a module that slips past it is an error."""
    policy = (
        SandboxImportNotificationPolicy.WARN_ON_DYNAMIC_IMPORT
        | SandboxImportNotificationPolicy.RAISE_ON_UNINTENTIONAL_PASSTHROUGH
    )
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_import_notification_policy(policy)
    )


def mail_transport(settings: Settings) -> MailTransport:
    """SMTP when a server is set, otherwise the outbox folder."""
    if not settings.smtp_host:
        return MaildirTransport(settings.outbox)
    return SmtpTransport(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
        timeout=settings.smtp_timeout,
        ca_file=settings.smtp_ca_file,
    )


def connections(
    settings: Settings, mail: MailTransport, database: Database | None = None
) -> Connections:
    """What is connected beside the mail server.

    Raises:
        WrongUse: a mapping or a secret is wrong.
    """
    channel: AlertChannel = MailAlerts(mail, settings.firm)
    if settings.alerts_by == "slack":
        url = settings.slack_webhook.get_secret_value()
        channel = SlackAlerts(url, members=settings.slack_members)
    context = _context_source(settings)
    if settings.alerts_by == "crm" and context is not None:
        channel = CrmTasks(context, otherwise=channel)
    service: ServiceSwitch | None = None
    if settings.service_webhook_url:
        secrets = settings.service_webhook_secrets.get_secret_value().split(",")
        service = ServiceWebhook(settings.service_webhook_url, secrets)
    asked = _providers(settings, database) if database is not None else {}
    return Connections(
        channel=channel,
        context=context,
        service=service,
        providers=asked,
        register=asked.get(settings.register_source),
    )


def _providers(settings: Settings, database: Database) -> dict[str, RegisterSource]:
    def keeping(source: str, first: str) -> KeptTokens:
        seal = Seal(settings.secret_key.get_secret_value())
        return KeptTokens(database, seal, source, first)

    return providers(settings, keeping)


def _context_source(settings: Settings) -> ContextSource | None:
    if not settings.crm or settings.crm_mapping is None:
        return None
    path = settings.crm_mapping
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise WrongUse(f"{path}: the CRM's mapping cannot be read ({unreadable})") from None
    if settings.crm == "hubspot":
        token = settings.hubspot_token.get_secret_value()
        return HubSpot(token, parse_hubspot_mapping(text, path))
    return Salesforce(
        settings.salesforce_login_url,
        settings.salesforce_client_id,
        settings.salesforce_client_secret.get_secret_value(),
        parse_salesforce_mapping(text, path),
    )


def build_crew(
    settings: Settings,
    client: Client,
    database: Database,
    mail: MailTransport,
    connected: Connections,
) -> Crew:
    """The activities, over this database, mail transport, server, and what is connected.

    Raises:
        WrongUse: policies or templates are wrong.
    """
    rulebook = Rulebook(
        PolicyFiles(settings.policies, settings.base_currency),
        Place(settings.firm_country),
        zone=settings.firm_zone,
        staff=settings.staff_email,
        connected=connected.context.name if connected.context else "",
    )
    return Crew.of(
        database,
        rulebook,
        Letters(settings.templates),
        mail,
        Stationery(settings.firm, settings.payment_link),
        FollowUps(client, settings.task_queue),
        connected,
        Superiors(settings.staff_email, settings.backup_email, settings.manager_email),
        settings.leadership_email,
        translate,
    )


def build_workers(settings: Settings, client: Client, crew: Crew) -> tuple[Worker, Worker]:
    """Workers for the follow-ups and for the intake, which waits behind no morning run."""
    queue = settings.task_queue
    return (
        build_worker(settings, client, queue, WORKFLOWS, crew.activities),
        build_worker(settings, client, intake_queue(queue), (Intake,), crew.for_the_intake),
    )


def build_worker(
    settings: Settings,
    client: Client,
    task_queue: str,
    workflows: Sequence[type],
    activities: list[Callable[..., Any]],
) -> Worker:
    """A worker of that queue that finishes what it has begun before it stops.

    With DUNLIN_BUILD_ID it is one version of a worker deployment; follow-ups move to the current
    version by themselves.
    """
    deployment = None
    if settings.build_id:
        deployment = WorkerDeploymentConfig(
            version=WorkerDeploymentVersion(settings.deployment, settings.build_id),
            use_worker_versioning=True,
            default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
        )
    return Worker(
        client,
        task_queue=task_queue,
        workflows=list(workflows),
        activities=activities,
        workflow_runner=workflow_runner(),
        deployment_config=deployment,
        graceful_shutdown_timeout=timedelta(seconds=settings.drain_seconds),
        max_concurrent_activities=50,
    )


async def work(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT, then drain.

    Raises:
        WrongUse: settings, policies or templates are wrong, or migrations are missing.
        TemporalUnavailable, DatabaseUnavailable: to be tried again later.
    """
    database = Database(settings.database_url)
    if migrate.missing(database):
        raise WrongUse("The database is not up to date. Run: starter.py prepare")
    client = await connect()
    mail = mail_transport(settings)
    connected = connections(settings, mail, database)
    crew = build_crew(settings, client, database, mail, connected)
    every = timedelta(minutes=settings.rounds_minutes)
    await start_rounds(client, settings.task_queue, RoundsOrder(every=every))
    await start_intake(client, settings.task_queue, IntakeOrder())
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    alive = asyncio.create_task(_show_life(client, settings.alive_file))
    # What is loaded by now stays: the collector need not look at it again and again.
    gc.freeze()
    for_follow_ups, for_the_intake = build_workers(settings, client, crew)
    async with for_follow_ups, for_the_intake:
        log.info("worker started", task_queue=settings.task_queue, build_id=settings.build_id)
        await stop.wait()
        log.info("worker draining", seconds=settings.drain_seconds)
    alive.cancel()
    await connected.close()
    await mail.close()
    database.close()
    log.info("worker stopped")
    # The SDK's threads outlive the loop for a moment; leaving before them aborts the process.
    await asyncio.sleep(0.5)


async def _show_life(client: Client, path: Path | None) -> None:
    while path is not None:
        with suppress(Exception):
            if await client.service_client.check_health():
                await asyncio.to_thread(path.touch)
        await asyncio.sleep(_ALIVE_EVERY_SECONDS)


def main() -> int:
    """Run a worker; 0 after a clean stop, 1 when it failed, 2 when it is set up wrongly."""
    try:
        settings = load_settings()
        configure_logging(settings.log_format, settings.log_level)
        asyncio.run(work(settings))
    except WrongUse as wrong:
        print(wrong, file=sys.stderr)  # noqa: T201  (a program's last word)
        return 2
    except DunlinError as error:
        print(error, file=sys.stderr)  # noqa: T201  (a program's last word)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
