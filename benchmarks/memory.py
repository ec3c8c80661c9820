"""Memory: what a worker needs for each follow-up that sleeps in its cache."""

from datetime import UTC, datetime, timedelta

from benchmarks import history
from benchmarks.burst import PACE
from benchmarks.ground import Ground, product_worker
from benchmarks.sides import Product

_QUEUE = "dunlin-memory"
_LATER = timedelta(hours=6)


async def bytes_a_follow_up(ground: Ground, *, few: int, many: int) -> float:
    """The growth of a fresh worker between `few` and `many` sleeping follow-ups, for each.

    The first `few` load what all share. `many` must fit the worker's cache.
    """
    later = datetime.now(UTC) + _LATER
    async with product_worker(
        ground.client, ground.folder, ground.database, ground.sink_port, _QUEUE
    ) as worker:
        side = Product(ground, worker, _QUEUE)
        memory = []
        for number in (few, many - few):
            started = await side.start(number, later, PACE)
            await history.reached(ground.client, started, history.is_asleep)
            memory.append(worker.memory)
    return (memory[1] - memory[0]) / (many - few)
