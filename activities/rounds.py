"""A round among our own people: overdue tasks go on to the next one, and everybody is told."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import structlog
from sqlmodel import Session
from temporalio import activity

from activities.heartbeats import heartbeats
from activities.rulebook import Rulebook
from domain import digests
from integrations.alerts.channel import AlertChannel
from models.errors import AddressRejected, MailRefused, PeerRefused, Unavailable
from models.notice import Notice
from models.rounds import Round, RoundMade
from models.tables import NoticeRow
from store import alerts, digest, escalation
from store.database import Database
from store.escalation import Superiors

log = structlog.get_logger()
_REFUSED = (PeerRefused, AddressRejected, MailRefused)


class Rounds:
    """Our own people, and the channel by which they are told.

    `superiors` are told where a customer has no backup or manager of their own, `leadership` gets
    the weekly digest of everything.
    """

    def __init__(
        self,
        database: Database,
        rulebook: Rulebook,
        channel: AlertChannel,
        superiors: Superiors,
        leadership: str,
    ) -> None:
        self._database = database
        self._rulebook = rulebook
        self._channel = channel
        self._superiors = superiors
        self._leadership = leadership

    @activity.defn
    async def make_round(self, order: Round) -> RoundMade:
        """Escalate what nobody took up, deliver what is to be told now, and say when to look again.

        Every notice has a key by which it leaves once. One that cannot leave now is kept for the
        next round; one that is refused is told to the staff by the log and not repeated.

        Raises:
            DatabaseUnavailable: to be retried.
        """
        async with heartbeats():
            escalated = await self._database.write(partial(self._escalate, now=order.now))
            sent = failed = 0
            for notice, keys in await self._database.read(partial(self._due, now=order.now)):
                left = await self._deliver(notice, keys)
                sent, failed = sent + left, failed + (not left)
            next_at = await self._database.read(escalation.next_deadline)
        return RoundMade(escalated=escalated, notices=sent, failed=failed, next_at=next_at)

    def _escalate(self, session: Session, now: datetime) -> int:
        overdue = escalation.overdue(session, now)
        for task in overdue:
            followed = self._rulebook.find(session, task.invoice_id, now)
            if followed is None:
                continue
            terms = self._rulebook.terms(session, followed)
            escalation.escalate(session, task, followed, terms, self._superiors, now)
        return len(overdue)

    def _due(self, session: Session, now: datetime) -> list[tuple[Notice, list[str]]]:
        """What is to be told at `now`: the urgent at once; the rest once a day, in office hours."""
        staff = self._superiors.staff
        due = digests.urgent(alerts.untold(session, urgent=True), staff, now)
        office = self._rulebook.office
        today = office.day_of(now)
        if not office.is_open(now):
            return due
        due += [
            (notice, keys)
            for notice, keys in digests.daily(
                alerts.untold(session, urgent=False), staff, today, now
            )
            if not alerts.was_sent(session, notice.key)
        ]
        week = digests.week_of(today)
        for recipient, about in digest.recipients(session, self._leadership):
            key = digests.weekly_key(recipient, week)
            if not alerts.was_sent(session, key):
                account = digest.account(session, about, today)
                due.append((digests.weekly(recipient, account, week, now), []))
        return due

    async def _deliver(self, notice: Notice, keys: Sequence[str]) -> bool:
        """Send it and note that; False when it has not left."""
        failed = ""
        try:
            await self._channel.deliver(notice)
        except Unavailable as away:
            log.warning("a notice waits", channel=self._channel.name, problem=type(away).__name__)
            return False
        except _REFUSED as refused:
            failed = type(refused).__name__
            log.warning("a notice was refused", channel=self._channel.name, problem=failed)
            if not await self._tell_staff(notice):
                return False
        row = NoticeRow(
            key=notice.key,
            recipient=notice.recipient,
            title=notice.title,
            sent_at=notice.written_at,
            failed=failed,
        )
        await self._database.write(lambda session: alerts.told(session, row, keys))
        return not failed

    async def _tell_staff(self, notice: Notice) -> bool:
        """Tell the staff what its recipient cannot be told; False when that has to wait."""
        staff = self._superiors.staff
        if notice.recipient == staff:
            return True
        instead = notice.model_copy(
            update={
                "key": f"{notice.key}/instead",
                "recipient": staff,
                "title": f"{notice.title} (for {notice.recipient}, who cannot be reached)",
            }
        )
        try:
            await self._channel.deliver(instead)
        except Unavailable:
            return False
        except _REFUSED as refused:
            log.warning(
                "the staff cannot be told either",
                channel=self._channel.name,
                problem=type(refused).__name__,
            )
        return True
