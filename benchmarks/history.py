"""What the server wrote down about a workflow."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client

from benchmarks.programs import MeasuringFailed

_LOOK_EVERY_SECONDS = 0.25
_PATIENCE_SECONDS = 120


async def last_event(client: Client, workflow_id: str) -> HistoryEvent:
    """The latest event of its latest run: one cheap call."""
    response = await client.workflow_service.get_workflow_execution_history_reverse(
        GetWorkflowExecutionHistoryReverseRequest(
            namespace=client.namespace,
            execution=WorkflowExecution(workflow_id=workflow_id),
            maximum_page_size=1,
        )
    )
    return response.history.events[0]


def at(event: HistoryEvent) -> datetime:
    """When it happened, by the server's clock."""
    return event.event_time.ToDatetime(tzinfo=UTC)


async def reached(
    client: Client, workflow_ids: Sequence[str], wanted: Callable[[HistoryEvent], bool]
) -> list[datetime]:
    """Wait until each workflow's last event is as wanted; when that happened, for each.

    It asks about one workflow at a time and pauses where one is not there yet, so that watching
    costs what is watched next to nothing.

    Raises:
        MeasuringFailed: one does not get there.
    """
    times = []
    for workflow_id in workflow_ids:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while not wanted(event := await last_event(client, workflow_id)):  # noqa: ASYNC110
                    await asyncio.sleep(_LOOK_EVERY_SECONDS)
        except TimeoutError:
            last = EventType.Name(event.event_type)
            raise MeasuringFailed(f"{workflow_id} stands still after {last}.") from None
        times.append(at(event))
    return times


def is_asleep(event: HistoryEvent) -> bool:
    """True when a workflow has just set its timer and has nothing else to do."""
    return event.event_type == EventType.EVENT_TYPE_TIMER_STARTED


def is_over(event: HistoryEvent) -> bool:
    """True when a workflow has returned."""
    return event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED


async def one_touch(client: Client, workflow_id: str) -> list[EventType.ValueType]:
    """The events of a follow-up's first touch: from the start of its timer to before the next."""
    fetched = await client.get_workflow_handle(workflow_id).fetch_history()
    kinds = [event.event_type for event in fetched.events]
    first = kinds.index(EventType.EVENT_TYPE_TIMER_STARTED)
    following = kinds.index(EventType.EVENT_TYPE_TIMER_STARTED, first + 1)
    return kinds[first:following]
