"""Many workflows whose timers fire at one moment, as on a busy morning."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from benchmarks import history
from benchmarks.sides import Side

_AT_LEAST_SECONDS = 1.5
_SETTLE_SECONDS = 0.3
PACE = 50.0
_SAMPLE = 10


@dataclass(frozen=True, slots=True)
class Burst:
    """Sleeping workflows that all act at `fires_at`."""

    client: Client
    side: Side
    workflow_ids: list[str]
    fires_at: datetime

    async def begins(self) -> None:
        """Wait until the timers fire."""
        await asyncio.sleep((self.fires_at - datetime.now(UTC)).total_seconds())

    async def ends(self) -> datetime:
        """Wait until every workflow has acted; when the last one had, by the server's clock."""

        async def acted(workflow_ids: list[str]) -> list[datetime]:
            return await history.reached(
                self.client,
                workflow_ids,
                lambda event: self.side.has_acted(event, self.fires_at),
            )

        # While the first few are not there, most others need not be asked about.
        return max(await acted(self.workflow_ids[-_SAMPLE:]) + await acted(self.workflow_ids))


async def prepare(client: Client, side: Side, number: int, pace: float = PACE) -> Burst:
    """A burst of `number` workflows, all of them asleep, on a machine that is at rest.

    `pace` is how many a second start: few enough that each falls asleep at once. The server counts
    a timer from the moment that the worker has answered, so that whoever had to queue for the
    worker would wake up late by as much. Where falling asleep takes too long the timers would fire
    on workflows that are still starting: such a burst is let go, and another one gets twice the
    time.
    """
    lead = timedelta(seconds=_AT_LEAST_SECONDS + 1.2 * number / pace)
    fires_at = datetime.now(UTC) + lead
    burst = Burst(client, side, await side.start(number, fires_at, pace), fires_at)
    for workflow_id in burst.workflow_ids[-_SAMPLE:]:
        while not history.is_asleep(await history.last_event(client, workflow_id)):
            if datetime.now(UTC) > fires_at:
                await burst.ends()
                return await prepare(client, side, number, pace / 2)
            await asyncio.sleep(0.05)
    if fires_at - datetime.now(UTC) < timedelta(seconds=_SETTLE_SECONDS):
        await burst.ends()
        return await prepare(client, side, number, pace / 2)
    return burst
