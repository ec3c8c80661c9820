"""The simulator skips from wake-up to wake-up; these hold it against asking every day."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.past_ledger import PastInvoice
from domain.simulation import Course
from models.policy import Policy
from models.vocabulary import Action, Stage
from tests.domain.daily import DailyFirm, Told
from tests.domain.past import a_policy, lived, owed, step

FIRST = date(2025, 11, 3)  # Thanksgiving, Christmas and New Year lie ahead


@st.composite
def policies(draw: st.DrawFn, *, approvals: bool = True) -> Policy:
    offsets = sorted(draw(st.sets(st.integers(-7, 35), min_size=1, max_size=5)))
    stages = sorted(draw(st.lists(st.sampled_from(Stage), min_size=5, max_size=5)), key=_rank)
    steps = [
        step(
            offset,
            stages[n],
            f"s{n}",
            *draw(st.sampled_from([(), (Action.CALL_AP_CONTACT,)])),
            mail=draw(st.integers(0, 4)) > 0,
        )
        for n, offset in enumerate(offsets)
    ]
    return a_policy(
        steps,
        gap=draw(st.integers(1, 6)),
        most_in_30_days=draw(st.integers(1, 6)),
        grace=draw(st.integers(0, 2)),
        approval_above=draw(st.sampled_from([None, 150])) if approvals else None,
        small_balance=draw(st.sampled_from([0, 50])),
        call_above=draw(st.sampled_from([0, 400])),
    )


def _rank(stage: Stage) -> int:
    return stage.rank


@st.composite
def ledgers(draw: st.DrawFn) -> list[PastInvoice]:
    return [draw(_invoices(n)) for n in range(draw(st.integers(1, 6)))]


@st.composite
def _invoices(draw: st.DrawFn, number: int) -> PastInvoice:
    terms = draw(st.sampled_from([0, 10, 30]))
    due = FIRST + timedelta(days=terms + draw(st.integers(0, 25)))
    amount = draw(st.sampled_from([100, 200, 500]))
    part = draw(st.sampled_from([0, 60, amount]))
    paid = [
        (due + timedelta(days=draw(st.integers(-20, 50))), f"{came}.00")
        for came in (part, amount - part)
        if came and draw(st.booleans())
    ]
    return owed(
        f"I{number}",
        due,
        *paid,
        amount=f"{amount}.00",
        customer=draw(st.sampled_from(["ACME", "BOLT"])),
        currency=draw(st.sampled_from(["USD", "USD", "EUR"])),
        terms=terms,
    )


def _told(course: Course) -> list[Told]:
    return sorted(
        (sent.on, sent.customer_id, tuple((t.invoice_id, t.step) for t in sent.touches))
        for sent in course.letters
    )


# Without approvals: a draft that waits for a signature is not asked about daily in life either.
@given(ledgers(), policies(approvals=False))
@settings(max_examples=40, deadline=None)
def test_it_sends_what_asking_every_day_would_send(
    ledger: list[PastInvoice], policy: Policy
) -> None:
    last = FIRST + timedelta(days=150)
    daily = DailyFirm(ledger, policy)
    daily.live(FIRST, last)

    assert _told(lived(*ledger, policy=policy, last=last)) == sorted(daily.letters)


@given(ledgers(), policies())
@settings(max_examples=60, deadline=None)
def test_nothing_is_sent_about_what_is_paid(ledger: list[PastInvoice], policy: Policy) -> None:
    course = lived(*ledger, policy=policy)

    past = {invoice.invoice.id: invoice for invoice in ledger}
    for sent in course.letters:
        for touch in sent.touches:
            assert past[touch.invoice_id].receivable.open_on(sent.on) > 0


@given(ledgers(), policies())
@settings(max_examples=60, deadline=None)
def test_a_customer_has_one_letter_a_day_and_currency_and_rest_in_between(
    ledger: list[PastInvoice], policy: Policy
) -> None:
    course = lived(*ledger, policy=policy)

    assert course.most_a_day <= 1
    for debtor in {(sent.customer_id, sent.currency) for sent in course.letters}:
        days = [s.on for s in course.letters if (s.customer_id, s.currency) == debtor]
        gap = timedelta(days=policy.limits.min_days_between_messages)
        assert all(later - earlier >= gap for earlier, later in pairwise(days))
        assert _most_in_30_days(course, debtor[0]) <= policy.limits.messages_per_30_days


def _most_in_30_days(course: Course, customer: str) -> int:
    days: Sequence[date] = [s.on for s in course.letters if s.customer_id == customer]
    return max(sum(day <= d < day + timedelta(days=30) for d in days) for day in days)


@given(ledgers(), policies())
@settings(max_examples=60, deadline=None)
def test_every_step_of_an_invoice_is_taken_once(ledger: list[PastInvoice], policy: Policy) -> None:
    course = lived(*ledger, policy=policy)

    taken = [(t.invoice_id, t.step) for sent in course.letters for t in sent.touches]
    assert len(taken) == len(set(taken)) == course.letters_alone
