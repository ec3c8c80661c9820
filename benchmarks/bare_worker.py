"""A worker for the bare workflows, set up exactly as the product's worker is.

python -m benchmarks.bare_worker FILE        notes payments in the SQLite file FILE
"""

import asyncio
import signal
import sqlite3
import sys
from pathlib import Path

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from benchmarks.bare import NOTE_PAYMENT, QUEUE, BarePayment, BareTouch, do_nothing
from integrations.temporal.connection import connect
from models.settings import load_settings
from worker import WORKFLOWS, build_worker


class PaymentNotes:
    """Payments in a table like the product's, and nothing else about them."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute("CREATE TABLE IF NOT EXISTS payments (id TEXT PRIMARY KEY)")

    @activity.defn(name=NOTE_PAYMENT)
    async def note_payment(self, payment_id: str) -> None:
        """Write it down, once."""
        self._connection.execute("INSERT OR IGNORE INTO payments VALUES (?)", (payment_id,))


def build_bare_worker(client: Client, notes: PaymentNotes) -> Worker:
    """The product's worker with other workflows: whatever it is tuned with, this one has too."""
    product = build_worker(load_settings(), client, f"{QUEUE}-unused", WORKFLOWS, [do_nothing])
    options = product.config()
    options["task_queue"] = QUEUE
    options["workflows"] = [BareTouch, BarePayment]
    options["activities"] = [do_nothing, notes.note_payment]
    return Worker(**options)


async def _work(path: Path) -> None:
    client = await connect()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, stop.set)
    async with build_bare_worker(client, PaymentNotes(path)):
        await stop.wait()
    # The SDK's threads outlive the loop for a moment; leaving before them aborts the process.
    await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(_work(Path(sys.argv[1])))
