"""QuickBooks and Xero tell which object of which books changed."""

from typing import Any

import pytest

from models.billing import ObjectChanged, ObjectKind
from models.errors import WebhookMalformed
from tests.webhooks.books_events import REALM, cloud_event, notification, xero
from tests.webhooks.signing import as_body, source
from tests.webhooks.telling import one, told

OBJECTS = [
    ("Invoice", ObjectKind.INVOICE),
    ("Payment", ObjectKind.PAYMENT),
    ("CreditMemo", ObjectKind.CREDIT_NOTE),
    ("Customer", ObjectKind.CUSTOMER),
    ("RefundReceipt", ObjectKind.REFUND),
]


@pytest.mark.parametrize(("name", "kind"), OBJECTS)
def test_quickbooks_tells_the_same_in_both_forms(name: str, kind: ObjectKind) -> None:
    old = one("quickbooks", notification(name), ObjectChanged)
    new = one("quickbooks", cloud_event(f"qbo.{name.lower()}.updated.v1"), ObjectChanged)

    assert (old.object, old.id, old.account, old.deleted) == (kind, "145", REALM, False)
    assert (new.object, new.id, new.account, new.deleted) == (kind, "145", REALM, False)
    assert old.happened_at == new.happened_at.replace(microsecond=0)


@pytest.mark.parametrize(
    ("operation", "word", "deleted"),
    [("Delete", "deleted", True), ("Void", "voided", False), ("Create", "created", False)],
)
def test_what_is_deleted_is_no_more_and_what_is_void_is_asked_for(
    operation: str, word: str, deleted: bool
) -> None:
    old = one("quickbooks", notification("Invoice", operation), ObjectChanged)
    new = one("quickbooks", cloud_event(f"qbo.invoice.{word}.v1"), ObjectChanged)

    assert (old.deleted, new.deleted) == (deleted, deleted)


def test_a_customer_merged_into_another_is_no_more() -> None:
    found = told("quickbooks", notification("Customer", "Merge", deletedId="99"))

    assert [(news.id, news.deleted) for news in found if isinstance(news, ObjectChanged)] == [
        ("145", False),
        ("99", True),
    ]


def test_what_we_owe_ourselves_is_of_no_use() -> None:
    assert told("quickbooks", notification("Bill")) == []
    assert told("quickbooks", cloud_event("qbo.vendor.created.v1")) == []


@pytest.mark.parametrize("kind", ["qbo.fax.sent.v1", "com.example.invoice.paid", "invoice"])
def test_other_cloud_events_are_unknown(kind: str) -> None:
    (arrived,) = source("quickbooks").take_apart(as_body(cloud_event(kind)), {})

    assert source("quickbooks").translate(arrived) is None


def test_a_notification_has_no_id_but_the_same_one_each_time() -> None:
    first, again, other = (
        source("quickbooks").take_apart(as_body(said), {})[0].event_id
        for said in (
            notification("Invoice"),
            notification("Invoice"),
            notification("Invoice", lastUpdated="2026-03-02T09:00:01.000Z"),
        )
    )

    assert first == again
    assert first != other


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("INVOICE", ObjectKind.INVOICE),
        ("CONTACT", ObjectKind.CUSTOMER),
        ("CREDITNOTE", ObjectKind.CREDIT_NOTE),
    ],
)
def test_xero_tells_which_object_of_which_books(category: str, kind: ObjectKind) -> None:
    changed = one("xero", xero(category), ObjectChanged)

    assert (changed.object, changed.id, changed.account) == (kind, "717f2bfc", "c2cc9b6e")
    assert str(changed.happened_at) == "2026-03-02 09:00:00.902000+00:00"


def test_the_intent_to_receive_holds_no_event() -> None:
    said = {"events": [], "firstEventSequence": 0, "lastEventSequence": 0, "entropy": "S0m3"}

    assert told("xero", said) == []


@pytest.mark.parametrize(
    "said",
    [xero("CREDITNOTE", data={"Type": "ACCPAYCREDIT", "Status": "DRAFT"}), xero("SUBSCRIPTION")],
)
def test_what_we_owe_in_xero_is_of_no_use(said: dict[str, Any]) -> None:
    assert told("xero", said) == []


def test_a_credit_note_that_is_deleted_is_no_more() -> None:
    said = xero("CREDITNOTE", data={"Type": "ACCRECCREDIT", "Status": "DELETED"})

    assert one("xero", said, ObjectChanged).deleted


def test_other_categories_are_unknown() -> None:
    (arrived,) = source("xero").take_apart(as_body(xero("FAX")), {})

    assert source("xero").translate(arrived) is None


@pytest.mark.parametrize("provider", ["quickbooks", "xero", "gocardless"])
@pytest.mark.parametrize("said", [{}, {"events": {}}, {"events": [1]}, 1, None, "x"])
def test_other_shapes_are_malformed(provider: str, said: Any) -> None:
    with pytest.raises(WebhookMalformed):
        source(provider).take_apart(as_body(said), {})
