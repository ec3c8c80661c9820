"""Reading what providers sent: kept events become news, and news are applied."""

from collections.abc import Callable, Sequence
from functools import partial

import structlog
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlmodel import Session
from temporalio import activity

from models.billing import Arrived, News, ObjectChanged
from models.errors import WebhookRefused
from models.intake import Look, Looked
from models.tables import InboundEvent
from models.vocabulary import InboundState
from store import cash_application, inbound, tellings
from store.database import Database
from store.news import apply_news

log = structlog.get_logger()

Translate = Callable[[Arrived], Sequence[News] | None]
_AT_ONCE = 100


class Reading:
    """What arrived and nobody has read yet; `translate` puts an event into our words."""

    def __init__(self, database: Database, translate: Translate) -> None:
        self._database = database
        self._translate = translate

    @activity.defn
    async def read_arrived(self, look: Look) -> Looked:
        """Read and apply the next events, the oldest first. Repeating it is harmless."""
        return await self._database.write(partial(self._read, look=look))

    def _read(self, session: Session, look: Look) -> Looked:
        events = inbound.unread(session, _AT_ONCE)
        results = [self._read_one(session, event, look) for event in events]
        session.flush()
        woken = inbound.wake(session, look.now) if events or look.is_idle else 0
        return Looked(
            done=len(events),
            refused=results.count(InboundState.REFUSED),
            is_more=len(events) == _AT_ONCE or woken > 0,
            to_ask=bool(inbound.to_ask(session, 1)),
            to_match=bool(cash_application.waiting(session, look.now, 1)),
            to_tell=tellings.is_any(session),
        )

    def _read_one(self, session: Session, event: InboundEvent, look: Look) -> InboundState:
        """One that cannot be read or applied holds up no other: it is put aside, and counted."""
        try:
            news = self._translate(inbound.as_arrived(event))
        except WebhookRefused as wrong:
            return inbound.done(session, event, InboundState.REFUSED, look.now, str(wrong))
        except Exception as broken:  # noqa: BLE001  (whatever is wrong with one must not stop all)
            return _put_aside(session, event, look, broken)
        if news is None:
            return inbound.done(session, event, InboundState.UNKNOWN, look.now)
        if any(isinstance(one, ObjectChanged) for one in news):
            return inbound.done(session, event, InboundState.TO_ASK, look.now)
        return apply_event(session, event, news, look)


def apply_event(
    session: Session, event: InboundEvent, news: Sequence[News], look: Look
) -> InboundState:
    """Apply what an event tells, or put it aside with what is wrong; what became of it.

    Raises:
        OperationalError, InterfaceError: the database is away, for all that is left too.
    """
    try:
        awaits = _applied(session, event, news, look)
    except IntegrityError:
        # Somebody else has just written the same: now it can be seen.
        try:
            awaits = _applied(session, event, news, look)
        except IntegrityError as broken:
            return _put_aside(session, event, look, broken)
    except (OperationalError, InterfaceError):
        raise
    except Exception as broken:  # noqa: BLE001  (whatever is wrong with one must not stop all)
        return _put_aside(session, event, look, broken)
    if awaits:
        return inbound.wait(session, event, awaits, look.now)
    return inbound.done(session, event, InboundState.APPLIED, look.now)


def _applied(session: Session, event: InboundEvent, news: Sequence[News], look: Look) -> list[str]:
    with session.begin_nested():
        return apply_news(session, event.source, news, look.now).awaits


def _put_aside(
    session: Session, event: InboundEvent, look: Look, broken: Exception
) -> InboundState:
    kind = type(broken).__name__
    log.warning("event not applied", inbound_id=event.id, source=event.source, error=kind)
    problem = f"could not be applied ({kind})"
    return inbound.done(session, event, InboundState.REFUSED, look.now, problem)
