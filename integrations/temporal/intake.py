"""The intake in Temporal: one workflow for the firm, always running, told when something came."""

import asyncio
from collections.abc import Awaitable, Callable

from temporalio.client import Client
from temporalio.service import RPCError

from integrations.temporal import always
from models.errors import TemporalUnavailable
from models.intake import WORKFLOW, WORKFLOW_ID, IntakeOrder, intake_queue

_SUMMARY = "Reads what came in: webhooks, statements, registers"


async def start_intake(client: Client, task_queue: str, order: IntakeOrder) -> None:
    """Have the intake go on; one that runs already is left as it is.

    Raises:
        TemporalUnavailable: the server does not answer.
    """
    queue = intake_queue(task_queue)
    await always.start(
        client, WORKFLOW, order, workflow_id=WORKFLOW_ID, task_queue=queue, summary=_SUMMARY
    )


async def intake_goes_on(client: Client) -> bool:
    """True while the intake runs.

    Raises:
        RPCError: the server does not answer.
    """
    return await always.goes_on(client, WORKFLOW_ID)


class IntakeBell:
    """Tells the intake that something arrived: one signal for all that arrives while the last one
    is on its way. The intake looks by itself now and then, so that a lost ring only delays."""

    def __init__(self, connecting: Callable[[], Awaitable[Client]]) -> None:
        self._connecting = connecting
        self._client: Client | None = None
        self._is_wanted = False
        self._ringing: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """Have the intake look, soon; never waits and never fails."""
        self._is_wanted = True
        if self._ringing is None or self._ringing.done():
            self._ringing = asyncio.create_task(self._ring())

    async def close(self) -> None:
        """Wait for the ring that is on its way."""
        if self._ringing is not None:
            await self._ringing

    async def _ring(self) -> None:
        while self._is_wanted:
            self._is_wanted = False
            try:
                await self.ring_now()
            except TemporalUnavailable:
                return

    async def ring_now(self) -> None:
        """Have the intake look.

        Raises:
            TemporalUnavailable: the server does not answer, or no intake runs.
        """
        self._client = self._client or await self._connecting()
        try:
            await self._client.get_workflow_handle(WORKFLOW_ID).signal("arrived")
        except RPCError as error:
            raise TemporalUnavailable(f"The intake cannot be told: {error.message}") from error
