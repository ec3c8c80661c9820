"""The two roads by which an object of Chargebee's comes."""

from typing import Any

from models.billing import InvoiceStated, MeansStated, News, ObjectKind
from tests.providers_agree.roads import by_asking
from tests.registers.conftest import Open
from tests.registers.fake_chargebee import FakeChargebee
from tests.registers.firm import Firm
from tests.webhooks.chargebee_events import AT
from tests.webhooks.telling import told

_LISTS = {
    "transaction": ("transactions", ObjectKind.PAYMENT),
    "invoice": ("invoices", ObjectKind.INVOICE),
    "credit_note": ("credit_notes", ObjectKind.CREDIT_NOTE),
    "customer": ("customers", ObjectKind.CUSTOMER),
}
# Events that are about these objects; others only bring them along.
ABOUT = {
    **dict.fromkeys(("payment_succeeded", "payment_failed", "payment_initiated"), "transaction"),
    "payment_refunded": "transaction credit_note",
    **dict.fromkeys(("invoice_generated", "invoice_updated", "invoice_deleted"), "invoice"),
    "refund_initiated": "invoice",
    **dict.fromkeys(("credit_note_created", "credit_note_updated"), "credit_note"),
    "credit_note_deleted": "credit_note",
    **dict.fromkeys(("customer_created", "customer_changed", "card_expired"), "customer"),
    "card_expiry_reminder": "customer",
}


async def agree(open_at: Open, said: dict[str, Any]) -> None:
    """What the event tells of the objects that it is about is what these tell when asked for."""
    about = ABOUT[said["event_type"]].split()
    found = [news for one in about for news in await asked(open_at, said["content"], one)]

    if said["event_type"].startswith("card_"):
        found = [one for one in found if isinstance(one, MeansStated)]
    elif about == ["customer"]:
        found = [one for one in found if not isinstance(one, MeansStated)]
    heard = told("chargebee", said)
    if about[0] == "transaction":
        heard = [one for one in heard if not isinstance(one, InvoiceStated)]
    assert sorted(heard, key=str) == sorted(found, key=str)


async def asked(open_at: Open, content: dict[str, Any], about: str) -> list[News]:
    """What an object tells when it is asked for; of an invoice, without its customer's card."""
    books = FakeChargebee()
    for name in ("customer", about):
        if name in content:
            whole = {"deleted": False, "updated_at": AT, "date": AT, **content[name]}
            books.things[_LISTS[name][0]] = [whole]
    if "card" in content and "customer" in content:
        books.cards[content["customer"]["id"]] = content["card"]
    firm: Firm = await open_at("chargebee", books=books)
    news = await by_asking(firm, _LISTS[about][1], content[about]["id"])
    return [one for one in news if about != "invoice" or isinstance(one, InvoiceStated)]
