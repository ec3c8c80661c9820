"""What Salesforce's queries answer, page by page, and records as properties."""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import Field, ValidationError

from integrations.crm.properties import Properties
from integrations.crm.salesforce_session import Session
from integrations.http.answers import Answer
from models.errors import PeerRefused

_NONE = {"totalSize": 0, "done": True, "records": ()}


class Page(Answer):
    """Some of the records that a query found. `total` counts all of them."""

    total: Annotated[int, Field(alias="totalSize", ge=0)]
    done: bool
    records: tuple[dict[str, object], ...]
    further: Annotated[str | None, Field(alias="nextRecordsUrl")] = None


class Records:
    """Queries Salesforce, whatever the number of records."""

    def __init__(self, session: Session, api_version: str) -> None:
        self.session = session
        self.path = f"/services/data/{api_version}"

    async def query(self, soql: str) -> list[dict[str, object]]:
        """Every record that the query finds."""
        page = await self.session.ask(Page, "GET", f"{self.path}/query", params={"q": soql})
        return await self.all_of(page)

    async def all_of(self, page: Page) -> list[dict[str, object]]:
        """The records of this page and of those after it."""
        records = [*page.records]
        seen: set[str] = set()
        while not page.done:
            # The session's token goes there, so it has to be a path of the same instance.
            if not page.further or not page.further.startswith("/services/data/"):
                raise self._wrong("a page that is not the last names no further one")
            if page.further in seen:
                raise self._wrong("its pages go round in a circle")
            seen.add(page.further)
            page = await self.session.ask(Page, "GET", page.further)
            records += page.records
        return records

    def children(self, record: dict[str, object], relationship: str) -> Page:
        """The first page of a subquery's records; Salesforce writes null for none."""
        if relationship not in record:
            raise self._wrong(f"it has no {relationship}")
        try:
            return Page.model_validate(
                _NONE if record[relationship] is None else record[relationship]
            )
        except ValidationError as wrong:
            place = ".".join(str(part) for part in wrong.errors()[0]["loc"])
            raise self._wrong(f"it is wrong at {relationship} {place}") from None

    def id_of(self, record: dict[str, object]) -> str:
        """The record's id."""
        found = record.get("Id")
        if not isinstance(found, str) or not found:
            raise self._wrong("a record has no Id")
        return found

    def _wrong(self, problem: str) -> PeerRefused:
        return PeerRefused(self.session.peer.name, f"the answer cannot be read: {problem}")


def properties_of(record: dict[str, object]) -> Properties:
    """The record's fields, those of related records by their path: `Owner.Email`."""
    return Properties(dict(_flat(record, "")))


def _flat(record: dict[str, Any], before: str) -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        if not isinstance(value, dict):
            yield before + name, value
        elif name != "attributes" and "records" not in value:
            yield from _flat(value, f"{before}{name}.")
