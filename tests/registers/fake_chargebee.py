"""Chargebee as far as it is asked: lists with cursors of its own, objects by their ids."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from tests.crm.http_server import Answer, Request
from tests.registers.firm import Time

KEY = "test_made_up"
Thing = dict[str, Any]
_BASIC = b64encode(f"{KEY}:".encode()).decode()
_KINDS = {
    "customers": "customer",
    "invoices": "invoice",
    "transactions": "transaction",
    "credit_notes": "credit_note",
}


@dataclass
class FakeChargebee:
    """`things` are the objects by their lists, `cards` what customers have on file."""

    time: Time = field(default_factory=Time)
    things: dict[str, list[Thing]] = field(default_factory=dict)
    cards: dict[str, Thing] = field(default_factory=dict)

    @property
    def seconds(self) -> int:
        return int(self.time.now.timestamp())

    def put(self, name: str, **said: Any) -> Thing:
        made: Thing = {"deleted": False, "date": self.seconds, "currency_code": "USD", **said}
        self.things.setdefault(name, []).append(made)
        self.touch(made)
        return made

    def touch(self, thing: Thing, **said: Any) -> None:
        version = int(self.time.now.timestamp() * 1000)
        thing.update(said, updated_at=self.seconds, resource_version=version)

    def customer(self, id: str = "harbour", **said: Any) -> Thing:  # noqa: A002
        whole = {"company": "Harbour", "email": "ap@harbour.example", "locale": "de-DE"}
        return self.put("customers", id=id, **whole | said)

    def open_invoice(self, number: int, **said: Any) -> str:
        if "customers" not in self.things:
            self.customer()
        whole = {
            "id": str(number),
            "customer_id": "harbour",
            "status": "posted",
            "total": 10_000 + number,
            "amount_due": 10_000 + number,
            "amount_paid": 0,
            "write_off_amount": 0,
            "due_date": self.seconds + 30 * 86_400,
            "net_term_days": 30,
        }
        return str(self.put("invoices", **whole | said)["id"])

    def invoice(self, number: int) -> Thing:
        return next(one for one in self.things["invoices"] if one["id"] == str(number))

    def change(self, number: int) -> None:
        invoice = self.invoice(number)
        more = {name: invoice[name] + 100 for name in ("total", "amount_due")}
        self.touch(invoice, **more)

    def pay(self, number: int) -> None:
        invoice = self.invoice(number)
        self.touch(invoice, status="paid", amount_due=0, amount_paid=invoice["total"])

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Basic {_BASIC}":
            return Answer(401, {"api_error_code": "api_authentication_failed"})
        name, _, wanted = request.path.removeprefix("/api/v2/").partition("/")
        things = self.things.get(name, [])
        if wanted:
            found = [one for one in things if one["id"] == wanted]
            return Answer(200, self._shown(name, found[0])) if found else Answer(404, {})
        return Answer(200, self._page(name, things, request.query))

    def _shown(self, name: str, thing: Thing) -> Thing:
        shown = {_KINDS[name]: thing}
        if name == "customers" and thing["id"] in self.cards:
            shown["card"] = self.cards[thing["id"]]
        return shown

    def _page(self, name: str, things: list[Thing], asked: dict[str, str]) -> Thing:
        by = asked.get("sort_by[asc]", "date")
        fitting = [one for one in things if _fits(one, asked)]
        fitting.sort(key=lambda one: (one[by], one["id"]))
        if "offset" in asked:
            # Its cursors hold what the list is sorted by, and an id.
            value, last = json.loads(asked["offset"])
            fitting = [one for one in fitting if (one[by], one["id"]) > (value, last)]
        size = int(asked["limit"])
        page: Thing = {"list": [self._shown(name, one) for one in fitting[:size]]}
        if len(fitting) > size:
            last_shown = fitting[size - 1]
            page["next_offset"] = json.dumps([last_shown[by], last_shown["id"]])
        return page


def _fits(thing: Thing, asked: dict[str, str]) -> bool:
    if thing["deleted"] and asked.get("include_deleted") != "true":
        return False
    for name in ("status", "id"):
        if f"{name}[in]" in asked and thing[name] not in json.loads(asked[f"{name}[in]"]):
            return False
        if f"{name}[is]" in asked and thing[name] != asked[f"{name}[is]"]:
            return False
    return bool(thing["updated_at"] > int(asked.get("updated_at[after]", "0")))
