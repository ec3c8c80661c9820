"""A worker process killed at the worst moment: after the mail server took the letter, before
anybody wrote that down."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from aiosmtpd.smtp import SMTP
from temporalio.testing import WorkflowEnvironment

from models.clock import Clock
from models.vocabulary import TouchOutcome
from store import timeline
from store.database import Database
from tests.harness import ROOT, Harness

LOOPBACK = "127.0.0.1"


class Deadly:
    """A mail server that takes the first letter and kills whoever sent it before answering."""

    def __init__(self) -> None:
        self.victim: Process | None = None
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """aiosmtpd's hook for a letter's content."""
        lines = envelope.content.decode(errors="replace").splitlines()
        [name] = [line for line in lines if line.lower().startswith("message-id:")]
        self.taken.append((envelope.rcpt_tos[0], name.partition("<")[2].rstrip(">")))
        if self.victim is not None and "acme" in envelope.rcpt_tos[0]:
            victim, self.victim = self.victim, None
            os.kill(victim.pid, signal.SIGKILL)
            await victim.wait()
        return "250 taken"


@asynccontextmanager
async def mail_server(handler: Deadly) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="mail.example", loop=loop), LOOPBACK, 0
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def worker_process(firm: Harness, smtp_port: int) -> AsyncIterator[Process]:
    """The real worker.py on this firm's task queue."""
    surroundings = os.environ | {
        "TEMPORAL_ADDRESS": firm.client.service_client.config.target_host,
        "DUNLIN_DATABASE_URL": firm.database.url.render_as_string(),
        "DUNLIN_TASK_QUEUE": firm.task_queue,
        "DUNLIN_SMTP_HOST": LOOPBACK,
        "DUNLIN_SMTP_PORT": str(smtp_port),
        "DUNLIN_SMTP_SECURITY": "none",
        "DUNLIN_SENDER_EMAIL": "ar@harbour.example",
        "DUNLIN_LOG_LEVEL": "error",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "worker.py", cwd=ROOT, env=surroundings, stdout=DEVNULL
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def test_a_worker_killed_between_accept_and_record_harms_nobody(
    dev_server: WorkflowEnvironment, database: Database
) -> None:
    firm = Harness(dev_server, database, Clock())
    mail = Deadly()
    async with mail_server(mail) as port:
        async with worker_process(firm, port) as first:
            await firm.add_customer("WARM")
            idle = await firm.add_invoice("KILL-WARM", due=date(2030, 1, 1), customer_id="WARM")
            await firm.follow_up(idle)
            await asyncio.wait_for(firm.state("KILL-WARM"), 60)  # it is at work by now
            mail.victim = first
            await _open_for_business(firm)
            await asyncio.wait_for(first.wait(), 60)
        assert [to for to, _ in mail.taken].count("ap@acme.example") == 1
        async with worker_process(firm, port):
            await _until_sent(firm, letters=2)

    assert first.returncode == -signal.SIGKILL
    names = Counter(mail.taken)
    assert sorted(to for to, _ in names) == ["ap@acme.example", "ap@bolt.example"]
    assert names[next(one for one in names if "acme" in one[0])] == 2
    assert names[next(one for one in names if "bolt" in one[0])] == 1
    outcomes = [
        outcome
        for customer in ("ACME", "BOLT")
        for number in (1, 2)
        for _, outcome in await firm.touches(f"KILL-{customer}-{number}")
    ]
    assert Counter(outcomes) == {TouchOutcome.SENT: 2, TouchOutcome.COVERED: 2}
    told = [
        line.text
        for number in (1, 2)
        for line in await firm.database.read(
            partial(timeline.entries, invoice_id=f"KILL-ACME-{number}")
        )
    ]
    assert any("interrupted" in text for text in told)


async def _open_for_business(firm: Harness) -> None:
    """Two customers with two invoices each, a few seconds before their letters are due."""
    firm.clock = Clock(
        real_start=datetime.now(UTC),
        business_start=datetime(2026, 2, 27, 12, 0, tzinfo=UTC),  # 7:00 in New York
        rate=900,
        slack=timedelta(seconds=20),
    )
    for customer in ("ACME", "BOLT"):
        await firm.add_customer(customer, email=f"ap@{customer.lower()}.example")
        for number in (1, 2):
            invoice = await firm.add_invoice(f"KILL-{customer}-{number}", customer_id=customer)
            await firm.follow_up(invoice)


async def _until_sent(firm: Harness, letters: int) -> None:
    for _ in range(1200):
        messages = await firm.messages()
        if sum(message.sent_at is not None for message in messages) == letters:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{letters} letters were not sent within two minutes")


async def test_a_worker_drains_on_sigterm(
    dev_server: WorkflowEnvironment, database: Database
) -> None:
    firm = Harness(dev_server, database, Clock())
    async with mail_server(Deadly()) as port, worker_process(firm, port) as process:
        await firm.add_customer()
        await firm.follow_up(await firm.add_invoice("DRAIN-1", due=date(2030, 1, 1)))
        await asyncio.wait_for(firm.state("DRAIN-1"), 60)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 40) == 0
