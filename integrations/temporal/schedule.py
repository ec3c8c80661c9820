"""The daily scan of the register as a Temporal Schedule."""

from datetime import timedelta
from functools import partial

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleDescription,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from models.errors import TemporalUnavailable
from models.scan import WORKFLOW, ScanOrder

SCHEDULE_ID = "register-scan"
# A server that was away over a long weekend still scans once when it is back.
_CATCH_UP = timedelta(days=4)
_MONDAY_TO_FRIDAY = ScheduleRange(1, 5)


async def schedule_scan(
    client: Client,
    *,
    task_queue: str,
    hour: int,
    zone: str,
    order: ScanOrder | None = None,
    paused_because: str = "",
) -> bool:
    """Scan every business day at `hour` in `zone`; False when there was a schedule already.

    One that was there takes over hour, zone and task queue, and stays paused if it was.

    One scan at a time: a day whose scan still runs when the next is up skips that one. Holidays
    are left to the scan itself, which knows the firm's calendar.

    Raises:
        TemporalUnavailable: the server does not answer.
    """
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(
            WORKFLOW,
            order or ScanOrder(),
            id=SCHEDULE_ID,
            task_queue=task_queue,
            static_summary="Daily scan of the register",
        ),
        spec=ScheduleSpec(
            calendars=[
                ScheduleCalendarSpec(
                    hour=[ScheduleRange(hour)],
                    day_of_week=[_MONDAY_TO_FRIDAY],
                    comment="business days",
                )
            ],
            time_zone_name=zone,
        ),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_CATCH_UP),
        state=ScheduleState(paused=bool(paused_because), note=paused_because or None),
    )
    try:
        await client.create_schedule(SCHEDULE_ID, schedule)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(SCHEDULE_ID).update(
            partial(_moved, spec=schedule.spec, task_queue=task_queue)
        )
        return False
    except RPCError as error:
        raise _unavailable(error) from error
    return True


def _moved(
    known: ScheduleUpdateInput, spec: ScheduleSpec, task_queue: str
) -> ScheduleUpdate | None:
    schedule, action = known.description.schedule, known.description.schedule.action
    if not isinstance(action, ScheduleActionStartWorkflow):
        return None
    if _times(schedule.spec) == _times(spec) and action.task_queue == task_queue:
        return None
    schedule.spec, action.task_queue = spec, task_queue
    return ScheduleUpdate(schedule)


def _times(spec: ScheduleSpec) -> tuple[str | None, list[int]]:
    return spec.time_zone_name, [calendar.hour[0].start for calendar in spec.calendars]


async def scan_schedule(client: Client) -> ScheduleDescription | None:
    """The schedule as the server has it, or None.

    Raises:
        TemporalUnavailable: the server does not answer.
    """
    try:
        return await client.get_schedule_handle(SCHEDULE_ID).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise _unavailable(error) from error


def _unavailable(error: RPCError) -> TemporalUnavailable:
    return TemporalUnavailable(f"The Temporal server does not answer: {error.message}")
