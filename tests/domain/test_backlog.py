"""A backlog is worked off in daily portions, a debtor's invoices together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain import backlog, send_window
from domain.banking_days import BankingCalendar, Place
from domain.case import Case
from domain.decide import decide
from models.facts import Progress
from models.policy import Policy
from models.scan import Portions
from models.vocabulary import Reason
from tests.domain.one_invoice import DUE, GERMANY, STANDARD, at, customer, invoice, known, march
from tests.domain.strategies import homes, moments, often

FRIDAY, MONDAY, TUESDAY = march(27), march(30), march(31)


def _policy(a_day: int) -> Policy:
    limits = STANDARD.limits.model_copy(update={"first_day_messages": a_day})
    return STANDARD.model_copy(update={"limits": limits})


def _case(name: str, now: datetime, a_day: int = 1, currency: str = "USD", due: date = DUE) -> Case:
    facts = known(invoice(currency=currency, due_on=due), customer(id=name))
    return Case.of(facts, _policy(a_day), GERMANY, now)


def _turns(now: datetime, names: str, a_day: int = 1) -> list[date | None]:
    portions = Portions()
    return [backlog.first_day(_case(name, now, a_day), portions) for name in names]


def test_the_portion_of_a_day_is_never_exceeded() -> None:
    turns = _turns(at(FRIDAY, 7), "ABCDE", a_day=2)

    assert turns == [FRIDAY, FRIDAY, MONDAY, MONDAY, TUESDAY]


def test_a_debtor_takes_one_place_however_many_invoices() -> None:
    assert _turns(at(FRIDAY, 7), "AAABBC") == [FRIDAY] * 3 + [MONDAY] * 2 + [TUESDAY]


def test_each_currency_is_a_letter_of_its_own() -> None:
    portions, now = Portions(), at(FRIDAY, 7)
    turns = [
        backlog.first_day(_case("A", now, currency=currency), portions)
        for currency in ("EUR", "EUR", "USD")
    ]

    assert turns == [FRIDAY, FRIDAY, MONDAY]


def test_what_is_not_up_yet_needs_no_place() -> None:
    portions, now = Portions(), at(FRIDAY, 7)
    early = backlog.first_day(_case("A", now, due=march(10) + timedelta(days=60)), portions)

    assert early is None
    assert portions == Portions()


def test_once_the_window_is_closed_the_backlog_begins_tomorrow() -> None:
    closing = send_window.closes(FRIDAY, "Europe/Berlin", STANDARD.window)

    assert _turns(closing - timedelta(seconds=1), "A") == [FRIDAY]
    assert _turns(closing, "A") == [MONDAY]


def test_a_weekend_is_no_portion() -> None:
    assert _turns(at(march(28), 7), "AB") == [MONDAY, TUESDAY]


def test_what_an_earlier_backlog_planned_is_counted() -> None:
    portions = Portions(planned={"standard": {FRIDAY: 2, MONDAY: 1}})
    turns = [backlog.first_day(_case(name, at(FRIDAY, 7), 2), portions) for name in "ABC"]

    assert turns == [MONDAY, TUESDAY, TUESDAY]


def test_every_policy_has_its_own_portions() -> None:
    portions, now = Portions(), at(FRIDAY, 7)
    first = _case("A", now)
    other = replace(_case("B", now), policy=_policy(1).model_copy(update={"name": "other"}))

    assert [backlog.first_day(case, portions) for case in (first, other)] == [FRIDAY, FRIDAY]


def test_the_portions_go_on_from_page_to_page() -> None:
    whole = _turns(at(FRIDAY, 7), "AABBCC")
    portions, pages = Portions(), []
    for page in ("AAB", "BCC"):
        portions = Portions.model_validate_json(portions.model_dump_json())
        pages += [backlog.first_day(_case(name, at(FRIDAY, 7)), portions) for name in page]

    assert pages == whole


def test_whose_turn_has_not_come_waits_for_it() -> None:
    now = at(FRIDAY, 11)
    waiting = known(progress=Progress(not_before=MONDAY))

    decision = decide(waiting, STANDARD, GERMANY, now)

    assert decision.reason is Reason.ENTRY_SPREAD
    assert decision.at is not None
    assert decision.at.date() == MONDAY


@st.composite
def _entries(draw: st.DrawFn) -> list[Case]:
    """Invoices about to enter, in the order of customer and currency."""
    now, policy = draw(moments), _policy(draw(st.integers(1, 4)))
    wheres = {name: draw(homes) for name in "ABCDEF"}
    owed = sorted(
        draw(st.lists(st.tuples(st.sampled_from("ABCDEF"), _CURRENCIES, _DUE), max_size=25))
    )
    cases = []
    for name, currency, days in owed:
        country, part, zone = wheres[name]
        who = customer(id=name, country=country, subdivision=part, zone=zone)
        facts = known(invoice(currency=currency, due_on=now.date() - timedelta(days=days)), who)
        calendar = BankingCalendar(Place(country, part), Place("DE"))
        cases.append(Case.of(facts, policy, calendar, now))
    return cases


_CURRENCIES = st.sampled_from(["EUR", "USD"])
_DUE = st.integers(-30, 90)


def _debtor(case: Case) -> tuple[str, str]:
    return case.facts.customer.id, case.facts.invoice.currency


@given(_entries())
@often
def test_a_day_never_has_more_letters_than_its_portion(cases: Sequence[Case]) -> None:
    portions = Portions()
    turns = [(case, backlog.first_day(case, portions)) for case in cases]

    letters = Counter(day for _, day in {(_debtor(case), day) for case, day in turns if day})
    assert all(letters[day] <= cases[0].policy.limits.first_day_messages for day in letters)
    assert dict(letters) == portions.planned.get("standard", {})


@given(_entries())
@often
def test_a_debtor_has_one_turn_and_it_can_be_kept(cases: Sequence[Case]) -> None:
    portions = Portions()
    turns: dict[tuple[str, str], date] = {}
    for case in cases:
        day = backlog.first_day(case, portions)
        assert (day is None) == (case.position.due is None)
        if day is not None:
            assert turns.setdefault(_debtor(case), day) == day
            assert day >= case.today
            assert case.calendar.is_banking_day(day)
            zone = case.facts.customer.zone
            assert send_window.closes(day, zone, case.policy.window) > case.now
