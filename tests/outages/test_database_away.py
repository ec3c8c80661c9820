"""The database locked for a minute, or gone: what happens meanwhile is not lost."""

import asyncio
import sqlite3
from datetime import date
from decimal import Decimal

from temporalio.testing import WorkflowEnvironment

from models import events
from models.tables import Payment
from models.vocabulary import Outcome, Status
from store.database import Database
from tests.harness import Harness, a_firm
from tests.postgres import PostgresServer

LOCKED_SECONDS = 60


async def test_a_database_locked_for_a_minute_loses_nothing(quick_firm: Harness) -> None:
    firm = quick_firm
    for name in ("PAYS", "OBJECTS", "SLEEPS"):
        await firm.add_customer(name, email=f"ap@{name.lower()}.example")
        await firm.follow_up(await firm.add_invoice(f"LOCK-{name}", customer_id=name))
    await firm.pass_until(date(2026, 2, 18))
    assert firm.sent == []
    locker = sqlite3.connect(str(firm.database.url.database), isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")

    await firm.pay("LOCK-PAYS")
    await firm.tell(events.DisputeOpened, "LOCK-OBJECTS", code="price")
    await asyncio.sleep(LOCKED_SECONDS)
    assert firm.sent == []
    locker.execute("ROLLBACK")
    locker.close()

    assert await asyncio.wait_for(firm.outcome("LOCK-PAYS"), 90) is Outcome.PAID
    [payment] = await firm.rows(Payment)
    assert payment.applied == Decimal(5000)
    await _reaches(firm, "LOCK-OBJECTS", Status.DISPUTED)
    await _writes(firm, "ap@sleeps.example")
    assert {one.to for one in firm.outbox.sent} == {"ap@sleeps.example"}
    # What was to be sent when the database went away is asked about anew, in a morning to come.
    assert all(13 <= one.dated.hour < 16 for one in firm.outbox.sent)


async def test_a_database_that_is_gone_for_seconds_loses_no_payment(
    skipping: WorkflowEnvironment, postgres: PostgresServer
) -> None:
    """Each attempt fails at once, and all that are made at once are over before it is back."""
    database = Database(postgres.url(postgres.create(migrated=True)))
    async with a_firm(skipping, database, date(2026, 2, 16)) as firm:
        await firm.add_customer()
        await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)))
        await firm.pass_until(date(2026, 3, 3))
        before = len(firm.sent)

        with postgres.away():
            await firm.pay()
            await asyncio.sleep(2)

        assert await asyncio.wait_for(firm.outcome(), 90) is Outcome.PAID
        [payment] = await firm.rows(Payment)
        assert payment.applied == Decimal(5000)
        assert len(firm.sent) == before
    database.close()


async def _reaches(firm: Harness, invoice_id: str, status: Status) -> None:
    for _ in range(300):
        if (await firm.state(invoice_id)).status is status:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"{invoice_id} did not become {status}")


async def _writes(firm: Harness, to: str) -> None:
    for _ in range(600):
        if any(one.to == to for one in firm.outbox.sent):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"nothing was written to {to}")
