"""The rounds among our own people, for as long as there is a firm."""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.rounds import Rounds
    from models.rounds import WORKFLOW, Round, RoundMade, RoundsOrder

_PATIENTLY: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=10),
    "heartbeat_timeout": timedelta(seconds=60),
    "retry_policy": RetryPolicy(
        initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)
    ),
}


@workflow.defn(name=WORKFLOW)
class StaffRounds:
    """Tell our own people what waits for them: overdue tasks, the day's alerts, the week's digest.

    One runs for the whole firm. It looks when something is due, and every so often for what is
    new.
    """

    @workflow.init
    def __init__(self, order: RoundsOrder) -> None:
        self.order = order
        self.last = RoundMade()
        self.woken = False

    @workflow.run
    async def run(self, order: RoundsOrder) -> None:
        """Go round after round; never returns."""
        del order
        while True:
            now = self.order.clock.business(workflow.now())
            self.last = await workflow.execute_activity_method(
                Rounds.make_round, Round(now=now), **_PATIENTLY
            )
            at = now + self.order.every
            if self.last.next_at is not None:
                at = min(at, max(self.last.next_at, now))
            delay = max(timedelta(seconds=0.1), self.order.clock.real(at) - workflow.now())
            workflow.set_current_details(f"next round: {at:%Y-%m-%d %H:%M} UTC")
            await self._sleep(delay)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(self.order)

    @workflow.signal(description="Something urgent is to be told: look now")
    def look_now(self) -> None:
        self.woken = True

    @workflow.query(description="What the last round did")
    def last_round(self) -> RoundMade:
        return self.last

    async def _sleep(self, delay: timedelta) -> None:
        try:
            await workflow.wait_condition(
                lambda: self.woken, timeout=delay, timeout_summary="the next round"
            )
        except TimeoutError:
            return
        self.woken = False
