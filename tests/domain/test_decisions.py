"""What `decide` answers, whatever is known."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from domain import cadence, send_window
from domain.case import Case
from domain.decide import decide
from models.decision import HOLDING, Decision, Verb
from models.facts import DisputeFacts, Facts, PauseFacts, PromiseFacts
from models.vocabulary import (
    Action,
    Channel,
    Disposition,
    InvoiceStatus,
    Method,
    OwnerWord,
    Reason,
    Status,
    TaskKind,
)
from tests.domain.one_invoice import with_progress
from tests.domain.strategies import Question, often, questions, sometimes

# What only somebody, or something outside, can end.
_WAITS_FOR_SOMEBODY = {
    Reason.INSOLVENCY,
    Reason.LEGAL_HOLD,
    Reason.DO_NOT_CONTACT,
    Reason.LEGAL_ACTION,
    Reason.PAUSED,
    Reason.DISPUTED,
    Reason.SMALL_BALANCE,
    Reason.CADENCE_OVER,
    Reason.NEEDS_APPROVAL,
}


def _answers(question: Question) -> tuple[Decision, Case]:
    return decide(*question), Case.of(*question)


def _in_question(question: Question, facts: Facts) -> Question:
    return (facts, *question[1:])


@given(questions())
@often
def test_the_same_question_has_the_same_answer(question: Question) -> None:
    assert decide(*question) == decide(*question)


@given(questions(), st.sampled_from(InvoiceStatus))
@often
def test_nothing_is_sent_once_nothing_is_open(question: Question, status: InvoiceStatus) -> None:
    facts = question[0]
    left = Decimal(0) if status is InvoiceStatus.OPEN else facts.invoice.amount_open
    settled = replace(facts, invoice=replace(facts.invoice, status=status, amount_open=left))

    decision = decide(*_in_question(question, settled))

    assert decision.closes
    assert decision.touch is None
    assert decision.at is None
    assert decision.outcome is not None


@given(questions())
@often
def test_an_open_invoice_is_closed_for_an_agency_alone(question: Question) -> None:
    facts = question[0]
    assume(facts.invoice.status is InvoiceStatus.OPEN and facts.invoice.amount_open > 0)

    given_away = facts.progress.disposition is Disposition.AGENCY
    assert given_away or not decide(*question).closes


@given(questions(), st.sampled_from(["insolvent", "legal_hold", "do_not_contact"]))
@often
def test_who_is_off_limits_is_never_contacted(question: Question, mark: str) -> None:
    facts = question[0]
    marked = replace(facts, customer=replace(facts.customer, **{mark: True}))  # type: ignore[arg-type]  # a flag

    decision = decide(*_in_question(question, marked))

    assert not decision.acts


@given(questions())
@often
def test_a_wake_up_lies_in_the_future_and_in_the_morning(question: Question) -> None:
    facts, policy, calendar, now = question
    decision = decide(*question)

    if decision.verb is Verb.GATHER:
        assert decision.at == now
    elif decision.at is not None:
        assert decision.at > now
        assert decision.at.tzinfo is UTC
    if decision.at is not None and not _is_asked_at_any_hour(facts, decision):
        zone = facts.customer.zone
        own = send_window.opens(
            send_window.local_day(decision.at, zone), zone, policy.window, facts.customer.id
        )
        # A window in a skipped hour may begin after midnight of the day that follows.
        assert decision.at == own or _skips_an_hour(decision.at, zone)
        assert calendar.is_banking_day(send_window.local_day(decision.at, zone))


def _is_asked_at_any_hour(facts: Facts, decision: Decision) -> bool:
    """A connected system, as soon as it is wanted; an owner who held, when their days are over,
    or who was asked, when their time is."""
    asked = facts.progress.question
    return decision.reason in {Reason.GATHER_CONTEXT, Reason.CONTEXT_UNAVAILABLE} or (
        asked is not None
        and decision.ask_owner_by is None
        and decision.at is not None
        and (decision.at == asked.answer_by or asked.word is OwnerWord.HOLD)
    )


def _skips_an_hour(moment: datetime, zone: str) -> bool:
    before, after = (
        (moment + timedelta(days=days)).astimezone(send_window.zone_of(zone)) for days in (-1, 1)
    )
    return before.utcoffset() != after.utcoffset()


@given(questions())
@often
def test_waiting_without_an_end_is_for_what_somebody_must_end(question: Question) -> None:
    decision = decide(*question)

    if decision.at is None and not decision.acts and not decision.closes:
        assert decision.reason in _WAITS_FOR_SOMEBODY


@given(questions())
@often
def test_steps_are_taken_in_the_window_of_a_day_on_which_both_sides_do_banking(
    question: Question,
) -> None:
    facts, policy, calendar, now = question
    decision, case = _answers(question)

    if decision.acts:
        zone = facts.customer.zone
        assert not calendar.payer.is_closed(case.today)
        assert not calendar.payee.is_closed(case.today)
        opens = send_window.opens(case.today, zone, policy.window, facts.customer.id)
        assert opens <= now < send_window.closes(case.today, zone, policy.window)


@given(questions())
@often
def test_an_act_is_one_step_that_was_not_taken_before(question: Question) -> None:
    facts, policy, _, _ = question
    decision = decide(*question)

    if decision.acts:
        touch = decision.touch
        assert touch is not None
        assert touch.step == decision.step
        assert touch.round == facts.progress.round
        assert touch.step not in {done.step for done in facts.progress.done}
        if facts.progress.plan is None:
            done = [policy.position(done.step) for done in facts.progress.done]
            assert policy.position(touch.step) > max(done, default=-1)


@given(questions())
@often
def test_what_an_act_passes_over_lies_before_it_and_was_never_taken(question: Question) -> None:
    facts, policy, _, _ = question
    decision = decide(*question)

    if decision.touch is not None and decision.touch.step.startswith("plan-"):
        assert decision.skipped == ()
    elif decision.touch is not None:
        ids = [step.id for step in policy.steps]
        done = max((policy.position(done.step) for done in facts.progress.done), default=-1)
        assert list(decision.skipped) == ids[done + 1 : policy.position(decision.touch.step)]


@given(questions())
@often
def test_a_touch_says_what_its_step_says_or_less(question: Question) -> None:
    decision, case = _answers(question)
    touch, step = decision.touch, case.position.due

    if touch is not None:
        assert step is not None
        assert (touch.step, touch.stage, touch.channel) == (step.id, step.stage, step.channel)
        assert touch.template in {step.template, step.soft_template, step.template_without_clause}
        # Somebody is called beside where the customer pays worse and worse, and the owner told
        # where much is owed.
        more = {Action.CALL_AP_CONTACT, Action.ALERT_OWNER}
        assert set(touch.actions) <= {*step.actions, *more}
        assert touch.template is not None or step.channel is Channel.CALL


@given(questions())
@often
def test_only_who_can_be_reached_and_was_asked_for_little_is_written_to(question: Question) -> None:
    facts, policy, _, _ = question
    decision, case = _answers(question)

    if decision.acts and decision.touch and decision.touch.channel is Channel.MAIL:
        assert any(not address.rejected for address in facts.customer.addresses)
        last = facts.contact.last_message_on
        gap = timedelta(days=policy.limits.min_days_between_messages)
        assert last is None or case.today >= last + gap
        month = [d for d in facts.contact.messages_30_days if d > case.today - timedelta(days=30)]
        assert len(month) < policy.limits.messages_per_30_days


@given(questions())
@often
def test_a_waiting_chase_names_the_step_it_stands_at(question: Question) -> None:
    _, policy, _, _ = question
    decision = decide(*question)

    if decision.verb is Verb.WAIT and decision.reason is not Reason.CADENCE_OVER:
        held = decision.held_step
        assert held is None or decision.step == held or policy.position(held) < 0
    assert decision.holds == (decision.reason in HOLDING and decision.verb is Verb.WAIT)
    assert (decision.status is Status.CLOSED) == decision.closes


@given(questions(), st.integers(0, 30), st.sampled_from(Method))
@often
def test_a_promise_holds_until_its_money_can_have_arrived(
    question: Question, days: int, method: Method
) -> None:
    facts, policy, calendar, now = question
    today = send_window.local_day(now, facts.customer.zone)
    promise = PromiseFacts(today + timedelta(days=days), method)
    asked = with_progress(facts, promise=promise, pause=None, dispute=None)

    decision = decide(asked, policy, calendar, now)

    over = cadence.promise_day(promise, calendar, policy.grace)
    assert over >= promise.pay_on
    if today < over:
        assert not decision.acts
    else:
        assert decision.reason is not Reason.PROMISED


@given(questions())
@often
def test_a_promise_wakes_on_the_day_it_is_broken(question: Question) -> None:
    decision, case = _answers(question)
    promise = case.facts.progress.promise

    if decision.reason is Reason.PROMISED:
        assert promise is not None
        assert decision.at is not None
        day = cadence.promise_day(promise, case.calendar, case.policy.grace)
        assert decision.at == case.morning_of(day)
        later = decide(case.facts, case.policy, case.calendar, decision.at)
        assert later.reason is not Reason.PROMISED


@given(questions())
@often
def test_a_pause_ends_on_its_day(question: Question) -> None:
    facts, policy, calendar, now = question
    today = send_window.local_day(now, facts.customer.zone)
    paused = _paused(facts, today + timedelta(days=1))
    over = _paused(facts, today)

    assert not decide(paused, policy, calendar, now).acts
    assert decide(over, policy, calendar, now) == decide(
        _paused(facts, None), policy, calendar, now
    )


def _paused(facts: Facts, until: date | None) -> Facts:
    pause = None if until is None else PauseFacts(until)
    return with_progress(facts, pause=pause)


@given(questions(), st.sampled_from(["0.01", "0.5", "0.99", "1", "1.5"]))
@often
def test_a_disputed_part_is_not_asked_for(question: Question, part: str) -> None:
    facts, policy, calendar, now = question
    amount_open = facts.invoice.amount_open
    assume(amount_open > 0)
    dispute = DisputeFacts(date(2025, 1, 1), amount_open * Decimal(part))
    contested = with_progress(facts, dispute=dispute)

    case = Case.of(contested, policy, calendar, now)
    decision = decide(contested, policy, calendar, now)

    assert case.asked == max(Decimal(0), amount_open - amount_open * Decimal(part))
    if case.asked == 0:
        assert not decision.acts
    else:
        assert (decision.verb, decision.reason) != (Verb.WAIT, Reason.DISPUTED)


@given(questions())
@sometimes
def test_a_dispute_nobody_settles_becomes_a_task(question: Question) -> None:
    facts, policy, calendar, now = question
    invoice = replace(facts.invoice, status=InvoiceStatus.OPEN, amount_open=Decimal(10))
    customer = replace(facts.customer, insolvent=False, legal_hold=False, do_not_contact=False)
    today = send_window.local_day(now, customer.zone)

    def days_ago(days: int) -> Decision:
        dispute = DisputeFacts(today - timedelta(days=days))
        progress = replace(facts.progress, dispute=dispute, pause=None, disposition=None)
        return decide(Facts(invoice, customer, progress), policy, calendar, now)

    patience = policy.limits.dispute_days
    assert _task(days_ago(patience)) is TaskKind.RESOLVE_DISPUTE
    if patience:
        young = days_ago(patience - 1)
        assert _task(young) is None
        assert young.at is not None
        assert young.status is Status.DISPUTED


def _task(decision: Decision) -> TaskKind | None:
    return decision.task.kind if decision.task else None


@given(questions())
@often
def test_a_draft_says_what_its_letter_will(question: Question) -> None:
    decision = decide(*question)

    if decision.verb is Verb.DRAFT:
        assert decision.touch is not None
        assert decision.touch.channel is Channel.MAIL
        assert decision.step == decision.touch.step
        assert decision.at is None
        progress = question[0].progress
        kept = (progress.held_step, progress.shift_days)
        assert (decision.held_step, decision.shift_days) == kept


@given(questions(), st.sampled_from([Disposition.AGENCY, Disposition.LEGAL]))
@often
def test_nothing_leaves_once_somebody_else_collects(
    question: Question, choice: Disposition
) -> None:
    given_away = with_progress(question[0], disposition=choice, disposed_on=date(2025, 6, 1))

    decision = decide(*_in_question(question, given_away))

    assert decision.touch is None
    assert decision.verb in {Verb.WAIT, Verb.CLOSE}


@given(questions())
@often
def test_what_was_suspended_runs_again_when_nothing_is_owed_any_more(question: Question) -> None:
    facts = with_progress(question[0], suspended=True)

    decision = decide(*_in_question(question, facts))

    if decision.closes:
        given_up = decision.reason in {Reason.AGENCY, Reason.WRITTEN_OFF}
        assert decision.restores_service != given_up
