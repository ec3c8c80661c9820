"""What changes in QuickBooks Online mean: ask for the object."""

from datetime import datetime

from integrations.webhooks.json_part import Part
from models.billing import News, ObjectChanged, ObjectKind

NAME = "quickbooks"

_OBJECTS: dict[str, ObjectKind] = {
    "invoice": ObjectKind.INVOICE,
    "payment": ObjectKind.PAYMENT,
    "creditmemo": ObjectKind.CREDIT_NOTE,
    "customer": ObjectKind.CUSTOMER,
    "refundreceipt": ObjectKind.REFUND,
}
# The books hold much that no customer owes: purchases, staff, lists. A sales receipt was paid at
# once.
_OF_NO_USE = frozenset(
    {
        *("account", "bill", "billpayment", "budget", "class", "currency", "department", "deposit"),
        *("employee", "estimate", "item", "journalcode", "journalentry", "paymentmethod"),
        *("preferences", "purchase", "purchaseorder", "salesreceipt", "taxagency", "term"),
        *("timeactivity", "transfer", "vendor", "vendorcredit"),
    }
)
_DELETED = {"delete", "deleted"}


def news_of(event: Part) -> list[News] | None:
    """What a change tells, in either form; None where we do not know what kind of object it is."""
    return _of_cloud_event(event) if event.has("specversion") else _of_notification(event)


def _of_cloud_event(event: Part) -> list[News] | None:
    # Such as qbo.invoice.updated.v1.
    words = event.id("type").lower().split(".")
    if len(words) < 3 or words[0] != "qbo":
        return None
    data = event.maybe("data")
    return _changed(
        words[1],
        words[2],
        event.id("intuitentityid"),
        (data.maybe_id("deletedId") or data.maybe_id("deletedid")) if data else "",
        event.id("intuitaccountid"),
        event.moment("time"),
    )


def _of_notification(event: Part) -> list[News] | None:
    return _changed(
        event.id("name").lower(),
        event.id("operation").lower(),
        event.id("id"),
        event.maybe_id("deletedId"),
        event.id("realmId"),
        event.moment("lastUpdated"),
    )


def _changed(
    name: str, operation: str, object_id: str, merged: str, realm: str, at: datetime
) -> list[News] | None:
    """The object, and the one that was merged into it and is no more."""
    if name in _OF_NO_USE:
        return []
    kind = _OBJECTS.get(name)
    if kind is None:
        return None
    ids = [(object_id, operation in _DELETED), *([(merged, True)] if merged else [])]
    return [
        ObjectChanged(object=kind, id=one, happened_at=at, account=realm, deleted=deleted)
        for one, deleted in ids
    ]
