"""People of our own: calls to make, things to decide, owners to tell."""

from datetime import datetime
from functools import partial
from html import escape

from sqlmodel import Session
from temporalio import activity

from activities.rulebook import Rulebook
from domain.ageing import days_past_due
from domain.consolidation import asked_amount
from domain.letter_writing import message_id
from domain.send_window import local_day
from integrations.mail.transport import MailTransport
from models.decision import TaskRequest
from models.errors import AddressRejected, MailRefused
from models.follow_up import TouchOrder
from models.letter import Envelope, Firm, Letter
from models.scan import ScanEnd
from models.tables import Alert, FollowUpRow
from models.vocabulary import Action, Channel, TaskKind, TouchOutcome
from store import follow_ups, tasks, timeline
from store.database import Database
from store.facts import Followed, followed_invoice

_TASKS: dict[Action, tuple[TaskKind, str]] = {
    Action.CALL_AP_CONTACT: (TaskKind.CALL, "Call accounts payable"),
    Action.CALL_FINANCE: (TaskKind.CALL, "Call the head of finance"),
    Action.SUSPEND_SERVICE: (TaskKind.SUSPEND_SERVICE, "Decide whether to suspend the service"),
    Action.ASK_DISPOSITION: (
        TaskKind.DISPOSITION,
        "Decide: payment plan, write-off, agency, legal, or continue",
    ),
}


class People:
    """The account owners, and whoever works the queue."""

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        mail: MailTransport,
        firm: Firm,
        staff_email: str,
    ) -> None:
        self._database = database
        self._rulebook = rulebook
        self._mail = mail
        self._firm = firm
        self._staff_email = staff_email

    @activity.defn
    async def queue_call(self, order: TouchOrder) -> None:
        """Open the call tasks, and the tasks to decide, that the touch asks for; each once.

        A step that is a call and nothing else counts as taken by this.
        """
        await self._database.write(partial(self._queue, order=order))

    @activity.defn
    async def alert_owner(self, order: TouchOrder) -> None:
        """Tell the account owner by mail where this invoice stands; once per touch.

        Without an owner of its own the account is the receivables staff's.

        Raises:
            MailUnavailable: to be retried.
        """
        alert = await self._database.write(partial(self._raise_alert, order=order))
        if alert.sent_at is not None:
            return
        says = await self._tell(alert, order)
        await self._database.write(partial(_record_alert, alert=alert, order=order, says=says))

    async def _tell(self, alert: Alert, order: TouchOrder) -> str:
        """Send the alert to the owner, or else to the staff; what came of it, in a sentence."""
        refusals = []
        for who, address in (("owner", alert.recipient), ("staff", self._staff_email)):
            letter = _internal(alert.text, address, alert.key, order.now, self._firm)
            try:
                await self._mail.send(letter)
            except (AddressRejected, MailRefused) as refused:
                refusals.append(f"The {who} could not be told: {refused}.")
            else:
                return " ".join((*refusals, f"The {who} was told."))
        return " ".join(refusals)

    @activity.defn
    async def raise_alarm(self, end: ScanEnd) -> None:
        """Tell the receivables staff that the register could not be read; nobody else would.

        Raises:
            MailUnavailable: to be retried.
        """
        text = f"The register scan of {end.now:%Y-%m-%d} failed: {end.problem}"
        await self._mail.send(
            _internal(text, self._staff_email, f"alarm/{end.scan_id}", end.now, self._firm)
        )

    def _look_up(self, session: Session, order: TouchOrder) -> Followed:
        """The carrying invoice of the touch, which may be a sibling of the one that asks."""
        known = session.get_one(FollowUpRow, order.touch.invoice_id)
        rates = self._rulebook.files.rates
        followed = followed_invoice(session, known.invoice_id, order.now, rates)
        if followed is None:
            raise LookupError(f"invoice {known.invoice_id} is not in the register")
        return followed

    def _queue(self, session: Session, order: TouchOrder) -> None:
        followed, touch = self._look_up(session, order), order.touch
        queued = 0
        for action in touch.actions:
            if action in _TASKS:
                kind, what = _TASKS[action]
                request = TaskRequest(kind=kind, why=f"{what}: {_standing(followed, order)}")
                tasks.open_task(
                    session,
                    followed.row,
                    request,
                    order.now,
                    # What to do at the end is asked once, whoever asks.
                    key=None if kind is TaskKind.DISPOSITION else f"{touch.key}/{action}",
                    owner=followed.facts.customer.owner_email or self._staff_email,
                    priority=followed.facts.invoice.base_open or followed.invoice.amount_open,
                )
                queued += 1
        if touch.channel is Channel.CALL:
            self._take_step(
                session, followed, order, TouchOutcome.SENT if queued else TouchOutcome.SKIPPED
            )

    def _take_step(
        self, session: Session, followed: Followed, order: TouchOrder, outcome: TouchOutcome
    ) -> None:
        touch = order.touch
        if touch.step in {step.step for step in followed.facts.progress.done}:
            return
        follow_ups.take_step(session, followed, touch.step, touch.stage, outcome, order.now)
        says = "call queued" if outcome is TouchOutcome.SENT else "too small for a call"
        timeline.note(session, followed.row, order.now, "touch", outcome, f"{touch.step}: {says}.")

    def _raise_alert(self, session: Session, order: TouchOrder) -> Alert:
        key = f"{order.touch.key}/{Action.ALERT_OWNER}"
        known = session.get(Alert, key)
        if known is not None:
            return known
        followed = self._look_up(session, order)
        customer = followed.facts.customer
        alert = Alert(
            key=key,
            invoice_id=order.touch.invoice_id,
            recipient=customer.owner_email or self._staff_email,
            text=f"{customer.name}: {_standing(followed, order)}",
            raised_at=order.now,
        )
        session.add(alert)
        return alert


def _record_alert(session: Session, alert: Alert, order: TouchOrder, says: str) -> None:
    known = session.get_one(Alert, alert.key)
    known.sent_at = order.now
    session.add(known)
    row = session.get_one(FollowUpRow, alert.invoice_id)
    timeline.note(session, row, order.now, "alert", Action.ALERT_OWNER, says)


def _standing(followed: Followed, order: TouchOrder) -> str:
    facts, touch = followed.facts, order.touch
    late = days_past_due(facts.invoice.due_on, local_day(order.now, facts.customer.zone))
    asked = f"{asked_amount(facts):,.2f} {facts.invoice.currency}"
    return f"invoice {facts.invoice.number}, {asked} open, {late} days past due, at {touch.step}."


def _internal(text: str, to: str, key: str, now: datetime, firm: Firm) -> Envelope:
    return Envelope(
        letter=Letter(
            subject=f"Receivables: {text}",
            text=f"{text}\n\n{firm.name}, receivables\n",
            html=f"<p>{escape(text)}</p><p>{escape(firm.name)}, receivables</p>",
            template_version="alert",
        ),
        sender_name=firm.sender_name,
        sender_email=firm.sender_email,
        reply_to=firm.reply_to,
        to=to,
        to_name="",
        message_id=message_id(key, firm),
        dated=now,
    )
