"""Telling follow-ups what came in for their invoices."""

import asyncio
from functools import partial

import structlog
from sqlmodel import Session
from temporalio import activity

from activities.heartbeats import heartbeats
from integrations.temporal.follow_ups import FollowUps
from models.errors import FollowUpClosed
from models.follow_up import FollowUp
from models.intake import Look, Looked
from models.tables import FollowUpRow, Invoice
from store import policies, tellings
from store.database import Database
from store.policies import PolicyFiles
from store.tellings import Untold

log = structlog.get_logger()

_AT_ONCE = 200
_SIDE_BY_SIDE = 20


class Telling:
    """Follow-ups on a server, and the policies that a new round begins under."""

    def __init__(self, database: Database, files: PolicyFiles, follow_ups: FollowUps) -> None:
        self._database = database
        self._files = files
        self._follow_ups = follow_ups

    @activity.defn
    async def tell_follow_ups(self, look: Look) -> Looked:
        """Signal the next events, in order for each invoice; repeating it is harmless.

        An invoice whose round had ended and that is open again begins a new one with the event. One
        that nobody follows up is left to the scan. A follow-up that cannot be told holds up no
        other; it is told again by a later look.
        """
        untold = await self._database.read(partial(tellings.untold, limit=_AT_ONCE))
        by_invoice: dict[str, list[Untold]] = {}
        for one in untold:
            by_invoice.setdefault(one.invoice_id, []).append(one)
        gate = asyncio.Semaphore(_SIDE_BY_SIDE)

        async def tell_all(events: list[Untold]) -> None:
            async with gate:
                for event in events:
                    await self._tell(event, look)

        async with heartbeats():
            results = await asyncio.gather(
                *(tell_all(events) for events in by_invoice.values()), return_exceptions=True
            )
        failed = [one for one in results if isinstance(one, Exception)]
        for error in failed[:1]:
            log.warning("follow-ups not told", count=len(failed), error=type(error).__name__)
        told = [
            one.id
            for events, result in zip(by_invoice.values(), results, strict=True)
            if not isinstance(result, BaseException)
            for one in events
        ]
        await self._database.write(partial(tellings.told, ids=told, at=look.now))
        return Looked(done=len(told), is_more=len(untold) == _AT_ONCE and not failed)

    async def _tell(self, untold: Untold, look: Look) -> None:
        try:
            await self._follow_ups.tell(untold.invoice_id, untold.event)
        except FollowUpClosed:
            if untold.may_begin_anew:
                follow_up = await self._database.write(
                    partial(self._next_round, invoice_id=untold.invoice_id, look=look)
                )
                await self._follow_ups.tell_or_start(follow_up, untold.event)

    def _next_round(self, session: Session, invoice_id: str, look: Look) -> FollowUp:
        invoice = session.get_one(Invoice, invoice_id)
        row = session.get_one(FollowUpRow, invoice_id)
        follow_up = policies.next_round(session, self._files, invoice, row)
        return follow_up.model_copy(update={"clock": look.clock})
