"""Is everything there? Checks each part, and says how to mend what is wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

import typer
from rich.console import Console
from temporalio.api.enums.v1 import IndexedValueType, TaskQueueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from commands.office import AsJson, Office, in_office, print_json, say
from integrations.letters.check import check_templates
from integrations.mail.address import on_the_wire
from integrations.temporal.connection import connect
from integrations.temporal.intake import intake_goes_on
from integrations.temporal.rounds import rounds_go_on
from integrations.temporal.schedule import scan_schedule, schedule_scan
from models import search_attributes
from models.errors import AddressRejected, DunlinError, SettingInvalid, TemporalUnavailable
from models.settings import Settings
from store import migrate
from store.database import Database
from store.policies import PolicyFiles
from worker import connections, mail_transport

_OWN_ADDRESSES = (
    "sender_email",
    "reply_to",
    "staff_email",
    "backup_email",
    "manager_email",
    "leadership_email",
)
_ALLOW_OR_START = "Let this account do so, or try again; see the server's log"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one check; `mend` says what to do when it is not `ok`."""

    check: str
    ok: bool
    says: str
    mend: str = ""


def doctor(as_json: AsJson = False) -> None:
    """Check server, schedule, worker, rounds, intake, database, mail, policies, letters and more.

    Exit status 1 when something is wrong. Example: starter.py doctor
    """
    findings = in_office(_examine)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        _show(findings)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _show(findings: list[Finding]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for finding in findings:
        sign = "[green]ok[/]   " if finding.ok else "[red]wrong[/]"
        console.print(f"{sign} [bold]{finding.check}[/]: ", end="")
        console.print(finding.says, markup=False)
        if finding.mend:
            console.print(f"      {finding.mend}", markup=False)


async def _examine(office: Office) -> list[Finding]:
    return [
        *await _temporal(office),
        await _try("database", _database(office), "Run: starter.py prepare"),
        await _try("mail", _mail(office), "Set the DUNLIN_SMTP_… variables; see docs/settings.md"),
        await _try("connected", _connected(office), "Mend the setting or the file named"),
        await _try("policies", _policies(office), "Mend the line named"),
        await _try("letters", _letters(office), "Mend the letter named; see docs/templates.md"),
    ]


async def _try(check: str, look: Callable[[], Awaitable[str]], mend: str) -> Finding:
    try:
        return Finding(check, True, await look())
    except DunlinError as wrong:
        return Finding(check, False, str(wrong), mend)


async def _temporal(office: Office) -> list[Finding]:
    try:
        client = await connect()
    except DunlinError as away:
        return [Finding("temporal", False, str(away), "Start it, or set TEMPORAL_ADDRESS")]
    try:
        return await _namespace(client, office.settings.task_queue)
    except RPCError as error:
        return [_missing(client) if _is_missing(error) else _no_answer("temporal", error.message)]
    finally:
        await asyncio.sleep(0.5)


async def _namespace(client: Client, task_queue: str) -> list[Finding]:
    await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client.namespace)
    )
    where = f"{client.service_client.config.target_host}, namespace {client.namespace}"
    return [
        Finding("temporal", True, f"answers at {where}."),
        await _asked("search attributes", _search_attributes(client)),
        await _asked("schedule", _schedule(client)),
        await _asked("worker", _worker(client, task_queue)),
        await _asked("rounds", _rounds(client)),
        await _asked("intake", _intake(client)),
    ]


async def _asked(check: str, asking: Awaitable[Finding]) -> Finding:
    try:
        return await asking
    except RPCError as error:
        return _no_answer(check, error.message)
    except DunlinError as away:
        return Finding(check, False, str(away), _ALLOW_OR_START)


def _is_missing(error: RPCError) -> bool:
    return error.status is RPCStatusCode.NOT_FOUND


def _missing(client: Client) -> Finding:
    says = f'the server has no namespace "{client.namespace}".'
    mend = f"Run: temporal operator namespace create {client.namespace}, or set TEMPORAL_NAMESPACE"
    return Finding("temporal", False, says, mend)


def _no_answer(check: str, message: str) -> Finding:
    return Finding(check, False, f"the server answers: {message}", _ALLOW_OR_START)


async def missing_search_attributes(client: Client) -> list[str]:
    """Names of our search attributes that the namespace lacks."""
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return [key.name for key in search_attributes.ALL if key.name not in known.custom_attributes]


async def _search_attributes(client: Client) -> Finding:
    missing = await missing_search_attributes(client)
    if missing:
        says = f"the namespace lacks {', '.join(missing)}."
        return Finding("search attributes", False, says, "Run: starter.py prepare")
    return Finding("search attributes", True, f"all {len(search_attributes.ALL)} are there.")


async def _schedule(client: Client) -> Finding:
    described = await scan_schedule(client)
    if described is None:
        says = "the register is not scanned daily."
        return Finding("schedule", False, says, "Run: starter.py schedule")
    if described.schedule.state.paused:
        says = f"the daily scan is paused: {described.schedule.state.note or 'no reason given'}."
        return Finding("schedule", False, says, "Run: starter.py schedule --unpause")
    following = described.info.next_action_times[:1]
    when = f"{following[0]:%Y-%m-%d %H:%M} UTC" if following else "never"
    return Finding("schedule", True, f"the next scan is at {when}.")


async def _worker(client: Client, task_queue: str) -> Finding:
    described = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=task_queue),
            task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        )
    )
    if not described.pollers:
        says = f'nobody works on task queue "{task_queue}".'
        return Finding("worker", False, says, "Run: make worker")
    return Finding("worker", True, f"{len(described.pollers)} at work.")


async def _rounds(client: Client) -> Finding:
    if await rounds_go_on(client):
        return Finding("rounds", True, "our own people are told what waits for them.")
    says = "nobody of ours is told what waits for them."
    return Finding("rounds", False, says, "Run: make worker (a worker starts them)")


async def _intake(client: Client) -> Finding:
    if await intake_goes_on(client):
        return Finding("intake", True, "what comes in is read and told to the follow-ups.")
    says = "what comes in is kept, and nobody reads it."
    return Finding("intake", False, says, "Run: make worker (a worker starts it)")


def _connected(office: Office) -> Callable[[], Awaitable[str]]:
    async def look() -> str:
        settings = office.settings
        mail = mail_transport(settings)
        connected = connections(settings, mail)
        await connected.close()
        await mail.close()
        service = "by webhook" if connected.service else "by a person"
        return (
            f"people are told by {settings.alerts_by}; CRM: {settings.crm or 'none'}; "
            f"services are suspended {service}."
        )

    return look


def _database(office: Office) -> Callable[[], Awaitable[str]]:
    async def look() -> str:
        database = office.database
        return f"{database.url.render_as_string()} is up to date."

    return look


def _mail(office: Office) -> Callable[[], Awaitable[str]]:
    async def look() -> str:
        _check_own_addresses(office.settings)
        mail = mail_transport(office.settings)
        try:
            return await mail.check()
        finally:
            await mail.close()

    return look


def _check_own_addresses(settings: Settings) -> None:
    """Settings take any domain that is not ASCII; only here is it known whether mail does."""
    for name in _OWN_ADDRESSES:
        address = getattr(settings, name)
        try:
            if address:
                on_the_wire(address)
        except AddressRejected as wrong:
            raise SettingInvalid(f"DUNLIN_{name.upper()}", str(wrong)) from wrong


def _policies(office: Office) -> Callable[[], Awaitable[str]]:
    async def look() -> str:
        files = PolicyFiles(office.settings.policies, office.settings.base_currency)
        return f"{', '.join(files.policies)} are valid."

    return look


def _letters(office: Office) -> Callable[[], Awaitable[str]]:
    async def look() -> str:
        files = PolicyFiles(office.settings.policies, office.settings.base_currency)
        wrong = check_templates(office.settings.templates, list(files.policies.items()))
        if wrong:
            raise wrong[0]
        return "every letter of every policy can be written in every language."

    return look


def prepare() -> None:
    """Bring database and Temporal namespace up to what this version needs; safe to repeat.

    Applies migrations, registers search attributes, and schedules the daily scan.
    Example: starter.py prepare
    """

    async def work(office: Office) -> None:
        database = Database(office.settings.database_url)
        todo = migrate.missing(database)
        migrate.upgrade(database)
        database.close()
        say(f"Database: {', '.join(todo) + ' applied' if todo else 'was up to date'}.")
        client = await connect()
        say(f"Search attributes: {await register_search_attributes(client)}.")
        settings = office.settings
        created = await schedule_scan(
            client,
            task_queue=settings.task_queue,
            hour=settings.scan_hour,
            zone=settings.firm_zone,
        )
        say(f"Daily scan: {'scheduled' if created else 'was scheduled already'}.")
        await asyncio.sleep(0.5)

    in_office(work)


async def register_search_attributes(client: Client) -> str:
    """Register what the namespace lacks; returns what was done, in words."""
    missing = set(await missing_search_attributes(client))
    if not missing:
        return "all were there"
    try:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=client.namespace,
                search_attributes={
                    key.name: IndexedValueType.ValueType(key.indexed_value_type)
                    for key in search_attributes.ALL
                    if key.name in missing
                },
            )
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise TemporalUnavailable(
                f"The server does not let us register search attributes ({error.message}). "
                f"Create them by its own means: {', '.join(sorted(missing))}."
            ) from error
    return f"{', '.join(sorted(missing))} registered"
