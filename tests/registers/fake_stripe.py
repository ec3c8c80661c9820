"""Stripe as far as it is asked: lists by the last made first, events, objects by their ids."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.crm.http_server import Answer, Request
from tests.registers.firm import Time

KEY = "rk_test_made_up"
Thing = dict[str, Any]


def customer(number: int, **said: Any) -> Thing:
    return {
        "id": f"cus_{number}",
        "object": "customer",
        "name": f"Firm {number}",
        "email": f"ap{number}@firm.example",
        "address": {"country": "DE"},
        "preferred_locales": ["de-DE"],
        "metadata": {},
        "invoice_settings": {"default_payment_method": None},
        **said,
    }


@dataclass
class FakeStripe:
    """`things` are the lists by their paths, the first made first."""

    time: Time = field(default_factory=Time)
    things: dict[str, list[Thing]] = field(default_factory=dict)

    def open_invoice(self, number: int, **said: Any) -> str:
        made: Thing = {
            "id": f"in_{number:06}",
            "object": "invoice",
            "number": f"F-{number}",
            "customer": customer(number % 7),
            "status": "open",
            "currency": "usd",
            "total": 10_000 + number,
            "amount_due": 10_000 + number,
            "amount_paid": 0,
            "amount_remaining": 10_000 + number,
            "created": self.seconds,
            "due_date": self.seconds + 30 * 86_400,
            "status_transitions": {"finalized_at": self.seconds},
            "metadata": {},
            **said,
        }
        self.put("invoices", made)
        return str(made["id"])

    @property
    def seconds(self) -> int:
        return int(self.time.now.timestamp())

    def put(self, path: str, thing: Thing) -> Thing:
        self.things.setdefault(path, []).append(thing)
        return thing

    def invoice(self, number: int) -> Thing:
        return next(one for one in self.things["invoices"] if one["id"] == f"in_{number:06}")

    def change(self, number: int) -> None:
        invoice = self.invoice(number)
        for name in ("total", "amount_due", "amount_remaining"):
            invoice[name] += 100
        self.event("invoice.updated", invoice)

    def pay(self, number: int) -> None:
        invoice = self.invoice(number)
        invoice |= {"status": "paid", "amount_paid": invoice["total"], "amount_remaining": 0}
        self.event("invoice.paid", invoice)

    def event(self, kind: str, thing: Thing, **previous: Any) -> None:
        """Events hold the object as it was then, with others in it by their ids."""
        told = {
            name: value["id"] if isinstance(value, dict) and "object" in value else value
            for name, value in thing.items()
        }
        data = {"object": told} | ({"previous_attributes": previous} if previous else {})
        number = len(self.things.get("events", []))
        made = {"id": f"evt_{number}", "type": kind, "created": self.seconds, "data": data}
        self.put("events", made)

    def __call__(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return Answer(401, {"error": {"message": "secret words"}})
        if not re.fullmatch(r"\d{4}-\d\d-\d\d\.\w+", request.headers.get("stripe-version", "")):
            return Answer(400, {})
        _, _, path, *rest = request.path.split("/")
        things = self.things.get(path, [])
        if rest:
            found = [one for one in things if one["id"] == rest[0]]
            return Answer(200, found[0]) if found else Answer(404, {"error": {}})
        return Answer(200, self._page([*reversed(things)], request.query))

    def _page(self, things: list[Thing], asked: dict[str, str]) -> Thing:
        since, status = int(asked.get("created[gte]", "0")), asked.get("status")
        intent, invoice = asked.get("payment[payment_intent]"), asked.get("invoice")
        ids = [one["id"] for one in things]
        start = ids.index(asked["starting_after"]) + 1 if "starting_after" in asked else 0
        fitting = [
            one
            for one in things[start:]
            if one["created"] >= since
            and (not status or one["status"] == status)
            and (not intent or one["payment"]["payment_intent"] == intent)
            and (not invoice or one["invoice"] == invoice)
        ]
        size = int(asked["limit"])
        return {"object": "list", "data": fitting[:size], "has_more": len(fitting) > size}
