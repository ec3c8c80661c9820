"""The rounds among our own people in Temporal: one workflow for the firm, always running."""

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from models.errors import TemporalUnavailable
from models.rounds import WORKFLOW, WORKFLOW_ID, RoundsOrder


async def start_rounds(client: Client, task_queue: str, order: RoundsOrder) -> None:
    """Have the rounds go on; those that run already are left as they are.

    Raises:
        TemporalUnavailable: the server does not answer.
    """
    try:
        await client.start_workflow(
            WORKFLOW,
            order,
            id=WORKFLOW_ID,
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary="Tells our own people what waits for them",
        )
    except RPCError as error:
        raise TemporalUnavailable(
            f"The Temporal server does not answer: {error.message}"
        ) from error


async def rounds_go_on(client: Client) -> bool:
    """True while the rounds run.

    Raises:
        RPCError: the server does not answer.
    """
    try:
        described = await client.get_workflow_handle(WORKFLOW_ID).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return described.status is WorkflowExecutionStatus.RUNNING
