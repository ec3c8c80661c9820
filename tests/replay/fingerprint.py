"""The commands of a run, in order, without what differs from run to run."""

from pathlib import Path

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

FINGERPRINTS = Path(__file__).parent / "fingerprints.json"
_COMMANDS = {
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
    EventType.EVENT_TYPE_TIMER_STARTED,
    EventType.EVENT_TYPE_TIMER_CANCELED,
    EventType.EVENT_TYPE_MARKER_RECORDED,
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES,
    EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
}


def fingerprint(history: WorkflowHistory) -> list[str]:
    """One word a command: its kind, and the activity's name where it schedules one."""
    words = []
    for event in history.events:
        if event.event_type in _COMMANDS:
            word = EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower()
            scheduled = event.activity_task_scheduled_event_attributes.activity_type.name
            words.append(f"{word} {scheduled}".strip())
    return words
