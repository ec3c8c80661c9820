"""Drafts: letters written for a person to sign before they leave."""

from datetime import datetime

from sqlmodel import Session
from temporalio import activity

from activities.due_together import due_siblings
from activities.letter_desk import LetterDesk
from activities.rulebook import Rulebook
from domain.consolidation import carrying_first, joint_plan
from models.decision import Decision, TaskRequest, Verb
from models.follow_up import Checked, Question
from models.vocabulary import TaskKind
from store import correspondence, drafts, tasks
from store.database import Database
from store.follow_ups import pressing
from store.followed import Followed


class Drafting:
    """Letters that wait for a signature."""

    def __init__(self, database: Database, rulebook: Rulebook, desk: LetterDesk) -> None:
        self._database = database
        self._rulebook = rulebook
        self._desk = desk

    @activity.defn
    async def draft_message(self, question: Question) -> Checked:
        """Write the draft that the decision asks for, with all that is due beside it, and ask for
        a signature. A draft that states what is no longer so is void from then on.

        Raises:
            DatabaseUnavailable: to be retried.
            ApplicationError: type `TemplateInvalid`, not retryable: the letter cannot be written.
        """
        return await self._database.write(lambda session: self._draft(session, question))

    def _draft(self, session: Session, question: Question) -> Checked:
        now = question.now
        correspondence.lock_customer(session, question.follow_up.customer_id)
        followed = self._rulebook.look_up(session, question.follow_up, now)
        decision = self._rulebook.decide(session, followed, now)
        waiting: tuple[str, ...] = ()
        if decision.verb is Verb.DRAFT:
            waiting = drafts.give_up(session, followed.invoice.id, now)
            waiting += self._put_before_a_person(session, followed, decision, waiting, now)
        checked = self._rulebook.check(session, question.follow_up, now)
        return checked.model_copy(update={"nudge": (*checked.nudge, *waiting)})

    def _put_before_a_person(
        self,
        session: Session,
        followed: Followed,
        decision: Decision,
        waiting: tuple[str, ...],
        now: datetime,
    ) -> tuple[str, ...]:
        """Write the draft and ask for a signature; returns those whose drafts it takes the place
        of."""
        unsigned = drafts.unsigned_beside(session, followed.invoice)
        asked = (*waiting, *unsigned)
        siblings = due_siblings(session, self._rulebook, followed, decision, now, asked)
        due = [(followed, decision), *siblings]
        ordered = carrying_first(
            (one.facts, its.touch) for one, its in due if its.touch is not None
        )
        plan, members = joint_plan(ordered), [facts for facts, _ in ordered]
        key = decision.touch.key if decision.touch else ""
        envelope = self._desk.write(
            plan,
            members,
            key,
            correspondence.references(session, followed.invoice, key),
            now,
            set_aside=correspondence.set_aside(session, followed.invoice),
        )
        steps = [(one.invoice.id, its.touch.step) for one, its in due if its.touch is not None]
        draft = drafts.request(
            session, followed.row, steps, members, envelope, key, decision.says, now
        )
        terms = self._rulebook.terms(session, followed)
        tasks.open_task(
            session,
            followed.row,
            TaskRequest(
                kind=TaskKind.APPROVE,
                why=f"Sign version {draft.version}. {decision.says}",
            ),
            now,
            key=f"{key}/{TaskKind.APPROVE}/{draft.version}",
            priority=pressing(followed, terms, now),
            escalate_at=terms.escalate_at(TaskKind.APPROVE, now),
        )
        return unsigned
