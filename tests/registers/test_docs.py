"""docs/registers.md names every variable that a refusal may name, and our ids as they are."""

import re

import pytest

from integrations.provider_objects import chargebee_invoices, gocardless_payments
from tests.docs.pages import pages, rows, section, words

_PAGE = "docs/registers.md"


@pytest.mark.parametrize("prefix", ["DUNLIN_QUICKBOOKS", "DUNLIN_XERO"])
def test_what_a_refused_token_tells_to_mend_is_explained(prefix: str) -> None:
    for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN"):
        assert f"`{prefix}_{name}`" in pages()[_PAGE]


def test_every_provider_has_a_section() -> None:
    found = re.findall(r"^## (.+)$", pages()[_PAGE], re.MULTILINE)

    assert {"Stripe", "QuickBooks Online", "Xero", "Chargebee", "GoCardless"} <= set(found)


def test_every_status_of_chargebees_is_in_the_table() -> None:
    listed = {word for row in rows(section(_PAGE, "Chargebee")) for word in words(row[0])}

    assert listed == {*chargebee_invoices.STATUSES, chargebee_invoices.PENDING}


def test_every_status_of_gocardless_is_in_the_table() -> None:
    listed = {word for row in rows(section(_PAGE, "GoCardless")) for word in words(row[0])}

    assert listed == gocardless_payments.STATUSES
