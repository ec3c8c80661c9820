"""What is the case: facts noted, questions answered, ends recorded."""

from sqlmodel import Session
from temporalio import activity

from activities.rulebook import Rulebook
from domain.plans import is_plan_step
from models.follow_up import Checked, Closing, EventNote, Question, Trouble
from models.policy import Policy
from models.tables import FollowUpRow
from models.vocabulary import InvoiceStatus, TaskKind, TouchOutcome
from store import correspondence, follow_ups, timeline
from store.database import Database
from store.events import apply_event
from store.followed import Followed


class Context:
    """The facts of one follow-up, in the database.

    All of these are idempotent, and all of them raise `DatabaseUnavailable`, to be retried.
    """

    def __init__(self, database: Database, rulebook: Rulebook) -> None:
        self._database = database
        self._rulebook = rulebook

    @activity.defn
    async def check_context(self, question: Question) -> Checked:
        """Read what is known and decide: wait until then, act now, or close."""
        return await self._database.write(
            lambda session: self._rulebook.check(session, question.follow_up, question.now)
        )

    @activity.defn
    async def record_payment(self, note: EventNote) -> bool:
        """Book a payment, its reversal or its failure. From here on no letter asks for it.

        Returns whether the invoice is open now.
        """
        return await self._database.write(lambda session: self._apply(session, note))

    @activity.defn
    async def record_event(self, note: EventNote) -> bool:
        """Apply any other event: a dispute, a promise, a pause, a reply, a call.

        Returns whether the invoice is open now.
        """
        return await self._database.write(lambda session: self._apply(session, note))

    @activity.defn
    async def close_follow_up(self, closing: Closing) -> None:
        """End the round: status, timeline, open tasks."""

        def close(session: Session) -> None:
            row = follow_ups.open_round(session, closing.follow_up, closing.now)
            follow_ups.close(session, row, closing.decision, closing.now)

        await self._database.write(close)

    @activity.defn
    async def report_trouble(self, trouble: Trouble) -> Checked:
        """Put an activity that failed for good on the timeline and before a person.

        The step it was about counts as failed, so that the cadence goes on.
        """

        def report(session: Session) -> Checked:
            followed = self._rulebook.look_up(session, trouble.follow_up, trouble.now)
            row: FollowUpRow = followed.row
            why = f"{trouble.activity} failed: {trouble.error}"
            about = f"{trouble.step}/{row.round}/{trouble.activity}"
            happening = self._rulebook.happening(session, followed, trouble.now)
            happening.task(TaskKind.MEND, why, about)
            withdrawn = correspondence.withdraw(session, row.invoice_id)
            policy = self._rulebook.policy(session, row)
            done = {step.step for step in followed.facts.progress.done}
            is_step = policy.position(trouble.step) >= 0 or is_plan_step(trouble.step)
            if is_step and trouble.step not in done:
                self._fail(session, followed, policy, trouble)
            session.flush()
            checked = self._rulebook.check(session, trouble.follow_up, trouble.now)
            nudge = (*checked.nudge, *(withdrawn.others if withdrawn else ()))
            return checked.model_copy(update={"nudge": nudge})

        return await self._database.write(report)

    def _fail(self, session: Session, followed: Followed, policy: Policy, trouble: Trouble) -> None:
        stage = follow_ups.stage_of(policy, trouble.step)
        failed = TouchOutcome.FAILED
        follow_ups.take_step(session, followed, trouble.step, stage, failed, trouble.now)
        says = f"Step {trouble.step} failed."
        timeline.note(session, followed.row, trouble.now, "touch", failed, says)

    def _apply(self, session: Session, note: EventNote) -> bool:
        followed = self._rulebook.look_up(session, note.follow_up, note.now)
        apply_event(self._rulebook.happening(session, followed, note.now), note.event)
        return followed.invoice.status is InvoiceStatus.OPEN
