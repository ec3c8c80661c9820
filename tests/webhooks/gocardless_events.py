"""Events of GoCardless."""

from typing import Any

AT = "2026-03-02T09:00:00.123Z"


def request(*events: dict[str, Any]) -> dict[str, Any]:
    """A request with these events."""
    return {"events": list(events), "meta": {"webhook_id": "WB1"}}


def event(resource: str, action: str, event_id: str = "EV1", **details: Any) -> dict[str, Any]:
    """An event of a kind, with what it says of its cause."""
    return {
        "id": event_id,
        "created_at": AT,
        "resource_type": resource,
        "action": action,
        "links": {"payment": "PM1", "mandate": "MD1", "refund": "RF1", "new_mandate": "MD2"},
        "details": {"origin": "bank", "scheme": "sepa_core", **details},
        "metadata": {},
    }
