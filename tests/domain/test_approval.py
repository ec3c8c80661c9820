"""Rule 15: which letters a person signs, and what becomes of a draft."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.decide import decide
from models.decision import Decision, Verb
from models.facts import ContactHistory, DraftFacts, Facts
from models.policy import Approval, Policy, Thresholds
from models.vocabulary import Channel, DraftState, Reason, Stage, Status
from tests.domain.one_chase import Chase, News, People, chase
from tests.domain.one_invoice import (
    GERMANY,
    SHIPPED,
    STANDARD,
    asked_on,
    at,
    customer,
    done,
    invoice,
    known,
    march,
    morning,
    plan,
    with_progress,
)

_DAY = march(25)  # the second notice of the standard policy: early, firm
_BEFORE = done("reminder", "due-notice", "first-notice")
EVERY = Approval(every_message=True)


def _policy(approval: Approval = EVERY, **thresholds: Any) -> Policy:
    return STANDARD.model_copy(
        update={"approval": approval, "thresholds": Thresholds(**thresholds)}
    )


def _facts(
    draft: DraftFacts | None = None, amount: int = 5_000, written: int | None = None, **who: Any
) -> Facts:
    facts = known(
        invoice(amount_open=Decimal(amount)),
        customer(**who),
        _BEFORE,
        ContactHistory(messages_under_policy=written),
    )
    return with_progress(facts, draft=draft)


def _draft(state: DraftState = DraftState.OPEN, **changes: Any) -> DraftFacts:
    return replace(DraftFacts("second-notice", 1, state), **changes)


def _asked(draft: DraftFacts | None, policy: Policy | None = None) -> Decision:
    return asked_on(_DAY, _facts(draft), policy or _policy())


_SEGMENTS = Approval(segments=frozenset({"enterprise"}))
_FINAL, _EARLY = (Approval(stages=frozenset({stage})) for stage in (Stage.FINAL, Stage.EARLY))


@pytest.mark.parametrize(
    ("policy", "facts", "why"),
    [
        (_policy(Approval()), _facts(), ""),
        (_policy(), _facts(), "every letter"),
        (_policy(Approval(), approval_above=5_000), _facts(amount=4_999), ""),
        (_policy(Approval(), approval_above=5_000), _facts(amount=5_000), "amount"),
        (_policy(Approval(strategic_customers=True)), _facts(strategic=True), "strategic"),
        (_policy(Approval(strategic_customers=True)), _facts(), ""),
        (_policy(Approval()), _facts(strategic=True), ""),
        (_policy(_EARLY), _facts(), "stage"),
        (_policy(_FINAL), _facts(), ""),
        (_policy(_SEGMENTS), _facts(segment="enterprise"), "enterprise"),
        (_policy(_SEGMENTS), _facts(segment="small"), ""),
        (_policy(Approval(first_messages=10)), _facts(written=0), "first 10"),
        (_policy(Approval(first_messages=10)), _facts(written=9), "first 10"),
        (_policy(Approval(first_messages=10)), _facts(written=10), ""),
    ],
)
def test_a_person_signs_what_the_policy_says(policy: Policy, facts: Facts, why: str) -> None:
    undrafted = asked_on(_DAY, facts, policy)
    waiting = asked_on(_DAY, with_progress(facts, draft=_draft()), policy)
    signed = asked_on(_DAY, with_progress(facts, draft=_draft(DraftState.APPROVED)), policy)

    verb = Verb.DRAFT if why else Verb.ACT
    assert undrafted.verb is verb
    assert waiting.verb is (Verb.WAIT if why else Verb.ACT)
    assert signed.acts
    assert why in undrafted.says


def test_first_comes_a_draft_with_the_words_of_the_letter() -> None:
    drafted, sent = _asked(None), _asked(_draft(DraftState.APPROVED))

    assert (drafted.verb, drafted.reason) == (Verb.DRAFT, Reason.NEEDS_APPROVAL)
    assert (drafted.step, drafted.at) == ("second-notice", None)
    assert drafted.touch == sent.touch
    assert drafted.is_passing
    assert not drafted.acts


def test_then_it_waits_for_a_signature_and_for_nothing_else() -> None:
    decision = _asked(_draft())

    assert (decision.verb, decision.reason) == (Verb.WAIT, Reason.NEEDS_APPROVAL)
    assert decision.status is Status.AWAITING_APPROVAL
    assert (decision.holds, decision.held_step) == (True, "second-notice")
    assert "Version 1" in decision.says


@pytest.mark.parametrize(
    "draft",
    [
        _draft(is_current=False),
        _draft(DraftState.APPROVED, is_current=False),
        _draft(DraftState.REJECTED),
        _draft(DraftState.VOID),
        _draft(DraftState.SENT),
        _draft(DraftState.APPROVED, step="first-notice"),
    ],
    ids=lambda draft: f"{draft.step} {draft.state} {draft.is_current}",
)
def test_what_states_the_facts_no_longer_is_made_anew(draft: DraftFacts) -> None:
    assert _asked(draft).verb is Verb.DRAFT


def test_a_draft_that_a_sibling_carries_leaves_with_the_sibling() -> None:
    open_, signed = (
        _asked(_draft(state, own=False)) for state in (DraftState.OPEN, DraftState.APPROVED)
    )

    assert open_.status is Status.AWAITING_APPROVAL
    assert (signed.verb, signed.reason) == (Verb.WAIT, Reason.COVERED)
    assert signed.at == morning(march(26), _facts())


def test_a_signature_at_night_leaves_in_the_morning() -> None:
    night = at(_DAY, 23)

    decision = decide(_facts(_draft(DraftState.APPROVED)), _policy(), GERMANY, night)

    assert decision.reason is Reason.OUTSIDE_WINDOW
    assert decision.at == morning(march(26), _facts())


def test_a_draft_is_written_at_any_hour_so_that_it_can_be_signed_by_the_morning() -> None:
    assert decide(_facts(), _policy(), GERMANY, at(_DAY, 1)).verb is Verb.DRAFT


def test_a_call_is_no_letter_to_sign() -> None:
    key = SHIPPED["key_account"]
    facts = known(progress=done("reminder", "due-notice"))

    decision = asked_on(march(19), facts, key)

    assert decision.acts
    assert decision.touch is not None
    assert decision.touch.channel is Channel.CALL


def test_what_nobody_can_be_sent_to_is_not_drafted() -> None:
    assert asked_on(_DAY, _facts(addresses=()), _policy()).reason is Reason.NO_ADDRESS


def test_a_draft_of_a_plans_letter_is_signed_as_well() -> None:
    agreed = plan((march(31), 2_500), (date(2026, 4, 30), 2_500), agreed_on=_DAY)
    facts = with_progress(_facts(), plan=agreed)
    draft = DraftFacts("plan-7-confirmation", 1, DraftState.APPROVED)

    assert asked_on(_DAY, facts, _policy()).verb is Verb.DRAFT
    signed = asked_on(_DAY, with_progress(facts, draft=draft), _policy())
    assert (signed.acts, signed.step) == (True, "plan-7-confirmation")


def _lived(*news: News, read: DraftState | None = DraftState.APPROVED) -> Chase:
    facts = with_progress(_facts(), draft=None)
    return chase(facts, _policy(), GERMANY, at(march(19), 12), *news, people=People(read=read))


def test_a_chase_of_which_every_letter_is_signed_keeps_its_days() -> None:
    assert [(taken.step, taken.on) for taken in _lived().taken] == [
        ("second-notice", _DAY),
        ("final-notice", date(2026, 4, 10)),
    ]


def test_a_chase_that_nobody_signs_waits_at_its_first_letter() -> None:
    lived = _lived(read=None)

    assert lived.taken == []
    verbs = [decision.verb for _, decision in lived.asked]
    assert verbs.count(Verb.DRAFT) == 1
    assert verbs[-1] is Verb.WAIT


def test_nobody_need_be_told_that_an_unsigned_letter_has_become_pointless() -> None:
    """Whatever is lost, a draft that waits is looked at again within a week, on a plan daily."""
    decision = _asked(_draft())

    assert decision.at is not None
    assert decision.at.date() == date(2026, 4, 1)


def test_rejected_drafts_pass_their_steps_and_end_with_a_person() -> None:
    lived = _lived(read=DraftState.REJECTED)

    assert lived.taken == []
    assert lived.asked[-1][1].status is Status.AWAITING_DECISION


def test_money_that_comes_while_a_draft_waits_has_it_written_anew() -> None:
    def pays(facts: Facts) -> Facts:
        less = replace(facts.invoice, amount_open=facts.invoice.amount_open / 2)
        return replace(facts, invoice=less)

    lived = _lived((at(march(26), 15), pays), read=None)

    drafts = [(at_, decision.verb) for at_, decision in lived.asked if decision.verb is Verb.DRAFT]
    assert drafts == [(morning(_DAY, _facts()), Verb.DRAFT), (at(march(26), 15), Verb.DRAFT)]


def test_signing_late_moves_what_comes_after_by_as_much() -> None:
    def signs(facts: Facts) -> Facts:
        return with_progress(facts, draft=_draft(DraftState.APPROVED))

    facts = _facts()
    waiting = asked_on(_DAY, with_progress(facts, draft=_draft()), _policy())
    held = with_progress(facts, held_step=waiting.held_step, shift_days=waiting.shift_days)

    sent = asked_on(march(30), signs(held), _policy())  # a Monday, five days later

    assert sent.acts
    assert sent.shift_days == 5
