"""Published events in the shared folder beside the project."""

import json
from pathlib import Path
from typing import Any

import pytest

WEBHOOKS = Path(__file__).parents[3] / "shared" / "data" / "webhooks"

needed = pytest.mark.skipif(
    not WEBHOOKS.is_dir(), reason="The webhooks are not in the shared folder beside the project."
)


def names(source: str) -> list[str]:
    """The files of a provider."""
    return sorted(path.name for path in (WEBHOOKS / source).glob("*.json"))


def content(source: str, name: str) -> bytes:
    """A file's bytes."""
    return (WEBHOOKS / source / name).read_bytes()


def bodies() -> list[tuple[str, Any]]:
    """Every request that a provider could have sent, parsed, with the provider's name."""
    wholes = [
        *(("stripe", name) for name in names("stripe")),
        *(("chargebee", name) for name in names("chargebee")),
        *(("gocardless", name) for name in names("gocardless") if name == "webhook_body.json"),
        *(("quickbooks", name) for name in names("quickbooks") if "event_notification" in name),
        *(("xero", name) for name in names("xero") if name.endswith("_event.json")),
    ]
    return [(one, json.loads(content(one, name))) for one, name in wholes]
