"""The register: starting what is open, telling what changed, finding what was lost."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from sqlmodel import Session, col, select
from temporalio import activity

from activities.entering import Entering, plan_entries
from activities.rulebook import Rulebook
from domain.send_window import local_day
from integrations.temporal.follow_ups import FollowUps
from models.errors import FollowUpClosed
from models.events import InvoiceChanged
from models.follow_up import FollowUp
from models.scan import Counts, Page, PageRead, Portions, ScanBegun, ScanEnd
from models.tables import FollowUpRow, Invoice, Scan
from models.vocabulary import InvoiceStatus
from store import register
from store.database import Database
from store.entries import planned_letters, running_count, running_ids

_PAGE = 1000
_AT_ONCE = 50
_Result = TypeVar("_Result")


class Register:
    """The register in our database, and the follow-ups that run for it.

    `on_start` hears of each start, for whoever watches a backfill.
    """

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        follow_ups: FollowUps,
        zone: str,
        on_start: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._rulebook = rulebook
        self._follow_ups = follow_ups
        self._zone = zone
        self._on_start = on_start

    @activity.defn
    async def begin_scan(self, page: Page) -> ScanBegun:
        """Note that a scan begins, and what earlier backlogs have planned for the days to come.

        On a day that is no business day of ours there is none, unless every day is asked for.
        """
        today = local_day(page.now, self._zone)
        if not page.every_day and self._rulebook.firm.is_closed(today):
            return ScanBegun(page=page, skipped=f"{today} is no business day.")

        def begin(session: Session) -> Portions:
            if session.get(Scan, page.scan_id) is None:
                session.add(Scan(id=page.scan_id, started_at=page.now))
            return Portions(planned=planned_letters(session, today))

        portions = await self._database.write(begin)
        return ScanBegun(page=page.model_copy(update={"portions": portions}))

    @activity.defn
    async def start_follow_ups(self, page: Page) -> PageRead:
        """Start the next page of open invoices that nobody follows up. Repeating it is harmless."""
        planned = await self._database.write(
            partial(plan_entries, rulebook=self._rulebook, page=page, limit=_PAGE)
        )
        fresh = await _all(partial(self._start, entering) for entering in planned)
        started = Counts(started=sum(fresh))
        if len(planned) < _PAGE:
            return PageRead(counts=started)
        last = planned[-1].entry
        return PageRead(counts=started, after=last.cursor, portions=page.portions)

    @activity.defn
    async def tell_changes(self, page: Page) -> PageRead:
        """Tell the next page of running follow-ups whose invoice changed since they looked."""
        after = page.after[2]
        found = await self._database.read(lambda session: register.untold(session, after, _PAGE))
        await _all(partial(self._tell, invoice) for invoice, _ in found)
        ended = sum(invoice.status is not InvoiceStatus.OPEN for invoice, _ in found)
        counts = Counts(changed=len(found) - ended, closed=ended)
        if len(found) < _PAGE:
            return PageRead(counts=counts)
        return PageRead(counts=counts, after=("", "", found[-1][0].id))

    @activity.defn
    async def find_lost(self, page: Page) -> Counts:
        """Start again what our database calls running and the server does not know.

        The two counts are compared first: while they agree, this costs one call however many run.
        """
        ours = await self._database.read(running_count)
        if ours <= await self._follow_ups.running():
            return Counts()
        running = await self._follow_ups.running_ids()
        lost = 0
        after = ""
        while ids := await self._database.read(partial(running_ids, after=after, limit=_PAGE)):
            missing = [invoice_id for invoice_id in ids if invoice_id not in running]
            rows = await self._database.read(partial(_rows, invoice_ids=missing))
            await _all(partial(self._restart, row, invoice, page) for row, invoice in rows)
            lost += len(rows)
            after = ids[-1]
            _still_at_it(after)
        return Counts(lost=lost)

    @activity.defn
    async def finish_scan(self, end: ScanEnd) -> None:
        """Keep what the scan did."""

        def finish(session: Session) -> None:
            scan = session.get(Scan, end.scan_id) or Scan(id=end.scan_id, started_at=end.now)
            scan.finished_at, scan.problem = end.now, end.problem
            scan.started, scan.changed = end.counts.started, end.counts.changed
            scan.closed, scan.lost = end.counts.closed, end.counts.lost
            scan.missed = end.counts.missed
            session.add(scan)

        await self._database.write(finish)

    async def _start(self, entering: Entering) -> bool:
        entry = entering.entry
        is_new = await self._follow_ups.start(entering.follow_up, number=entry.invoice.number)
        self._on_start()
        _still_at_it(entry.invoice.id)
        return is_new

    async def _tell(self, invoice: Invoice) -> None:
        change = InvoiceChanged(event_id=f"register/{invoice.id}/{invoice.revision}")
        with suppress(FollowUpClosed):  # it is lost; `find_lost` starts it again
            await self._follow_ups.tell(invoice.id, change)
        _still_at_it(invoice.id)

    async def _restart(self, row: FollowUpRow, invoice: Invoice, page: Page) -> None:
        follow_up = FollowUp(
            invoice_id=invoice.id,
            customer_id=invoice.customer_id,
            due_on=invoice.due_on,
            policy=row.policy,
            policy_version=row.policy_version,
            round=row.round,
            not_before=row.not_before,
            clock=page.clock,
        )
        await self._follow_ups.start(follow_up, number=invoice.number, again=True)


def _still_at_it(place: str) -> None:
    if activity.in_activity():
        activity.heartbeat(place)


def _rows(session: Session, invoice_ids: Sequence[str]) -> Sequence[tuple[FollowUpRow, Invoice]]:
    return session.exec(
        select(FollowUpRow, Invoice)
        .join(Invoice, col(Invoice.id) == col(FollowUpRow.invoice_id))
        .where(col(FollowUpRow.invoice_id).in_(invoice_ids))
    ).all()


async def _all(calls: Iterable[Callable[[], Awaitable[_Result]]]) -> list[_Result]:
    """Make every call, some at a time; the first error stops it and is raised as it is."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def through_the_gate(call: Callable[[], Awaitable[_Result]]) -> _Result:
        async with gate:
            return await call()

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(through_the_gate(call)) for call in calls]
    except ExceptionGroup as several:
        first = several.exceptions[0]
        raise first from first.__cause__
    return [task.result() for task in tasks]
