"""What Stripe says of credit notes, customers, and cards on file."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from models.billing import CreditIssued, CreditVoided, CustomerStated, MeansState, MeansStated
from models.vocabulary import Method
from tests.webhooks.stripe_events import card, credit_note, customer, event
from tests.webhooks.telling import one, told

POST = {"type": "post_payment", "pre_payment_amount": 0, "post_payment_amount": 2_000}


@pytest.mark.parametrize(
    ("changes", "amount"),
    [
        ({}, "20"),
        ({**POST, "refund": "re_1"}, "20"),
        ({**POST, "refunds": [{"refund": "re_1", "amount_refunded": 2_000}]}, "20"),
        ({**POST, "refund": "re_1", "out_of_band_amount": 500}, "15"),
        (
            {
                **POST,
                "type": "mixed",
                "pre_payment_amount": 700,
                "customer_balance_transaction": "cbtxn_1",
            },
            "7",
        ),
    ],
    ids=["lowers an open one", "refund", "refunds since 2025", "part elsewhere", "part balance"],
)
def test_a_credit_note_stands_against_its_invoice(changes: dict[str, Any], amount: str) -> None:
    issued = one("stripe", event("credit_note.created", credit_note(**changes)), CreditIssued)

    assert issued.amount == Decimal(amount)
    assert [(share.invoice, share.amount) for share in issued.shares] == [
        (("in_1",), Decimal(amount))
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {**POST, "customer_balance_transaction": "cbtxn_1"},
        {**POST, "out_of_band_amount": 2_000},
    ],
    ids=["balance", "elsewhere"],
)
def test_what_stripe_settles_in_other_ways_is_not_booked_again(changes: dict[str, Any]) -> None:
    assert told("stripe", event("credit_note.created", credit_note(**changes))) == []


def test_a_credit_note_is_taken_back() -> None:
    said = event("credit_note.voided", credit_note(status="void"))

    assert one("stripe", said, CreditVoided).credit_id == "cn_1"


def test_a_card_on_file_is_good_to_the_end_of_its_month() -> None:
    means = one("stripe", event("payment_method.attached", card()), MeansStated)

    assert (means.provider, means.reference, means.holder) == ("stripe", "pm_1", "cus_1")
    assert (means.state, means.method) == (MeansState.USABLE, Method.CARD)
    assert means.expires_on == date(2028, 2, 29)


def test_a_card_that_has_run_out_is_expired() -> None:
    said = card(card={"exp_month": 2, "exp_year": 2026})

    means = one("stripe", event("payment_method.updated", said), MeansStated)
    assert means.state is MeansState.EXPIRED


@pytest.mark.parametrize("month", [0, 13, None])
def test_a_month_that_is_none_says_nothing(month: int | None) -> None:
    said = card(card={"exp_month": month, "exp_year": 2028})

    assert one("stripe", event("payment_method.updated", said), MeansStated).expires_on is None


def test_a_detached_card_is_charged_no_more_and_was_whose() -> None:
    said = event("payment_method.detached", card(customer=None), {"customer": "cus_1"})

    means = one("stripe", said, MeansStated)
    assert (means.state, means.holder) == (MeansState.REVOKED, "cus_1")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("active", MeansState.USABLE),
        ("pending", MeansState.PENDING),
        ("inactive", MeansState.REVOKED),
    ],
)
def test_a_mandate_says_whether_its_account_can_be_debited(status: str, state: MeansState) -> None:
    said = {
        "id": "mandate_1",
        "type": "multi_use",
        "status": status,
        "payment_method": "pm_1",
        "payment_method_details": {"type": "sepa_debit"},
    }

    means = one("stripe", event("mandate.updated", said), MeansStated)
    assert (means.reference, means.state, means.method) == ("pm_1", state, Method.SEPA)


def test_what_was_set_up_may_be_charged() -> None:
    said = {
        "id": "seti_1",
        "payment_method": "pm_1",
        "customer": "cus_1",
        "payment_method_types": ["us_bank_account"],
    }

    means = one("stripe", event("setup_intent.succeeded", said), MeansStated)
    assert (means.reference, means.holder, means.method) == ("pm_1", "cus_1", Method.ACH)


def test_a_customer_and_the_card_they_have_chosen() -> None:
    before = {"invoice_settings": {"default_payment_method": None}}

    said = event("customer.updated", customer(), before)
    assert one("stripe", said, CustomerStated).customer.language == "de"
    means = one("stripe", said, MeansStated)
    assert (means.reference, means.is_default) == ("pm_1", True)


def test_a_customer_who_chose_nothing_new_has_no_news_of_cards() -> None:
    found = told("stripe", event("customer.updated", customer(), {"name": "Old"}))

    assert [news.kind for news in found] == ["customer_stated"]
