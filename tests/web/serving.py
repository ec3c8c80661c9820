"""The web service on a loopback port, with a billing system that calls it."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import uvicorn
from standardwebhooks import Webhook
from temporalio.client import Client

from integrations.webhooks import Generic, Stripe, WebhookSource
from store.database import Database
from tests.webhooks.signing import whsec
from web.app import build_app

SECRET, OLD_SECRET = whsec("n"), whsec("o")
STRIPE_SECRET = "whsec_stripe"


class Caller:
    """A billing system that speaks our own format."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self._numbers = itertools.count(1)

    async def send(
        self,
        kind: str,
        data: dict[str, Any],
        event_id: str = "",
        *,
        at: datetime | None = None,
        secret: str = SECRET,
        signed_at: datetime | None = None,
    ) -> httpx.Response:
        """Post an event that happened `at`, signed now."""
        event_id = event_id or f"evt_{next(self._numbers)}"
        happened = at or datetime.now(UTC)
        body = json.dumps({"type": kind, "timestamp": happened.isoformat(), "data": data})
        return await self.post(body, event_id, secret, signed_at)

    async def post(
        self,
        body: str,
        event_id: str = "evt",
        secret: str = SECRET,
        signed_at: datetime | None = None,
    ) -> httpx.Response:
        """Post any body."""
        moment = signed_at or datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": event_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(secret).sign(event_id, moment, body),
        }
        return await self.client.post("/webhooks/generic", content=body, headers=headers)

    async def pay(
        self, invoice_id: str, amount: str, payment_id: str = "", event_id: str = "", **more: Any
    ) -> httpx.Response:
        """Tell of a payment in dollars for one invoice."""
        payment_id = payment_id or f"P-{next(self._numbers)}"
        values = {
            "payment_id": payment_id,
            "amount": amount,
            "currency": "USD",
            "received_on": "2026-03-04",
            "invoices": [{"invoice": invoice_id, "amount": amount}],
        }
        return await self.send("payment.succeeded", values | more, event_id)


@asynccontextmanager
async def serving(
    database: Database, connecting: Callable[[], Awaitable[Client]]
) -> AsyncIterator[Caller]:
    """The service over `database`, and somebody who calls it."""
    sources: dict[str, WebhookSource] = {
        "generic": Generic([SECRET, OLD_SECRET]),
        "stripe": Stripe([STRIPE_SECRET]),
    }
    app = build_app(database, sources, connecting)
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, log_config=None, access_log=False, ws="none"
    )
    server = _Quiet(config)
    running = asyncio.create_task(server.serve())
    await until(server.has_started, timedelta(seconds=20))
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
        yield Caller(client)
    server.should_exit = True
    await running


class _Quiet(uvicorn.Server):
    """A server that leaves the signals of the test process alone."""

    async def has_started(self) -> bool:
        return self.started

    def install_signal_handlers(self) -> None:
        return


async def until(holds: Callable[[], Awaitable[bool]], within: timedelta) -> None:
    """Wait until it holds.

    Raises:
        TimeoutError: it did not in time.
    """
    async with asyncio.timeout(within.total_seconds()):
        while not await holds():  # noqa: ASYNC110  (what is waited for is in other processes)
            await asyncio.sleep(0.02)
