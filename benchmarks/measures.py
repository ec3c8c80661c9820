"""Everything that is measured, in one run."""

from collections.abc import Callable
from dataclasses import dataclass

from temporalio.api.enums.v1 import EventType

from benchmarks import history
from benchmarks.burst import prepare
from benchmarks.ground import Ground
from benchmarks.mail_rate import letters_a_second
from benchmarks.memory import bytes_a_follow_up
from benchmarks.payments import Payments, compare_payments
from benchmarks.sides import Bare, Product
from benchmarks.starts import Starts, compare_starts
from benchmarks.touches import Touches, compare_touches


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: rounds, and how many of each in a round."""

    warm_up: int = 60
    touch_rounds: int = 5
    touches: int = 250
    payment_rounds: int = 3
    payment_touches: int = 150
    payments: int = 60
    start_rounds: int = 5
    starts: int = 400
    few_cached: int = 100
    many_cached: int = 700
    letters: int = 500


QUICK = Plan(
    warm_up=10,
    touch_rounds=2,
    touches=30,
    payment_rounds=1,
    payment_touches=20,
    payments=10,
    start_rounds=2,
    starts=50,
    few_cached=10,
    many_cached=50,
    letters=50,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run found."""

    touches: Touches
    starts: Starts
    payments: Payments
    history_events: int
    regular_activities: int
    cached_kb: float
    sink_letters_a_second: float


async def measure(ground: Ground, plan: Plan, tell: Callable[[str], None]) -> Measured:
    """One run of everything, interleaved where two sides are compared.

    Raises:
        MeasuringFailed: something did not happen that had to.
    """
    bare, full = Bare(ground), Product(ground, ground.product)
    tell("warming up")
    for side in (bare, full):
        burst = await prepare(ground.client, side, plan.warm_up)
        await burst.ends()
    touch = await history.one_touch(ground.client, burst.workflow_ids[0])
    sink = await letters_a_second(ground.sink_port, plan.letters)
    tell(f"the sink takes {sink:.0f} letters/s")
    touches = await compare_touches(
        ground.client, bare, full, rounds=plan.touch_rounds, number=plan.touches, tell=tell
    )
    payments = await compare_payments(
        ground.client,
        bare,
        full,
        rounds=plan.payment_rounds,
        touches=plan.payment_touches,
        payments=plan.payments,
        tell=tell,
    )
    starts = await compare_starts(ground, rounds=plan.start_rounds, number=plan.starts, tell=tell)
    tell("memory")
    cached = await bytes_a_follow_up(ground, few=plan.few_cached, many=plan.many_cached)
    return Measured(
        touches=touches,
        starts=starts,
        payments=payments,
        history_events=len(touch),
        regular_activities=touch.count(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED),
        cached_kb=cached / 1000,
        sink_letters_a_second=sink,
    )
