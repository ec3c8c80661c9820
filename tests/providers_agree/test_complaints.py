"""What cannot be read is refused by both roads, each in its own words; what can be, by neither."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from integrations.provider_objects.chargebee_credits import credit_news
from integrations.provider_objects.chargebee_invoices import customer_news, invoice_news
from integrations.provider_objects.chargebee_transactions import transaction_news
from integrations.provider_objects.gocardless_payments import payment_news
from integrations.provider_objects.json_part import JsonPart
from integrations.provider_objects.stripe_events import event_news
from integrations.registers.parts import Part as Read
from integrations.webhooks.json_part import Part as Brought
from models.billing import News
from models.errors import PeerRefused, WebhookMalformed
from tests.webhooks import chargebee_events, examples

Tell = Callable[[JsonPart], list[News] | None]
_GOCARDLESS = {
    "id": "PM1",
    "status": "failed",
    "amount": 1000,
    "currency": "GBP",
    "charge_date": "2026-03-02",
    "created_at": "2026-03-02T09:00:00Z",
    "metadata": {"dunlin_invoice_id": "INV-7"},
}
OBJECTS: list[tuple[Tell, dict[str, Any]]] = [
    *((event_news, said) for said in examples.BY_SOURCE["stripe"]),
    (transaction_news, chargebee_events.transaction()),
    (transaction_news, chargebee_events.refund()),
    (invoice_news, chargebee_events.invoice()),
    (credit_news, chargebee_events.credit_note()),
    (customer_news, chargebee_events.customer()),
    (lambda said: payment_news(said, []), _GOCARDLESS),
]
_ODD: list[Any] = [None, "", 0, -1, True, [], {}, [1], "x" * 400, 10**20, "\0", {"id": 1}]


@pytest.mark.parametrize(("tell", "said"), OBJECTS)
def test_both_roads_read_the_same_and_refuse_the_same(tell: Tell, said: dict[str, Any]) -> None:
    for spoilt in (said, *_spoilt(said)):
        read = _told(tell, Read("Peer", "object", spoilt))
        brought = _told(tell, Brought(spoilt, "peer"))
        assert (read is PeerRefused and brought is WebhookMalformed) or read == brought, spoilt


def _told(tell: Tell, said: JsonPart) -> list[News] | type[Exception] | None:
    try:
        return tell(said)
    except (PeerRefused, WebhookMalformed) as refused:
        return type(refused)


def _spoilt(said: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The object with each of its fields gone, and with each of them odd."""
    for name, value in said.items():
        yield {key: kept for key, kept in said.items() if key != name}
        yield from (said | {name: odd} for odd in _ODD)
        if isinstance(value, dict):
            yield from (said | {name: inner} for inner in _spoilt(value))
