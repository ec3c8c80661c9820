"""Starts a second: a backfill's page beside a client that starts workflows without a purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import perf_counter

from activities.register import Register
from activities.rulebook import Rulebook
from benchmarks import bare, portfolio
from benchmarks.ground import Ground, all_of, new_database
from benchmarks.programs import MeasuringFailed
from benchmarks.spread import Spread
from domain.banking_days import Place
from integrations.temporal.follow_ups import FollowUps
from models.scan import Page
from store.database import Database

# Nobody works on this queue: what is measured is how fast follow-ups come into being.
_QUEUE = "nobody"


@dataclass(frozen=True, slots=True)
class Starts:
    """Both rates, and the backfill's as a share of the bare one, round by round."""

    bare: Spread
    full: Spread
    ratio: Spread


async def compare_starts(
    ground: Ground, *, rounds: int, number: int, tell: Callable[[str], None]
) -> Starts:
    """`number` starts (a page of the register at most), turn by turn, by one client."""
    database = new_database(ground.folder / "backfill.db")
    rulebook = Rulebook(ground.files, Place("US"))
    register = Register(database, rulebook, FollowUps(ground.client, _QUEUE), "UTC")
    rates: dict[str, list[float]] = {"bare": [], "full": []}
    try:
        # The first round warms both sides up: calendars, statements, connections.
        for turn in range(rounds + 1):
            first = _add_round(database, turn, number)
            for name, starting in (
                ("bare", partial(_start_bare, ground, turn, number)),
                ("full", partial(_start_full, register, first, number)),
            ):
                begun = perf_counter()
                await starting()
                rate = number / (perf_counter() - begun)
                if turn:
                    rates[name].append(rate)
                    tell(f"starts, round {turn} of {rounds}: {name} {rate:.0f}/s")
    finally:
        database.close()
    pairs = zip(rates["bare"], rates["full"], strict=True)
    return Starts(
        bare=Spread.of(rates["bare"]),
        full=Spread.of(rates["full"]),
        ratio=Spread.of([full / bare for bare, full in pairs]),
    )


def _add_round(database: Database, turn: int, number: int) -> str:
    """Invoices that come after those of earlier rounds; where the register's page begins."""
    # Overdue by a few days, so that the backlog has to be spread like any real one.
    due = (datetime.now(UTC) - timedelta(days=20)).date()
    prefix = f"ROUND-{turn:03}"
    portfolio.add_invoices(database, [f"{prefix}-{one:05}" for one in range(number)], due)
    return prefix


async def _start_full(register: Register, first: str, number: int) -> None:
    page = Page(scan_id="benchmark", now=datetime.now(UTC), after=(first, "", ""))
    started = (await register.start_follow_ups(page)).counts.started
    if started != number:
        raise MeasuringFailed(f"The backfill started {started} follow-ups in place of {number}.")


async def _start_bare(ground: Ground, turn: int, number: int) -> None:
    fires_at = datetime.now(UTC)
    begin = partial(ground.client.start_workflow, bare.BareTouch.run, fires_at, task_queue=_QUEUE)
    await all_of(partial(begin, id=f"bare-start/{turn}/{one}") for one in range(number))
