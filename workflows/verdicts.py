"""Every decision that a person takes about a follow-up, and is answered."""

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from models import acts
    from models.follow_up import Checked
    from workflows.inbox import Inbox

REFUSED = "Refused"


class Verdicts(Inbox):
    """The updates of a follow-up. What cannot fit is refused at once and leaves no trace; all else
    is decided over the facts, and answered with what came of it."""

    checked: Checked | None

    @workflow.update(description="Sign the draft of that version, as it is or edited")
    async def approve_message(self, act: acts.ApproveMessage) -> acts.Answer:
        return await self._answered(act)

    @approve_message.validator
    def _may_approve(self, act: acts.ApproveMessage) -> None:
        self._is_current(act.version)

    @workflow.update(description="Refuse the draft of that version: its step is not taken")
    async def reject_message(self, act: acts.RejectMessage) -> acts.Answer:
        return await self._answered(act)

    @reject_message.validator
    def _may_reject(self, act: acts.RejectMessage) -> None:
        self._is_current(act.version)

    @workflow.update(description="Be paid by these instalments")
    async def agree_payment_plan(self, act: acts.AgreePaymentPlan) -> acts.Answer:
        return await self._answered(act)

    @agree_payment_plan.validator
    def _may_agree(self, act: acts.AgreePaymentPlan) -> None:
        del act
        self._is_open()

    @workflow.update(description="Decide what is to become of the invoice")
    async def decide_disposition(self, act: acts.DecideDisposition) -> acts.Answer:
        return await self._answered(act)

    @decide_disposition.validator
    def _may_decide(self, act: acts.DecideDisposition) -> None:
        del act
        self._is_open()

    @workflow.update(description="Take a task up: nobody else need be told")
    async def acknowledge_call(self, act: acts.AcknowledgeCall) -> acts.Answer:
        return await self._answered(act)

    @acknowledge_call.validator
    def _may_acknowledge(self, act: acts.AcknowledgeCall) -> None:
        del act
        self._is_open()

    @workflow.update(description="The account owner, asked first, says go, soften or hold")
    async def answer_as_owner(self, act: acts.AnswerAsOwner) -> acts.Answer:
        return await self._answered(act)

    @answer_as_owner.validator
    def _may_answer(self, act: acts.AnswerAsOwner) -> None:
        del act
        self._is_open()

    async def _answered(self, act: acts.Act) -> acts.Answer:
        """Put the decision behind what happened before it, and wait for what comes of it."""
        self.answers.pop(act.event_id, None)  # what was refused once may fit by now
        self.inbox.append(act)
        await workflow.wait_condition(lambda: act.event_id in self.answers)
        recorded = self.answers[act.event_id]
        if recorded.refused:
            raise ApplicationError(recorded.refused, type=REFUSED, non_retryable=True)
        return acts.Answer(says=recorded.says)

    def _is_open(self) -> None:
        if self.checked is not None and self.checked.decision.closes:
            self._refuse("is closed already.")

    def _is_current(self, version: int) -> None:
        self._is_open()
        current = self.checked.draft if self.checked else None
        if current is None:
            self._refuse("has no draft that waits for a signature.")
        if current != version:
            self._refuse(f"has another draft by now: version {current}, not {version}.")

    def _refuse(self, problem: str) -> None:
        says = f"Invoice {self.follow_up.invoice_id} {problem}"
        raise ApplicationError(says, type=REFUSED, non_retryable=True)

    async def _finish(self) -> bool:
        """Read what arrived to its end, and let everybody have their answer.

        True when the last of it leaves the invoice open.
        """
        is_open = await self._read_inbox(to_the_end=True)
        while not workflow.all_handlers_finished():
            await workflow.wait_condition(
                lambda: workflow.all_handlers_finished() or bool(self.inbox)
            )
            if self.inbox:
                is_open = await self._read_inbox(to_the_end=True)
        return is_open
