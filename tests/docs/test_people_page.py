"""docs/people.md says what follows from what people do, as the rules have it."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from commands import sayings
from domain.banking_days import BankingCalendar, Place
from domain.behaviour import Habit
from domain.office_hours import OfficeHours
from domain.policy_text import parse_policy
from domain.priority import priority, risk
from domain.terms import Terms
from models.vocabulary import CallResult, Disposition, OwnerWord, TaskKind, Tier
from tests.docs.pages import ROOT, pages, rows, section, words

_PAGE = "docs/people.md"
_MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
_FACTOR = re.compile(r"`(\w+)` ([\d.]+)")


def terms() -> Terms:
    """Those of the standard policy, in an office in UTC."""
    path = ROOT / "policies" / "standard.toml"
    home = Place("US")
    policy = parse_policy(path.read_text(), path)
    return Terms(policy, BankingCalendar(home, home), OfficeHours(home, "UTC"))


def factors(what: str) -> dict[str, Decimal]:
    """What the page says a priority is multiplied with for that, by word."""
    [said] = [row[1] for row in rows(section(_PAGE, "The order of calls")) if row[0] == what]
    return {word: Decimal(factor) for word, factor in _FACTOR.findall(said)}


def test_age_weighs_as_the_page_says() -> None:
    assert factors("age") == {tier: risk(tier, Habit.PROMPT, 0) for tier in Tier}


def test_habits_weigh_as_the_page_says() -> None:
    weighing = {habit: risk(Tier.EARLY, habit, 0) for habit in Habit}

    assert factors("habit") == {habit: one for habit, one in weighing.items() if one != 1}


def test_broken_promises_weigh_as_the_page_says() -> None:
    said = section(_PAGE, "The order of calls")

    weights = [risk(Tier.EARLY, Habit.PROMPT, broken).normalize() for broken in range(5)]
    assert f"of which three count: {', '.join(map(str, weights[:4]))} |" in said
    assert weights[4] == weights[3]


def test_the_example_of_a_priority_comes_out() -> None:
    factor = risk(Tier.LATE, Habit.WORSENING, 1)

    assert f"= {priority(Decimal(10_000), Decimal(10_000), factor):,.0f}." in section(
        _PAGE, "The order of calls"
    )


def test_every_result_of_a_call_says_what_follows() -> None:
    listed = rows(section(_PAGE, "How a call went"))

    assert [words(row[0])[0] for row in listed] == [result.value for result in CallResult]
    assert all(row[1] for row in listed)


def test_every_disposition_says_what_follows() -> None:
    listed = rows(section(_PAGE, "The end of a cadence"))

    assert [words(row[0])[0] for row in listed] == [choice.value for choice in Disposition]


def test_every_word_of_an_owner_says_what_follows() -> None:
    listed = [
        word
        for row in rows(section(_PAGE, "When the owner is asked first"))
        for word in words(row[0])
    ]

    assert listed == [word.value for word in OwnerWord]


def test_the_hours_of_tasks_are_those_of_the_rules() -> None:
    said = section(_PAGE, "When nobody takes a task up").partition("| task |")[2]
    by_kind: dict[str, tuple[int, str]] = {}
    for line in said.splitlines():
        match [cell.strip() for cell in line.split("|")]:
            case ["", kinds, number, key, ""] if number.isdecimal():
                by_kind |= dict.fromkeys(words(kinds) or ["other"], (int(number), words(key)[0]))
    rules = terms()

    for kind in TaskKind:
        hours, key = by_kind.get(kind.value, by_kind["other"])
        assert rules.escalate_at(kind, _MONDAY) == rules.office.after(_MONDAY, hours), kind
        assert getattr(rules.policy.sla, key.removeprefix("sla.")) == hours


def test_everything_that_can_be_said_of_a_customer_is_listed() -> None:
    listed = [
        word
        for row in rows(section(_PAGE, "What is known of a customer"))
        for word in words(row[0])
    ]

    assert sorted(listed) == sorted(sayings.THINGS)


@pytest.mark.parametrize(
    "key",
    sorted(set(re.findall(r"`((?:sla|calls|plans|owner_first|limits)\.\w+)`", pages()[_PAGE]))),
)
def test_every_key_of_a_policy_that_is_named_exists(key: str) -> None:
    part, _, name = key.partition(".")

    assert hasattr(getattr(terms().policy, part), name)
