"""What somebody who calls a customer needs to know, and no more than fits a screen."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.banking_days import Place
from domain.brief import Brief, Callee, OpenInvoice, brief, callees, owed
from domain.office_hours import OfficeHours
from domain.terms import Terms
from models.facts import DisputeFacts, Facts, PaymentHabit, PromiseFacts
from models.policy import Plans
from models.vocabulary import Action, Method, Reason, Role, Tier
from tests.domain.one_invoice import (
    GERMANY,
    STANDARD,
    at,
    customer,
    invoice,
    known,
    march,
    plan,
    with_progress,
)

NOW = at(march(25), 10)
TERMS = Terms(STANDARD, GERMANY, OfficeHours(Place("US"), "America/New_York"))

AP = Callee("Ada", "+49 1", "ap@acme.example", Role.AP)
LEAD = Callee("Leo", "+49 2", "lead@acme.example", Role.FINANCE_LEAD)
CFO = Callee("Cleo", "+49 3", "cfo@acme.example", Role.CFO)
BOSS = Callee("Bo", "+49 4", "boss@acme.example", Role.ESCALATION)
EVERYBODY = (BOSS, CFO, AP, LEAD)


def _brief(facts: Facts | None = None, now: datetime = NOW, **told: Any) -> Brief:
    return brief(
        facts or known(), TERMS, now, **({"known": (AP,), "invoices": (), "story": ()} | told)
    )


@pytest.mark.parametrize(
    ("what", "order"),
    [
        (Action.CALL_AP_CONTACT, [AP, LEAD, BOSS, CFO]),
        (Action.CALL_FINANCE, [LEAD, CFO, BOSS, AP]),
        ("", [AP, LEAD, CFO, BOSS]),
        (Action.ASK_DISPOSITION, [AP, LEAD, BOSS, CFO]),
    ],
)
def test_the_right_person_is_called_first(what: str, order: list[Callee]) -> None:
    assert list(callees(EVERYBODY, what)) == order


def test_who_has_no_number_comes_last() -> None:
    silent = replace(LEAD, phone="")

    assert callees((AP, silent, CFO), Action.CALL_FINANCE) == (CFO, AP, silent)


def test_two_of_one_role_keep_their_order() -> None:
    other = replace(AP, name="Abe")

    assert callees((other, AP), Action.CALL_AP_CONTACT) == (other, AP)


def _owing(amount: int, due_on: date, currency: str = "USD") -> OpenInvoice:
    return OpenInvoice("1", currency, Decimal(amount), due_on, "active")


def test_what_is_owed_is_summed_by_currency_and_age() -> None:
    invoices = [
        _owing(100, march(24)),  # a day late
        _owing(200, march(11)),  # 14 days
        _owing(400, march(10)),  # 15 days
        _owing(800, march(25)),  # due today
        _owing(1_600, date(2026, 2, 7)),  # 46 days
        _owing(3_200, march(10), "EUR"),
    ]

    assert owed(invoices, march(25)) == (
        ("EUR", Tier.LATE, Decimal(3_200), 1),
        ("USD", Tier.CURRENT, Decimal(800), 1),
        ("USD", Tier.EARLY, Decimal(300), 2),
        ("USD", Tier.LATE, Decimal(400), 1),
        ("USD", Tier.CRITICAL, Decimal(1_600), 1),
    )
    assert owed([], march(25)) == ()


def test_a_brief_of_an_ordinary_call() -> None:
    told = _brief(
        invoices=[_owing(5_000, march(10))],
        story=["2026-03-18 sent: first-notice"],
        what=Action.CALL_AP_CONTACT,
    )

    assert told == Brief(
        customer="Acme GmbH",
        number="2026-001",
        callees=(AP,),
        hours=(at(march(25), 9), at(march(25), 17)),
        zone="Europe/Berlin",
        owed=(("USD", Tier.LATE, Decimal(5_000), 1),),
        story=("2026-03-18 sent: first-notice",),
        behaviour="Too few settled invoices (0) to know how they pay.",
        promises=(),
        disputes=(),
        relationship=(),
        ask="When will 5,000.00 USD on invoice 2026-001 be paid, and by what?",
        offers=("A payment plan of at most 12 instalments.",),
    )


def test_the_hours_are_the_customers_whatever_hour_it_is_here() -> None:
    tokyo = known(who=customer(zone="Asia/Tokyo"))
    new_york_evening = at(march(24), 20, zone="America/New_York")  # the 25th in Tokyo

    assert _brief(tokyo, new_york_evening).hours == (
        at(march(25), 9, zone="Asia/Tokyo"),
        at(march(25), 17, zone="Asia/Tokyo"),
    )


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (at(march(25), 6), march(25)),
        (at(march(25), 16, 59), march(25)),
        (at(march(25), 17), march(26)),
        (at(march(27), 18), march(30)),  # a Friday evening
        (at(march(28), 10), march(30)),
        (at(date(2026, 4, 3), 10), date(2026, 4, 7)),  # Good Friday
    ],
)
def test_who_calls_too_late_is_told_of_the_next_office_hours(now: datetime, day: date) -> None:
    assert _brief(now=now).hours == (at(day, 9), at(day, 17))


def test_how_they_pay_is_said_as_of_today() -> None:
    good = PaymentHabit(settled=9, median_days_late=0, spread_days=9, late_share=5)
    facts = known(who=customer(habit=good))

    assert _brief(facts).behaviour.startswith("Late for the first time in a long while")
    assert _brief(facts, at(march(9), 10)).behaviour.startswith("Pays well")


def test_promises_are_told_with_what_became_of_the_earlier_ones() -> None:
    habit = PaymentHabit(promises=4, promises_kept=75)
    facts = with_progress(
        known(who=customer(habit=habit)), promise=PromiseFacts(march(30), Method.WIRE)
    )

    assert _brief(facts, broken_promises=2).promises == (
        "Promised for 2026-03-30; it counts as broken from 2026-04-02.",
        "2 promises about this invoice were broken.",
        "Keeps 75 % of promises (4 so far).",
    )


def test_one_broken_promise_is_no_plural() -> None:
    assert _brief(broken_promises=1).promises == ("1 promise about this invoice was broken.",)


_PLAN = plan((march(24), 3_000), (date(2026, 4, 24), 2_000), agreed_on=march(12), paid=1_000)


def test_on_a_plan_what_was_missed_of_it_is_asked_for_and_no_other_plan_offered() -> None:
    told = _brief(with_progress(known(invoice(payment_link="https://pay.example/1")), plan=_PLAN))

    assert "2,000.00 USD, missed under the plan for invoice 2026-001" in told.ask
    [agreed] = told.promises
    assert agreed.startswith("Agreed on 2026-03-12: 2 instalments; number 1 is due on 2026-03-24")
    assert agreed.endswith("2,000.00 USD of it open.")
    assert told.offers == ("Pay by link: https://pay.example/1",)


def test_on_a_plan_that_is_kept_nothing_is_asked_for_but_the_next_instalment() -> None:
    kept = with_progress(known(), plan=replace(_PLAN, paid_since=Decimal(3_000)))

    told = _brief(kept)

    assert "next instalment" in told.ask
    assert "number 2 is due on 2026-04-24" in told.promises[0]


def test_only_what_is_not_contested_is_asked_for() -> None:
    part = with_progress(
        known(), dispute=DisputeFacts(march(12), Decimal(1_500), code="price", line="3")
    )

    told = _brief(part)

    assert told.disputes == (
        "Contested since 2026-03-12: 1,500.00 USD (price). Do not ask for that.",
    )
    assert told.ask.startswith("When will 3,500.00 USD")


def test_nothing_is_asked_for_where_all_of_it_is_contested() -> None:
    told = _brief(with_progress(known(), dispute=DisputeFacts(march(12))))

    assert told.disputes == ("Contested since 2026-03-12: all of it. Do not ask for that.",)
    assert "5,000.00" not in told.ask
    assert told.offers == ()


def test_what_is_delicate_is_told_in_words() -> None:
    delicate = frozenset({Reason.SEVERE_TICKET, Reason.PAUSED_BY_SALES})

    assert _brief(known(who=customer(delicate=delicate))).relationship == (
        "paused by sales",
        "severe ticket",
    )


def test_what_forbids_the_call_comes_first() -> None:
    who = customer(
        do_not_contact=True, legal_hold=True, delicate=frozenset({Reason.HEALTH_AT_RISK})
    )

    assert _brief(known(who=who)).relationship == (
        "do not contact",
        "legal hold",
        "health at risk",
    )


def test_what_may_be_offered_is_the_policys_and_the_invoices() -> None:
    few = STANDARD.model_copy(update={"plans": Plans(most_instalments=3)})
    facts = known(invoice(payment_link="https://pay.example/1"))

    told = brief(facts, replace(TERMS, policy=few), NOW, known=(), invoices=(), story=())

    assert told.offers == (
        "A payment plan of at most 3 instalments.",
        "Pay by link: https://pay.example/1",
    )
