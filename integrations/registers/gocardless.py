"""GoCardless as a register of payments and mandates. It has no invoices."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from integrations.http.peer import TIMEOUT, Peer
from integrations.provider_objects.gocardless_objects import mandate_news, refund_news
from integrations.provider_objects.gocardless_payments import ENDED, payment_news
from integrations.provider_objects.gocardless_values import NAME
from integrations.registers.answers import answered
from integrations.registers.oauth import utc_now
from integrations.registers.parts import Part
from integrations.registers.places import Clock, Place, Places
from models.billing import News, ObjectChanged, ObjectKind, RegisterPage

_API = "https://api.gocardless.com"
_SANDBOX = "https://api-sandbox.gocardless.com"
_VERSION = "2015-07-06"
_SIZE = 100
_OVERLAP = timedelta(minutes=15)
_ID = re.compile(r"[A-Za-z0-9]{1,60}")
_PENDING = "pending_customer_approval,pending_submission,submitted"


@dataclass(frozen=True, slots=True)
class _List:
    """A list of GoCardless': of objects, or of their events with the objects beside them."""

    path: str
    kind: str
    asked: Mapping[str, str] = field(default_factory=dict)


_OPEN = {
    "to submit": _List("payments", "payments", {"status": "pending_submission"}),
    "submitted": _List("payments", "payments", {"status": "submitted"}),
    "mandates": _List("mandates", "mandates", {"status": f"active,{_PENDING}"}),
}
_CHANGED = {
    kind: _List("events", kind, {"resource_type": kind, "include": kind.removesuffix("s")})
    for kind in ("payments", "refunds", "mandates")
}
_LISTS = {f"open {name}": one for name, one in _OPEN.items()} | {
    f"changed {name}": one for name, one in _CHANGED.items()
}
_FETCHED = {
    ObjectKind.PAYMENT: "payments",
    ObjectKind.REFUND: "refunds",
    ObjectKind.MANDATE: "mandates",
}


class GoCardless:
    """GoCardless' payments, refunds and mandates.

    A page costs one call, and one more for each payment that failed, was stopped or was charged
    back: when and why stands in its events only.
    """

    name = NAME

    def __init__(
        self,
        token: str,
        *,
        sandbox: bool = False,
        base_url: str = "",
        timeout: httpx.Timeout = TIMEOUT,
        now: Clock = utc_now,
    ) -> None:
        """`token` is an access token that reads only."""
        self._peer = Peer(
            "GoCardless",
            base_url=base_url or (_SANDBOX if sandbox else _API),
            headers={"Authorization": f"Bearer {token}", "GoCardless-Version": _VERSION},
            timeout=timeout,
        )
        self._now = now
        self._places = Places(self._peer.name, _kinds, _OVERLAP, now)

    async def page(self, since: datetime | None, cursor: str) -> RegisterPage:
        """What changed from `since` on; without it, payments under way and mandates that stand.

        Raises:
            PeerUnavailable: not now; may say when to come back.
            PeerRefused: not at all, or an answer cannot be read.
        """
        return await self._places.page(since, cursor, self._read)

    async def fetch(self, changed: ObjectChanged) -> Sequence[News]:
        """The payment, refund or mandate as it is now; an id that is not known tells nothing.

        Raises: as `page`.
        """
        kind = _FETCHED.get(changed.object)
        if kind is None or not _ID.fullmatch(changed.id):
            return ()
        response = await self._peer.ask(
            "GET", f"/{kind}/{changed.id}", also={httpx.codes.NOT_FOUND}
        )
        if response.status_code == httpx.codes.NOT_FOUND:
            return ()
        said = answered(response, self._peer.name).child(kind).as_kind(kind.removesuffix("s"))
        if kind == "payments":
            return payment_news(said, await self._history(said))
        return self._told_alone(kind, said)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._peer.close()

    async def _read(self, place: Place) -> tuple[list[News], str]:
        wanted = _LISTS[place.kind]
        asked = {**wanted.asked, "limit": str(_SIZE)}
        if place.since:
            asked["created_at[gte]"] = place.since.isoformat(timespec="milliseconds")
        if place.at:
            asked["after"] = place.at
        answer = await self._ask(wanted.path, asked)
        is_of_events = wanted.path == "events"
        beside = answer.maybe("linked") if is_of_events else answer
        events = answer.parts("events") if is_of_events else []
        found = beside.parts(wanted.kind) if beside else []
        news: list[News] = []
        for one in {said.text("id"): said for said in found}.values():
            news += await self._told(
                wanted.kind, one.as_kind(wanted.kind.removesuffix("s")), events
            )
        cursors = answer.child("meta").maybe("cursors")
        return news, cursors.optional("after") if cursors else ""

    async def _told(self, kind: str, said: Part, events: Sequence[Part]) -> list[News]:
        """What an object tells; `events` are those of the page, of which some may be its own."""
        if kind != "payments":
            return self._told_alone(kind, said)
        if said.text("status") in ENDED:
            return payment_news(said, await self._history(said))
        own = [one.as_kind("event") for one in events if _payment_of(one) == said.text("id")]
        return payment_news(said, own)

    def _told_alone(self, kind: str, said: Part) -> list[News]:
        return mandate_news(said, self._now()) if kind == "mandates" else refund_news(said)

    async def _history(self, payment: Part) -> list[Part]:
        """The last of a payment's events, the newest first."""
        answer = await self._ask("events", {"payment": payment.text("id"), "limit": str(_SIZE)})
        return [one.as_kind("event") for one in answer.parts("events")]

    async def _ask(self, path: str, asked: Mapping[str, str]) -> Part:
        response = await self._peer.ask("GET", f"/{path}", params=asked)
        return answered(response, self._peer.name)


def _payment_of(event: Part) -> str:
    links = event.maybe("links")
    return links.optional("payment") if links else ""


def _kinds(since: datetime | None, watermark: datetime) -> Sequence[str]:
    start = "open " if since is None else "changed "
    return tuple(name for name in _LISTS if name.startswith(start))
