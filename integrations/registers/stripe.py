"""Stripe as a register."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx

from integrations.http.peer import TIMEOUT
from integrations.provider_objects.stripe_events import event_news
from integrations.provider_objects.stripe_values import NAME
from integrations.registers.oauth import utc_now
from integrations.registers.places import Clock, Place, Places
from integrations.registers.stripe_api import API, StripeApi
from integrations.registers.stripe_lists import EVENTS, LISTS, TELLING, kinds
from integrations.registers.stripe_single import object_news
from models.billing import News, ObjectChanged, RegisterPage

_OVERLAP = timedelta(minutes=15)
# What is read counts as of a little earlier, because events count by Stripe's clock: by ours it
# could look newer than the event that comes next.
_CLOCKS_APART = timedelta(minutes=1)
_ID = re.compile(r"[A-Za-z0-9_]{1,150}")


class Stripe:
    """Stripe's invoices, payments, refunds, disputes, credit notes and payment methods.

    What changed is read from its events, which it keeps for 30 days. A longer silence is made up
    for by its lists: all that was made so long ago at most as an invoice stays open.
    """

    name = NAME

    def __init__(
        self,
        key: str,
        *,
        base_url: str = API,
        timeout: httpx.Timeout = TIMEOUT,
        now: Clock = utc_now,
    ) -> None:
        """`key` is a restricted key that reads."""
        self._api = StripeApi(key, base_url, timeout)
        self._now = now
        self._places = Places(self._api.peer.name, kinds, _OVERLAP, now)

    async def page(self, since: datetime | None, cursor: str) -> RegisterPage:
        """What is open, and with `since` what happened from then on.

        Raises:
            PeerUnavailable: not now; may say when to come back.
            PeerRefused: not at all, or an answer cannot be read.
        """
        return await self._places.page(since, cursor, self._read)

    async def fetch(self, changed: ObjectChanged) -> Sequence[News]:
        """The object as it is now. Of an invoice that copies one of ours, what was paid by it.

        Raises: as `page`.
        """
        if not _ID.fullmatch(changed.id):
            return ()
        return await object_news(self._api, changed, self._as_of())

    async def close(self) -> None:
        """Let go of all connections."""
        await self._api.peer.close()

    async def _read(self, place: Place) -> tuple[list[News], str]:
        asked: dict[str, str | Sequence[str]]
        if place.kind == EVENTS and place.since:
            asked = {
                "types[]": [*TELLING],
                "created[gte]": str(int(place.since.timestamp())),
            }
            found, following = await self._api.list("events", "event", asked, place.at)
            # They come the last first.
            told = [news for one in reversed(found) for news in event_news(one) or ()]
            return await self._answered(told), following
        wanted, as_of = LISTS[place.kind], self._as_of()
        asked = {"expand[]": [f"data.{one}" for one in wanted.expand]}
        if wanted.status:
            asked["status"] = wanted.status
        if wanted.reach and place.since:
            asked["created[gte]"] = str(int((place.since - wanted.reach).timestamp()))
        found, following = await self._api.list(wanted.path, wanted.kind, asked, place.at)
        return [news for one in found for news in wanted.tell(one, as_of)], following

    async def _answered(self, told: Sequence[News]) -> list[News]:
        """The same, with the object itself in place of its id."""
        found: list[News] = []
        for one in told:
            found += await self.fetch(one) if isinstance(one, ObjectChanged) else (one,)
        return found

    def _as_of(self) -> datetime:
        return self._now() - _CLOCKS_APART
