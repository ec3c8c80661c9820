"""Suspending a service, after a warning and under a clause, and letting it run again."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain import wording
from domain.after_letter import after_letter
from domain.case import Case
from domain.decide import decide
from models.decision import Decision
from models.facts import (
    DisputeFacts,
    Facts,
    OwnerQuestion,
    PauseFacts,
    Progress,
    PromiseFacts,
    StepDone,
)
from models.policy import Handling, Policy
from models.vocabulary import (
    Action,
    Disposition,
    InvoiceStatus,
    Method,
    OwnerWord,
    Reason,
    Tier,
    TouchOutcome,
)
from tests.domain.one_chase import People, chase
from tests.domain.one_invoice import (
    GERMANY,
    SHIPPED,
    asked_on,
    at,
    customer,
    invoice,
    known,
    march,
    morning,
    plan,
    with_progress,
)

SAAS = SHIPPED["saas"]
SUSPEND = Action.SUSPEND_SERVICE
_PAUSE_DAY = date(2026, 4, 27)  # 45 days behind the chase date is a Saturday
_ALL = tuple(step.id for step in SAAS.steps)


def _taken(*, warned: bool = True) -> Progress:
    """Every step but the last, the pause warning with a warning or without."""
    return Progress(
        done=tuple(
            StepDone(step, TouchOutcome.SENT, march(12), warned=warned and step == "pause-warning")
            for step in _ALL[:-1]
        )
    )


def _facts(*conditions: Reason, warned: bool = True, clause: bool = True, **progress: Any) -> Facts:
    facts = known(
        invoice(clauses=frozenset({"suspension"} if clause else ())),
        customer(delicate=frozenset(conditions)),
        _taken(warned=warned),
    )
    return with_progress(facts, **progress)


def _on_pause_day(facts: Facts, policy: Policy = SAAS) -> Decision:
    return asked_on(_PAUSE_DAY, facts, policy)


def _suspends(decision: Decision) -> bool:
    assert decision.touch is not None
    return SUSPEND in decision.touch.actions


def test_a_service_is_suspended_where_the_contract_allows_it_and_a_letter_has_warned() -> None:
    decision = _on_pause_day(_facts())

    assert decision.touch is not None
    assert decision.touch.template == "service_pause"
    assert decision.touch.actions == (SUSPEND, Action.CALL_FINANCE, Action.ASK_DISPOSITION)


def test_without_the_clause_nothing_is_suspended_and_nothing_said_of_it() -> None:
    decision = _on_pause_day(_facts(clause=False))

    assert not _suspends(decision)
    assert decision.touch is not None
    assert decision.touch.template == "last_notice"


def test_nobody_is_suspended_unwarned() -> None:
    assert not _suspends(_on_pause_day(_facts(warned=False)))


def test_a_letter_speaks_of_a_pause_only_when_there_is_one() -> None:
    late = known(invoice(clauses=frozenset({"suspension"})))  # enters long past every warning

    decision = asked_on(date(2026, 5, 29), late, SAAS)

    assert decision.touch is not None
    assert not _suspends(decision)
    assert decision.touch.template != "service_pause"


def test_the_warning_is_the_letter_that_spoke_of_it() -> None:
    warned = asked_on(date(2026, 4, 10), _upto("firm-notice"), SAAS)
    plain = asked_on(date(2026, 4, 10), _upto("firm-notice", clause=False), SAAS)
    softened = asked_on(date(2026, 4, 10), _upto("firm-notice", Reason.EXPANSION_UNDER_WAY), SAAS)

    assert [one.touch.warns for one in (warned, plain, softened) if one.touch] == [
        True,
        False,
        False,
    ]


def _upto(step: str, *conditions: Reason, clause: bool = True) -> Facts:
    done = _taken().done[: _ALL.index(step) + 1]
    return with_progress(_facts(*conditions, clause=clause), done=done)


def test_a_warning_is_remembered_with_its_letter() -> None:
    facts = _upto("firm-notice")
    warning = asked_on(date(2026, 4, 10), facts, SAAS)

    then = after_letter(facts, warning, TouchOutcome.SENT, date(2026, 4, 10))

    assert [done.step for done in then.progress.done if done.warned] == ["pause-warning"]
    assert _suspends(_on_pause_day(then))


@pytest.mark.parametrize("amount", [None, Decimal(1), Decimal(4_999)])
def test_nothing_is_suspended_over_what_is_contested(amount: Decimal | None) -> None:
    touch = _on_pause_day(_facts(dispute=DisputeFacts(march(20), amount))).touch

    assert touch is None or SUSPEND not in touch.actions


def test_nor_where_the_policy_names_no_clause() -> None:
    steps = tuple(
        step.model_copy(update={"clause": None, "template_without_clause": None})
        if step.id == "service-pause"
        else step
        for step in SAAS.steps
    )
    bare = SAAS.model_copy(update={"steps": steps})

    assert _suspends(_on_pause_day(_facts(), bare))
    contested = _facts(dispute=DisputeFacts(march(20), Decimal(1_000)))
    assert not _suspends(_on_pause_day(contested, bare))


def _asked(word: OwnerWord | None) -> OwnerQuestion:
    return OwnerQuestion("service-pause", morning(_PAUSE_DAY, known(), SAAS), word)


@pytest.mark.parametrize(
    ("word", "suspends"), [(OwnerWord.GO, True), (OwnerWord.SOFTEN, False), (None, False)]
)
def test_a_delicate_relationship_is_suspended_by_its_owners_word_alone(
    word: OwnerWord | None, suspends: bool
) -> None:
    decision = _on_pause_day(_facts(Reason.RENEWAL_UNDER_WAY, question=_asked(word)))

    assert _suspends(decision) == suspends


def test_the_owners_go_still_counts_when_the_letter_has_left() -> None:
    """The service is told after the letter: what allowed it then allows it still."""
    facts = _facts(Reason.RENEWAL_UNDER_WAY, question=_asked(OwnerWord.GO))
    letter = _on_pause_day(facts)
    then = after_letter(facts, letter, TouchOutcome.SENT, _PAUSE_DAY)
    case = Case.of(then, SAAS, GERMANY, morning(_PAUSE_DAY, facts, SAAS))

    assert _suspends(letter)
    assert wording.may_suspend(case, SAAS.step("service-pause"))


def test_what_the_matrix_softens_is_not_suspended() -> None:
    matrix = {Reason.SEVERE_TICKET: dict.fromkeys(Tier, Handling.SOFTEN)}
    soft = SAAS.model_copy(update={"relationship": matrix})

    decision = _on_pause_day(_facts(Reason.SEVERE_TICKET), soft)

    assert not _suspends(decision)
    assert decision.touch is not None
    assert decision.touch.template == "gentle_reminder"


def test_a_courtesy_after_a_settled_dispute_suspends_nothing() -> None:
    decision = _on_pause_day(_facts(settled=True))

    assert decision.touch is not None
    assert decision.touch.template == "gentle_reminder"
    assert not _suspends(decision)


_NIGHT = at(date(2026, 4, 28), 23)
_SUSPENDED: dict[str, Any] = {
    "done": (*_taken().done, StepDone("service-pause", TouchOutcome.SENT, _PAUSE_DAY)),
    "suspended": True,
}


def _restores(facts: Facts) -> bool:
    return decide(facts, SAAS, GERMANY, _NIGHT).restores_service


def test_a_suspended_service_stays_so_while_nothing_happens() -> None:
    assert not _restores(_facts(**_SUSPENDED))


@pytest.mark.parametrize(
    ("status", "left"),
    [
        (InvoiceStatus.PAID, 0),
        (InvoiceStatus.OPEN, 0),
        (InvoiceStatus.CREDITED, 0),
        (InvoiceStatus.VOIDED, 0),
    ],
)
def test_the_end_of_the_debt_lets_it_run_again(status: InvoiceStatus, left: int) -> None:
    facts = _facts(**_SUSPENDED)
    settled = replace(facts.invoice, status=status, amount_open=Decimal(left))

    assert _restores(replace(facts, invoice=settled))


def test_what_was_given_up_is_owed_all_the_same() -> None:
    facts = _facts(**_SUSPENDED)
    given_up = replace(facts.invoice, status=InvoiceStatus.WRITTEN_OFF)

    assert not _restores(replace(facts, invoice=given_up))


_PROMISE = PromiseFacts(date(2026, 5, 11), Method.WIRE)
_PLAN = plan((date(2026, 5, 20), 2_500), (date(2026, 6, 20), 2_500), agreed_on=date(2026, 4, 28))
_CONFIRMED = (*_SUSPENDED["done"], StepDone("plan-7-confirmation", TouchOutcome.SENT, march(28)))


@pytest.mark.parametrize(
    "said",
    [
        {"dispute": DisputeFacts(date(2026, 4, 28))},
        {"promise": _PROMISE},
        {"plan": _PLAN, "done": _CONFIRMED},
    ],
    ids=["disputed", "promised", "on a plan"],
)
def test_what_is_contested_or_paid_as_agreed_lets_it_run_again(said: dict[str, Any]) -> None:
    assert _restores(_facts(**(_SUSPENDED | said)))


def test_a_plan_lets_it_run_again_before_its_confirmation_has_left() -> None:
    assert _restores(_facts(**_SUSPENDED, plan=_PLAN))


@pytest.mark.parametrize(
    "said",
    [
        {"dispute": DisputeFacts(date(2026, 4, 28), Decimal(100))},
        {"pause": PauseFacts()},
        {"disposition": Disposition.LEGAL, "disposed_on": date(2026, 4, 28)},
        {"disposition": Disposition.AGENCY, "disposed_on": date(2026, 4, 28)},
    ],
    ids=["disputed in part", "paused", "at the lawyers", "at the agency"],
)
def test_the_rest_leaves_it_suspended(said: dict[str, Any]) -> None:
    assert not _restores(_facts(**_SUSPENDED, **said))


def test_a_service_that_runs_is_not_restored() -> None:
    paid = known(invoice(status=InvoiceStatus.PAID, amount_open=Decimal(0)))

    assert not decide(paid, SAAS, GERMANY, _NIGHT).restores_service


def test_a_whole_chase_warns_and_then_suspends() -> None:
    facts = known(invoice(clauses=frozenset({"suspension"})))

    lived = chase(facts, SAAS, GERMANY, at(march(1), 12), people=People())

    assert [taken.touch.template for taken in lived.taken[-2:]] == [
        "pause_warning",
        "service_pause",
    ]
    assert [taken.step for taken in lived.taken if SUSPEND in taken.touch.actions] == [
        "service-pause"
    ]
    assert lived.facts.progress.suspended
