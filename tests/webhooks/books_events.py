"""Changes in QuickBooks and Xero."""

from typing import Any

REALM = "4620816365148128340"


def notification(name: str, operation: str = "Update", **more: str) -> dict[str, Any]:
    """QuickBooks, until 2026."""
    entity = {
        "name": name,
        "id": "145",
        "operation": operation,
        "lastUpdated": "2026-03-02T09:00:00.000Z",
        **more,
    }
    return {"eventNotifications": [{"realmId": REALM, "dataChangeEvent": {"entities": [entity]}}]}


def cloud_event(kind: str, **more: Any) -> list[dict[str, Any]]:
    """QuickBooks, since then."""
    event = {
        "specversion": "1.0",
        "id": "88cd52aa",
        "source": "intuit.abc=",
        "type": kind,
        "time": "2026-03-02T09:00:00.179851517Z",
        "intuitentityid": "145",
        "intuitaccountid": REALM,
        "data": {},
        **more,
    }
    return [event]


def xero(category: str = "INVOICE", **more: Any) -> dict[str, Any]:
    """Xero."""
    event = {
        "resourceUrl": "https://api.xero.com/api.xro/2.0/Invoices/717f2bfc",
        "resourceId": "717f2bfc",
        "tenantId": "c2cc9b6e",
        "tenantType": "ORGANISATION",
        "eventCategory": category,
        "eventType": "UPDATE",
        "eventDateUtc": "2026-03-02T09:00:00.902",
        **more,
    }
    return {"events": [event], "firstEventSequence": 1, "lastEventSequence": 1, "entropy": "X"}
