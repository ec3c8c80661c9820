"""Salesforce as far as it is asked: signs in, answers queries page by page, keeps tasks."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.crm.http_server import Answer, Request
from tests.crm.soql_reader import Query, read_soql

CLIENT_ID = "3MVG9.made.up"
CLIENT_SECRET = "a made-up secret"
VERSION = "v62.0"
_DATA = f"/services/data/{VERSION}"
Record = dict[str, Any]


def _refused(status: int, code: str) -> Answer:
    return Answer(status, [{"errorCode": code, "message": "made up"}])


@dataclass
class FakeSalesforce:
    """Accounts hold their children by relationship. `page` is the pages' length.

    `url` has to be set to where it answers. Sessions end when `end_sessions` is called.
    """

    url: str = ""
    accounts: list[Record] = field(default_factory=list)
    users: list[Record] = field(default_factory=list)
    page: int = 2000
    key_field: str = ""
    sessions: int = 0
    valid: set[str] = field(default_factory=set)
    requests: list[Request] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    cursors: list[list[Record]] = field(default_factory=list)

    def end_sessions(self) -> None:
        self.valid.clear()

    def account(self, **said: Any) -> Record:
        """An account with nothing beside it."""
        made: Record = {
            "Id": f"001{len(self.accounts):012d}AAA",
            "Opportunities": [],
            "Cases": [],
            "Contacts": [],
            "Tasks": [],
            **said,
        }
        self.accounts.append(made)
        return made

    @property
    def calls(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.requests]

    @property
    def tasks(self) -> list[Record]:
        return [task for account in self.accounts for task in account["Tasks"]]

    def __call__(self, request: Request) -> Answer:
        self.requests.append(request)
        if request.path == "/services/oauth2/token":
            return self._sign_in(request)
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.valid:
            return _refused(401, "INVALID_SESSION_ID")
        call = f"{request.method} {request.path.removeprefix(_DATA)}"
        if found := re.fullmatch(r"GET /query/(\d+)-(\d+)", call):
            number, start = map(int, found.groups())
            return Answer(200, self._page(self.cursors[number], start, number))
        return {
            "GET /query": lambda: self._query(request.query["q"]),
            "POST /sobjects/Task": lambda: Answer(201, self._keep(request.json)),
            f"PATCH /composite/sobjects/Task/{self.key_field}": lambda: Answer(
                200, [self._keep(one) for one in request.json["records"]]
            ),
        }.get(call, lambda: _refused(404, "NOT_FOUND"))()

    def _sign_in(self, request: Request) -> Answer:
        said = request.form
        if said != {
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
        }:
            wrong = {"error": "invalid_client", "error_description": "invalid client credentials"}
            return Answer(400, wrong)
        self.sessions += 1
        token = f"00D!session.{self.sessions}"
        self.valid.add(token)
        granted = {"access_token": token, "instance_url": self.url, "token_type": "Bearer"}
        return Answer(200, granted)

    def _query(self, text: str) -> Answer:
        self.queries.append(text)
        try:
            query = read_soql(text)
            records = {"Account": self.accounts, "User": self.users}[query.source]
            return Answer(200, self._found(query, records))
        except (ValueError, KeyError):
            return _refused(400, "MALFORMED_QUERY")

    def _found(self, query: Query, records: list[Record]) -> Record:
        fitting = [one for one in records if query.test(_reader(one))][: query.limit]
        shown = [self._shown(one, query) for one in fitting]
        self.cursors.append(shown)
        return self._page(shown, 0, len(self.cursors) - 1)

    def _shown(self, record: Record, query: Query) -> Record:
        shown: Record = {"attributes": {"type": query.source, "url": f"{_DATA}/sobjects/x"}}
        for path in query.fields:
            _put(shown, path.split("."), record)
        for name, child in query.children.items():
            found = self._found(child, record[name])
            shown[name] = found if found["totalSize"] else None
        return shown

    def _page(self, records: list[Record], start: int, number: int) -> Record:
        end = start + self.page
        whole = {"totalSize": len(records), "records": records[start:end]}
        if end >= len(records):
            return whole | {"done": True}
        return whole | {"done": False, "nextRecordsUrl": f"{_DATA}/query/{number}-{end}"}

    def _keep(self, task: Record) -> Record:
        [account] = [one for one in self.accounts if one["Id"] == task["WhatId"]]
        known = [
            one
            for one in self.tasks
            if self.key_field in task and one[self.key_field] == task[self.key_field]
        ]
        kept = {"Id": f"00T{len(self.tasks):012d}AAA", **task}
        if known:
            known[0].update(task)
        else:
            account["Tasks"].append(kept)
        return {"id": kept["Id"], "success": True, "errors": [], "created": not known}


def _reader(record: Record) -> Callable[[str], Any]:
    def said(path: str) -> Any:
        value: Any = record
        for name in path.split("."):
            value = value and value[_spelled(value, name)]
        return value

    return said


def _put(shown: Record, path: list[str], record: Record) -> None:
    """Copy a field, with the records on the way to it; names come back as Salesforce has them."""
    name = _spelled(record, path[0])
    if len(path) == 1 or record[name] is None:
        shown.setdefault(name, record[name])
    else:
        _put(shown.setdefault(name, {"attributes": {"type": name}}), path[1:], record[name])


def _spelled(record: Record, name: str) -> str:
    """The field's own spelling; KeyError for one that the object does not have."""
    return {one.lower(): one for one in record}[name.lower()]
