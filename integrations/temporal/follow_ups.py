"""Follow-ups in Temporal: starting them, telling them what happened, asking how they stand."""

import asyncio
from datetime import timedelta

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from models.acts import Act, Answer
from models.errors import FollowUpClosed, Refused, TemporalUnavailable
from models.events import Event
from models.follow_up import WORKFLOW, FollowUp, FollowUpState, workflow_id

_GONE = (RPCStatusCode.NOT_FOUND,)
# The last is what the server says once it has seen no worker for a while.
_NOBODY_THERE = (
    RPCStatusCode.CANCELLED,
    RPCStatusCode.DEADLINE_EXCEEDED,
    RPCStatusCode.FAILED_PRECONDITION,
)
_ANSWER_WITHIN = timedelta(seconds=10)
_DECIDED_WITHIN = timedelta(seconds=30)
_RUNNING = f'WorkflowType="{WORKFLOW}" AND ExecutionStatus="Running"'


class FollowUps:
    """Every follow-up on one Temporal server.

    Raises (every method):
        TemporalUnavailable: the server does not answer.
    """

    def __init__(self, client: Client, task_queue: str) -> None:
        self.client = client
        self.task_queue = task_queue

    async def start(self, follow_up: FollowUp, *, number: str = "", again: bool = False) -> bool:
        """Start the follow-up; False when it runs, or its first round ran to its end, already.

        Starting twice is harmless. One that was terminated or failed may start anew: before its
        first look the database does not know of it, so that nobody would find it lost. A later
        round, or one to be started `again`, may also take the place of a workflow that has
        completed. Its search attributes come with its first look at the
        facts: a start that carries them takes a tenth longer.
        """
        reuse = (
            WorkflowIDReusePolicy.ALLOW_DUPLICATE
            if again or follow_up.round > 1
            else WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY
        )
        try:
            await self.client.start_workflow(
                WORKFLOW,
                follow_up,
                id=workflow_id(follow_up.invoice_id),
                task_queue=self.task_queue,
                id_reuse_policy=reuse,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=f"{number or follow_up.invoice_id} · due {follow_up.due_on}",
            )
        except WorkflowAlreadyStartedError:
            return False
        except RPCError as error:
            raise _unavailable(error) from error
        return True

    async def tell(self, invoice_id: str, event: Event) -> None:
        """Signal what happened to a running follow-up.

        Raises:
            FollowUpClosed: none is running for this invoice.
        """
        try:
            await self._handle(invoice_id).signal(event.kind, event)
        except RPCError as error:
            if error.status in _GONE:
                raise FollowUpClosed(invoice_id, "is not followed up any more.") from error
            raise _unavailable(error) from error

    async def decide(self, invoice_id: str, act: Act) -> Answer:
        """Put a person's decision to a running follow-up; what came of it.

        Raises:
            FollowUpClosed: none is running for this invoice.
            Refused: it does not fit; the sentence says why.
            TemporalUnavailable: the server, or a worker, does not answer.
        """
        try:
            # The client asks again and again by itself: a time-out of one call ends nothing.
            async with asyncio.timeout(_DECIDED_WITHIN.total_seconds()):
                answer: Answer = await self._handle(invoice_id).execute_update(
                    act.kind, act, id=act.event_id, result_type=Answer
                )
        except WorkflowUpdateFailedError as failed:
            raise Refused(invoice_id, _said(failed, invoice_id)) from failed
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as late:
            raise TemporalUnavailable(
                f"No worker answers for invoice {invoice_id}. Run: make worker"
            ) from late
        except RPCError as error:
            if error.status in _GONE:
                raise FollowUpClosed(invoice_id, "is not followed up any more.") from error
            raise _unavailable(error) from error
        return answer

    async def tell_or_start(self, follow_up: FollowUp, event: Event) -> None:
        """Signal what happened; where no follow-up runs, start `follow_up` with the event."""
        try:
            await self.client.start_workflow(
                WORKFLOW,
                follow_up,
                id=workflow_id(follow_up.invoice_id),
                task_queue=self.task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                start_signal=event.kind,
                start_signal_args=[event],
                static_summary=f"{follow_up.invoice_id} · due {follow_up.due_on}",
            )
        except RPCError as error:
            raise _unavailable(error) from error

    async def state(self, invoice_id: str) -> FollowUpState:
        """How the follow-up stands, answered by the workflow itself.

        Raises:
            FollowUpClosed: the server knows of none for this invoice.
        """
        try:
            state: FollowUpState = await self._handle(invoice_id).query(
                "state", result_type=FollowUpState, rpc_timeout=_ANSWER_WITHIN
            )
        except RPCError as error:
            if error.status in _GONE:
                raise FollowUpClosed(
                    invoice_id,
                    "has no follow-up on the Temporal server. Run: starter.py backfill",
                ) from error
            if error.status in _NOBODY_THERE:
                raise TemporalUnavailable(
                    f"No worker answers for invoice {invoice_id}. Run: make worker"
                ) from error
            raise _unavailable(error) from error
        return state

    async def is_running(self, invoice_id: str) -> bool:
        """True while a follow-up of this invoice runs."""
        try:
            described = await self._handle(invoice_id).describe()
        except RPCError as error:
            if error.status in _GONE:
                return False
            raise _unavailable(error) from error
        return described.status is WorkflowExecutionStatus.RUNNING

    async def running(self) -> int:
        """How many follow-ups run, as the server's visibility counts them."""
        try:
            return (await self.client.count_workflows(_RUNNING)).count
        except RPCError as error:
            raise _unavailable(error) from error

    async def running_ids(self) -> set[str]:
        """The invoices whose follow-up runs; a call per thousand of them."""
        prefix = workflow_id("")
        found = self.client.list_workflows(_RUNNING, page_size=1000)
        try:
            return {described.id.removeprefix(prefix) async for described in found}
        except RPCError as error:
            raise _unavailable(error) from error

    def _handle(self, invoice_id: str) -> WorkflowHandle[object, object]:
        return self.client.get_workflow_handle(workflow_id(invoice_id))


def _said(failed: WorkflowUpdateFailedError, invoice_id: str) -> str:
    cause = failed.cause
    says = cause.message if isinstance(cause, ApplicationError) else str(cause)
    return says.removeprefix(f"Invoice {invoice_id} ")


def _unavailable(error: RPCError) -> TemporalUnavailable:
    return TemporalUnavailable(f"The Temporal server does not answer: {error.message}")
