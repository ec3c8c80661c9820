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
        results: list[InboundState] = []
        away: set[str] = set()
        async with heartbeats():
            while waiting := await self._database.read(partial(_next, but=frozenset(away))):
                for event_id, arrived in waiting:
                    if arrived.source not in away:
                        results += await self._ask_about(event_id, arrived, look, away)
                if len(results) >= _AT_ONCE:
                    break
        return Looked(
            done=len(results),
            refused=results.count(InboundState.REFUSED),
            is_more=bool(waiting),
            to_tell=InboundState.APPLIED in results,
        )

    async def _ask_about(
        self, event_id: int, arrived: Arrived, look: Look, away: set[str]
    ) -> list[InboundState]:
        """What became of one event; nothing while its provider is `away`."""
        try:
            news = await self._ask(arrived)
        except PeerUnavailable:
            away.add(arrived.source)
            return []
        except PeerRefused as refused:
            keep = partial(_refuse, event_id=event_id, look=look, problem=str(refused))
        except Exception as broken:  # noqa: BLE001  (whatever is wrong with one must not stop all)
            problem = f"could not be asked about ({type(broken).__name__})"
            keep = partial(_refuse, event_id=event_id, look=look, problem=problem)
        else:
            keep = partial(_apply, event_id=event_id, look=look, news=news)
        return [await self._database.write(keep)]

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


def _next(session: Session, but: frozenset[str]) -> list[tuple[int, Arrived]]:
    """The next events, of sources other than those that are away."""
    found = inbound.to_ask(session, _AT_ONCE, but)
    return [(event.id or 0, inbound.as_arrived(event)) for event in found]


def _apply(session: Session, event_id: int, look: Look, news: Sequence[News]) -> InboundState:
    return apply_event(session, session.get_one(InboundEvent, event_id), news, look)


def _refuse(session: Session, event_id: int, look: Look, problem: str) -> InboundState:
    event = session.get_one(InboundEvent, event_id)
    return inbound.done(session, event, InboundState.REFUSED, look.now, problem)
