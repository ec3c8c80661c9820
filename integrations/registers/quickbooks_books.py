"""The questions that one company's books in QuickBooks Online answer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import httpx

from integrations.registers.answers import answered
from integrations.registers.oauth import Grant
from integrations.registers.parts import Part
from integrations.registers.quickbooks_values import changed_at
from models.errors import PeerRefused

SIZE = 100
_RECORD_SIZE = 1000
_MINOR_VERSION = "75"
_NOT_FOUND = "610"
_NUMBER = re.compile(r"[0-9]{1,20}")
_CUSTOMERS = "select * from Customer where Active in (true, false) and Id in ({ids}) maxresults {n}"
_OBJECTS = (
    "select * from {kind} where {condition}{by} >= '{start}' "
    "orderby {by} startposition {position} maxresults {n}"
)


@dataclass(frozen=True, slots=True)
class Books:
    """A company's books. Objects come as they are; `kind` is QuickBooks' name for theirs."""

    grant: Grant
    peer: str
    realm_id: str

    async def select(self, kind: str, condition: str, by: str, start: str, page: int) -> list[Part]:
        """A page of the objects under a condition whose time `by` is at `start` or later, the
        earliest first."""
        query = _OBJECTS.format(
            kind=kind,
            condition=condition,
            by=by,
            start=start or "1970-01-01",
            position=(page - 1) * SIZE + 1,
            n=SIZE,
        )
        return await self._query(query, kind)

    async def customers(self, ids: Iterable[str]) -> dict[str, Part]:
        """These customers, also those that are no longer active, by their ids."""
        # Digits alone, so that nothing else can get into the query.
        listed = [f"'{one}'" for one in dict.fromkeys(ids) if _NUMBER.fullmatch(one)]
        if not listed:
            return {}
        query = _CUSTOMERS.format(ids=", ".join(listed), n=SIZE)
        return {one.text("Id"): one for one in await self._query(query, "Customer")}

    async def changes(self, kind: str, start: str) -> tuple[list[Part], str]:
        """What changed or was deleted since a moment, and from which to read on: "" at the end.

        The record of changes has no pages. One that is full is read on from the last moment in it.
        """
        answer = await self._ask("cdc", {"entities": kind, "changedSince": start})
        found = [
            one.as_kind(kind)
            for part in answer.parts("CDCResponse")
            for query in part.parts("QueryResponse")
            for one in query.parts(kind)
        ]
        if len(found) < _RECORD_SIZE:
            return found, ""
        latest = max(changed_at(one) for one in found).isoformat()
        return found, latest if latest > start else ""

    async def read(self, kind: str, number: str) -> Part | None:
        """One object; None when there is none any more."""
        response = await self.grant.ask(
            f"/v3/company/{self.realm_id}/{kind.lower()}/{number}",
            params={"minorversion": _MINOR_VERSION},
            also=frozenset({httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND}),
        )
        if response.is_success:
            return answered(response, self.peer, kind).child(kind).as_kind(kind)
        fault = _fault(response, self.peer)
        if response.status_code == httpx.codes.NOT_FOUND or fault == _NOT_FOUND:
            return None
        raise PeerRefused(self.peer, f"{response.status_code} {fault}".strip())

    async def _query(self, query: str, kind: str) -> list[Part]:
        answer = await self._ask("query", {"query": query})
        return [one.as_kind(kind) for one in answer.child("QueryResponse").parts(kind)]

    async def _ask(self, path: str, asked: dict[str, str]) -> Part:
        response = await self.grant.ask(
            f"/v3/company/{self.realm_id}/{path}",
            params={**asked, "minorversion": _MINOR_VERSION},
        )
        return answered(response, self.peer)


def _fault(response: httpx.Response, peer: str) -> str:
    """QuickBooks' code for what went wrong; its sentence may quote what is in the books."""
    try:
        fault = answered(response, peer).maybe("Fault")
        codes = [one.said("code") for one in fault.parts("Error")] if fault else []
    except PeerRefused:
        return ""
    return next((code for code in codes if code.isalnum()), "")
