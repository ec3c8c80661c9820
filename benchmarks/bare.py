"""Workflows without a purpose: what Temporal itself costs, to compare with.

The sandbox imports this file for every workflow, so it imports next to nothing itself.
"""

from datetime import datetime, timedelta

from temporalio import activity, workflow

QUEUE = "bare"
NOTE_PAYMENT = "note_payment"
_SOON = timedelta(minutes=1)


@activity.defn
async def do_nothing() -> None:
    """An empty activity."""


def _until(moment: datetime) -> timedelta:
    return max(timedelta(0), moment - workflow.now())


@workflow.defn
class BareTouch:
    """One timer, two empty activities."""

    @workflow.run
    async def run(self, fires_at: datetime) -> None:
        await workflow.sleep(_until(fires_at))
        await workflow.execute_activity(do_nothing, start_to_close_timeout=_SOON)
        await workflow.execute_activity(do_nothing, start_to_close_timeout=_SOON)


@workflow.defn
class BarePayment:
    """Sleeps like a follow-up until it is paid, and notes that in one local activity."""

    def __init__(self) -> None:
        self.payment_id = ""

    @workflow.run
    async def run(self, fires_at: datetime) -> None:
        await workflow.wait_condition(lambda: bool(self.payment_id), timeout=_until(fires_at))
        await workflow.execute_local_activity(
            NOTE_PAYMENT, self.payment_id, start_to_close_timeout=_SOON
        )

    @workflow.signal
    def paid(self, payment_id: str) -> None:
        self.payment_id = payment_id
