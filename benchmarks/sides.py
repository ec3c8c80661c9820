"""The two that are compared, behind one face."""

import asyncio
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Protocol

from temporalio.api.history.v1 import HistoryEvent

from benchmarks import bare, history, portfolio
from benchmarks.ground import QUEUE, Ground, all_of
from benchmarks.programs import Program
from integrations.temporal.follow_ups import FollowUps
from models.events import PaymentReceived
from models.follow_up import workflow_id
from models.vocabulary import Method


class Side(Protocol):
    """Workflows that sleep, act once when their timer fires, and can be paid."""

    worker: Program
    payments: Path

    async def start(self, number: int, fires_at: datetime, pace: float) -> list[str]:
        """Start so many, `pace` a second, that act at `fires_at`; their workflow ids."""

    async def start_payable(self, number: int, fires_at: datetime, pace: float) -> list[str]:
        """Start so many that sleep until `fires_at` unless they are paid; their workflow ids."""

    def has_acted(self, event: HistoryEvent, fires_at: datetime) -> bool:
        """True when `event` is the last of what a workflow does at `fires_at`."""

    async def pay(self, workflow: str, payment_id: str) -> None:
        """Signal the payment; it is noted in the table `payments` of the file `payments`."""


class Bare:
    """Workflows without a purpose."""

    def __init__(self, ground: Ground) -> None:
        self.worker = ground.bare
        self.payments = ground.bare_notes
        self._client = ground.client
        self._numbers = count()

    async def start(self, number: int, fires_at: datetime, pace: float) -> list[str]:
        ids = [f"bare/{next(self._numbers)}" for _ in range(number)]
        begin = partial(self._client.start_workflow, bare.BareTouch.run, fires_at)
        starting = (partial(begin, id=one, task_queue=bare.QUEUE) for one in ids)
        await all_of(starting, pace)
        return ids

    async def start_payable(self, number: int, fires_at: datetime, pace: float) -> list[str]:
        ids = [f"bare/{next(self._numbers)}" for _ in range(number)]
        begin = partial(self._client.start_workflow, bare.BarePayment.run, fires_at)
        starting = (partial(begin, id=one, task_queue=bare.QUEUE) for one in ids)
        await all_of(starting, pace)
        return ids

    def has_acted(self, event: HistoryEvent, fires_at: datetime) -> bool:
        del fires_at
        return history.is_over(event)

    async def pay(self, workflow: str, payment_id: str) -> None:
        handle = self._client.get_workflow_handle_for(bare.BarePayment.run, workflow)
        await handle.signal(bare.BarePayment.paid, payment_id)


class Product:
    """Follow-ups of invoices whose reminder is due."""

    def __init__(self, ground: Ground, worker: Program, queue: str = QUEUE) -> None:
        self.worker = worker
        self.payments = Path(ground.database.url.database or "")
        self._ground = ground
        self._follow_ups = FollowUps(ground.client, queue)
        self._name = queue.upper()
        self._numbers = count()
        self._version = portfolio.pin_policy(ground.database, ground.files)

    async def start(self, number: int, fires_at: datetime, pace: float) -> list[str]:
        ids = [f"{self._name}-{next(self._numbers)}" for _ in range(number)]
        await asyncio.to_thread(portfolio.add_invoices, self._ground.database, ids)
        follow_ups = [
            portfolio.follow_up(one, self._version, self._ground.files, fires_at) for one in ids
        ]
        starting = (
            partial(self._follow_ups.start, one, number=one.invoice_id) for one in follow_ups
        )
        await all_of(starting, pace)
        return [workflow_id(one) for one in ids]

    start_payable = start

    def has_acted(self, event: HistoryEvent, fires_at: datetime) -> bool:
        return history.is_asleep(event) and history.at(event) > fires_at

    async def pay(self, workflow: str, payment_id: str) -> None:
        payment = PaymentReceived(
            event_id=payment_id,
            payment_id=payment_id,
            amount=portfolio.AMOUNT,
            currency=portfolio.CURRENCY,
            received_on=portfolio.DAY,
            method=Method.WIRE,
        )
        await self._follow_ups.tell(workflow.removeprefix(workflow_id("")), payment)
