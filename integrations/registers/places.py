"""Where the reading of a register stands: which kind of object, where in its list, and since when.

A cursor holds all of it, so that the same page can be asked for again by anybody.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, ValidationError

from models.billing import News, RegisterPage
from models.errors import PeerRefused

Clock = Callable[[], datetime]


class Place(BaseModel):
    """A place in a register. `at` is the provider's own cursor, or ours to go on by; `watermark`
    is what to ask with the next time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    at: str = ""
    since: datetime | None = None
    watermark: datetime

    @property
    def cursor(self) -> str:
        """The place as text that can stand anywhere."""
        return urlsafe_b64encode(self.model_dump_json().encode()).decode()


Read = Callable[[Place], Awaitable[tuple[Sequence[News], str]]]
"""Reads the page at a place, and says where its list goes on: "" at its end."""


class Places:
    """The order in which one register's kinds of objects are read."""

    def __init__(
        self,
        peer: str,
        kinds: Callable[[datetime | None, datetime], Sequence[str]],
        overlap: timedelta,
        now: Clock,
    ) -> None:
        """`kinds` are those to read, by `since` and the watermark. `overlap` is by how much the
        next reading goes back behind the start of this one: the provider's clock may be behind
        ours, and what changed may appear in its lists some time later."""
        self._peer = peer
        self._kinds = kinds
        self._overlap = overlap
        self._now = now

    async def page(self, since: datetime | None, cursor: str, read: Read) -> RegisterPage:
        """The page at `cursor`, and where it goes on."""
        place = self._place(since, cursor)
        news, at = await read(place)
        following = self._following(place, at)
        return RegisterPage(
            news=tuple(news),
            next=following.cursor if following else "",
            since=place.watermark,
        )

    def _place(self, since: datetime | None, cursor: str) -> Place:
        if not cursor:
            watermark = self._now() - self._overlap
            since = since.astimezone(UTC) if since else None
            first = self._kinds(since, watermark)[0]
            return Place(kind=first, since=since, watermark=watermark)
        try:
            place = Place.model_validate_json(urlsafe_b64decode(cursor))
        except (ValidationError, ValueError, binascii.Error):
            place = None
        if place is None or place.kind not in self._kinds(place.since, place.watermark):
            raise PeerRefused(
                self._peer, "this place is none that it was read up to. Read it from its start."
            )
        return place

    def _following(self, place: Place, at: str) -> Place | None:
        if at:
            return place.model_copy(update={"at": at})
        kinds = self._kinds(place.since, place.watermark)
        rest = kinds[kinds.index(place.kind) + 1 :]
        return place.model_copy(update={"kind": rest[0], "at": ""}) if rest else None
