"""The life of one invoice's chase."""

from collections import deque
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.context import Context
    from activities.drafting import Drafting
    from activities.relations import Relations
    from models import events
    from models.acts import Act
    from models.decision import Verb
    from models.follow_up import (
        WORKFLOW,
        Checked,
        Closing,
        FollowUp,
        FollowUpState,
        Question,
        Recorded,
    )
    from models.vocabulary import Outcome
    from workflows.carrying_out import CarryingOut
    from workflows.patience import FRESH, ask
    from workflows.showing import as_state, publish, sleeping_until


@workflow.defn(name=WORKFLOW)
class InvoiceFollowUp(CarryingOut):
    """Follow one open invoice up until it is paid, or a person decides otherwise.

    It knows no dates and no rules: it asks, waits for a time or an event, acts, and asks again.
    """

    @workflow.init
    def __init__(self, follow_up: FollowUp) -> None:
        self.follow_up = follow_up.model_copy(update={"inbox": ()})
        self.inbox: deque[events.Event | Act] = deque(follow_up.inbox)
        self.answers: dict[str, Recorded] = {}
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
            while not checked.decision.closes or checked.decision.restores_service:
                self._roll_if_long()
                checked = await self._go_on(checked)
            closing = Closing(follow_up=self.follow_up, decision=checked.decision, now=self.now)
            await ask(Context.close_follow_up, closing)
            if not await self._finish():
                return checked.decision.outcome or Outcome.PAID
            # What arrived while the round was closing has opened the invoice again.
            self.follow_up = self.follow_up.next_round()

    @workflow.query(description="What the follow-up is doing, and what it will do next")
    def state(self) -> FollowUpState:
        return as_state(self.follow_up, self.checked, unread=len(self.inbox))

    async def _go_on(self, checked: Checked) -> Checked:
        """Do what was decided; what to do after it."""
        decision, step = checked.decision, checked.decision.step or ""
        if decision.restores_service:
            return await self._restore()
        if decision.verb is Verb.GATHER:
            return await self._through(Relations.gather_context, "context")
        if decision.verb is Verb.DRAFT:
            return await self._through(Drafting.draft_message, step)
        if decision.touch is not None:
            return await self._carry_out(decision.touch)
        if await self._sleep(checked) and decision.next_letter is not None:
            return await self._send(decision.next_letter)
        return await self._check()

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
        await self._nudge(checked.nudge)
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

    def _roll_if_long(self) -> None:
        """Continue as new while nothing is under way; unread events come along."""
        if self._is_long() and workflow.all_handlers_finished():
            workflow.continue_as_new(self.follow_up.model_copy(update={"inbox": tuple(self.inbox)}))
