"""Xero as far as it is asked: lists by page, `where`, `order` and If-Modified-Since."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.crm.http_server import Answer, Request
from tests.registers.fake_tokens import PATH, FakeTokens
from tests.registers.firm import Time

TENANT = "aef86862-2015-4b6b-88bc-d89032cecc50"
Thing = dict[str, Any]
_ROOT = "/api.xro/2.0/"
_IDS = {
    "Contacts": "ContactID",
    "Invoices": "InvoiceID",
    "Payments": "PaymentID",
    "CreditNotes": "CreditNoteID",
    "Prepayments": "PrepaymentID",
    "Overpayments": "OverpaymentID",
}


def guid(number: int) -> str:
    return str(UUID(int=number))


def written(moment: datetime) -> str:
    return f"/Date({int(moment.timestamp() * 1000)}+0000)/"


def _read(said: str) -> datetime:
    found = re.match(r"/Date\((\d+)", said)
    assert found
    return datetime.fromtimestamp(int(found[1]) / 1000, UTC)


@dataclass
class FakeXero:
    """`things` are the objects by their lists."""

    time: Time = field(default_factory=Time)
    tokens: FakeTokens = field(default_factory=FakeTokens)
    things: dict[str, list[Thing]] = field(default_factory=dict)

    def put(self, name: str, **said: Any) -> Thing:
        number = sum(map(len, self.things.values())) + 1
        made: Thing = {_IDS[name]: guid(number), "UpdatedDateUTC": written(self.time.now), **said}
        self.things.setdefault(name, []).append(made)
        return made

    def contact(self, **said: Any) -> Thing:
        whole = {
            "Name": "Harbour",
            "IsCustomer": True,
            "ContactStatus": "ACTIVE",
            "EmailAddress": "ap@harbour.example",
            "Addresses": [{"AddressType": "STREET", "Country": "New Zealand"}],
        }
        return self.put("Contacts", **whole | said)

    def open_invoice(self, number: int, **said: Any) -> str:
        if "Contacts" not in self.things:
            self.contact()
        contact = self.things["Contacts"][0]
        whole = {
            "Type": "ACCREC",
            "InvoiceNumber": f"INV-{number:04}",
            "Contact": {"ContactID": contact["ContactID"], "Name": contact["Name"]},
            "Date": written(datetime(2026, 2, 1 + number % 28, tzinfo=UTC)),
            "DueDate": written(datetime(2026, 3, 20, tzinfo=UTC)),
            "Status": "AUTHORISED",
            "CurrencyCode": "NZD",
            "Total": 100.5 + number,
            "AmountDue": 100.5 + number,
            "AmountPaid": 0.0,
            "AmountCredited": 0.0,
        }
        return str(self.put("Invoices", **whole | said)["InvoiceID"])

    def invoice(self, number: int) -> Thing:
        wanted = f"INV-{number:04}"
        return next(one for one in self.things["Invoices"] if one["InvoiceNumber"] == wanted)

    def touch(self, thing: Thing, **said: Any) -> None:
        thing.update(said, UpdatedDateUTC=written(self.time.now))

    def change(self, number: int) -> None:
        invoice = self.invoice(number)
        self.touch(invoice, Total=invoice["Total"] + 1, AmountDue=invoice["AmountDue"] + 1)

    def pay(self, number: int) -> None:
        invoice = self.invoice(number)
        self.touch(invoice, Status="PAID", AmountDue=0.0, AmountPaid=invoice["Total"])

    def __call__(self, request: Request) -> Answer:
        if request.path == PATH:
            return self.tokens.renew(request)
        if not self.tokens.let_in(request):
            return Answer(401, {"Detail": "TokenExpired"})
        if request.headers.get("xero-tenant-id") != TENANT:
            return Answer(403, {"Detail": "AuthenticationUnsuccessful"})
        name, _, wanted = request.path.removeprefix(_ROOT).partition("/")
        if wanted:
            found = [one for one in self.things.get(name, []) if one[_IDS[name]] == wanted]
            return Answer(200, {name: found}) if found else Answer(404, b"secret words")
        return Answer(200, {"Status": "OK", name: self._page(name, request)})

    def _page(self, name: str, request: Request) -> list[Thing]:
        things = [one for one in self.things.get(name, []) if self._fits(name, one, request)]
        order = request.query.get("order", "UpdatedDateUTC ASC").removesuffix(" ASC")
        things.sort(key=lambda one: (_read(one[order]), one[_IDS[name]]))
        size = int(request.query.get("pageSize", "100"))
        first = (int(request.query["page"]) - 1) * size
        return things[first : first + size]

    def _fits(self, name: str, thing: Thing, request: Request) -> bool:
        """Whether it is wanted; a condition that cannot be read is an error of the test."""
        since = request.headers.get("if-modified-since", "1970-01-01T00:00:00")
        # Strictly after, which is the harder of the two that the documentation allows.
        if _read(thing["UpdatedDateUTC"]) <= datetime.fromisoformat(f"{since}+00:00"):
            return False
        if "IDs" in request.query and thing[_IDS[name]] not in request.query["IDs"].split(","):
            return False
        if "Statuses" in request.query and thing["Status"] not in request.query["Statuses"]:
            return False
        for condition in filter(None, request.query.get("where", "").split(" AND ")):
            if found := re.fullmatch(r'(\w+)=="([\w-]+)"', condition):
                fits = thing[found[1]] == found[2]
            else:
                found = re.fullmatch(r"Date>=DateTime\((\d+),(\d+),(\d+)\)", condition)
                assert found, condition
                year, month, day = map(int, found.groups())
                fits = _read(thing["Date"]) >= datetime(year, month, day, tzinfo=UTC)
            if not fits:
                return False
        return True
