"""Everything that can reach a follow-up from outside. Handlers only note what happened."""

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from activities.context import Context
    from activities.decisions import Decisions
    from models import events
    from models.acts import Act, DecisionByAPerson
    from models.follow_up import ActNote, EventNote, FollowUp, Recorded, workflow_id
    from workflows.patience import ask


class Inbox:
    """The signals of a follow-up, kept unread in the order of their arrival.

    What happened is read, and recorded, by the follow-up alone: see `_read_inbox`.
    """

    follow_up: FollowUp
    now: datetime
    inbox: deque[events.Event | Act]
    answers: dict[str, Recorded]
    has_news: bool

    @workflow.signal(description="Money arrived for this invoice")
    def payment_received(self, payment: events.PaymentReceived) -> None:
        self.inbox.append(payment)

    @workflow.signal(description="A payment booked earlier was taken back")
    def payment_reversed(self, reversal: events.PaymentReversed) -> None:
        self.inbox.append(reversal)

    @workflow.signal(description="An attempt to pay failed")
    def payment_failed(self, failure: events.PaymentFailed) -> None:
        self.inbox.append(failure)

    @workflow.signal(description="The customer contests the invoice, whole or in part")
    def dispute_opened(self, dispute: events.DisputeOpened) -> None:
        self.inbox.append(dispute)

    @workflow.signal(description="The dispute is settled")
    def dispute_resolved(self, resolution: events.DisputeResolved) -> None:
        self.inbox.append(resolution)

    @workflow.signal(description="The customer said when they will pay")
    def promise_made(self, promise: events.PromiseMade) -> None:
        self.inbox.append(promise)

    @workflow.signal(description="Staff hold the chase")
    def pause(self, pause: events.Pause) -> None:
        self.inbox.append(pause)

    @workflow.signal(description="Staff end a pause")
    def resume(self, resume: events.Resume) -> None:
        self.inbox.append(resume)

    @workflow.signal(description="The register changed the invoice")
    def invoice_changed(self, change: events.InvoiceChanged) -> None:
        self.inbox.append(change)

    @workflow.signal(description="The customer wrote back")
    def customer_replied(self, reply: events.CustomerReplied) -> None:
        self.inbox.append(reply)

    @workflow.signal(description="Somebody called the customer")
    def call_logged(self, call: events.CallLogged) -> None:
        self.inbox.append(call)

    @workflow.signal(description="Something about the customer changed: look again")
    def context_changed(self, change: events.ContextChanged) -> None:
        self.inbox.append(change)

    async def _wait(self, delay: timedelta | None, summary: str | None) -> bool:
        """True when `delay` went by without anything happening."""
        try:
            await workflow.wait_condition(
                lambda: bool(self.inbox),
                timeout=None if delay is None else max(timedelta(0), delay),
                timeout_summary=summary,
            )
        except TimeoutError:
            return True
        return False

    async def _read_inbox(self, *, to_the_end: bool = False) -> bool:
        """Record what has happened; once the history is long, the next run does so.

        True when the last of it leaves the invoice open.
        """
        is_open = False
        while self._has_mail() or (to_the_end and self.inbox):
            is_open = await self._record(self.inbox[0])
            # Only now: until it is recorded, the event must survive continue-as-new.
            self.inbox.popleft()
            self.has_news = True
        return is_open

    async def _record(self, event: events.Event | Act) -> bool:
        now = max(self.now, self._business_now())
        if isinstance(event, DecisionByAPerson):
            note = ActNote(follow_up=self.follow_up, act=event, now=now)
            recorded: Recorded = await ask(Decisions.record_decision, note)
            self.answers[event.event_id] = recorded
            await self._nudge(recorded.nudge)
            return recorded.is_open
        is_payment = isinstance(event, events.PaymentEvent)
        record = Context.record_payment if is_payment else Context.record_event
        is_open: bool = await ask(record, EventNote(follow_up=self.follow_up, event=event, now=now))
        return is_open

    async def _nudge(self, invoice_ids: Iterable[str]) -> None:
        """Have the customer's other invoices look again."""
        for invoice_id in invoice_ids:
            sibling = workflow.get_external_workflow_handle(workflow_id(invoice_id))
            change = events.ContextChanged(event_id=f"nudge/{workflow.uuid4()}")
            try:
                await sibling.signal(Inbox.context_changed, change)
            except FailureError:
                workflow.logger.info("the sibling has ended and needs no nudge")

    def _has_mail(self) -> bool:
        """True while there is something to read; a long history waits for no one but a person who
        waits for an answer."""
        is_waited_for = not workflow.all_handlers_finished()
        return bool(self.inbox) and (is_waited_for or not self._is_long())

    def _business_now(self) -> datetime:
        return self.follow_up.clock.business(workflow.now())

    def _is_long(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()
