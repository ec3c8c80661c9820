"""GoCardless as far as it is asked: lists with cursors, and events with the objects beside them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.crm.http_server import Answer, Request
from tests.registers.firm import Time

TOKEN = "sandbox_made_up"
Thing = dict[str, Any]


@dataclass
class FakeGoCardless:
    """`things` are the objects by their lists, the first made first."""

    time: Time = field(default_factory=Time)
    things: dict[str, list[Thing]] = field(default_factory=dict)

    @property
    def stamp(self) -> str:
        return self.time.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def put(self, path: str, **said: Any) -> Thing:
        made: Thing = {"created_at": self.stamp, "metadata": {}, "links": {}, **said}
        self.things.setdefault(path, []).append(made)
        return made

    def payment(self, id: str, status: str, **said: Any) -> Thing:  # noqa: A002
        whole = {
            "amount": 1000,
            "currency": "GBP",
            "charge_date": "2026-03-09",
            "scheme": "bacs",
            "metadata": {"dunlin_invoice_id": "1042"},
            "links": {"mandate": "MD1"},
        }
        return self.put("payments", id=id, status=status, **whole | said)

    def event(self, kind: str, thing: Thing, action: str, cause: str = "") -> None:
        """Something happened to an object of a list."""
        number = len(self.things.get("events", []))
        self.put(
            "events",
            id=f"EV{number}",
            resource_type=kind,
            action=action,
            links={kind.removesuffix("s"): thing["id"]},
            details={"cause": cause, "origin": "bank"},
        )

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Answer(401, {"error": {"message": "secret words"}})
        if request.headers.get("gocardless-version") != "2015-07-06":
            return Answer(400, {})
        path, _, wanted = request.path.removeprefix("/").partition("/")
        things = self.things.get(path, [])
        if wanted:
            found = [one for one in things if one["id"] == wanted]
            return Answer(200, {path: found[0]}) if found else Answer(404, {})
        return Answer(200, self._page(path, [*reversed(things)], request.query))

    def _page(self, path: str, things: list[Thing], asked: dict[str, str]) -> Thing:
        ids = [one["id"] for one in things]
        start = ids.index(asked["after"]) + 1 if "after" in asked else 0
        fitting = [one for one in things[start:] if _fits(one, asked)]
        size = int(asked["limit"])
        shown = fitting[:size]
        last = shown[-1]["id"] if len(fitting) > size else None
        page: Thing = {path: shown, "meta": {"cursors": {"after": last, "before": None}}}
        if beside := asked.get("include"):
            named = {one["links"][beside] for one in shown}
            kind = f"{beside}s"
            linked = [one for one in self.things.get(kind, []) if one["id"] in named]
            page["linked"] = {kind: linked}
        return page


def _fits(thing: Thing, asked: dict[str, str]) -> bool:
    since = datetime.fromisoformat(asked.get("created_at[gte]", "1970-01-01T00:00:00Z"))
    if datetime.fromisoformat(thing["created_at"]) < since:
        return False
    wanted = asked.get("status", "").split(",")
    if wanted != [""] and thing["status"] not in wanted:
        return False
    kind = asked.get("resource_type")
    if kind and thing["resource_type"] != kind:
        return False
    payment = asked.get("payment")
    return not payment or thing["links"].get("payment") == payment
