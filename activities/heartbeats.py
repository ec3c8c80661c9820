"""Signs of life from an activity that may wait for somebody else for minutes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

_EVERY_SECONDS = 10.0


@asynccontextmanager
async def heartbeats() -> AsyncIterator[None]:
    """Show the server that this activity lives, so that a dead worker is noticed early."""
    beating = asyncio.create_task(_beat())
    try:
        yield
    finally:
        beating.cancel()


async def _beat() -> None:
    while True:
        await asyncio.sleep(_EVERY_SECONDS)
        activity.heartbeat()
