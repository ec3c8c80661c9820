"""Following the wake-ups of `decide` from any state: it gets on, and within its limits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from models.facts import DisputeFacts, Facts, PauseFacts, PromiseFacts
from models.vocabulary import Method, Reason
from tests.domain.one_chase import LOOKS_AGAIN, Chase, News, chase
from tests.domain.one_invoice import GERMANY, STANDARD, at, known, march, morning
from tests.domain.strategies import Question, moments, often, questions, sometimes


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
            lambda it: _changing(dispute=it)
        ),
        st.builds(PromiseFacts, pay_on=later, method=st.sampled_from(Method), amount=part).map(
            lambda it: _changing(promise=it)
        ),
        st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(0)]).map(_paying),
    )


def _changing(**changes: object) -> Callable[[Facts], Facts]:
    def apply(facts: Facts) -> Facts:
        progress = replace(facts.progress, **changes)  # type: ignore[arg-type]  # field names
        return replace(facts, progress=progress)

    return apply


def _paying(left: Decimal) -> Callable[[Facts], Facts]:
    def apply(facts: Facts) -> Facts:
        still = facts.invoice.amount_open * left
        return replace(facts, invoice=replace(facts.invoice, amount_open=still, base_open=still))

    return apply


@st.composite
def lives(draw: st.DrawFn) -> Chase:
    """A chase from any state, with things happening to it, signed or not."""
    facts, policy, calendar, now = draw(questions())
    happening = draw(news(now)) if draw(st.booleans()) else ()
    return chase(facts, policy, calendar, now, *happening, signs=draw(st.booleans()))


@given(questions(), st.booleans())
@often
def test_every_chase_comes_to_a_close_or_waits_for_somebody(
    question: Question, signs: bool
) -> None:
    lived = chase(*question, signs=signs)

    last = lived.asked[-1][1]
    assert last.closes or last.at is None or last.reason in LOOKS_AGAIN


@given(lives())
@often
def test_a_chase_gets_on_with_every_question(lived: Chase) -> None:
    assert all(earlier <= later for (earlier, _), (later, _) in pairwise(lived.asked))
    for moment, decision in lived.asked:
        assert decision.at is None or decision.at > moment


@given(questions())
@often
def test_few_questions_lie_between_two_steps(question: Question) -> None:
    lived = chase(*question)

    polls = sum(decision.reason in LOOKS_AGAIN for _, decision in lived.asked)
    assert len(lived.asked) - polls <= 10 * (len(lived.policy.steps) + 1)


@given(lives())
@often
def test_no_step_is_taken_twice_and_none_out_of_turn(lived: Chase) -> None:
    order = [lived.policy.position(taken.step) for taken in lived.taken]

    assert order == sorted(set(order))


@given(lives())
@often
def test_done_steps_are_never_done_again(lived: Chase) -> None:
    steps = [done.step for done in lived.facts.progress.done]

    assert len(steps) == len(set(steps))


@given(lives())
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
