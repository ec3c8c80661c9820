"""Matching money that came in to what is open."""

from functools import partial

from sqlmodel import Session
from temporalio import activity

from activities.heartbeats import heartbeats
from models.intake import Look, Looked
from store import cash_application
from store.cash_application import Placed
from store.database import Database
from store.policies import PolicyFiles

_AT_ONCE = 2_000
# As much as is placed in one transaction: others wait for the database no longer than that.
_TOGETHER = 50


class Matching:
    """Money that nobody has placed yet, and the firm's rules for placing it."""

    def __init__(self, database: Database, files: PolicyFiles) -> None:
        self._database = database
        self._rules = files.cash

    @activity.defn
    async def match_money(self, look: Look) -> Looked:
        """Match what waits, the oldest first, and place what is certain; harmless to repeat."""
        keys = await self._database.read(
            partial(cash_application.waiting, now=look.now, limit=_AT_ONCE)
        )
        if not keys:
            return Looked()
        done = 0
        async with heartbeats():
            items = await self._database.read(
                partial(cash_application.open_items, rules=self._rules, today=look.now.date())
            )

            def place(session: Session, chunk: tuple[str, ...]) -> Placed:
                return cash_application.place_new(session, chunk, items, look.now)

            for start in range(0, len(keys), _TOGETHER):
                chunk = tuple(keys[start : start + _TOGETHER])
                placed = await self._database.write(partial(place, chunk=chunk))
                done += placed.certain
        return Looked(done=done, is_more=len(keys) == _AT_ONCE, to_tell=done > 0)
