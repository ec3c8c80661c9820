"""Following the wake-ups of `decide` from any state: it gets on, and within its limits."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.plans import is_plan_step
from models.decision import Verb
from models.facts import (
    Address,
    ContextFreshness,
    CustomerFacts,
    DisputeFacts,
    Facts,
    PauseFacts,
    PromiseFacts,
)
from models.letter import Remark
from models.policy import Handling, Policy
from models.vocabulary import (
    Action,
    Disposition,
    DraftState,
    InvoiceStatus,
    Method,
    OwnerWord,
    Reason,
    Tier,
    Tone,
)
from tests.domain.one_chase import ASKS_OUTSIDE, LOOKS_AGAIN, Chase, News, People, Taken, chase
from tests.domain.one_invoice import (
    GERMANY,
    STANDARD,
    at,
    known,
    march,
    morning,
    plan,
    with_progress,
)
from tests.domain.strategies import (
    RELATIONSHIP,
    Question,
    freshness,
    moments,
    often,
    plans,
    questions,
    sometimes,
)

_PLAN_LETTERS = {"plan_confirmation", "instalment_reminder", "instalment_missed"}


@st.composite
def news(draw: st.DrawFn, after: datetime) -> tuple[News, ...]:
    """Up to five things that happen in the next three months."""
    hours = sorted(draw(st.lists(st.integers(1, 90 * 24), max_size=5)))
    moments_of = [after + timedelta(hours=n) for n in hours]
    return tuple((moment, draw(_events(moment.date()))) for moment in moments_of)


def _events(today: date) -> st.SearchStrategy[Callable[[Facts], Facts]]:
    later = st.integers(0, 20).map(lambda n: today + timedelta(days=n))
    part = st.sampled_from([None, Decimal(1), Decimal(1_000_000)])
    return st.one_of(
        st.one_of(st.none(), st.builds(PauseFacts, until=later)).map(
            lambda it: _changing(pause=it)
        ),
        st.one_of(st.none(), st.builds(DisputeFacts, opened_on=st.just(today), amount=part)).map(
            lambda it: _changing(dispute=it, settled=it is None)
        ),
        st.builds(PromiseFacts, pay_on=later, method=st.sampled_from(Method), amount=part).map(
            lambda it: _changing(promise=it)
        ),
        st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(0)]).map(_paying),
        st.integers(0, 30).map(lambda n: _agreeing(today, today + timedelta(days=n))),
        st.sampled_from(Disposition).map(lambda it: _changing(disposition=it, disposed_on=today)),
        st.frozensets(st.sampled_from(RELATIONSHIP), max_size=2).map(
            lambda it: _about_customer(delicate=it)
        ),
    )


def _changing(**changes: object) -> Callable[[Facts], Facts]:
    return lambda facts: with_progress(facts, **changes)


def _about_customer(**changes: object) -> Callable[[Facts], Facts]:
    def apply(facts: Facts) -> Facts:
        customer = replace(facts.customer, **changes)  # type: ignore[arg-type]  # field names
        return replace(facts, customer=customer)

    return apply


def _paying(left: Decimal) -> Callable[[Facts], Facts]:
    def apply(facts: Facts) -> Facts:
        still = facts.invoice.amount_open * left
        paid = facts.invoice.amount_open - still
        agreed, promise = facts.progress.plan, facts.progress.promise
        facts = replace(facts, invoice=replace(facts.invoice, amount_open=still, base_open=still))
        return with_progress(
            facts,
            plan=agreed and replace(agreed, paid_since=agreed.paid_since + paid),
            promise=promise and replace(promise, paid_since=promise.paid_since + paid),
        )

    return apply


def _agreeing(today: date, first: date) -> Callable[[Facts], Facts]:
    """A payment plan of three monthly instalments on what is open."""

    def apply(facts: Facts) -> Facts:
        if facts.invoice.amount_open <= 0:
            return facts
        part = (facts.invoice.amount_open / 3).quantize(Decimal("0.01"))
        rest = facts.invoice.amount_open - 2 * part
        month = timedelta(days=30)
        agreed = plan(
            *((first, part), (first + month, part), (first + 2 * month, rest)),
            agreed_on=today,
            plan_id=100 + (today - date(2025, 1, 1)).days,
        )
        return with_progress(facts, plan=agreed, promise=None)

    return apply


_PEOPLE = st.builds(
    People,
    read=st.sampled_from([None, DraftState.APPROVED, DraftState.APPROVED, DraftState.REJECTED]),
    word=st.sampled_from([None, *OwnerWord]),
    answers=st.booleans(),
)


@st.composite
def lives(draw: st.DrawFn) -> Chase:
    """A chase from any state, with things happening to it, among people of any kind."""
    facts, policy, calendar, now = draw(questions())
    happening = draw(news(now)) if draw(st.booleans()) else ()
    return chase(facts, policy, calendar, now, *happening, people=draw(_PEOPLE))


_DELICATE = st.frozensets(st.sampled_from(RELATIONSHIP), max_size=2)
_CLAUSES = st.sampled_from([frozenset[str](), frozenset({"suspension"}), frozenset({"suspension"})])


@st.composite
def open_lives(draw: st.DrawFn) -> Chase:
    """A chase that nothing holds for good, of a customer with perhaps a delicate relationship, a
    clause in the contract and a connected system, among people of any kind."""
    facts, policy, calendar, now = draw(questions())
    delicate, owed = draw(_DELICATE), facts.invoice
    customer = CustomerFacts(
        id=facts.customer.id,
        name="Acme",
        country=facts.customer.country,
        zone=facts.customer.zone,
        language="en",
        strategic=facts.customer.strategic,
        addresses=(Address("ap@acme.example"),),
        habit=facts.customer.habit,
        delicate=delicate,
        context=draw(freshness(now)) if draw(st.booleans()) else ContextFreshness(),
    )
    owed = replace(owed, status=InvoiceStatus.OPEN, clauses=draw(_CLAUSES))
    owed = replace(owed, amount_open=owed.amount, base_open=owed.amount)
    progress = replace(facts.progress, pause=None, disposition=None)
    agreed = draw(plans(now.date(), owed.amount)) if progress.plan is not None else None
    facts = replace(facts, invoice=owed, customer=customer, progress=replace(progress, plan=agreed))
    matrix = {
        condition: {tier: draw(st.sampled_from(Handling)) for tier in Tier}
        for condition in delicate
    }
    policy = policy.model_copy(update={"relationship": matrix})
    happening = draw(news(now)) if draw(st.booleans()) else ()
    return chase(facts, policy, calendar, now, *happening, people=draw(_PEOPLE))


any_lives = st.one_of(lives(), open_lives())


@given(questions(), _PEOPLE)
@often
def test_every_chase_comes_to_a_close_or_waits_for_somebody(
    question: Question, people: People
) -> None:
    lived = chase(*question, people=people)

    last = lived.asked[-1][1]
    assert last.closes or last.at is None or last.reason in LOOKS_AGAIN


@given(any_lives)
@often
def test_a_chase_gets_on_with_every_question(lived: Chase) -> None:
    assert all(earlier <= later for (earlier, _), (later, _) in pairwise(lived.asked))
    for moment, decision in lived.asked:
        asks_outside = decision.verb is Verb.GATHER
        assert decision.at is None or decision.at > moment or asks_outside


@given(any_lives)
@often
def test_a_connected_system_is_asked_once_and_then_something_else_is_decided(lived: Chase) -> None:
    for (earlier, asking), (later, decision) in pairwise(lived.asked):
        if asking.verb is Verb.GATHER:
            assert later == earlier
            assert decision.verb is not Verb.GATHER


@given(questions(), _PEOPLE)
@often
def test_few_questions_lie_between_two_steps(question: Question, people: People) -> None:
    lived = chase(*question, people=people)

    polls = sum(decision.reason in LOOKS_AGAIN | ASKS_OUTSIDE for _, decision in lived.asked)
    assert len(lived.asked) - polls <= 10 * (_most_letters(lived) + 1)


def _most_letters(lived: Chase) -> int:
    agreed = [facts.progress.plan for facts in _all_facts(lived)]
    instalments = max((len(one.instalments) for one in agreed if one is not None), default=0)
    return len(lived.policy.steps) + 2 * instalments + 1


def _all_facts(lived: Chase) -> Iterable[Facts]:
    yield lived.facts
    yield from (taken.facts for taken in lived.taken)


@given(any_lives)
@often
def test_no_step_is_taken_twice_and_none_out_of_turn(lived: Chase) -> None:
    steps = [taken.step for taken in lived.taken]
    order = [place for step in steps if (place := lived.policy.position(step)) >= 0]

    assert len(steps) == len(set(steps))
    assert order == sorted(order)


@given(any_lives)
@often
def test_done_steps_are_never_done_again(lived: Chase) -> None:
    steps = [done.step for done in lived.facts.progress.done]

    assert len(steps) == len(set(steps))


@given(any_lives)
@often
def test_letters_about_one_invoice_keep_their_distance(lived: Chase) -> None:
    letters = [taken.on for taken in lived.taken if taken.by_mail]

    gap = timedelta(days=lived.policy.limits.min_days_between_messages)
    assert all(later - earlier >= gap for earlier, later in pairwise(letters))


@given(questions())
@often
def test_the_first_letter_keeps_its_distance_from_what_came_before(question: Question) -> None:
    facts, policy, *_ = question
    letters = [taken.on for taken in chase(*question).taken if taken.by_mail]

    if letters and facts.contact.last_message_on is not None:
        gap = timedelta(days=policy.limits.min_days_between_messages)
        assert letters[0] - facts.contact.last_message_on >= gap


@given(questions())
@often
def test_no_thirty_days_hold_more_letters_than_the_cap(question: Question) -> None:
    facts, policy, *_ = question
    letters = [taken.on for taken in chase(*question).taken if taken.by_mail]

    everything = [*facts.contact.messages_30_days, *letters]
    for day in letters:
        lately = [other for other in everything if day - timedelta(days=30) < other <= day]
        assert len(lately) <= policy.limits.messages_per_30_days


@given(open_lives())
@often
def test_no_delicate_relationship_is_pressed_before_its_owner_had_their_say(lived: Chase) -> None:
    for taken in lived.taken:
        ways, question = _ways(lived.policy, taken), taken.facts.progress.question
        assert Handling.HOLD not in ways
        # A plan's letters press nobody, and were agreed with the customer.
        if Handling.OWNER_FIRST in ways and not is_plan_step(taken.step):
            assert question is not None
            assert question.step == taken.step
            assert question.word is not OwnerWord.HOLD
            assert question.word is not None or question.answer_by <= taken.at
        if Handling.OWNER_FIRST in ways and question and question.word is OwnerWord.GO:
            continue
        if ways & {Handling.OWNER_FIRST, Handling.SOFTEN}:
            assert taken.touch.tone not in {Tone.FIRM, Tone.FINAL}


def _ways(policy: Policy, taken: Taken) -> set[Handling]:
    """What the matrix says of each of the customer's conditions on that day."""
    late = (taken.on - taken.facts.invoice.due_on).days
    bounds = ((0, Tier.CURRENT), (14, Tier.EARLY), (45, Tier.LATE))
    tier = next((tier for most, tier in bounds if late <= most), Tier.CRITICAL)
    rows = (policy.relationship.get(one, {}) for one in taken.facts.customer.delicate)
    return {row[tier] for row in rows if tier in row}


@given(open_lives())
@often
def test_no_service_is_suspended_unwarned_contested_or_protected(lived: Chase) -> None:
    for taken in lived.taken:
        if Action.SUSPEND_SERVICE in taken.touch.actions:
            progress = taken.facts.progress
            ways = _ways(lived.policy, taken)
            assert any(done.warned for done in progress.done)
            assert progress.dispute is None
            assert "suspension" in taken.facts.invoice.clauses
            assert not ways & {Handling.HOLD, Handling.SOFTEN}
            assert Handling.OWNER_FIRST not in ways or (
                progress.question is not None and progress.question.word is OwnerWord.GO
            )


@given(any_lives)
@often
def test_a_plan_has_letters_of_its_own_and_the_cadence_waits_for_its_end(lived: Chase) -> None:
    for taken in lived.taken:
        agreed, touch = taken.facts.progress.plan, taken.touch
        if touch.template in _PLAN_LETTERS:
            assert agreed is not None
            assert touch.step.startswith(f"plan-{agreed.id}-")
        else:
            assert lived.policy.position(touch.step) >= 0
            assert agreed is None
        assert (Remark.PLAN_ENDED in touch.remarks) == taken.facts.progress.plan_broken


@given(any_lives)
@often
def test_no_letter_leaves_unsigned_where_the_policy_wants_a_signature(lived: Chase) -> None:
    for taken in lived.taken:
        if taken.by_mail and _wants_signature(lived.policy, taken):
            draft = taken.facts.progress.draft
            assert draft is not None
            assert (draft.step, draft.state) == (taken.step, DraftState.APPROVED)
            assert draft.is_current
            assert draft.own


def _wants_signature(policy: Policy, taken: Taken) -> bool:
    facts, rule, above = taken.facts, policy.approval, policy.thresholds.approval_above
    dispute, base = facts.progress.dispute, facts.invoice.base_open
    contested = dispute.amount if dispute and dispute.amount is not None else Decimal(0)
    written = facts.contact.messages_under_policy
    return (
        rule.every_message
        or taken.touch.stage in rule.stages
        or facts.customer.segment in rule.segments
        or (rule.strategic_customers and facts.customer.strategic)
        or (written is not None and written < rule.first_messages)
        or (above is not None and (base is None or base - contested >= above))
    )


@given(moments)
@sometimes
def test_the_standard_chase_ends_with_a_question_to_a_person(now: datetime) -> None:
    facts = known()
    owed = replace(facts.invoice, due_on=now.date() + timedelta(days=10))

    lived = chase(replace(facts, invoice=owed), STANDARD, GERMANY, now)

    assert [taken.step for taken in lived.taken] == [step.id for step in STANDARD.steps]
    assert lived.asked[-1][1].reason is Reason.CADENCE_OVER


def test_a_life_in_plain_dates() -> None:
    lived = chase(known(), STANDARD, GERMANY, at(march(1), 12))

    assert [(taken.step, taken.on) for taken in lived.taken] == [
        ("reminder", march(6)),  # the 8th is a Sunday
        ("due-notice", march(11)),
        ("first-notice", march(18)),
        ("second-notice", march(25)),
        ("final-notice", date(2026, 4, 10)),
    ]
    assert lived.asked[-1][0] == morning(date(2026, 4, 24), lived.facts)  # two weeks later


def test_a_pause_stops_the_clock_of_the_cadence() -> None:
    weeks = (
        (at(march(13), 12), _changing(pause=PauseFacts(march(27)))),
        (at(march(27), 8), _changing(pause=None)),
    )

    lived = chase(known(), STANDARD, GERMANY, at(march(1), 12), *weeks)

    assert [(taken.step, taken.on) for taken in lived.taken] == [
        ("reminder", march(6)),
        ("due-notice", march(11)),
        ("first-notice", march(27)),  # up on the 18th but for the pause
        ("second-notice", date(2026, 4, 7)),  # 7 days later is Good Friday, then come Easter days
        ("final-notice", date(2026, 4, 20)),  # 23 days behind the first notice is a Sunday
    ]
