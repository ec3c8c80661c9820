"""Living through the days: the town opens, the clock runs, the view follows."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from rich.console import Console
from rich.live import Live

from activities.crew import Connections
from demo import view
from demo.day import Days
from demo.figures import Figures, dso, figures, promptness
from demo.people_figures import people_at_work
from demo.town import Town, open_town
from demo.worlds import Span, World
from domain.banking_days import Place, closed_days
from integrations.alerts.mail import MailAlerts
from integrations.letters import check_templates
from integrations.temporal.follow_ups import FollowUps
from integrations.temporal.intake import start_intake
from integrations.temporal.rounds import start_rounds
from integrations.temporal.schedule import schedule_scan
from models.clock import Clock
from models.intake import IntakeOrder
from models.rounds import RoundsOrder
from models.scan import ScanOrder
from worker import build_crew, build_workers

# Late by less than this is on time: a busy machine must not move letters to another day.
_SLACK = timedelta(seconds=10)
_SETTLE_SECONDS = 20
_PEOPLE_ACT = time(6)
_SCAN = time(8)
_LOG_EVERY = 5
_STARTS_A_SECOND = 30
_ROUNDS = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to live through, and how fast: `pace` real seconds to a calendar day."""

    world: World
    span: Span
    pace: float
    stay: bool


async def live(plan: Plan, console: Console) -> None:
    """Run the whole demo; returns at its end, or is cancelled while it stays open."""
    async with open_town() as town:
        _announce(console, town, plan)
        follow_ups = FollowUps(town.client, town.settings.task_queue)
        days = Days(town, plan.world, follow_ups)
        days.found_the_firm()
        with console.status("Reading calendars and letters …"):
            _warm_up(plan, town)
        clock = _clock(plan)
        await schedule_scan(
            town.client,
            task_queue=town.settings.task_queue,
            hour=_SCAN.hour,
            zone=town.settings.firm_zone,
            order=ScanOrder(clock=clock, every_day=True),
            paused_because="the demo triggers it at 08:00 of each of its days",
        )
        channel = MailAlerts(town.notices, town.settings.firm)
        connected = Connections(channel=channel, service=town.service)
        crew = build_crew(town.settings, town.client, town.database, town.post, connected)
        order = RoundsOrder(clock=clock, every=_ROUNDS)
        await start_rounds(town.client, town.settings.task_queue, order)
        await start_intake(town.client, town.settings.task_queue, IntakeOrder(clock=clock))
        for_follow_ups, for_the_intake = build_workers(town.settings, town.client, crew)
        async with for_follow_ups, for_the_intake:
            await _begin(plan, days, clock, console)
            await _quarter(plan, town, days, clock, console)
            await _settle(town)
            _last_page(plan, town, console)
            if plan.stay:
                console.print("\nThe servers stay up until Ctrl-C.")
                await asyncio.Event().wait()


def _warm_up(plan: Plan, town: Town) -> None:
    """What a worker reads when it is first needed would take days of the demo's time."""
    for customer in plan.world.customers:
        for year in range(plan.span.begins.year, plan.span.ends.year + 2):
            closed_days(customer.country, "", year)
    check_templates(town.settings.templates, [])


def _clock(plan: Plan) -> Clock:
    """A clock that stands still until every follow-up of the first day can have started."""
    open_at_first = sum(one.issued_on <= plan.span.begins for one in plan.world.invoices)
    start_up = timedelta(seconds=3 + open_at_first / _STARTS_A_SECOND)
    return Clock(
        real_start=datetime.now(UTC) + start_up,
        business_start=datetime.combine(plan.span.begins, _PEOPLE_ACT, tzinfo=UTC),
        rate=86_400 / plan.pace,
        slack=_SLACK,
    )


async def _begin(plan: Plan, days: Days, clock: Clock, console: Console) -> None:
    with console.status("Starting the follow-ups of the first day …"):
        await days.opening(plan.span.begins)
        await _until(clock, plan.span.begins, _PEOPLE_ACT)


def _announce(console: Console, town: Town, plan: Plan) -> None:
    for note in plan.world.notes:
        console.print(note, style="dim", markup=False, highlight=False)
    for port in town.taken:
        console.print(f"Port {port} is taken; a free one is used instead.", style="yellow")
    console.print(f"Temporal UI: {town.ui}", highlight=False)


async def _quarter(plan: Plan, town: Town, days: Days, clock: Clock, console: Console) -> None:
    home = Place(town.settings.firm_country)
    business = [day for day in plan.span.all_days() if not home.is_closed(day)]
    lived = 0

    def now_at(day: date) -> Figures:
        with town.database.reading() as session:
            return figures(session, day)

    with Live(console=console, auto_refresh=False, transient=True) as screen:
        for day in plan.span.all_days():
            await _until(clock, day, _PEOPLE_ACT)
            await days.morning(day)
            if day > plan.span.begins:
                await _until(clock, day, _SCAN)
                await days.opening(day)
            lived += day in business
            if console.is_terminal:
                screen.update(view.page(day, lived, len(business), now_at(day)), refresh=True)
            elif day in business and lived % _LOG_EVERY == 0:
                console.print(view.line(day, lived, len(business), now_at(day)), highlight=False)
        await _until(clock, plan.span.ends + timedelta(days=1), _PEOPLE_ACT)


async def _until(clock: Clock, day: date, at: time) -> None:
    moment = clock.real(datetime.combine(day, at, tzinfo=UTC))
    await asyncio.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))


async def _settle(town: Town) -> None:
    """Let the last day's work come to its end."""
    for _ in range(_SETTLE_SECONDS * 4):
        with town.database.reading() as session:
            prompt = promptness(session)
        if prompt.paid == prompt.closed:
            return
        await asyncio.sleep(0.25)


def _last_page(plan: Plan, town: Town, console: Console) -> None:
    first, last = plan.span.begins, plan.span.ends
    with town.database.reading() as session:
        stood = dso(session, plan.world.history, [first, last])
        console.print(
            view.summary(
                figures(session, last),
                people_at_work(session),
                stood[first],
                stood[last],
                promptness(session),
            )
        )
    settings = town.settings
    surroundings = f"TEMPORAL_ADDRESS={town.address} DUNLIN_DATABASE_URL={settings.database_url}"
    console.print(
        view.where_to_look(
            [
                ("Temporal UI", f"{town.ui}/namespaces/default/workflows"),
                ("outbox", f"{settings.outbox} (a Maildir: letters to customers)"),
                ("notices", f"{town.notices.folder} (a Maildir: what our own people were told)"),
                ("database", settings.database_url.removeprefix("sqlite:///")),
                ("commands", f"{surroundings} .venv/bin/python starter.py status"),
            ]
        )
    )
