"""HubSpot as far as it is asked: the shapes, limits and pages of the real one, on made-up data."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.crm.http_server import Answer, Request

TOKEN = "pat-eu1-made-up"
Record = dict[str, str | None]
_NONE = Answer(404, {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "not found"})


def _refused(status: int, category: str) -> Answer:
    return Answer(status, {"status": "error", "category": category, "message": "made up"})


@dataclass
class FakeHubSpot:
    """Objects by kind and id. `beside` goes by company and kind. `page` is the pages' length.

    `blind` is a search that has not heard of anything yet. `hides` is a batch that does not find
    what is there, as if it was written a moment later.
    """

    objects: dict[str, dict[str, Record]] = field(default_factory=dict)
    beside: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    owners: dict[str, dict[str, Any]] = field(default_factory=dict)
    unique: set[str] = field(default_factory=set)
    page: int = 100
    blind: bool = False
    hides: bool = False
    requests: list[Request] = field(default_factory=list)

    def add(self, kind: str, record_id: str, of: str = "", /, **properties: str | None) -> None:
        """A record, and beside which company it stands."""
        self.objects.setdefault(kind, {})[record_id] = {"hs_object_id": record_id, **properties}
        if of:
            self.beside.setdefault((of, kind), []).append(record_id)

    def add_owner(self, owner_id: str, email: str, first: str = "", last: str = "") -> None:
        self.owners[owner_id] = {
            "id": owner_id,
            "email": email,
            "firstName": first,
            "lastName": last,
            "userId": 9586504,
            "archived": False,
        }

    @property
    def calls(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.requests]

    @property
    def tasks(self) -> list[Record]:
        return [*self.objects.get("tasks", {}).values()]

    def __call__(self, request: Request) -> Answer:
        self.requests.append(request)
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return _refused(401, "INVALID_AUTHENTICATION")
        for pattern, answer in self._routes:
            if found := re.fullmatch(pattern, f"{request.method} {request.path}"):
                return answer(request, *found.groups())
        return _NONE

    @property
    def _routes(self) -> list[tuple[str, Callable[..., Answer]]]:
        return [
            ("GET /crm/v3/owners", lambda asked: self._owners(asked.query["email"])),
            ("GET /crm/v3/owners/(.+)", lambda _, owner_id: self._owner(owner_id)),
            ("GET /crm/v3/objects/companies/(.+)", self._company),
            ("POST /crm/v3/objects/(\\w+)/search", self._search),
            ("POST /crm/v3/objects/(\\w+)/batch/read", self._read),
            ("POST /crm/v3/objects/tasks", self._create),
            ("POST /crm/v4/associations/companies/(\\w+)/batch/read", self._associations),
        ]

    def _owner(self, owner_id: str) -> Answer:
        return Answer(200, self.owners[owner_id]) if owner_id in self.owners else _NONE

    def _owners(self, email: str) -> Answer:
        found = [one for one in self.owners.values() if one["email"].lower() == email.lower()]
        return Answer(200, {"results": found})

    def _company(self, request: Request, company: str) -> Answer:
        query = request.query
        found = self._by(query.get("idProperty", "hs_object_id"), company, "companies")
        if found is None:
            return _NONE
        record_id = str(found["hs_object_id"])
        beside = {}
        for kind in filter(None, query.get("associations", "").split(",")):
            ids = self.beside.get((record_id, kind), [])
            if ids:
                # Two labels of the same association make two entries of one record.
                entries = [
                    {"id": one, "type": label}
                    for one in ids[: self.page]
                    for label in (f"company_to_{kind}", f"company_to_{kind}_unlabeled")
                ]
                beside[kind] = {"results": entries} | self._paging(len(ids), 0, "v3")
        answer = self._shown(found, query["properties"].split(","))
        return Answer(200, answer | ({"associations": beside} if beside else {}))

    def _search(self, request: Request, kind: str) -> Answer:
        body = request.json
        assert body["limit"] <= 200
        found = [
            record
            for record in self.objects.get(kind, {}).values()
            if not self.blind
            and any(
                all(self._fits(kind, record, one) for one in group["filters"])
                for group in body["filterGroups"]
            )
        ]
        shown = [self._shown(record, body["properties"]) for record in found[: body["limit"]]]
        return Answer(200, {"total": len(found), "results": shown})

    def _fits(self, kind: str, record: Record, one: dict[str, str]) -> bool:
        name, value = one["propertyName"], one["value"].lower()
        if name == "associations.company":
            return record["hs_object_id"] in self.beside.get((value, kind), [])
        said = (record.get(name) or "").lower()
        tests: dict[str, Callable[[], bool]] = {
            "EQ": lambda: said == value,
            "CONTAINS_TOKEN": lambda: set(_tokens(value)) <= set(_tokens(said)),
        }
        return tests[one["operator"]]()

    def _read(self, request: Request, kind: str) -> Answer:
        body = request.json
        if len(body["inputs"]) > 100:
            return _refused(400, "VALIDATION_ERROR")
        by = body.get("idProperty", "hs_object_id")
        found = [None if self.hides else self._by(by, one["id"], kind) for one in body["inputs"]]
        shown = [self._shown(record, body["properties"]) for record in found if record]
        missing = len(found) - len(shown)
        errors = {"numErrors": missing, "errors": [{"category": "OBJECT_NOT_FOUND"}]}
        whole = {"status": "COMPLETE", "results": shown}
        return Answer(207, whole | errors) if missing else Answer(200, whole)

    def _create(self, request: Request) -> Answer:
        body = request.json
        said = body["properties"]
        assert "hs_timestamp" in said
        if any(self._by(name, said.get(name, ""), "tasks") for name in self.unique):
            return _refused(409, "CONFLICT")
        record_id = str(9000 + len(self.tasks))
        [beside] = body["associations"]
        assert beside["types"][0] == {
            "associationCategory": "HUBSPOT_DEFINED",
            "associationTypeId": 192,
        }
        self.add("tasks", record_id, beside["to"]["id"], **said)
        return Answer(201, {"id": record_id, "properties": said})

    def _associations(self, request: Request, kind: str) -> Answer:
        body = request.json
        [asked] = body["inputs"]
        start = int(asked.get("after", "v4:0").removeprefix("v4:"))
        ids = self.beside.get((asked["id"], kind), [])
        to = [
            {"toObjectId": int(one), "associationTypes": [{"typeId": 280, "label": None}]}
            for one in ids[start : start + self.page]
        ]
        result = {"from": {"id": asked["id"]}, "to": to} | self._paging(len(ids), start, "v4")
        return Answer(200, {"status": "COMPLETE", "results": [result]})

    def _paging(self, total: int, start: int, kind: str) -> dict[str, Any]:
        end = start + self.page
        return {"paging": {"next": {"after": f"{kind}:{end}"}}} if end < total else {}

    def _by(self, name: str, value: str, kind: str) -> Record | None:
        records = self.objects.get(kind, {}).values()
        return next((one for one in records if value and one.get(name) == value), None)

    def _shown(self, record: Record, properties: list[str]) -> dict[str, Any]:
        asked = {name: record.get(name) for name in (*properties, "hs_object_id")}
        return {"id": record["hs_object_id"], "properties": asked, "archived": False}


def _tokens(text: str) -> list[str]:
    return "".join(sign if sign.isalnum() else " " for sign in text).split()
