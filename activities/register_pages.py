"""Reading the register outside, page by page: the safety net under the webhooks."""

from collections.abc import Sequence
from functools import partial

from sqlmodel import Session
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.heartbeats import heartbeats
from integrations.registers.source import RegisterSource
from models.billing import News, RegisterPage
from models.errors import PeerRefused, PeerUnavailable
from models.scan import OutsidePage, OutsideRead
from store import register_marks
from store.database import Database
from store.news import apply_news

_TOGETHER = 50


class RegisterPages:
    """The billing system that the firm has connected as its register; None for none."""

    def __init__(self, database: Database, source: RegisterSource | None) -> None:
        self._database = database
        self._source = source

    @activity.defn
    async def read_page(self, page: OutsidePage) -> OutsideRead:
        """Read the next page of what changed, and apply it. Repeating it is harmless.

        Raises:
            ApplicationError: type `Busy`, to be retried after the delay that the system asked for;
                type `PeerRefused`, not to be retried: a person has to look.
        """
        source = self._source
        if source is None:
            return OutsideRead()
        since = page.since
        if not page.cursor:
            since = await self._database.read(partial(register_marks.since, source=source.name))
        async with heartbeats():
            try:
                read = await source.page(since, page.cursor)
            except PeerUnavailable as away:
                raise ApplicationError(
                    str(away), type="Busy", next_retry_delay=away.retry_after
                ) from away
            except PeerRefused as refused:
                raise ApplicationError(
                    str(refused), type="PeerRefused", non_retryable=True
                ) from refused
            changed = 0
            for start in range(0, len(read.news), _TOGETHER):
                news = read.news[start : start + _TOGETHER]
                changed += await self._database.write(
                    partial(self._apply, source=source.name, news=news, page=page)
                )
            if not read.next:
                await self._database.write(partial(_keep, source=source.name, read=read))
        return OutsideRead(
            seen=len(read.news),
            # What is read for the first time was missed by nobody.
            missed=changed if since is not None else 0,
            next=read.next,
            since=since,
        )

    @staticmethod
    def _apply(session: Session, source: str, news: Sequence[News], page: OutsidePage) -> int:
        return apply_news(session, source, news, page.now).made_news


def _keep(session: Session, source: str, read: RegisterPage) -> None:
    register_marks.keep(session, source, read.since)
