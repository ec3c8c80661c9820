"""Touches a second: the full touch beside one timer and two empty activities."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

from temporalio.client import Client

from benchmarks.burst import prepare
from benchmarks.programs import server_busy
from benchmarks.sides import Side
from benchmarks.spread import Spread


@dataclass(frozen=True, slots=True)
class Pace:
    """One burst: touches a second, and milliseconds of CPU that a touch took of the worker and of
    the server."""

    a_second: float
    worker_ms: float
    server_ms: float


@dataclass(frozen=True, slots=True)
class SideRate:
    """A side's bursts."""

    a_second: Spread
    worker_ms: Spread
    server_ms: Spread

    @classmethod
    def of(cls, paces: Sequence[Pace]) -> Self:
        """The spread of at least one burst."""
        return cls(
            Spread.of([pace.a_second for pace in paces]),
            Spread.of([pace.worker_ms for pace in paces]),
            Spread.of([pace.server_ms for pace in paces]),
        )


@dataclass(frozen=True, slots=True)
class Touches:
    """Both sides, and the full rate as a share of the bare one, round by round."""

    bare: SideRate
    full: SideRate
    ratio: Spread


async def compare_touches(
    client: Client,
    bare: Side,
    full: Side,
    *,
    rounds: int,
    number: int,
    tell: Callable[[str], None],
) -> Touches:
    """Bursts of `number` touches, turn by turn, so that a noisy neighbour meets both sides."""
    paces: dict[str, list[Pace]] = {"bare": [], "full": []}
    for turn in range(1, rounds + 1):
        for name, side in (("bare", bare), ("full", full)):
            pace = await _burst(client, side, number)
            paces[name].append(pace)
            tell(f"touches, round {turn} of {rounds}: {name} {pace.a_second:.1f}/s")
    pairs = zip(paces["bare"], paces["full"], strict=True)
    return Touches(
        bare=SideRate.of(paces["bare"]),
        full=SideRate.of(paces["full"]),
        ratio=Spread.of([one.a_second / other.a_second for other, one in pairs]),
    )


async def _burst(client: Client, side: Side, number: int) -> Pace:
    burst = await prepare(client, side, number)
    await burst.begins()
    worker, server = side.worker.busy, server_busy()
    seconds = (await burst.ends() - burst.fires_at).total_seconds()
    return Pace(
        a_second=number / seconds,
        worker_ms=(side.worker.busy - worker) / number * 1000,
        server_ms=(server_busy() - server) / number * 1000,
    )
