"""Which of Xero's lists are read, and how each is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.registers import xero_money as money
from integrations.registers import xero_objects as objects
from integrations.registers.ordered import Mark
from integrations.registers.parts import Part
from integrations.registers.xero_values import changed_at, day
from models.billing import News

SIZE = 100
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class XeroList:
    """A list: what an object in it is called, and which of them are ours."""

    kind: str
    id: str
    tell: Callable[[Part], list[News]]
    type: str = ""


LISTS = {
    "Contacts": XeroList("contact", "ContactID", objects.contact_news),
    "Invoices": XeroList("invoice", "InvoiceID", objects.invoice_news, "ACCREC"),
    "Payments": XeroList("payment", "PaymentID", money.payment_news),
    "CreditNotes": XeroList("credit note", "CreditNoteID", money.credit_news, "ACCRECCREDIT"),
    "Prepayments": XeroList("prepayment", "PrepaymentID", money.advance_news, "RECEIVE-PREPAYMENT"),
    "Overpayments": XeroList(
        "overpayment", "OverpaymentID", money.advance_news, "RECEIVE-OVERPAYMENT"
    ),
}
_OPEN = ("Invoices", "CreditNotes", "Prepayments", "Overpayments")


def kinds(since: datetime | None, watermark: datetime) -> Sequence[str]:
    """The lists to read, in their order."""
    return _OPEN if since is None else tuple(LISTS)


def question(name: str, mark: Mark, *, is_open: bool) -> tuple[dict[str, str], dict[str, str]]:
    """The parameters and headers for what of a list is open, or changed, from a mark on."""
    asked = {"page": str(mark.page), "pageSize": str(SIZE)}
    wanted = LISTS[name]
    conditions = [f'Type=="{wanted.type}"'] if wanted.type else []
    headers: dict[str, str] = {}
    if is_open:
        asked["order"] = "Date ASC"
        if mark.value:
            from_day = datetime.fromisoformat(mark.value)
            conditions.append(f"Date>=DateTime({from_day:%Y,%m,%d})")
        if name == "Invoices":
            asked["Statuses"] = "AUTHORISED"
        else:
            conditions.append('Status=="AUTHORISED"')
    else:
        asked["order"] = "UpdatedDateUTC ASC"
        # Whether the moment itself counts is not said, so it is asked from the one before.
        start = datetime.fromisoformat(mark.value) - _SECOND
        headers["If-Modified-Since"] = start.strftime("%Y-%m-%dT%H:%M:%S")
    if name == "Contacts":
        asked["includeArchived"] = "true"
    if conditions:
        asked["where"] = " AND ".join(conditions)
    return asked, headers


def key(name: str, one: Part, *, is_open: bool) -> tuple[str, str]:
    """What a list is ordered by, and the object's id."""
    value = day(one, "Date").isoformat() if is_open else _second(one)
    return value, one.text(LISTS[name].id)


def _second(one: Part) -> str:
    return changed_at(one).isoformat(timespec="seconds")
