"""The daily look at the register."""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.people import People
    from activities.register import Register
    from activities.register_pages import RegisterPages
    from models.scan import (
        WORKFLOW,
        Counts,
        OutsidePage,
        OutsideRead,
        Page,
        ScanEnd,
        ScanOrder,
        ScanResult,
    )

_PAGE: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=10),
    "heartbeat_timeout": timedelta(seconds=60),
    "schedule_to_close_timeout": timedelta(hours=2),
    "retry_policy": RetryPolicy(maximum_interval=timedelta(minutes=1)),
}
_SHORT: dict[str, Any] = {
    "start_to_close_timeout": timedelta(minutes=1),
    "schedule_to_close_timeout": timedelta(hours=2),
    "retry_policy": RetryPolicy(maximum_interval=timedelta(minutes=1)),
}


@workflow.defn(name=WORKFLOW)
class RegisterScan:
    """Start what is open and not followed up, and tell running follow-ups what changed."""

    @workflow.init
    def __init__(self, order: ScanOrder) -> None:
        self.order = order
        self.now = order.clock.business(workflow.now())
        self.counts = Counts()
        self.problem = ""

    @workflow.run
    async def run(self, order: ScanOrder) -> ScanResult:
        """Scan once; returns what was found. A register that cannot be read raises an alarm."""
        scan_id = workflow.info().workflow_id
        page = Page(scan_id=scan_id, now=self.now, clock=order.clock, every_day=order.every_day)
        begun = await workflow.execute_activity_method(Register.begin_scan, page, **_SHORT)
        if begun.skipped:
            return ScanResult(skipped=begun.skipped)
        try:
            await self._read_outside()
            await self._read(Register.start_follow_ups, begun.page)
            await self._read(Register.tell_changes, page)
            lost = await workflow.execute_activity_method(Register.find_lost, page, **_PAGE)
            self.counts = self.counts.plus(lost)
        except ActivityError as error:
            self.problem = f"{error.activity_type}: {error.cause}"
        end = ScanEnd(scan_id=scan_id, now=self.now, counts=self.counts, problem=self.problem)
        if self.problem:
            await workflow.execute_activity_method(People.raise_alarm, end, **_SHORT)
        await workflow.execute_activity_method(Register.finish_scan, end, **_SHORT)
        return ScanResult(counts=self.counts, problem=self.problem)

    @workflow.query(description="What the scan has found so far")
    def found(self) -> Counts:
        return self.counts

    async def _read_outside(self) -> None:
        """Read what changed in the register outside, if one is connected."""
        page = OutsidePage(now=self.now)
        while True:
            read: OutsideRead = await workflow.execute_activity_method(
                RegisterPages.read_page, page, **_PAGE
            )
            self.counts = self.counts.plus(Counts(missed=read.missed))
            if not read.next:
                return
            page = page.model_copy(update={"cursor": read.next, "since": read.since})

    async def _read(self, activity: Any, page: Page) -> None:
        """Read the register page by page to its end."""
        while True:
            read = await workflow.execute_activity_method(activity, page, **_PAGE)
            self.counts = self.counts.plus(read.counts)
            if read.after is None:
                return
            page = page.model_copy(update={"after": read.after, "portions": read.portions})
