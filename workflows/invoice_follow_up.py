"""The life of one invoice's chase."""

from collections import deque
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError
from temporalio.workflow import ActivityHandle

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
        FollowUp,
        FollowUpState,
        LetterOrder,
        Question,
        Touched,
        TouchOrder,
        Trouble,
        workflow_id,
    )
    from models.vocabulary import Action, Channel, Outcome
    from workflows.inbox import Inbox
    from workflows.patience import (
        BEFORE_ASKING_AGAIN,
        FRESH,
        WITHIN_A_DAY,
        WITHIN_THE_WINDOW,
        ask,
        failed_for_good,
    )
    from workflows.showing import as_state, publish, sleeping_until


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
                decision = checked.decision
                if decision.touch is not None:
                    checked = await self._carry_out(decision.touch)
                elif await self._sleep(checked) and decision.next_letter is not None:
                    checked = await self._send(decision.next_letter)
                else:
                    checked = await self._check()
            closing = Closing(follow_up=self.follow_up, decision=checked.decision, now=self.now)
            await ask(Context.close_follow_up, closing)
            if not await self._read_inbox(to_the_end=True):
                return checked.decision.outcome or Outcome.PAID
            # What arrived while the round was closing has opened the invoice again.
            self.follow_up = self.follow_up.next_round()

    @workflow.query(description="What the follow-up is doing, and what it will do next")
    def state(self) -> FollowUpState:
        return as_state(self.follow_up, self.checked, unread=len(self.inbox))

    async def _check(self) -> Checked:
        """Apply what has happened, then ask what to do."""
        await self._read_inbox()
        self.has_news = False
        asked_at = workflow.now()
        question = Question(follow_up=self.follow_up, now=self.now)
        checked = await self._take(await ask(Context.check_context, question))
        if checked.decision.acts and workflow.now() - asked_at > FRESH:
            # The database was away meanwhile: the morning that was asked about may be over.
            self.now = self._business_now()
            return await self._check()
        return checked

    async def _take(self, checked: Checked) -> Checked:
        """Show what was decided, and wake those whose letter will not leave after all."""
        self.shown = publish(self.follow_up, checked, self.shown)
        self.checked = checked
        for invoice_id in checked.nudge:
            sibling = workflow.get_external_workflow_handle(workflow_id(invoice_id))
            change = events.ContextChanged(event_id=f"nudge/{workflow.uuid4()}")
            try:
                await sibling.signal(InvoiceFollowUp.context_changed, change)
            except FailureError:
                workflow.logger.info("the sibling has ended and needs no nudge")
        return checked

    async def _sleep(self, checked: Checked) -> bool:
        """Wait until the time the decision names, or until something happens; True for the time."""
        at = checked.decision.at
        if at is None:
            await self._wait(None, None)
        elif await self._wait(
            self.follow_up.clock.real(at) - workflow.now(), sleeping_until(checked, at)
        ):
            self.now = self.follow_up.clock.woken(at, workflow.now())
            return True
        self.now = self._business_now()
        return False

    async def _carry_out(self, touch: TouchPlan) -> Checked:
        """Take the step: a letter, or the people it involves."""
        if touch.channel is not Channel.CALL:
            return await self._send(touch.step)
        return await self._involve(touch) or await self._check()

    async def _send(self, step: str) -> Checked:
        """Send the letter of that step if it is up: the facts are read, and asked, as it is sent.

        Then involve the people that the touch calls for.
        """
        order = LetterOrder(follow_up=self.follow_up, step=step, now=self.now)
        sending = workflow.start_activity_method(
            Correspondence.send_message, order, **WITHIN_THE_WINDOW
        )
        try:
            touched: Touched = await self._while_reading(sending)
        except ActivityError as error:
            if failed_for_good(error):
                return await self._report(step, error)
            await self._wait(BEFORE_ASKING_AGAIN, f"{step} · to be tried again")
            self.now = self._business_now()
            return await self._check()
        checked = await self._take(touched.next)
        if touched.plan is not None:
            checked = await self._involve(touched.plan) or checked
        return await self._check() if self.has_news else checked

    async def _involve(self, touch: TouchPlan) -> Checked | None:
        """Put work before people, and tell the owner; what to do next when that failed."""
        order = TouchOrder(follow_up=self.follow_up, touch=touch, now=self.now)
        wanted = {
            People.queue_call: touch.channel is Channel.CALL
            or any(action.is_task for action in touch.actions),
            People.alert_owner: Action.ALERT_OWNER in touch.actions,
        }
        for activity in (one for one, is_wanted in wanted.items() if is_wanted):
            try:
                await self._while_reading(
                    workflow.start_activity_method(activity, order, **WITHIN_A_DAY)
                )
            except ActivityError as error:
                return await self._report(touch.step, error)
        return None

    async def _while_reading(self, running: ActivityHandle[Any]) -> Any:
        """Wait for an activity, recording what arrives meanwhile, so that it sees it in time."""
        while not running.done():
            await workflow.wait_condition(lambda: running.done() or self._has_mail())
            await self._read_inbox()
        return await running

    async def _report(self, step: str, error: ActivityError) -> Checked:
        """What the step calls for could not be done: have a person look at it, and go on."""
        trouble = Trouble(
            follow_up=self.follow_up,
            step=step,
            activity=error.activity_type,
            error=str(error.cause),
            now=self.now,
        )
        return await self._take(await ask(Context.report_trouble, trouble))

    def _roll_if_long(self) -> None:
        """Continue as new while nothing is under way; unread events come along."""
        if self._is_long() and workflow.all_handlers_finished():
            workflow.continue_as_new(self.follow_up.model_copy(update={"inbox": tuple(self.inbox)}))
