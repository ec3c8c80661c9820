"""Carrying a decision out: letters, drafts, people, the customer's service."""

from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError
from temporalio.workflow import ActivityHandle

with workflow.unsafe.imports_passed_through():
    from activities.context import Context
    from activities.correspondence import Correspondence
    from activities.people import People
    from activities.receipts import Receipts
    from activities.service import Service
    from models.decision import TouchPlan
    from models.follow_up import (
        Checked,
        LetterOrder,
        Question,
        ReceiptOrder,
        Touched,
        TouchOrder,
        Trouble,
    )
    from models.vocabulary import Action, Channel, Outcome
    from workflows.patience import (
        BEFORE_ASKING_AGAIN,
        WITHIN_A_DAY,
        WITHIN_THE_WINDOW,
        ask,
        failed_for_good,
    )
    from workflows.verdicts import Verdicts

_RESTORED = "service_restored"


class CarryingOut(Verdicts):
    """What a follow-up does through activities. Each answers with what to do next."""

    async def _check(self) -> Checked:
        raise NotImplementedError

    async def _take(self, checked: Checked) -> Checked:
        raise NotImplementedError

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
        """Put work before people, tell the owner, suspend the service; what to do next when that
        failed."""
        order = TouchOrder(follow_up=self.follow_up, touch=touch, now=self.now)
        wanted: dict[Any, bool] = {
            People.queue_call: touch.channel is Channel.CALL
            or any(action.is_task for action in touch.actions),
            People.alert_owner: Action.ALERT_OWNER in touch.actions,
            Service.suspend_service: Action.SUSPEND_SERVICE in touch.actions,
        }
        for activity in (one for one, is_wanted in wanted.items() if is_wanted):
            try:
                await self._while_reading(
                    workflow.start_activity_method(activity, order, **WITHIN_A_DAY)
                )
            except ActivityError as error:
                return await self._report(touch.step, error)
        return None

    async def _through(self, activity: Any, step: str) -> Checked:
        """Ask an activity that takes its time what to do next."""
        question = Question(follow_up=self.follow_up, now=self.now)
        try:
            asked = workflow.start_activity_method(activity, question, **WITHIN_A_DAY)
            checked = await self._take(await self._while_reading(asked))
        except ActivityError as error:
            return await self._report(step, error)
        return await self._check() if self.has_news else checked

    async def _restore(self) -> Checked:
        """Have the service run again; a customer who has paid is told so."""
        question = Question(follow_up=self.follow_up, now=self.now)
        try:
            asked = workflow.start_activity_method(
                Service.restore_service, question, **WITHIN_A_DAY
            )
            checked = await self._take(await self._while_reading(asked))
        except ActivityError as error:
            checked = await self._report("restore", error)
        if checked.decision.restores_service:
            await self._wait(BEFORE_ASKING_AGAIN, "the service is to run again")
            return await self._check()
        if checked.decision.outcome is Outcome.PAID and checked.service_runs:
            order = ReceiptOrder(follow_up=self.follow_up, template=_RESTORED, now=self.now)
            try:
                await self._while_reading(
                    workflow.start_activity_method(Receipts.send_receipt, order, **WITHIN_A_DAY)
                )
            except ActivityError as error:
                return await self._report(_RESTORED, error)
        return await self._check() if self.has_news else checked

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
