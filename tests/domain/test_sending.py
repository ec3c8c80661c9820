"""Rules 3, 7, 8, 13 and 16: amounts, money on its way, hours, addresses, calls, pauses."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain import send_window
from domain.decide import decide
from models.facts import Address, DisputeFacts, DraftFacts, Facts, PauseFacts
from models.policy import Approval, Policy, Step
from models.vocabulary import Action, Channel, DraftState, Method, Reason, Stage, Status, TaskKind
from tests.domain.one_invoice import (
    DUE,
    GERMANY,
    STANDARD,
    asked_on,
    customer,
    done,
    invoice,
    known,
    march,
    morning,
    with_progress,
)

_CALL = march(25)  # the second notice of the standard policy, with its call
_BEFORE = done("reminder", "due-notice", "first-notice")


def _owing(amount: Decimal | int, **changes: Any) -> Facts:
    return known(invoice(amount_open=Decimal(amount), **changes), progress=_BEFORE)


def _with(**changes: Any) -> Policy:
    return STANDARD.model_copy(update=changes)


def _actions(facts: Facts, policy: Policy = STANDARD, day: date = _CALL) -> tuple[Action, ...]:
    touch = asked_on(day, facts, policy).touch
    assert touch is not None
    return touch.actions


def test_a_call_is_worth_it_from_the_threshold_on() -> None:
    assert _actions(_owing(1_000)) == (Action.CALL_AP_CONTACT,)
    assert _actions(_owing(Decimal("999.99"))) == ()


def test_an_amount_that_cannot_be_converted_reaches_every_threshold() -> None:
    unknown = _owing(5, base_open=None, currency="BRL")
    draft = DraftFacts("second-notice", 1, DraftState.APPROVED)

    assert asked_on(_CALL, unknown).reason is Reason.NEEDS_APPROVAL
    assert _actions(with_progress(unknown, draft=draft)) == (
        Action.CALL_AP_CONTACT,
        Action.ALERT_OWNER,
    )


def test_only_what_is_asked_for_counts_towards_a_threshold() -> None:
    contested = replace(_BEFORE, dispute=DisputeFacts(DUE, Decimal(4_500)))
    facts = replace(_owing(5_000), progress=contested)

    assert _actions(facts) == ()


def test_a_balance_too_small_is_left_alone_until_it_grows() -> None:
    decision = asked_on(_CALL, _owing(Decimal("0.99")))

    assert (decision.reason, decision.at) == (Reason.SMALL_BALANCE, None)
    assert asked_on(_CALL, _owing(1)).acts
    assert asked_on(_CALL, _owing(Decimal("0.01"), base_open=None)).reason is not (
        Reason.SMALL_BALANCE
    )


@pytest.mark.parametrize("field", ["credit_on_account", "cash_in_transit"])
def test_money_on_its_way_holds_when_it_covers_what_is_asked_for(field: str) -> None:
    part = replace(_BEFORE, dispute=DisputeFacts(DUE, Decimal(1_000)))
    enough, short = (customer(**{field: Decimal(cash)}) for cash in ("4000", "3999.99"))

    assert asked_on(_CALL, known(who=enough, progress=part)).holds
    assert asked_on(_CALL, known(who=short, progress=part)).acts


def test_money_that_waits_to_be_placed_holds_what_it_is_a_tenth_of() -> None:
    enough, short = (customer(unapplied_cash=Decimal(cash)) for cash in ("500", "499.99"))

    assert asked_on(_CALL, known(who=enough, progress=_BEFORE)).reason is Reason.UNAPPLIED_CASH
    assert asked_on(_CALL, known(who=short, progress=_BEFORE)).acts


def test_a_payment_under_way_holds_until_it_can_have_arrived_and_then_is_looked_for() -> None:
    begun = replace(_owing(5_000).invoice, under_way=Decimal(5_000), under_way_by=Method.SEPA)
    fresh = known(replace(begun, under_way_since=_CALL), progress=_BEFORE)
    stale = known(replace(begun, under_way_since=_CALL - timedelta(days=30)), progress=_BEFORE)

    waits, lost = asked_on(_CALL, fresh), asked_on(_CALL, stale)

    assert (waits.reason, waits.task) == (Reason.PAYMENT_IN_TRANSIT, None)
    assert lost.reason is Reason.PAYMENT_IN_TRANSIT
    assert lost.task is not None
    assert lost.task.kind is TaskKind.FIND_PAYMENT


def test_a_payment_under_way_that_covers_a_part_holds_nothing() -> None:
    begun = replace(_owing(5_000).invoice, under_way=Decimal(4_999), under_way_since=_CALL)

    assert asked_on(_CALL, known(begun, progress=_BEFORE)).acts


def test_the_window_opens_at_the_customers_moment_and_ends_sharp() -> None:
    facts, second = _owing(5_000), timedelta(seconds=1)
    opens = morning(_CALL, facts)
    closes = send_window.closes(_CALL, facts.customer.zone, STANDARD.window)

    for now, acts in (
        (opens - second, False),
        (opens, True),
        (closes - second, True),
        (closes, False),
    ):
        assert decide(facts, STANDARD, GERMANY, now).acts == acts


def test_a_rejected_address_is_none() -> None:
    gone, other = Address("ap@acme.example", rejected=True), Address("cfo@acme.example", role="cfo")

    unreachable = asked_on(_CALL, known(who=customer(addresses=(gone,)), progress=_BEFORE))
    reachable = asked_on(_CALL, known(who=customer(addresses=(gone, other)), progress=_BEFORE))

    assert unreachable.reason is Reason.NO_ADDRESS
    assert unreachable.task is not None
    assert unreachable.task.kind is TaskKind.FIX_CONTACT
    assert reachable.acts


def _by_call() -> Policy:
    call = Step(
        id="ring",
        offset=7,
        stage=Stage.EARLY,
        channel=Channel.CALL,
        actions=(Action.CALL_AP_CONTACT,),
    )
    return _with(steps=(call,), approval=Approval(every_message=True))


def test_a_call_needs_no_address_no_signature_and_no_distance() -> None:
    who = customer(addresses=())
    facts = known(who=who)
    spoken_to = replace(facts, contact=replace(facts.contact, last_message_on=march(18)))

    decision = asked_on(march(18), spoken_to, _by_call())

    assert decision.touch is not None
    assert decision.touch.channel is Channel.CALL
    assert decision.touch.template is None


def test_a_pause_without_an_end_waits_for_somebody() -> None:
    paused = replace(_BEFORE, pause=PauseFacts())

    decision = asked_on(_CALL, known(progress=paused))

    assert (decision.reason, decision.status) == (Reason.PAUSED, Status.PAUSED)
    assert decision.at is None
    assert decision.held_step == "second-notice"


def test_a_pause_ends_on_its_day_and_wakes_on_a_banking_day() -> None:
    over_easter = replace(_BEFORE, pause=PauseFacts(date(2026, 4, 4)))

    waiting = asked_on(_CALL, known(progress=over_easter))

    assert waiting.at is not None
    assert waiting.at.date() == date(2026, 4, 7)
    assert asked_on(date(2026, 4, 7), known(progress=over_easter)).acts
