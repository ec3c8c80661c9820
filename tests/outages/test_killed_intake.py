"""A worker killed between keeping what came in and applying it: afterwards it is applied, once."""

import asyncio
import os
import signal
from contextlib import suppress
from datetime import date, timedelta

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from models.clock import Clock
from models.intake import WORKFLOW_ID
from models.tables import Invoice, Payment
from models.vocabulary import InvoiceStatus
from store.database import Database
from tests.harness import Harness
from tests.outages.test_killed_worker import Deadly, mail_server, worker_process
from tests.web.serving import Caller, serving, until

_MANY = 60


async def test_what_was_kept_is_applied_once_whenever_the_worker_dies(
    dev_server: WorkflowEnvironment, database: Database
) -> None:
    firm = Harness(dev_server, database, Clock())
    await _nobody_reads(firm.client)

    async def connected() -> Client:
        return firm.client

    async with mail_server(Deadly()) as port, serving(database, connected) as billing:
        async with worker_process(firm, port) as first:
            await firm.add_customer()
            names = [f"DIES-{number}" for number in range(_MANY)]
            for name in names:
                await firm.follow_up(await firm.add_invoice(name, due=date(2030, 1, 1)))
            await asyncio.wait_for(firm.state(names[-1]), 60)  # it is at work by now
            await asyncio.gather(*(_pay(billing, name) for name in names[: _MANY // 2]))
            os.kill(first.pid, signal.SIGKILL)
            await first.wait()
        await asyncio.gather(*(_pay(billing, name) for name in names[_MANY // 2 :]))

        async with worker_process(firm, port):
            await until(lambda: _all_paid(firm), timedelta(seconds=90))
            for name in names:
                await asyncio.wait_for(firm.outcome(name), 60)

    payments = await firm.rows(Payment)
    assert sorted(one.invoice_id for one in payments) == sorted(names)
    stories = [await firm.story(name) for name in names]
    assert all(story.count("payment_received") == 1 for story in stories)


async def _pay(billing: Caller, name: str) -> None:
    answer = await billing.pay(name, "5000.00", f"P-{name}", f"evt-{name}")
    assert answer.status_code == 200


async def _all_paid(firm: Harness) -> bool:
    return all(one.status is InvoiceStatus.PAID for one in await firm.rows(Invoice))


async def _nobody_reads(client: Client) -> None:
    """The server is shared, and of the intake there is one."""
    with suppress(RPCError):
        await client.get_workflow_handle(WORKFLOW_ID).terminate("another test's")
