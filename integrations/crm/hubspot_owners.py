"""Who HubSpot's owners are: records name them by an id only."""

import re
from time import monotonic

import httpx

from integrations.crm import values
from integrations.crm.reading import Person
from integrations.http.answers import Answer, understood
from integrations.http.peer import Peer

_OWNERS = "/crm/v3/owners"
_ID = re.compile(r"[0-9]{1,20}")
# Owners are few and change seldom, and every customer names some.
_KNOWN_SECONDS = 900.0


class _Owner(Answer):
    id: str
    email: str | None = None
    firstName: str | None = None  # noqa: N815 - HubSpot's name
    lastName: str | None = None  # noqa: N815 - HubSpot's name


class _Owners(Answer):
    results: tuple[_Owner, ...]


class Owners:
    """Looks owners up, and remembers each for a quarter of an hour."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._known: dict[str, tuple[float, Person]] = {}

    async def person(self, said: object) -> Person:
        """Who a property names: by an owner's id, or by a mail address.

        Nobody when it is neither, or when the owner is no longer with the firm.
        """
        if email := values.address(said):
            return Person(email=email)
        owner_id = values.text(said) or ""
        if not _ID.fullmatch(owner_id):
            return Person()
        until, person = self._known.get(owner_id, (0.0, Person()))
        if monotonic() < until:
            return person
        person = await self._look_up(owner_id)
        self._known[owner_id] = (monotonic() + _KNOWN_SECONDS, person)
        return person

    async def id_of(self, email: str) -> str | None:
        """The id of the owner with this address, capitals aside."""
        response = await self._peer.ask("GET", _OWNERS, params={"email": email, "limit": 100})
        owners = understood(_Owners, response, self._peer.name).results
        wanted = email.casefold()
        return next((one.id for one in owners if (one.email or "").casefold() == wanted), None)

    async def _look_up(self, owner_id: str) -> Person:
        response = await self._peer.ask(
            "GET", f"{_OWNERS}/{owner_id}", also={httpx.codes.NOT_FOUND}
        )
        if response.status_code == httpx.codes.NOT_FOUND:
            return Person()
        owner = understood(_Owner, response, self._peer.name)
        name = f"{owner.firstName or ''} {owner.lastName or ''}"
        return Person(name=values.text(name), email=values.address(owner.email))
