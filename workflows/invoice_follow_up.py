"""The life of one invoice's chase."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.context import Context
    from activities.correspondence import Correspondence
    from activities.people import People
    from models import events
    from models.decision import TouchPlan
    from models.follow_up import (
        WORKFLOW,
        Checked,
        Closing,
        EventNote,
        FollowUp,
        FollowUpState,
        Question,
        Touched,
        TouchOrder,
        Trouble,
        workflow_id,
    )
    from models.vocabulary import Action, Channel, Outcome
    from workflows import patience, showing
    from workflows.inbox import Inbox


@workflow.defn(name=WORKFLOW)
class InvoiceFollowUp(Inbox):
    """Follow one open invoice up until it is paid, or a person decides otherwise.

    It knows no dates and no rules: it asks, waits for a time or an event, acts, and asks again.
    """

    @workflow.init
    def __init__(self, follow_up: FollowUp) -> None:
        self.follow_up = follow_up.model_copy(update={"inbox": ()})
        self.inbox: deque[events.Event] = deque(follow_up.inbox)
        self.now: datetime = follow_up.clock.business(workflow.now())
        self.checked: Checked | None = None
        self.shown: Checked | None = None
        self.has_news = False

    @workflow.run
    async def run(self, follow_up: FollowUp) -> Outcome:
        """Chase until there is nothing left to chase; returns how it ended."""
        del follow_up  # taken in by __init__, before any signal was delivered
        while True:
            checked = await self._check()
            while not checked.decision.closes:
                self._roll_if_long()
                if checked.decision.touch is not None:
                    checked = await self._carry_out(checked.decision.touch)
                else:
                    await self._sleep(checked)
                    checked = await self._check()
            closing = Closing(follow_up=self.follow_up, decision=checked.decision, now=self.now)
            await patience.ask(Context.close_follow_up, closing)
            if not await self._read_inbox(to_the_end=True):
                return checked.decision.outcome or Outcome.PAID
            # What arrived while the round was closing has opened the invoice again.
            self.follow_up = self.follow_up.next_round()

    @workflow.query(description="What the follow-up is doing, and what it will do next")
    def state(self) -> FollowUpState:
        return showing.state(self.follow_up, self.checked, unread=len(self.inbox))

    async def _check(self) -> Checked:
        """Apply what has happened, then ask what to do."""
        await self._read_inbox()
        self.has_news = False
        question = Question(follow_up=self.follow_up, now=self.now)
        return await self._take(await patience.ask(Context.check_context, question))

    async def _read_inbox(self, *, to_the_end: bool = False) -> bool:
        """Record what has happened; once the history is long, the next run does so.

        True when the last of it leaves the invoice open.
        """
        is_open = False
        while self._has_mail() or (to_the_end and self.inbox):
            event = self.inbox[0]
            is_payment = isinstance(event, events.PaymentEvent)
            record = Context.record_payment if is_payment else Context.record_event
            now = max(self.now, self._business_now())
            note = EventNote(follow_up=self.follow_up, event=event, now=now)
            is_open = await patience.ask(record, note)
            # Only now: until it is recorded, the event must survive continue-as-new.
            self.inbox.popleft()
            self.has_news = True
        return is_open

    def _has_mail(self) -> bool:
        return bool(self.inbox) and not self._is_long()

    async def _take(self, checked: Checked) -> Checked:
        """Show what was decided, and wake those whose letter will not leave after all."""
        self.shown = showing.publish(self.follow_up, checked, self.shown)
        self.checked = checked
        for invoice_id in checked.nudge:
            sibling = workflow.get_external_workflow_handle(workflow_id(invoice_id))
            change = events.ContextChanged(event_id=f"nudge/{workflow.uuid4()}")
            try:
                await sibling.signal(InvoiceFollowUp.context_changed, change)
            except FailureError:
                workflow.logger.info("the sibling has ended and needs no nudge")
        return checked

    async def _sleep(self, checked: Checked) -> None:
        """Wait until the time the decision names, or until something happens."""
        at = checked.decision.at
        if at is None:
            await self._wait(None, None)
        elif await self._wait(
            self.follow_up.clock.real(at) - workflow.now(), showing.sleeping_until(checked, at)
        ):
            self.now = self.follow_up.clock.woken(at, workflow.now())
            return
        self.now = self._business_now()

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

    async def _carry_out(self, touch: TouchPlan) -> Checked:
        """Take the step: the letter, then the people it involves."""
        try:
            if touch.channel is Channel.CALL:
                await self._involve(touch)
                return await self._check()
            touched: Touched = await self._while_reading(
                Correspondence.send_message, self._order(touch)
            )
            if touched.plan is not None:
                await self._involve(touched.plan)
        except ActivityError as error:
            return await self._recover(touch, error)
        checked = await self._take(touched.next)
        return await self._check() if self.has_news else checked

    async def _involve(self, touch: TouchPlan) -> None:
        if touch.channel is Channel.CALL or any(action.is_task for action in touch.actions):
            await self._while_reading(People.queue_call, self._order(touch))
        if Action.ALERT_OWNER in touch.actions:
            await self._while_reading(People.alert_owner, self._order(touch))

    async def _while_reading(self, activity: Callable[..., Any], order: TouchOrder) -> Any:
        """Run an activity, recording what arrives meanwhile, so that it sees it before it acts."""
        running = workflow.start_activity_method(activity, order, **patience.WITHIN_THE_WINDOW)
        while not running.done():
            await workflow.wait_condition(lambda: running.done() or self._has_mail())
            await self._read_inbox()
        return await running

    async def _recover(self, touch: TouchPlan, error: ActivityError) -> Checked:
        """The step could not be taken: ask again later, or have a person look at it."""
        if not patience.failed_for_good(error):
            await self._wait(patience.BEFORE_ASKING_AGAIN, f"{touch.step} · to be tried again")
            self.now = self._business_now()
            return await self._check()
        trouble = Trouble(
            follow_up=self.follow_up,
            step=touch.step,
            activity=error.activity_type,
            error=str(error.cause),
            now=self.now,
        )
        return await self._take(await patience.ask(Context.report_trouble, trouble))

    def _order(self, touch: TouchPlan) -> TouchOrder:
        return TouchOrder(follow_up=self.follow_up, touch=touch, now=self.now)

    def _business_now(self) -> datetime:
        return self.follow_up.clock.business(workflow.now())

    def _is_long(self) -> bool:
        return workflow.info().is_continue_as_new_suggested()

    def _roll_if_long(self) -> None:
        """Continue as new while nothing is under way; unread events come along."""
        if self._is_long() and workflow.all_handlers_finished():
            workflow.continue_as_new(self.follow_up.model_copy(update={"inbox": tuple(self.inbox)}))
