"""Deploying a new version: running follow-ups move to it by themselves."""

import asyncio
from contextlib import AsyncExitStack
from datetime import date

from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from models.settings import load_settings
from store.database import Database
from tests.harness import Harness, a_firm
from worker import WORKFLOWS, build_worker


async def test_a_running_follow_up_moves_to_the_current_version(
    dev_server: WorkflowEnvironment, database: Database
) -> None:
    async with a_firm(dev_server, database, date(2026, 2, 16), seconds_a_day=1) as firm:
        await firm.stop_worker()
        await firm.add_customer()
        async with AsyncExitStack() as old:
            await old.enter_async_context(_version(firm, "1"))
            await _make_current(firm, "1")
            await firm.follow_up(await firm.add_invoice("VERSION-1"))
            await firm.pass_until(date(2026, 3, 5))
            assert firm.sent == ["reminder", "due-notice"]
            await old.enter_async_context(_version(firm, "2"))
            await _make_current(firm, "2")
        # Version 1 has gone; only version 2 is left to carry on.
        async with _version(firm, "2"):
            await firm.pass_until(date(2026, 3, 14))
            assert firm.sent == ["reminder", "due-notice", "first-notice"]
            await firm.pay("VERSION-1")
            await firm.outcome("VERSION-1")

    described = await firm.client.get_workflow_handle("invoice/VERSION-1").describe()
    info = described.raw_description.workflow_execution_info.versioning_info
    assert info.deployment_version.build_id == "2"


def _version(firm: Harness, build_id: str) -> Worker:
    settings = load_settings(
        task_queue=firm.task_queue,
        deployment=firm.task_queue,
        build_id=build_id,
        drain_seconds=5,
    )
    return build_worker(settings, firm.client, firm.task_queue, WORKFLOWS, firm.crew.activities)


async def _make_current(firm: Harness, build_id: str) -> None:
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=firm.client.namespace,
        deployment_name=firm.task_queue,
        build_id=build_id,
        identity="test",
    )
    for _ in range(100):
        try:
            await firm.client.workflow_service.set_worker_deployment_current_version(request)
        except RPCError:  # the server has not heard of the version yet
            await asyncio.sleep(0.1)
        else:
            return
    raise AssertionError(f"version {build_id} could not be made current")
