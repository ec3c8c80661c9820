"""Asking providers whose events hold ids only what has become of the object."""

from collections.abc import Mapping, Sequence
from functools import partial

from sqlmodel import Session
from temporalio import activity

from activities.heartbeats import heartbeats
from activities.reading import Translate, apply_event
from integrations.registers.source import RegisterSource
from models.billing import Arrived, News, ObjectChanged
from models.errors import PeerRefused, PeerUnavailable
from models.intake import Look, Looked
from models.tables import InboundEvent
from models.vocabulary import InboundState
from store import inbound
from store.database import Database

_AT_ONCE = 20


class Asking:
    """The providers that can be asked, by the name of the source that their events come from."""

    def __init__(
        self, database: Database, translate: Translate, providers: Mapping[str, RegisterSource]
    ) -> None:
        self._database = database
        self._translate = translate
        self._providers = providers

    @activity.defn
    async def ask_providers(self, look: Look) -> Looked:
        """Ask about the next events and apply the answers, each by itself.

        A provider that is away leaves its events to the next look; one that refuses, to a person.
        """
        waiting = await self._database.read(
            lambda session: [
                (event.id or 0, inbound.as_arrived(event))
                for event in inbound.to_ask(session, _AT_ONCE)
            ]
        )
        results, away = [], set[str]()
        async with heartbeats():
            for event_id, arrived in waiting:
                if arrived.source in away:
                    continue
                try:
                    news = await self._ask(arrived)
                except PeerUnavailable:
                    away.add(arrived.source)
                    continue
                except PeerRefused as refused:
                    keep = partial(_refuse, event_id=event_id, look=look, problem=str(refused))
                else:
                    keep = partial(_apply, event_id=event_id, look=look, news=news)
                results.append(await self._database.write(keep))
        return Looked(
            done=len(results),
            refused=results.count(InboundState.REFUSED),
            is_more=len(waiting) == _AT_ONCE and not away,
            to_tell=InboundState.APPLIED in results,
        )

    async def _ask(self, arrived: Arrived) -> list[News]:
        """What the event tells, with the object itself in place of its id."""
        provider = self._providers.get(arrived.source)
        if provider is None:
            raise PeerRefused(
                arrived.source, "it cannot be asked what changed: its variables are not set"
            )
        told: list[News] = []
        for one in self._translate(arrived) or ():
            if isinstance(one, ObjectChanged):
                told.extend(await provider.fetch(one))
            else:
                told.append(one)
        return told


def _apply(session: Session, event_id: int, look: Look, news: Sequence[News]) -> InboundState:
    return apply_event(session, session.get_one(InboundEvent, event_id), news, look)


def _refuse(session: Session, event_id: int, look: Look, problem: str) -> InboundState:
    event = session.get_one(InboundEvent, event_id)
    return inbound.done(session, event, InboundState.REFUSED, look.now, problem)
