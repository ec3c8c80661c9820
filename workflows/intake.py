"""The intake: one workflow for the firm, always running."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.asking import Asking
    from activities.matching import Matching
    from activities.reading import Reading
    from activities.telling import Telling
    from models.intake import WORKFLOW, IntakeOrder, IntakeState, Look, Looked
    from workflows.patience import ask

_PATIENTLY: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=5),
    # Then it is begun anew: what is left stands in the database, and the next run waits for this.
    "schedule_to_close_timeout": timedelta(minutes=10),
    "heartbeat_timeout": timedelta(seconds=60),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)
    ),
}


@workflow.defn(name=WORKFLOW)
class Intake:
    """Read what came in, ask providers whose events hold ids only, match money, tell follow-ups.

    The four go on beside each other: a provider that is away delays nobody's payment, and a busy
    server delays no booking. What is left to do stands in the database alone, so that nothing is
    lost whenever this ends, and looking once more than needed is harmless.
    """

    @workflow.init
    def __init__(self, order: IntakeOrder) -> None:
        self.order = order
        self.to_read = self.to_ask = self.to_match = self.to_tell = True
        self.taken = IntakeState()

    @workflow.run
    async def run(self, order: IntakeOrder) -> None:
        """Go on and on; never returns."""
        del order
        others = asyncio.gather(self._ask(), self._match(), self._tell())
        # Reading goes on until the last of the others is ready for the next run.
        await self._read(until=others.done)
        await others
        workflow.continue_as_new(self.order)

    @workflow.signal(description="Something came in: look now")
    def arrived(self) -> None:
        self.to_read = True

    @workflow.query(name="taken", description="What this run has read, asked and told")
    def show_taken(self) -> IntakeState:
        return self.taken

    async def _read(self, until: Callable[[], bool]) -> None:
        while await self._wait(lambda: self.to_read, self.order.every) or not until():
            if not self.to_read and self._is_long():
                await workflow.wait_condition(lambda: self.to_read or until())
                continue
            look = self._look(is_idle=not self.to_read)
            self.to_read = False
            looked: Looked = await ask(Reading.read_arrived, look)
            self._count(read=looked.done, refused=looked.refused)
            self.to_read |= looked.is_more
            self.to_ask |= looked.to_ask
            self.to_match |= looked.to_match
            self.to_tell |= looked.to_tell

    async def _ask(self) -> None:
        while await self._wait(lambda: self.to_ask):
            self.to_ask = False
            looked = await self._patiently(Asking.ask_providers)
            self._count(asked=looked.done, refused=looked.refused)
            self.to_ask |= looked.is_more
            self.to_tell |= looked.to_tell

    async def _match(self) -> None:
        while await self._wait(lambda: self.to_match):
            self.to_match = False
            looked = await self._patiently(Matching.match_money)
            self._count(placed=looked.done)
            self.to_match |= looked.is_more
            self.to_tell |= looked.to_tell

    async def _tell(self) -> None:
        while await self._wait(lambda: self.to_tell):
            self.to_tell = False
            looked = await self._patiently(Telling.tell_follow_ups)
            self._count(told=looked.done)
            self.to_tell |= looked.is_more

    async def _patiently(self, activity: Any) -> Looked:
        try:
            looked: Looked = await workflow.execute_activity_method(
                activity, self._look(), **_PATIENTLY
            )
        except ActivityError as error:
            workflow.logger.warning("the intake will look again", extra={"why": str(error.cause)})
            return Looked()
        return looked

    async def _wait(self, is_wanted: Callable[[], bool], at_most: timedelta | None = None) -> bool:
        """True when there is something to do, or nobody has looked for a while; False once the
        history is long enough for the next run."""
        with suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: is_wanted() or self._is_long(),
                timeout=at_most,
                timeout_summary="nobody has said that anything came in",
            )
        return not self._is_long()

    def _is_long(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    def _look(self, *, is_idle: bool = False) -> Look:
        now = self.order.clock.business(workflow.now())
        return Look(now=now, clock=self.order.clock, is_idle=is_idle)

    def _count(self, **counts: int) -> None:
        added = {name: getattr(self.taken, name) + count for name, count in counts.items()}
        self.taken = self.taken.model_copy(update=added)
