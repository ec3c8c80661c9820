"""The rounds among our own people in Temporal: one workflow for the firm, always running."""

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError

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
