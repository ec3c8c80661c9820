"""Letters to customers: what they say, and that they leave, once."""

import re
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel import Session
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.due_together import due_siblings, signed_draft, signed_siblings
from activities.heartbeats import heartbeats
from activities.letter_desk import LetterDesk
from activities.rulebook import Rulebook
from domain.after_letter import after_letter
from domain.send_window import local_day
from integrations.mail.transport import AcceptanceUnknown, MailTransport, Withheld
from models.decision import Decision, TouchPlan
from models.errors import AddressRejected, MailRefused, MailUnavailable
from models.follow_up import Checked, LetterOrder, Touched
from models.letter import Envelope
from models.tables import Message, Touch
from models.vocabulary import TaskKind, TouchOutcome
from store import correspondence, drafts, follow_ups
from store.correspondence import Claim
from store.database import Database
from store.followed import Followed

_REPLANS = 5
# A mail server that never says whether it took a letter may have delivered every copy.
_MOST_ATTEMPTS = 3
# RFC 3463 §3.8: class 7 is about security or policy. It is us who are refused, not the address.
_OUR_FAULT = re.compile(r"\b5\.7\.\d")
_MAYBE_TWICE = " An earlier attempt was interrupted; it may arrive twice, under the same name."
_COPY_REFUSED = " The mail server refused a copy."


class Correspondence:
    """Letters to customers."""

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        desk: LetterDesk,
        mail: MailTransport,
    ) -> None:
        self._database = database
        self._rulebook = rulebook
        self._desk = desk
        self._mail = mail

    @activity.defn
    async def send_message(self, order: LetterOrder) -> Touched:
        """Send the letter of the step that `order` names, if it is up.

        One transaction reads the facts, decides, and claims the touch together with those of the
        customer's other invoices that are due. The facts are compared once more just before the
        letter leaves; where they differ the letter is planned anew. A touch that was sent or
        covered before is only reported, and so is a decision not to send.

        Raises:
            MailUnavailable, DatabaseUnavailable: to be retried; the claim stays.
            ApplicationError: type `TemplateInvalid`, not retryable: the letter cannot be written.
        """
        async with heartbeats():
            for _ in range(_REPLANS):
                claimed = await self._database.write(partial(self._claim, order=order))
                if isinstance(claimed, Touched):
                    return claimed
                envelope = self._write(claimed, order)
                touched = await self._deliver(claimed, envelope, order)
                if touched is not None:
                    return touched
        raise ApplicationError("the facts keep changing under the letter", type="FactsUnsettled")

    def _claim(self, session: Session, order: LetterOrder) -> Claim | Touched:
        follow_up, now = order.follow_up, order.now
        correspondence.lock_customer(session, follow_up.customer_id)
        followed = self._rulebook.look_up(session, follow_up, now)
        if followed.has_taken(order.step):
            return self._as_before(session, order)
        former = None
        if followed.claimed:
            former = correspondence.withdraw(session, follow_up.invoice_id)
            followed = self._rulebook.look_up(session, follow_up, now)
        decision = self._rulebook.decide(session, followed, now)
        touch = decision.touch
        if not decision.acts or touch is None or touch.step != order.step:
            checked = self._rulebook.keep(session, followed, decision, now, former)
            return Touched(outcome=TouchOutcome.SKIPPED, next=checked)
        is_same = former is None or former.key == touch.key
        checked = self._rulebook.keep(session, followed, decision, now, None if is_same else former)
        released = former.others if former else ()
        signed = signed_draft(session, followed, touch.step)
        siblings = (
            signed_siblings(session, self._rulebook, signed, now)
            if signed is not None
            else due_siblings(session, self._rulebook, followed, decision, now, released)
        )
        if siblings is None:
            # The letter would say something else than was signed: it is written anew.
            others = drafts.give_up(session, followed.invoice.id, now)
            checked = self._rulebook.check(session, follow_up, now)
            checked = checked.model_copy(update={"nudge": (*checked.nudge, *others)})
            return Touched(outcome=TouchOutcome.SKIPPED, next=checked)
        due = [(followed, touch), *self._pass_over(session, siblings, now)]
        claimed = correspondence.claim(session, followed, decision, due, now, former, signed)
        if claimed.attempts < _MOST_ATTEMPTS:
            return claimed
        why = f"handed over {claimed.attempts} times, and never confirmed; it may have left."
        return self._give_up(session, claimed, order, why)

    def _pass_over(
        self, session: Session, siblings: list[tuple[Followed, Decision]], now: datetime
    ) -> list[tuple[Followed, TouchPlan]]:
        """The touches of siblings, whose missed steps are skipped as their own would be."""
        due = []
        for sibling, decision in siblings:
            if decision.touch is not None:
                policy = self._rulebook.policy(session, sibling.row)
                follow_ups.skip_steps(session, sibling, decision, policy, now)
                due.append((sibling, decision.touch))
        return due

    def _as_before(self, session: Session, order: LetterOrder) -> Touched:
        """What an earlier attempt, or another invoice's letter, did about this touch."""
        known = session.get_one(Touch, order.key)
        message = session.get(Message, known.message_key) if known.message_key else None
        own = message is not None and message.claimed_by == order.follow_up.invoice_id
        return Touched(
            outcome=known.outcome,
            plan=TouchPlan.model_validate(message.plan) if message and own else None,
            next=self._rulebook.check(session, order.follow_up, order.now),
        )

    def _write(self, claimed: Claim, order: LetterOrder) -> Envelope:
        return self._desk.write(
            claimed.plan,
            claimed.members,
            claimed.key,
            claimed.references,
            order.now,
            set_aside=claimed.set_aside,
            edited=claimed.edited,
        )

    async def _deliver(
        self, claimed: Claim, envelope: Envelope, order: LetterOrder
    ) -> Touched | None:
        """Send it and record that; None when it has to be planned anew."""
        hand_over = partial(correspondence.hand_over, claimed=claimed)
        try:
            accepted = await self._mail.send(
                envelope, go_ahead=lambda: self._database.write(hand_over)
            )
        except Withheld:
            return None
        except AddressRejected as rejected:
            if _OUR_FAULT.search(rejected.answer):
                return await self._database.write(
                    partial(self._give_up, claimed=claimed, order=order, why=rejected.answer)
                )
            await self._database.write(
                partial(self._reject, claimed=claimed, order=order, email=rejected.address)
            )
            return None
        except MailRefused as refused:
            return await self._database.write(
                partial(self._give_up, claimed=claimed, order=order, why=str(refused))
            )
        except AcceptanceUnknown:
            raise
        except MailUnavailable:
            await self._database.write(partial(correspondence.not_handed_over, claimed=claimed))
            raise
        remark = _MAYBE_TWICE if claimed.attempts else ""
        remark += _COPY_REFUSED if accepted.refused_cc else ""
        return await self._database.write(
            partial(self._record, claimed=claimed, envelope=envelope, order=order, remark=remark)
        )

    def _record(
        self, session: Session, claimed: Claim, envelope: Envelope, order: LetterOrder, remark: str
    ) -> Touched:
        others = correspondence.record_sent(session, claimed, envelope, order.now, remark)
        carries = claimed.plan.invoice_id == order.follow_up.invoice_id
        outcome = TouchOutcome.SENT if carries else TouchOutcome.COVERED
        checked = self._go_on(session, claimed, outcome, order)
        if others:
            checked = checked.model_copy(update={"nudge": (*checked.nudge, *others)})
        return Touched(outcome=outcome, plan=claimed.plan, next=checked)

    def _go_on(
        self, session: Session, claimed: Claim, outcome: TouchOutcome, order: LetterOrder
    ) -> Checked:
        """Decide what comes after the letter; facts are read again only where they have changed."""
        facts = claimed.claimer.facts
        if facts.progress.promise or not correspondence.still_holds(session, claimed):
            return self._rulebook.check(session, order.follow_up, order.now)
        today = local_day(order.now, facts.customer.zone)
        then = replace(claimed.claimer, facts=after_letter(facts, claimed.decision, outcome, today))
        decision = self._rulebook.decide(session, then, order.now)
        return self._rulebook.keep(session, then, decision, order.now)

    def _give_up(self, session: Session, claimed: Claim, order: LetterOrder, why: str) -> Touched:
        """The letter is not sent (again): the step counts as failed and a person is told."""
        correspondence.record_failed(
            session, claimed, TouchOutcome.FAILED, order.now, f"the letter failed: {why}"
        )
        followed = self._rulebook.look_up(session, order.follow_up, order.now)
        happening = self._rulebook.happening(session, followed, order.now)
        happening.task(TaskKind.MEND, f"A letter was not sent: {why}", about=f"{order.key}/refused")
        checked = self._rulebook.check(session, order.follow_up, order.now)
        return Touched(outcome=TouchOutcome.FAILED, next=checked)

    def _reject(self, session: Session, claimed: Claim, order: LetterOrder, email: str) -> None:
        """Remember the address as refused, and have somebody find out the right one."""
        followed = self._rulebook.look_up(session, order.follow_up, order.now)
        correspondence.reject_address(session, followed.row, email, order.now)
        correspondence.not_handed_over(session, claimed)
        why = "The mail server refused an address of the customer: find out the right one."
        happening = self._rulebook.happening(session, followed, order.now)
        happening.task(TaskKind.FIX_CONTACT, why, about=f"{order.key}/{claimed.attempts}")
