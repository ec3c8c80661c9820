"""One worker process: settings, logging, client, worker, drain on SIGTERM."""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions


def workflow_runner() -> SandboxedWorkflowRunner:
    """The sandbox that workflows run in."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default)
