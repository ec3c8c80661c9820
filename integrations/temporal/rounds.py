"""The rounds among our own people in Temporal: one workflow for the firm, always running."""

from temporalio.client import Client

from integrations.temporal import always
from models.rounds import WORKFLOW, WORKFLOW_ID, RoundsOrder


async def start_rounds(client: Client, task_queue: str, order: RoundsOrder) -> None:
    """Have the rounds go on; those that run already are left as they are.

    Raises:
        TemporalUnavailable: the server does not answer.
    """
    summary = "Tells our own people what waits for them"
    await always.start(
        client, WORKFLOW, order, workflow_id=WORKFLOW_ID, task_queue=task_queue, summary=summary
    )


async def rounds_go_on(client: Client) -> bool:
    """True while the rounds run.

    Raises:
        RPCError: the server does not answer.
    """
    return await always.goes_on(client, WORKFLOW_ID)
