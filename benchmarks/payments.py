"""From a payment's signal to its booking, while a burst of touches keeps everything busy."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Self

from temporalio.client import Client

from benchmarks import history
from benchmarks.burst import PACE, prepare
from benchmarks.programs import MeasuringFailed
from benchmarks.sides import Side
from benchmarks.spread import percentile

_LATER = timedelta(hours=6)
_LOOK_EVERY_SECONDS = 0.003
_APART_SECONDS = 0.04
_PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Delay:
    """Milliseconds from just before the signal is sent until the booking can be read."""

    p50: float
    p99: float
    max: float
    count: int

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> Self:
        """The delays of at least one payment."""
        return cls(
            percentile(milliseconds, 0.5),
            percentile(milliseconds, 0.99),
            max(milliseconds),
            len(milliseconds),
        )


@dataclass(frozen=True, slots=True)
class Payments:
    """Both sides; the ratio is the product's p99 as a multiple of the bare one."""

    bare: Delay
    full: Delay
    ratio: float


async def compare_payments(
    client: Client,
    bare: Side,
    full: Side,
    *,
    rounds: int,
    touches: int,
    payments: int,
    tell: Callable[[str], None],
) -> Payments:
    """`payments` signals into a burst of `touches`, turn by turn."""
    delays: dict[str, list[float]] = {"bare": [], "full": []}
    for turn in range(1, rounds + 1):
        for name, side in (("bare", bare), ("full", full)):
            found = await _during_a_burst(client, side, touches, payments)
            delays[name] += found
            p99 = percentile(found, 0.99)
            tell(f"payments, round {turn} of {rounds}: {name} p99 {p99:.0f} ms")
    waited = {name: Delay.of(found) for name, found in delays.items()}
    return Payments(
        bare=waited["bare"],
        full=waited["full"],
        ratio=waited["full"].p99 / waited["bare"].p99,
    )


async def _during_a_burst(client: Client, side: Side, touches: int, payments: int) -> list[float]:
    sleepers = await side.start_payable(payments, datetime.now(UTC) + _LATER, PACE)
    await history.reached(client, sleepers, history.is_asleep)
    burst = await prepare(client, side, touches)
    sent: dict[str, float] = {}

    async def pay(workflow: str) -> None:
        payment_id = f"P-{workflow}"
        sent[payment_id] = perf_counter()
        await side.pay(workflow, payment_id)

    async with _watching(side.payments) as booked:
        await burst.begins()
        async with asyncio.TaskGroup() as signals:
            for workflow in sleepers:
                signals.create_task(pay(workflow))
                await asyncio.sleep(_APART_SECONDS)
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not booked.keys() >= sent.keys():  # noqa: ASYNC110  (a database rings no bell)
                    await asyncio.sleep(_LOOK_EVERY_SECONDS)
        except TimeoutError:
            missing = len(sent.keys() - booked.keys())
            raise MeasuringFailed(f"{missing} payments were never booked.") from None
    await burst.ends()
    return [(booked[payment] - at) * 1000 for payment, at in sent.items()]


@asynccontextmanager
async def _watching(path: Path) -> AsyncIterator[dict[str, float]]:
    """When each payment first stood in the database, by this process's clock."""
    booked: dict[str, float] = {}
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    (last,) = connection.execute("SELECT coalesce(max(rowid), 0) FROM payments").fetchone()

    async def watch() -> None:
        nonlocal last
        while True:
            found = connection.execute(
                "SELECT id, rowid FROM payments WHERE rowid > ? ORDER BY rowid", (last,)
            ).fetchall()
            booked.update(dict.fromkeys((payment_id for payment_id, _ in found), perf_counter()))
            last = found[-1][1] if found else last
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    watcher = asyncio.create_task(watch())
    try:
        yield booked
    finally:
        watcher.cancel()
        connection.close()
