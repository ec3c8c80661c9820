"""The register scan: starts what is open, tells what changed, finds what was lost."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from activities.register import Register
from integrations.temporal.follow_ups import FollowUps
from models.follow_up import FollowUp
from models.ledger import InvoiceRow
from models.scan import WORKFLOW, Counts, Page, ScanOrder, ScanResult
from models.tables import FollowUpRow, Scan
from models.vocabulary import InvoiceStatus, Outcome, Status
from store import register
from tests.harness import Harness


async def scan(firm: Harness, name: str) -> ScanResult:
    """Run the scan workflow once."""
    result: ScanResult = await firm.client.execute_workflow(
        WORKFLOW,
        ScanOrder(clock=firm.clock, every_day=True),
        id=f"scan-{firm.task_queue}-{name}",
        task_queue=firm.task_queue,
        result_type=ScanResult,
    )
    return result


def row(invoice_id: str, **changes: Any) -> InvoiceRow:
    values: dict[str, Any] = {
        "id": invoice_id,
        "number": invoice_id,
        "customer_id": "ACME",
        "currency": "USD",
        "amount": Decimal(5000),
        "issued_on": date(2026, 1, 31),
        "due_on": date(2026, 3, 2),
    }
    return InvoiceRow(**(values | changes))


async def take(firm: Harness, *rows: InvoiceRow) -> None:
    await firm.database.write(lambda session: register.take_invoices(session, rows))


async def test_a_scan_starts_what_is_open_and_does_nothing_the_second_time(
    quick_firm: Harness,
) -> None:
    firm = quick_firm
    await firm.add_customer()
    await take(
        firm, *(row(f"SCAN-A{n}") for n in range(5)), row("SCAN-PAID", status=InvoiceStatus.PAID)
    )

    first = await scan(firm, "1")
    await firm.pass_days(1)
    second = await scan(firm, "2")

    assert first.counts == Counts(started=5)
    assert second.counts == Counts()
    assert len(await firm.rows(FollowUpRow)) == 5
    assert [one.started for one in await firm.rows(Scan)] == [5, 0]


async def test_a_changed_amount_reaches_the_running_follow_up(quick_firm: Harness) -> None:
    firm = quick_firm
    await firm.add_customer()
    await take(firm, row("SCAN-B1"))
    await scan(firm, "1")
    await firm.pass_days(0.5)

    await take(firm, row("SCAN-B1", amount=Decimal(4200)))
    result = await scan(firm, "2")
    await firm.pass_days(0.5)

    assert result.counts == Counts(changed=1)
    assert (await firm.state("SCAN-B1")).amount_open == Decimal(4200)
    assert "invoice_changed" in await firm.story("SCAN-B1")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (InvoiceStatus.PAID, Outcome.PAID),
        (InvoiceStatus.VOIDED, Outcome.VOIDED),
        (InvoiceStatus.WRITTEN_OFF, Outcome.WRITTEN_OFF),
        (InvoiceStatus.CREDITED, Outcome.CREDITED),
    ],
)
async def test_what_the_register_calls_ended_is_closed(
    quick_firm: Harness, status: InvoiceStatus, outcome: Outcome
) -> None:
    firm = quick_firm
    name = f"SCAN-C-{status}"
    await firm.add_customer()
    await take(firm, row(name))
    await scan(firm, "1")
    await firm.pass_days(0.5)

    await take(firm, row(name, status=status))
    result = await scan(firm, "2")

    assert result.counts == Counts(closed=1)
    assert await firm.outcome(name) is outcome


async def test_an_invoice_open_again_gets_a_new_round(quick_firm: Harness) -> None:
    firm = quick_firm
    await firm.add_customer()
    await take(firm, row("SCAN-D1"))
    await scan(firm, "1")
    await take(firm, row("SCAN-D1", status=InvoiceStatus.PAID))
    await firm.pass_days(0.5)
    await scan(firm, "2")
    await firm.outcome("SCAN-D1")

    await take(firm, row("SCAN-D1"))
    result = await scan(firm, "3")
    await firm.pass_days(0.5)

    assert result.counts == Counts(started=1)
    assert (await firm.state("SCAN-D1")).round == 2


async def test_a_follow_up_that_the_server_lost_is_started_again(quick_firm: Harness) -> None:
    firm = quick_firm
    await firm.add_customer()
    await take(firm, *(row(f"SCAN-E{n}") for n in range(3)))
    await scan(firm, "1")
    await firm.pass_days(1)
    await firm.client.get_workflow_handle("invoice/SCAN-E1").terminate("an accident")
    # Others of this process's tests run on the same server: ours must be the only count.
    alone = Register(firm.database, firm.rulebook, _OnlyOurs(firm), "America/New_York")

    lost = await alone.find_lost(Page(scan_id="lost", now=await firm.now(), clock=firm.clock))
    await firm.pass_days(0.5)

    assert lost == Counts(lost=1)
    assert await firm.follow_ups.is_running("SCAN-E1")


class _OnlyOurs(FollowUps):
    """The follow-ups of one firm on a server that is shared."""

    def __init__(self, firm: Harness) -> None:
        super().__init__(firm.client, firm.task_queue)
        self._firm = firm

    async def running_ids(self) -> set[str]:
        ids = [one.invoice_id for one in await self._firm.rows(FollowUpRow)]
        return {one for one in ids if await self.is_running(one)}

    async def running(self) -> int:
        return len(await self.running_ids())


class TestABacklog:
    @pytest.fixture
    def begins(self) -> date:
        return date(2026, 3, 2)

    async def test_a_700_invoice_import_sends_no_flood(self, firm: Harness) -> None:
        for number in range(350):
            await firm.add_customer(f"C{number:03}", email=f"ap@c{number:03}.example")
        await take(
            firm,
            *(
                row(
                    f"I{number:03}",
                    customer_id=f"C{number // 2:03}",
                    due_on=date(2026, 1, 5 + number % 20),
                )
                for number in range(700)
            ),
        )
        entering = Register(firm.database, firm.rulebook, firm.follow_ups, "America/New_York")
        page = Page(scan_id="backfill", now=await firm.now(), clock=firm.clock)

        counts = (await entering.start_follow_ups(page)).counts
        for day in range(2, 12):
            await firm.pass_until(date(2026, 3, day))

        assert counts.started == 700
        by_day = Counter(firm.sent_on)
        # 350 customers at 50 letters a day are seven banking days, from Monday the 2nd on.
        assert set(by_day.values()) == {50}
        assert len(by_day) == 7
        assert (min(by_day), max(by_day)) == (date(2026, 3, 2), date(2026, 3, 10))
        assert len({one.to for one in firm.outbox.sent}) == 350


async def test_running_follow_ups_cost_the_scan_no_call_each(
    quick_firm: Harness, dev_server: WorkflowEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = quick_firm
    await firm.add_customer()
    await take(firm, *(row(f"SCAN-F{n}") for n in range(20)))
    await scan(firm, "1")
    await firm.pass_days(1)
    calls: list[str] = []
    for name in ("start_workflow", "get_workflow_handle", "list_workflows", "count_workflows"):
        monkeypatch.setattr(firm.client, name, _counted(firm.client, name, calls))
    quiet = Register(firm.database, firm.rulebook, firm.follow_ups, "America/New_York")
    page = Page(scan_id="quiet", now=await firm.now(), clock=firm.clock)

    assert (await quiet.start_follow_ups(page)).counts == Counts()
    assert (await quiet.tell_changes(page)).counts == Counts()
    assert await quiet.find_lost(page) == Counts()

    assert calls == ["count_workflows"]


def _counted(client: Client, name: str, calls: list[str]) -> Any:
    real = getattr(client, name)

    def call(*args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        return real(*args, **kwargs)

    return call


async def test_no_scan_on_a_day_that_is_no_business_day(quick_firm: Harness) -> None:
    firm = quick_firm
    result: ScanResult = await firm.client.execute_workflow(
        WORKFLOW,
        ScanOrder(clock=firm.clock.model_copy(update={"business_start": _SUNDAY, "rate": 1})),
        id=f"scan-{firm.task_queue}-sunday",
        task_queue=firm.task_queue,
        result_type=ScanResult,
    )
    assert "no business day" in result.skipped


_SUNDAY = datetime(2026, 3, 1, 17, tzinfo=UTC)


async def test_a_closed_follow_up_stays_closed_for_the_scan(quick_firm: Harness) -> None:
    firm = quick_firm
    await firm.add_customer()
    await take(firm, row("SCAN-G1"))
    await scan(firm, "1")
    await firm.pay("SCAN-G1")
    await firm.outcome("SCAN-G1")

    assert (await scan(firm, "2")).counts == Counts()
    [kept] = await firm.rows(FollowUpRow)
    assert kept.status is Status.CLOSED


async def test_a_first_round_that_ended_is_not_started_again_unless_it_was_cut_off(
    quick_firm: Harness,
) -> None:
    firm = quick_firm
    await firm.add_customer()
    await take(firm, row("SCAN-H1"), row("SCAN-H2"))
    await scan(firm, "1")
    await firm.pay("SCAN-H1")
    await firm.outcome("SCAN-H1")
    await firm.client.get_workflow_handle("invoice/SCAN-H2").terminate("a slip of the hand")

    again = [await firm.follow_ups.start(first_round(one)) for one in ("SCAN-H1", "SCAN-H2")]
    twice = await firm.follow_ups.start(first_round("SCAN-H2"))

    assert again == [False, True]
    assert not twice


def first_round(invoice_id: str) -> FollowUp:
    return FollowUp(
        invoice_id=invoice_id,
        customer_id="ACME",
        due_on=date(2026, 3, 2),
        policy="standard",
        policy_version=1,
    )
