"""Letters to customers: what they say, and that they leave, once."""

import re
from functools import partial

from sqlmodel import Session
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.rulebook import Rulebook
from domain import letter_writing
from domain.letter_writing import Stationery
from domain.send_window import local_day
from integrations.letters.letters import Letters
from integrations.mail.transport import AcceptanceUnknown, MailTransport
from models.decision import TaskRequest, TouchPlan
from models.errors import AddressRejected, MailRefused, MailUnavailable, TemplateInvalid
from models.follow_up import Touched, TouchOrder
from models.letter import Envelope
from models.tables import FollowUpRow, Message, Touch
from models.vocabulary import Channel, TaskKind, TouchOutcome
from store import correspondence, tasks
from store.correspondence import Claim
from store.database import Database
from store.facts import Followed, open_siblings

_REPLANS = 5
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
        letters: Letters,
        mail: MailTransport,
        stationery: Stationery,
    ) -> None:
        self._database = database
        self._rulebook = rulebook
        self._letters = letters
        self._mail = mail
        self._stationery = stationery

    @activity.defn
    async def send_message(self, order: TouchOrder) -> Touched:
        """Send the letter that `order` plans, unless the facts have changed since.

        One transaction reads the facts again, decides again, and claims the touch together with
        those of the customer's other invoices that are due. The facts are compared once more
        just before the letter leaves; where they differ the letter is planned anew. A touch that
        was sent or covered before is only reported.

        Raises:
            MailUnavailable, DatabaseUnavailable: to be retried; the claim stays.
            ApplicationError: type `TemplateInvalid`, not retryable: the letter cannot be written.
        """
        for _ in range(_REPLANS):
            claimed = await self._database.write(partial(self._claim, order=order))
            if isinstance(claimed, Touched):
                return claimed
            envelope = self._write(claimed, order)
            if not await self._database.write(partial(correspondence.hand_over, claimed=claimed)):
                continue
            touched = await self._deliver(claimed, envelope, order)
            if touched is not None:
                return touched
        raise ApplicationError("the facts keep changing under the letter", type="FactsUnsettled")

    def _claim(self, session: Session, order: TouchOrder) -> Claim | Touched:
        follow_up, now = order.follow_up, order.now
        correspondence.lock_customer(session, follow_up.customer_id)
        known = session.get(Touch, order.touch.key)
        if known is not None and known.outcome is not TouchOutcome.CLAIMED:
            return self._as_before(session, order, known)
        former = correspondence.withdraw(session, follow_up.invoice_id) if known else None
        followed = self._rulebook.look_up(session, follow_up, now)
        decision = self._rulebook.decide(session, followed, now)
        if decision.touch is None or decision.touch.step != order.touch.step:
            checked = self._rulebook.keep(session, followed, decision, now, former)
            return Touched(outcome=TouchOutcome.SKIPPED, next=checked)
        today = local_day(now, followed.facts.customer.zone)
        due = [(followed, decision.touch), *self._due_siblings(session, followed, order)]
        return correspondence.claim(session, followed, due, today, now, former)

    def _due_siblings(
        self, session: Session, followed: Followed, order: TouchOrder
    ) -> list[tuple[Followed, TouchPlan]]:
        today = local_day(order.now, followed.facts.customer.zone)
        due = []
        for sibling in open_siblings(session, followed.invoice, today, self._rulebook.files.rates):
            touch = self._rulebook.decide(session, sibling, order.now).touch
            if touch is not None and touch.channel is Channel.MAIL and not sibling.has_claim:
                due.append((sibling, touch))
        return due

    def _as_before(self, session: Session, order: TouchOrder, known: Touch) -> Touched:
        """What an earlier attempt, or another invoice's letter, did about this touch."""
        message = session.get(Message, known.message_key) if known.message_key else None
        own = message is not None and message.claimed_by == order.follow_up.invoice_id
        return Touched(
            outcome=known.outcome,
            plan=TouchPlan.model_validate(message.plan) if message and own else None,
            next=self._rulebook.check(session, order.follow_up, order.now),
        )

    def _write(self, claimed: Claim, order: TouchOrder) -> Envelope:
        firm, customer = self._stationery.firm, claimed.members[0].customer
        try:
            letter = self._letters.render(
                letter_writing.letter_facts(
                    claimed.plan, claimed.members, order.now, self._stationery
                )
            )
        except TemplateInvalid as invalid:
            raise ApplicationError(
                str(invalid), type="TemplateInvalid", non_retryable=True
            ) from invalid
        return letter_writing.envelope(
            claimed.plan, customer, letter, claimed.key, claimed.references, order.now, firm
        )

    async def _deliver(
        self, claimed: Claim, envelope: Envelope, order: TouchOrder
    ) -> Touched | None:
        """Send it and record that; None when another address has to be tried."""
        try:
            accepted = await self._mail.send(envelope)
        except AddressRejected as rejected:
            if _OUR_FAULT.search(rejected.answer):
                return await self._database.write(
                    partial(self._give_up, claimed=claimed, order=order, why=rejected.answer)
                )
            await self._database.write(
                partial(_reject, claimed=claimed, order=order, email=rejected.address)
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
        self, session: Session, claimed: Claim, envelope: Envelope, order: TouchOrder, remark: str
    ) -> Touched:
        correspondence.record_sent(session, claimed, envelope, order.now, remark)
        session.flush()
        carries = claimed.plan.invoice_id == order.follow_up.invoice_id
        return Touched(
            outcome=TouchOutcome.SENT if carries else TouchOutcome.COVERED,
            plan=claimed.plan,
            next=self._rulebook.check(session, order.follow_up, order.now),
        )

    def _give_up(self, session: Session, claimed: Claim, order: TouchOrder, why: str) -> Touched:
        correspondence.record_failed(
            session, claimed, TouchOutcome.FAILED, order.now, f"not sent: {why}"
        )
        followed = self._rulebook.look_up(session, order.follow_up, order.now)
        request = TaskRequest(kind=TaskKind.MEND, why=f"The mail server refused a letter: {why}")
        tasks.open_task(session, followed.row, request, order.now, key=f"{order.touch.key}/refused")
        checked = self._rulebook.check(session, order.follow_up, order.now)
        return Touched(outcome=TouchOutcome.FAILED, next=checked)


def _reject(session: Session, claimed: Claim, order: TouchOrder, email: str) -> None:
    row = session.get_one(FollowUpRow, order.follow_up.invoice_id)
    correspondence.reject_address(session, row, email, order.now)
    correspondence.not_handed_over(session, claimed)
