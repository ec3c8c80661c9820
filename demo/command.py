"""The command `demo`."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from commands.office import Day
from demo.run import Plan, live
from demo.worlds import MadeUpWorld, Span, World, recorded_world
from domain.banking_days import Place
from integrations.csv_ledger import read_mapping
from models.errors import WrongUse

_FIRST_DAY = date(2026, 1, 5)
_BUSINESS_DAYS = 75
_RECORDED_DAYS = 60
_HOME = Place("US")
_LOG_WIDTH = 140


def demo(
    ledger: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Live a real ledger (CSV) through instead."),
    ] = None,
    as_of: Day = None,
    days: Annotated[
        int | None, typer.Option(min=1, max=1000, help="Calendar days to live through.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", exists=True, dir_okay=False, help="Mapping file for the ledger."),
    ] = None,
    pace: Annotated[float, typer.Option(min=0.2, help="Seconds to a calendar day.")] = 0.75,
    seed: Annotated[int, typer.Option(help="Another seed makes up another firm.")] = 7,
    leave: Annotated[bool, typer.Option("--exit", help="End when the days are over.")] = False,
) -> None:
    """Live through 75 business days of a firm on embedded servers, at about a day a second.

    Needs no server, no account and no key. With --ledger and --as-of, a real ledger is lived
    through from that day on. Example: starter.py demo --exit
    """
    world, span = _choose(ledger, as_of, days, mapping, seed)
    plan = Plan(world=world, span=span, pace=pace, stay=not leave)
    try:
        console = Console()
        if not console.is_terminal:
            console = Console(width=_LOG_WIDTH)
        asyncio.run(_until_told(live(plan, console)))
    except KeyboardInterrupt:
        typer.echo("Closed.")


async def _until_told(work: Coroutine[Any, Any, None]) -> None:
    """Do `work` to its end, or until SIGTERM; either way its servers are stopped."""
    living = asyncio.create_task(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, living.cancel)
    with suppress(asyncio.CancelledError):
        await living
    # The SDK's threads outlive the last shutdown for a moment; leaving before them aborts the
    # process now and then.
    await asyncio.sleep(0.5)


def _choose(
    ledger: Path | None, as_of: date | None, days: int | None, mapping: Path | None, seed: int
) -> tuple[World, Span]:
    if ledger is None:
        begins = as_of or _FIRST_DAY
        return MadeUpWorld(begins, seed), Span(begins, days or _calendar_days(begins))
    if as_of is None:
        raise WrongUse("--ledger needs --as-of: the day from which to live it, as 2013-06-01")
    world = recorded_world(ledger, as_of, read_mapping(mapping) if mapping else None)
    return world, Span(as_of, days or _RECORDED_DAYS)


def _calendar_days(begins: date) -> int:
    """So many that there are 75 business days among them, the first one included."""
    day, left = begins, _BUSINESS_DAYS
    while True:
        left -= not _HOME.is_closed(day)
        if not left:
            return (day - begins).days
        day += timedelta(days=1)
