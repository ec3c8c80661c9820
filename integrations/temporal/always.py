"""Workflows of which one always runs: the rounds among our people, and the intake."""

from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from models.errors import TemporalUnavailable


async def start(
    client: Client, workflow: str, order: Any, *, workflow_id: str, task_queue: str, summary: str
) -> None:
    """Have it go on; one that runs already is left as it is.

    Raises:
        TemporalUnavailable: the server does not answer.
    """
    try:
        await client.start_workflow(
            workflow,
            order,
            id=workflow_id,
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary=summary,
        )
    except RPCError as error:
        raise TemporalUnavailable(
            f"The Temporal server does not answer: {error.message}"
        ) from error


async def goes_on(client: Client, workflow_id: str) -> bool:
    """True while it runs.

    Raises:
        RPCError: the server does not answer.
    """
    try:
        described = await client.get_workflow_handle(workflow_id).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return described.status is WorkflowExecutionStatus.RUNNING
