"""Xero as a register."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from integrations.http.peer import TIMEOUT, Peer
from integrations.registers import xero_objects as objects
from integrations.registers.answers import answered
from integrations.registers.oauth import Grant, utc_now
from integrations.registers.ordered import following, is_new, mark_of
from integrations.registers.parts import Part
from integrations.registers.places import Clock, Place, Places
from integrations.registers.tokens import TokenKeeper
from integrations.registers.xero_lists import LISTS, SIZE, key, kinds, question
from models.billing import News, ObjectChanged, ObjectKind, RegisterPage

_API = "https://api.xero.com"
_ROOT = "/api.xro/2.0"
_TOKENS = "https://identity.xero.com/connect/token"
_VARIABLES = "DUNLIN_XERO"
_CONTACTS_AT_ONCE = 50
_OVERLAP = timedelta(minutes=15)
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


_KINDS = {
    ObjectKind.INVOICE: "Invoices",
    ObjectKind.PAYMENT: "Payments",
    ObjectKind.CREDIT_NOTE: "CreditNotes",
    ObjectKind.CUSTOMER: "Contacts",
}


class Xero:
    """Xero's sales invoices, payments, credit notes, advances and customers of one organisation.

    A page costs one call, and up to two more for its invoices' customers; Xero allows 60 a minute
    and 5000 a day.
    """

    name = "xero"

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        tenant_id: str,
        keeper: TokenKeeper,
        *,
        base_url: str = _API,
        token_url: str = _TOKENS,
        timeout: httpx.Timeout = TIMEOUT,
        now: Clock = utc_now,
    ) -> None:
        self._peer = Peer(
            "Xero",
            base_url=base_url,
            headers={"Accept": "application/json"},
            timeout=timeout,
            reason_header="X-Rate-Limit-Problem",
        )
        self._grant = Grant(
            self._peer, token_url, client_id, client_secret, keeper, _VARIABLES, now
        )
        self._tenant = tenant_id
        self._places = Places(self._peer.name, kinds, _OVERLAP, now)

    async def page(self, since: datetime | None, cursor: str) -> RegisterPage:
        """What changed from `since` on; without it, what is open: invoices, credit, advances.

        Raises:
            PeerUnavailable: not now; may say when to come back, and which limit is reached.
            PeerRefused: not at all, or an answer cannot be read.
        """
        return await self._places.page(since, cursor, self._read)

    async def fetch(self, changed: ObjectChanged) -> Sequence[News]:
        """The object as it is now. Xero keeps what is voided or deleted and says so; an id that it
        does not know tells nothing.

        Raises: as `page`.
        """
        name = _KINDS.get(changed.object)
        if name is None or not _ID.fullmatch(changed.id):
            return ()
        if changed.account.casefold() not in {"", self._tenant.casefold()}:
            return ()
        response = await self._ask(f"{name}/{changed.id}", also=frozenset({404}))
        if response.status_code == httpx.codes.NOT_FOUND:
            return ()
        return await self._told(name, self._parts(response, name))

    async def close(self) -> None:
        """Let go of all connections."""
        await self._peer.close()

    async def _read(self, place: Place) -> tuple[list[News], str]:
        mark = mark_of(place, self._peer.name)
        parameters, headers = question(place.kind, mark, is_open=place.since is None)
        response = await self._ask(place.kind, params=parameters, headers=headers)
        found = self._parts(response, place.kind)
        keys = [key(place.kind, one, is_open=place.since is None) for one in found]
        new = [one for one, known in zip(found, keys, strict=True) if is_new(mark, *known)]
        return await self._told(place.kind, new), following(mark, keys, SIZE)

    async def _told(self, name: str, found: Sequence[Part]) -> list[News]:
        tell = LISTS[name].tell
        if name == "Invoices":
            contacts = await self._contacts(found)
            return [news for one in found for news in objects.invoice_news(one, contacts)]
        return [news for one in found for news in tell(one)]

    async def _contacts(self, invoices: Sequence[Part]) -> Mapping[str, Part]:
        """The invoices' customers: a list of invoices has no more of them than their names."""
        named = (one.child("Contact").text("ContactID") for one in invoices)
        ids = [*dict.fromkeys(name for name in named if _ID.fullmatch(name))]
        known: dict[str, Part] = {}
        for start in range(0, len(ids), _CONTACTS_AT_ONCE):
            asked = ",".join(ids[start : start + _CONTACTS_AT_ONCE])
            response = await self._ask(
                "Contacts",
                params={"IDs": asked, "includeArchived": "true", "page": "1"},
            )
            found = self._parts(response, "Contacts")
            known |= {one.text("ContactID"): one for one in found}
        return known

    async def _ask(
        self,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        also: frozenset[int] = frozenset(),
    ) -> httpx.Response:
        return await self._grant.ask(
            f"{_ROOT}/{path}",
            also=also,
            params=params,
            headers={**(headers or {}), "Xero-Tenant-Id": self._tenant},
        )

    def _parts(self, response: httpx.Response, name: str) -> list[Part]:
        answer = answered(response, self._peer.name)
        return [one.as_kind(LISTS[name].kind) for one in answer.parts(name)]
