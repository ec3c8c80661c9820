"""People of our own: calls to make, things to decide, owners to tell."""

from functools import partial

from sqlmodel import Session
from temporalio import activity

from activities.rulebook import Rulebook
from domain.ageing import days_past_due
from domain.consolidation import asked_amount
from domain.send_window import local_day
from domain.terms import OWNERS_WORK
from integrations.alerts.channel import AlertChannel
from models.decision import TaskRequest
from models.follow_up import TouchOrder
from models.notice import Notice, NoticeLine, NoticePart
from models.scan import ScanEnd
from models.vocabulary import Action, Channel, InvoiceStatus, TaskKind, TouchOutcome
from store import alerts, follow_ups, tasks, timeline
from store.database import Database
from store.followed import Followed

_TASKS: dict[Action, tuple[TaskKind, str]] = {
    Action.CALL_AP_CONTACT: (TaskKind.CALL, "Call accounts payable"),
    Action.CALL_FINANCE: (TaskKind.CALL, "Call the head of finance"),
    Action.ASK_DISPOSITION: (
        TaskKind.DISPOSITION,
        "Decide: payment plan, write-off, agency, legal, or continue",
    ),
}


class People:
    """The account owners, and whoever works the queue."""

    def __init__(self, database: Database, rulebook: Rulebook, channel: AlertChannel) -> None:
        self._database = database
        self._rulebook = rulebook
        self._channel = channel

    @activity.defn
    async def queue_call(self, order: TouchOrder) -> None:
        """Open the call tasks, and the tasks to decide, that the touch asks for; each once.

        A step that is a call and nothing else counts as taken by this.
        """
        await self._database.write(partial(self._queue, order=order))

    @activity.defn
    async def alert_owner(self, order: TouchOrder) -> None:
        """Have the account owner told where this invoice stands, once per touch, with what else
        there is to tell them that day.

        Without an owner of its own the account is the receivables staff's.
        """
        await self._database.write(partial(self._alert, order=order))

    @activity.defn
    async def raise_alarm(self, end: ScanEnd) -> None:
        """Tell the receivables staff that the register could not be read; nobody else would.

        Raises:
            MailUnavailable, PeerUnavailable: to be retried.
        """
        text = f"The register scan of {end.now:%Y-%m-%d} failed"
        await self._channel.deliver(
            Notice(
                key=f"alarm/{end.scan_id}",
                recipient=self._rulebook.staff,
                title=text,
                parts=(NoticePart(lines=(NoticeLine(text=end.problem),)),),
                written_at=end.now,
                urgent=True,
            )
        )

    def _look_up(self, session: Session, order: TouchOrder) -> Followed:
        """The carrying invoice of the touch, which may be a sibling of the one that asks."""
        followed = self._rulebook.find(session, order.touch.invoice_id, order.now)
        if followed is None:
            raise LookupError(f"invoice {order.touch.invoice_id} is not in the register")
        return followed

    def _queue(self, session: Session, order: TouchOrder) -> None:
        followed, touch = self._look_up(session, order), order.touch
        if followed.invoice.status is not InvoiceStatus.OPEN:
            return  # paid meanwhile: nobody need be asked
        terms = self._rulebook.terms(session, followed)
        wanted = [action for action in touch.actions if action in _TASKS]
        for action in wanted:
            kind, what = _TASKS[action]
            owner = followed.facts.customer.owner_email if kind in OWNERS_WORK else ""
            tasks.open_task(
                session,
                followed.row,
                TaskRequest(kind=kind, why=f"{what}: {standing(followed, order)}"),
                order.now,
                # What to do at the end is asked once, whoever asks.
                key=None if kind is TaskKind.DISPOSITION else f"{touch.key}/{action}",
                what=action,
                owner=owner,
                priority=follow_ups.pressing(followed, terms, order.now),
                escalate_at=terms.escalate_at(kind, order.now),
            )
        if touch.channel is Channel.CALL:
            outcome = TouchOutcome.SENT if wanted else TouchOutcome.SKIPPED
            self._take_step(session, followed, order, outcome)

    def _take_step(
        self, session: Session, followed: Followed, order: TouchOrder, outcome: TouchOutcome
    ) -> None:
        touch = order.touch
        if followed.has_taken(touch.step):
            return
        follow_ups.take_step(session, followed, touch.step, touch.stage, outcome, order.now)
        says = "call queued" if outcome is TouchOutcome.SENT else "too small for a call"
        timeline.note(session, followed.row, order.now, "touch", outcome, f"{touch.step}: {says}.")

    def _alert(self, session: Session, order: TouchOrder) -> None:
        followed = self._look_up(session, order)
        if followed.invoice.status is not InvoiceStatus.OPEN:
            return
        customer = followed.facts.customer
        recipient = customer.owner_email or self._rulebook.staff
        is_new = alerts.raise_alert(
            session,
            followed.row,
            key=f"{order.touch.key}/{Action.ALERT_OWNER}",
            kind=Action.ALERT_OWNER,
            recipient=recipient,
            text=f"{customer.name}: {standing(followed, order)}",
            at=order.now,
        )
        if is_new:
            who = "owner" if customer.owner_email else "staff"
            says = f"The {who} is to be told."
            timeline.note(session, followed.row, order.now, "alert", Action.ALERT_OWNER, says)


def standing(followed: Followed, order: TouchOrder) -> str:
    """Where the invoice stands, in a line."""
    facts, touch = followed.facts, order.touch
    late = days_past_due(facts.invoice.due_on, local_day(order.now, facts.customer.zone))
    asked = f"{asked_amount(facts):,.2f} {facts.invoice.currency}"
    return f"invoice {facts.invoice.number}, {asked} open, {late} days past due, at {touch.step}."
