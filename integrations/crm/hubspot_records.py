"""Companies in HubSpot, and the deals, tickets and contacts beside them."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

import httpx
from pydantic import Field

from integrations.crm.mapping import HubSpotCustomer
from integrations.crm.properties import Properties
from integrations.http.answers import Answer, understood
from integrations.http.peer import Peer
from models.errors import PeerRefused

OBJECTS = "/crm/v3/objects"
_ASSOCIATIONS = "/crm/v4/associations"
_RECORD_ID = "hs_object_id"
_MOST_AT_ONCE = 100  # records in one batch


class Record(Answer):
    """One object with the properties asked for."""

    id: Annotated[str, Field(min_length=1)]
    properties: dict[str, object]


class Records(Answer):
    """What a search or a batch found."""

    results: tuple[Record, ...]


class _Next(Answer):
    after: str


class _Paging(Answer):
    next: _Next | None = None


class _Beside(Answer):
    id: str


class _BesidePage(Answer):
    results: tuple[_Beside, ...]
    paging: _Paging | None = None


class Company(Record):
    """A company, with the first of what is associated with it."""

    associations: dict[str, _BesidePage] = Field(default_factory=dict)


class _To(Answer):
    to_id: Annotated[str, Field(alias="toObjectId")]


class _Associated(Answer):
    to: tuple[_To, ...]
    paging: _Paging | None = None


class _AssociatedPage(Answer):
    results: tuple[_Associated, ...]


class Companies:
    """Finds companies by the register's ids and reads what belongs to them."""

    def __init__(self, peer: Peer, customer: HubSpotCustomer) -> None:
        self._peer = peer
        self._customer = customer

    async def find(
        self, customer_id: str, properties: Sequence[str] = (), beside: Sequence[str] = ()
    ) -> Company | None:
        """The company with these properties and the ids of what is `beside` it, if there is one.

        Raises:
            PeerRefused: two companies have this id.
        """
        place = await self._place(customer_id)
        if place is None:
            return None
        path, by = place
        asked = by | {"properties": ",".join(properties or (_RECORD_ID,))}
        if beside:
            asked["associations"] = ",".join(beside)
        # What the search finds may lag behind the record, so the record itself is read.
        response = await self._peer.ask(
            "GET", f"{OBJECTS}/companies/{path}", params=asked, also={httpx.codes.NOT_FOUND}
        )
        if response.status_code == httpx.codes.NOT_FOUND:
            return None
        return understood(Company, response, self._peer.name)

    async def read_beside(
        self, company: Company, kind: str, properties: Sequence[str]
    ) -> list[Properties]:
        """Every deal, ticket or contact of the company with these properties."""
        ids = await self._ids_beside(company, kind)
        found: list[Properties] = []
        for start in range(0, len(ids), _MOST_AT_ONCE):
            response = await self._peer.ask(
                "POST",
                f"{OBJECTS}/{kind}/batch/read",
                json={
                    "properties": list(properties),
                    "inputs": [{"id": one} for one in ids[start : start + _MOST_AT_ONCE]],
                },
            )
            records = understood(Records, response, self._peer.name).results
            found += [Properties(record.properties) for record in records]
        return found

    async def _place(self, customer_id: str) -> tuple[str, dict[str, str]] | None:
        """The path at which the company is read, and by which property it is known there."""
        key = self._customer.key
        if key == _RECORD_ID:
            is_one = customer_id.isascii() and customer_id.isdigit()
            return (customer_id, {}) if is_one else None
        # A slash, and dots alone, would be taken for a part of the path.
        if self._customer.unique and "/" not in customer_id and customer_id.strip("."):
            return quote(customer_id, safe=""), {"idProperty": key}
        found = await self._search(customer_id) if customer_id else ()
        if len(found) > 1:
            raise PeerRefused(
                self._peer.name,
                f"two companies have the {key} {customer_id!r}. Merge them, or correct one.",
            )
        return (quote(found[0].id, safe=""), {}) if found else None

    async def _search(self, customer_id: str) -> tuple[Record, ...]:
        named = {"propertyName": self._customer.key, "operator": "EQ", "value": customer_id}
        response = await self._peer.ask(
            "POST",
            f"{OBJECTS}/companies/search",
            json={
                "filterGroups": [{"filters": [named]}],
                "properties": [_RECORD_ID],
                "limit": 2,
            },
        )
        return understood(Records, response, self._peer.name).results

    async def _ids_beside(self, company: Company, kind: str) -> list[str]:
        """The ids, each once: a record has one association for every label."""
        first = company.associations.get(kind)
        if first is None:
            return []
        if first.paging is None or first.paging.next is None:
            return [*dict.fromkeys(one.id for one in first.results)]
        return await self._all_ids_beside(company.id, kind)

    async def _all_ids_beside(self, company_id: str, kind: str) -> list[str]:
        """The same from the start: the pages of a record and of a batch do not share cursors."""
        ids: dict[str, None] = {}
        seen: set[str] = set()
        after = ""
        while after not in seen:
            seen.add(after)
            response = await self._peer.ask(
                "POST",
                f"{_ASSOCIATIONS}/companies/{kind}/batch/read",
                json={"inputs": [{"id": company_id} | ({"after": after} if after else {})]},
            )
            page = understood(_AssociatedPage, response, self._peer.name)
            ids |= dict.fromkeys(to.to_id for one in page.results for to in one.to)
            further = [one.paging.next for one in page.results if one.paging and one.paging.next]
            if not further:
                return [*ids]
            after = further[0].after
        raise PeerRefused(self._peer.name, f"the pages of {kind} go round in a circle")
