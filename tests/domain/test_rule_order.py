"""The first rule that applies answers (docs/decisions/0005): each case lifts what answered before.

The first case has every obstacle at once; each one after it has only those behind it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.decide import decide
from models.decision import Verb
from models.facts import (
    Address,
    ContactHistory,
    ContextFreshness,
    DisputeFacts,
    DraftFacts,
    Facts,
    PauseFacts,
    PaymentHabit,
    Progress,
    PromiseFacts,
)
from models.policy import Approval, Handling, Policy
from models.vocabulary import (
    Disposition,
    DraftState,
    InvoiceStatus,
    Method,
    Outcome,
    Reason,
    Status,
    TaskKind,
    Tier,
)
from tests.domain.one_invoice import (
    GERMANY,
    STANDARD,
    at,
    customer,
    done,
    invoice,
    known,
    march,
    plan,
)

# A Wednesday: the second notice is up, the final one on the 10th of April.
TODAY, NIGHT, MORNING = march(25), at(march(25), 23), at(march(25), 11)

Change = Callable[[Facts], Facts]


def _policy() -> Policy:
    steps = tuple(
        step.model_copy(update={"clause": "interest", "template_without_clause": "plain"})
        if step.id == "second-notice"
        else step
        for step in STANDARD.steps
    )
    held = {Reason.PAUSED_BY_SALES: dict.fromkeys(Tier, Handling.HOLD)}
    approval = Approval(every_message=True)
    return STANDARD.model_copy(update={"steps": steps, "relationship": held, "approval": approval})


POLICY = _policy()


def _taken(*steps: str) -> Progress:
    """Those steps, and the confirmation of the payment plan, which only matters while it runs."""
    return done("plan-7-confirmation", *steps, on=march(20))


_ALL_STEPS = _taken(*(step.id for step in POLICY.steps))
_UP_TO_FIRST = _taken("reminder", "due-notice", "first-notice")
_UP_TO_SECOND = _taken("reminder", "due-notice", "first-notice", "second-notice")
_DRAFT = DraftFacts("second-notice", 1, DraftState.OPEN)
_PLAN = plan((date(2026, 4, 14), 2500), (date(2026, 5, 14), 2500), agreed_on=march(20))
# Away since yesterday, and not asked today.
_AWAY = ContextFreshness("crm", tried_at=at(march(24), 9), failing_since=at(march(24), 9))


def _invoice(**changes: Any) -> Change:
    return lambda facts: replace(facts, invoice=replace(facts.invoice, **changes))


def _customer(**changes: Any) -> Change:
    return lambda facts: replace(facts, customer=replace(facts.customer, **changes))


def _progress(**changes: Any) -> Change:
    return lambda facts: replace(facts, progress=replace(facts.progress, **changes))


def _contact(**changes: Any) -> Change:
    return lambda facts: replace(facts, contact=replace(facts.contact, **changes))


EVERYTHING = known(
    invoice(status=InvoiceStatus.PAID, base_open=Decimal("0.5")),
    customer(
        insolvent=True,
        legal_hold=True,
        do_not_contact=True,
        addresses=(),
        delicate=frozenset({Reason.PAUSED_BY_SALES}),
        context=_AWAY,
        habit=PaymentHabit(settled=10, median_days_late=30, spread_days=2),
        unapplied_cash=Decimal(9_999),
        cash_in_transit=Decimal(9_999),
    ),
    replace(
        _ALL_STEPS,
        not_before=march(30),
        pause=PauseFacts(),
        dispute=DisputeFacts(march(20)),
        promise=PromiseFacts(march(25), Method.CHEQUE),
        plan=_PLAN,
        draft=_DRAFT,
        disposition=Disposition.LEGAL,
        disposed_on=march(23),
    ),
    ContactHistory(march(24), tuple(march(day) for day in range(16, 25))),
)
# What answers, and what lifts it. The numbers are those of the design.
LADDER: tuple[tuple[Reason, Change], ...] = (
    (Reason.PAID, _invoice(status=InvoiceStatus.OPEN)),  # 1
    (Reason.INSOLVENCY, _customer(insolvent=False)),  # 2
    (Reason.LEGAL_HOLD, _customer(legal_hold=False)),
    (Reason.DO_NOT_CONTACT, _customer(do_not_contact=False)),
    (Reason.LEGAL_ACTION, _progress(disposition=None)),
    (Reason.PAUSED, _progress(pause=None)),  # 3
    (Reason.DISPUTED, _progress(dispute=None)),  # 4
    (Reason.PROMISED, _progress(promise=None)),  # 5
    (Reason.ON_PLAN, _progress(plan=None)),  # 6
    (Reason.UNAPPLIED_CASH, _customer(unapplied_cash=Decimal(0))),  # 7
    (Reason.PAYMENT_IN_TRANSIT, _customer(cash_in_transit=Decimal(0))),
    (Reason.SMALL_BALANCE, _invoice(base_open=Decimal(5_000))),
    (Reason.CADENCE_OVER, _progress(done=_UP_TO_SECOND.done)),  # 8
    (Reason.NOT_YET, _progress(done=_UP_TO_FIRST.done)),
    (Reason.ENTRY_SPREAD, _progress(not_before=TODAY)),
    (Reason.GATHER_CONTEXT, _customer(context=replace(_AWAY, tried_at=NIGHT))),  # 11
    (Reason.CONTEXT_UNAVAILABLE, _customer(context=ContextFreshness())),
    (Reason.PAUSED_BY_SALES, _customer(delicate=frozenset())),
    (Reason.RELIABLE_LATE_PAYER, _customer(habit=PaymentHabit())),  # 12
    (Reason.NO_ADDRESS, _customer(addresses=(Address("ap@acme.example"),))),  # 13
    (Reason.NEEDS_APPROVAL, _progress(draft=replace(_DRAFT, state=DraftState.APPROVED))),  # 15
    (Reason.CONTACTED_RECENTLY, _contact(last_message_on=None)),  # 10
    (Reason.CONTACT_CAP, _contact(messages_30_days=())),
)


def _after(lifted: int) -> Facts:
    facts = EVERYTHING
    for _, lift in LADDER[:lifted]:
        facts = lift(facts)
    return facts


@pytest.mark.parametrize(
    ("place", "reason"), [(n, reason) for n, (reason, _) in enumerate(LADDER)], ids=str
)
def test_the_first_rule_that_applies_answers(place: int, reason: Reason) -> None:
    decision = decide(_after(place), POLICY, GERMANY, NIGHT)

    assert decision.reason is reason
    assert not decision.acts


def test_then_comes_the_hour() -> None:
    facts = _after(len(LADDER))

    assert decide(facts, POLICY, GERMANY, NIGHT).reason is Reason.OUTSIDE_WINDOW
    assert decide(facts, POLICY, GERMANY, at(TODAY, 8)).reason is Reason.OUTSIDE_WINDOW


def test_then_the_clause_and_at_last_the_step_itself() -> None:
    facts = _after(len(LADDER))
    agreed = _invoice(clauses=frozenset({"interest"}))(facts)

    without, whole = (decide(one, POLICY, GERMANY, MORNING) for one in (facts, agreed))

    assert (without.reason, whole.reason) == (Reason.CLAUSE_MISSING, Reason.STEP_DUE)
    assert without.touch is not None
    assert whole.touch is not None
    assert (without.touch.template, whole.touch.template) == ("plain", "second_notice")


# Where the chase stands: the end of it was lifted so, too. And a system that is no longer
# connected is not asked.
_LIFT_THE_RUNG_BEFORE = {Reason.NOT_YET, Reason.CONTEXT_UNAVAILABLE}


@pytest.mark.parametrize("place", range(len(LADDER)))
def test_what_lies_further_down_changes_no_answer(place: int) -> None:
    facts, expected = _after(place), LADDER[place][0]

    for reason, lift in LADDER[place + 1 :]:
        if reason not in _LIFT_THE_RUNG_BEFORE:
            assert decide(lift(facts), POLICY, GERMANY, NIGHT).reason is expected


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (InvoiceStatus.PAID, Outcome.PAID),
        (InvoiceStatus.CREDITED, Outcome.CREDITED),
        (InvoiceStatus.VOIDED, Outcome.VOIDED),
        (InvoiceStatus.WRITTEN_OFF, Outcome.WRITTEN_OFF),
    ],
)
def test_the_register_says_how_it_ended(status: InvoiceStatus, outcome: Outcome) -> None:
    decision = decide(known(invoice(status=status)), POLICY, GERMANY, NIGHT)

    assert (decision.verb, decision.outcome, decision.status) == (
        Verb.CLOSE,
        outcome,
        Status.CLOSED,
    )


def test_nothing_open_counts_as_paid_whatever_the_register_says() -> None:
    for left in (Decimal(0), Decimal("-0.01")):
        decision = decide(known(invoice(amount_open=left)), POLICY, GERMANY, NIGHT)

        assert decision.outcome is Outcome.PAID


@pytest.mark.parametrize(
    ("reason", "status", "task"),
    [
        (Reason.INSOLVENCY, Status.ON_PLAN, TaskKind.FINANCE),  # the plan runs on below
        (Reason.LEGAL_HOLD, Status.ON_PLAN, TaskKind.FINANCE),
        (Reason.DO_NOT_CONTACT, Status.ON_PLAN, TaskKind.FINANCE),
        (Reason.LEGAL_ACTION, Status.PAUSED, None),
        (Reason.PAUSED, Status.PAUSED, None),
        (Reason.DISPUTED, Status.DISPUTED, None),
        (Reason.PROMISED, Status.PROMISED, None),
        (Reason.ON_PLAN, Status.ON_PLAN, None),
        (Reason.UNAPPLIED_CASH, Status.ACTIVE, TaskKind.FINANCE),
        (Reason.PAYMENT_IN_TRANSIT, Status.ACTIVE, None),
        (Reason.SMALL_BALANCE, Status.ACTIVE, None),
        (Reason.CADENCE_OVER, Status.ACTIVE, None),
        (Reason.NOT_YET, Status.ACTIVE, None),
        (Reason.ENTRY_SPREAD, Status.ACTIVE, None),
        (Reason.GATHER_CONTEXT, Status.ACTIVE, None),
        (Reason.CONTEXT_UNAVAILABLE, Status.ACTIVE, None),
        (Reason.PAUSED_BY_SALES, Status.ACTIVE, None),
        (Reason.RELIABLE_LATE_PAYER, Status.ACTIVE, None),
        (Reason.NO_ADDRESS, Status.ACTIVE, TaskKind.FIX_CONTACT),
        (Reason.NEEDS_APPROVAL, Status.AWAITING_APPROVAL, None),  # asked for with the draft
        (Reason.CONTACTED_RECENTLY, Status.ACTIVE, None),
        (Reason.CONTACT_CAP, Status.ACTIVE, None),
    ],
)
def test_every_answer_has_its_status_and_its_task(
    reason: Reason, status: Status, task: TaskKind | None
) -> None:
    place = [one for one, _ in LADDER].index(reason)
    decision = decide(_after(place), POLICY, GERMANY, NIGHT)

    assert decision.status is status
    assert (decision.task.kind if decision.task else None) is task


@pytest.mark.parametrize(
    ("reason", "wakes"),
    [
        (Reason.INSOLVENCY, date(2026, 4, 1)),  # nobody signals that it is over
        (Reason.LEGAL_ACTION, None),
        (Reason.PAUSED, None),
        (Reason.DISPUTED, date(2026, 4, 7)),  # 14 days after the 20th is Good Friday
        (Reason.PROMISED, date(2026, 4, 9)),  # 14 days to clear, a day of grace
        (Reason.ON_PLAN, date(2026, 4, 9)),  # the first reminder
        (Reason.UNAPPLIED_CASH, march(27)),
        (Reason.PAYMENT_IN_TRANSIT, march(27)),
        (Reason.SMALL_BALANCE, None),
        (Reason.CADENCE_OVER, date(2026, 4, 7)),
        (Reason.NOT_YET, date(2026, 4, 10)),
        (Reason.ENTRY_SPREAD, march(30)),
        (Reason.GATHER_CONTEXT, march(25)),
        (Reason.CONTEXT_UNAVAILABLE, march(25)),  # an hour later
        (Reason.PAUSED_BY_SALES, date(2026, 4, 1)),
        (Reason.RELIABLE_LATE_PAYER, date(2026, 4, 16)),
        (Reason.NO_ADDRESS, date(2026, 4, 1)),
        (Reason.NEEDS_APPROVAL, date(2026, 4, 1)),
        (Reason.CONTACTED_RECENTLY, march(27)),
        (Reason.CONTACT_CAP, date(2026, 4, 16)),  # the second of nine letters is 30 days old
    ],
)
def test_every_answer_says_when_to_look_again(reason: Reason, wakes: date | None) -> None:
    place = [one for one, _ in LADDER].index(reason)
    decision = decide(_after(place), POLICY, GERMANY, NIGHT)

    assert (decision.at.date() if decision.at else None) == wakes
