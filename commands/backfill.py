"""Starting what is open: the backfill, its dry run, and the schedule that does it daily."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from temporalio.client import ScheduleDescription

from activities.register import Register
from activities.rulebook import Rulebook
from commands.forecast import Forecast, foresee
from commands.office import AsJson, Office, in_office, print_json, say
from domain.banking_days import Place
from integrations.temporal.schedule import SCHEDULE_ID, scan_schedule, schedule_scan
from models.scan import Counts, Page, PageRead, Portions
from store.entries import entry_count, planned_letters
from store.policies import PolicyFiles


def backfill(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would start, and start nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Follow up every open invoice that is not followed up yet. Safe to repeat.

    A backlog is worked off in daily portions (limits.first_day_messages of each policy).
    Example: starter.py backfill --dry-run
    """
    if dry_run:
        forecast = in_office(_forecast)
        _show_forecast(forecast, as_json)
        return
    counts = in_office(lambda office: _backfill(office, quiet=as_json))
    if as_json:
        print_json(counts.model_dump())
    else:
        say(
            f"Started {counts.started} follow-ups, told {counts.changed + counts.closed} of "
            f"changes (of which {counts.closed} end), found {counts.lost} lost."
        )


def _rulebook(office: Office) -> Rulebook:
    settings = office.settings
    files = PolicyFiles(settings.policies, settings.base_currency)
    return Rulebook(files, Place(settings.firm_country))


async def _backfill(office: Office, *, quiet: bool) -> Counts:
    page = _first_page(office)
    with office.database.reading() as session:
        total = entry_count(session)
    bar = Progress(
        TextColumn("Starting follow-ups"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )
    counts = Counts()
    with bar:
        task = bar.add_task("start", total=total)
        register = Register(
            office.database,
            _rulebook(office),
            await office.follow_ups(),
            office.settings.firm_zone,
            on_start=lambda: bar.advance(task),
        )
        counts = await _pages(register.start_follow_ups, page, counts)
    counts = await _pages(register.tell_changes, page, counts)
    return counts.plus(await register.find_lost(page))


def _first_page(office: Office) -> Page:
    now = datetime.now(UTC)
    with office.database.reading() as session:
        planned = planned_letters(session, now.date())
    return Page(scan_id=f"backfill/{uuid.uuid4()}", now=now, portions=Portions(planned=planned))


async def _pages(read: Any, page: Page, counts: Counts) -> Counts:
    while True:
        result: PageRead = await read(page)
        counts = counts.plus(result.counts)
        if result.after is None:
            return counts
        page = page.model_copy(update={"after": result.after, "portions": result.portions})


async def _forecast(office: Office) -> Forecast:
    return foresee(office.database, _rulebook(office), _first_page(office))


def _show_forecast(forecast: Forecast, as_json: bool) -> None:
    by_day = sorted(forecast.letters.items())
    if as_json:
        print_json(
            {
                "would_start": forecast.invoices,
                "by_step": dict(forecast.steps),
                "letters_by_day": {str(day): count for day, count in by_day},
                "calls": forecast.calls,
                "waits": dict(forecast.waits),
            }
        )
        return
    say(f"{forecast.invoices} follow-ups would start; none was started.")
    if not forecast.invoices:
        return
    console = Console()
    steps = Table(title="At which step", title_justify="left")
    steps.add_column("step")
    steps.add_column("invoices", justify="right")
    for step, count in forecast.steps.most_common():
        steps.add_row(step, str(count))
    console.print(steps)
    days = Table(title="First letters by day", title_justify="left")
    days.add_column("day")
    days.add_column("letters", justify="right")
    days.add_column("")
    most = max((count for _, count in by_day), default=1)
    for day, count in by_day:
        days.add_row(str(day), str(count), "█" * max(1, round(40 * count / most)))
    console.print(days)
    _show_without_a_letter(forecast, console)


def _show_without_a_letter(forecast: Forecast, console: Console) -> None:
    if not forecast.calls and not forecast.waits:
        return
    held = Table(title="No letter when their turn comes", title_justify="left")
    held.add_column("why")
    held.add_column("invoices", justify="right")
    if forecast.calls:
        held.add_row("the step is a call", str(forecast.calls))
    for reason, count in forecast.waits.most_common():
        held.add_row(reason.replace("_", " "), str(count))
    console.print(held)


def schedule(
    pause: Annotated[bool, typer.Option("--pause", help="Stop scanning for now.")] = False,
    unpause: Annotated[bool, typer.Option("--unpause", help="Scan again.")] = False,
    now: Annotated[bool, typer.Option("--now", help="Scan once, at once.")] = False,
    note: Annotated[str, typer.Option(help="Why, for whoever looks next.")] = "",
    as_json: AsJson = False,
) -> None:
    """Scan the register every business day (DUNLIN_SCAN_HOUR in DUNLIN_FIRM_ZONE), or change that.

    Example: starter.py schedule --now
    """
    if pause and unpause:
        raise typer.BadParameter("--pause and --unpause exclude each other")

    async def work(office: Office) -> None:
        client = (await office.follow_ups()).client
        settings = office.settings
        await schedule_scan(
            client,
            task_queue=settings.task_queue,
            hour=settings.scan_hour,
            zone=settings.firm_zone,
        )
        handle = client.get_schedule_handle(SCHEDULE_ID)
        if pause:
            await handle.pause(note=note or "paused by starter.py schedule --pause")
        if unpause:
            await handle.unpause(note=note or "resumed by starter.py schedule --unpause")
        if now:
            await handle.trigger()
        described = await scan_schedule(client)
        if described is not None:
            _show_schedule(described, as_json)

    in_office(work)


def _show_schedule(described: ScheduleDescription, as_json: bool) -> None:
    state = described.schedule.state
    following = [f"{at:%Y-%m-%d %H:%M} UTC" for at in described.info.next_action_times[:3]]
    ran = [f"{done.started_at:%Y-%m-%d %H:%M} UTC" for done in described.info.recent_actions]
    if as_json:
        print_json({"paused": state.paused, "note": state.note, "next": following, "ran": ran})
        return
    if state.paused:
        say(f"The daily scan is paused: {state.note}")
    else:
        say(f"The register is scanned on business days; next: {', '.join(following) or 'never'}.")
    if ran:
        say(f"Ran: {', '.join(ran[-3:])}.")
