"""QuickBooks Online as far as it is asked: queries, the record of changes, objects by their ids."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.crm.http_server import Answer, Request
from tests.registers.fake_tokens import PATH, FakeTokens
from tests.registers.firm import Time

REALM = "4620816365148128340"
Thing = dict[str, Any]
_QUERY = re.compile(
    r"select \* from (\w+)(?: where (.+?))?(?: orderby (\S+))?(?: startposition (\d+))?"
    r" maxresults (\d+)"
)
_RECORD = 1000
_PACIFIC = ZoneInfo("America/Los_Angeles")


@dataclass
class FakeQuickBooks:
    """`things` are the objects by their kinds; what is deleted moves to `deleted`."""

    time: Time = field(default_factory=Time)
    tokens: FakeTokens = field(default_factory=FakeTokens)
    things: dict[str, list[Thing]] = field(default_factory=dict)
    deleted: list[tuple[str, Thing]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)

    @property
    def stamp(self) -> str:
        """The moment as their servers on the Pacific coast write it."""
        return self.time.now.astimezone(_PACIFIC).isoformat(timespec="seconds")

    def put(self, kind: str, **said: Any) -> Thing:
        number = str(sum(map(len, self.things.values())) + len(self.deleted) + 1)
        made: Thing = {
            "Id": number,
            "SyncToken": "0",
            "MetaData": {"CreateTime": self.stamp, "LastUpdatedTime": self.stamp},
            **said,
        }
        self.things.setdefault(kind, []).append(made)
        return made

    def customer(self, name: str = "Harbour", **said: Any) -> Thing:
        return self.put(
            "Customer",
            DisplayName=name,
            Active=True,
            PrimaryEmailAddr={"Address": "ap@harbour.example"},
            **said,
        )

    def open_invoice(self, number: int, **said: Any) -> str:
        if "Customer" not in self.things:
            self.customer()
        made = self.put(
            "Invoice",
            **{
                "DocNumber": str(1000 + number),
                "TxnDate": "2026-03-01",
                "DueDate": "2026-03-31",
                "CurrencyRef": {"value": "USD"},
                "CustomerRef": {"value": self.things["Customer"][0]["Id"], "name": "Harbour"},
                "TotalAmt": 100 + number,
                "Balance": 100 + number,
            }
            | said,
        )
        return f"qbo-{made['Id']}"

    def invoice(self, number: int) -> Thing:
        return next(one for one in self.things["Invoice"] if one["DocNumber"] == str(1000 + number))

    def touch(self, thing: Thing, **said: Any) -> None:
        thing.update(said)
        thing["MetaData"]["LastUpdatedTime"] = self.stamp

    def change(self, number: int) -> None:
        invoice = self.invoice(number)
        more = {name: invoice[name] + 1 for name in ("TotalAmt", "Balance")}
        self.touch(invoice, **more)

    def pay(self, number: int) -> None:
        self.touch(self.invoice(number), Balance=0)

    def delete(self, kind: str, thing: Thing) -> None:
        self.things[kind].remove(thing)
        gone = {"Id": thing["Id"], "status": "Deleted", "domain": "QBO"}
        self.deleted.append((kind, gone | {"MetaData": {"LastUpdatedTime": self.stamp}}))

    def __call__(self, request: Request) -> Answer:
        if request.path == PATH:
            return self.tokens.renew(request)
        if not self.tokens.let_in(request):
            return Answer(401, {"fault": {"error": []}})
        root = f"/v3/company/{REALM}/"
        assert request.path.startswith(root)
        assert request.query["minorversion"] == "75"
        path = request.path.removeprefix(root)
        if path == "query":
            return self._query(request.query["query"])
        if path == "cdc":
            return self._record(request.query["entities"], request.query["changedSince"])
        kind, number = path.split("/")
        for name, things in self.things.items():
            for one in things:
                if name.lower() == kind and one["Id"] == number:
                    return Answer(200, {name: one, "time": self.stamp})
        return _fault("610", "Object Not Found : secret words")

    def _query(self, text: str) -> Answer:
        self.queries.append(text)
        found = _QUERY.fullmatch(text)
        if found is None:
            return _fault("4000", "Error parsing query")
        kind, where, by, start, size = found.groups()
        tests = [_test(one) for one in re.split(r" and (?![^(]*\))", where or "") if one]
        things = [one for one in self.things.get(kind, []) if all(test(one) for test in tests)]
        if kind == "Customer" and "Active" not in (where or ""):
            things = [one for one in things if one["Active"]]
        if by:
            things.sort(key=lambda one: datetime.fromisoformat(_read(one, by)))
        first = int(start or 1) - 1
        page = things[first : first + int(size)]
        return Answer(200, {"QueryResponse": {kind: page} if page else {}, "time": self.stamp})

    def _record(self, kind: str, since: str) -> Answer:
        start = datetime.fromisoformat(since)
        both = [*self.things.get(kind, []), *(one for name, one in self.deleted if name == kind)]
        changed = [
            one
            for one in both
            if datetime.fromisoformat(one["MetaData"]["LastUpdatedTime"]) >= start
        ]
        changed.sort(key=lambda one: datetime.fromisoformat(one["MetaData"]["LastUpdatedTime"]))
        response = {"QueryResponse": [{kind: changed[:_RECORD]} if changed else {}]}
        return Answer(200, {"CDCResponse": [response], "time": self.stamp})


def _fault(code: str, message: str) -> Answer:
    error = {"Message": message, "code": code}
    return Answer(400, {"Fault": {"Error": [error], "type": "ValidationFault"}})


def _read(thing: Thing, path: str) -> Any:
    for name in path.split("."):
        thing = thing[name]
    return thing


def _test(condition: str) -> Callable[[Thing], bool]:
    """One condition of a query."""
    if found := re.fullmatch(r"(\w+) in \((.+)\)", condition, re.IGNORECASE):
        name, listed = found.groups()
        wanted = {one.strip().strip("'").lower() for one in listed.split(",")}
        return lambda one: str(one[name]).lower() in wanted
    found = re.fullmatch(r"([\w.]+) (>=|>) '([^']+)'", condition)
    assert found, condition
    path, sign, value = found.groups()
    if path == "Balance":
        return lambda one: Decimal(str(one[path])) > Decimal(value)
    assert sign == ">="
    start = datetime.fromisoformat(value if "T" in value else f"{value}T00:00:00+00:00")
    return lambda one: datetime.fromisoformat(_read(one, path)) >= start
