"""docs/policy.md is the reference of what models/policy.py and models/segments.py take."""

from enum import StrEnum

import pytest
from pydantic import BaseModel

from domain.behaviour import Habit
from domain.policy_text import parse_policy, parse_rates, parse_segments
from domain.priority import risk
from models.policy import (
    CONDITIONS,
    Approval,
    Behaviour,
    Calls,
    Context,
    Grace,
    Handling,
    Limits,
    OwnerFirst,
    Plans,
    Policy,
    Sla,
    Step,
    Thresholds,
    Window,
)
from models.segments import SegmentRule
from models.vocabulary import Action, Channel, Method, Reason, Stage, Tier, Tone
from tests.docs.keys import keys
from tests.docs.pages import ROOT, as_table, pages, rows, section, table, words

_PAGE = "docs/policy.md"
_SECTIONS: dict[str, type[BaseModel]] = {
    "The file": Policy,
    "`[window]`": Window,
    "`[limits]`": Limits,
    "`[grace]`": Grace,
    "`[thresholds]`": Thresholds,
    "`[behaviour]`": Behaviour,
    "`[approval]`": Approval,
    "`[context]`": Context,
    "`[owner_first]`": OwnerFirst,
    "`[sla]`": Sla,
    "`[calls]`": Calls,
    "`[plans]`": Plans,
    "`[[steps]]`": Step,
    "`segments.toml`": SegmentRule,
}
_WORDS: dict[str, type[StrEnum]] = {
    "stage": Stage,
    "tone": Tone,
    "channel": Channel,
    "action": Action,
    "method": Method,
    "tier": Tier,
    "handling": Handling,
}
_SHIPPED = ("standard", "saas", "key_account", "long_tail")


def steps_table(name: str) -> str:
    """A shipped policy's steps."""
    path = ROOT / "policies" / f"{name}.toml"
    policy = parse_policy(path.read_text(), path)
    body = [
        (
            f"{step.offset:+d}" if step.offset else "0",
            step.id,
            step.stage,
            step.tone,
            step.template or "a call alone",
            ", ".join(step.actions),
        )
        for step in policy.steps
    ]
    return as_table(("day", "step", "stage", "tone", "letter", "beside it"), body)


@pytest.mark.parametrize("heading", _SECTIONS)
def test_every_key_is_listed_with_what_it_takes_and_its_default(heading: str) -> None:
    listed = [tuple(row[:3]) for row in rows(section(_PAGE, heading))]

    assert listed == keys(_SECTIONS[heading])


@pytest.mark.parametrize("heading", _SECTIONS)
def test_every_key_is_explained(heading: str) -> None:
    assert all(row[3] for row in rows(section(_PAGE, heading)))


@pytest.mark.parametrize("kind", _WORDS)
def test_every_word_a_key_takes_is_explained(kind: str) -> None:
    listed = [row[1] for row in rows(section(_PAGE, "Words")) if row[0] == kind]

    assert listed == [f"`{word.value}`" for word in _WORDS[kind]]


@pytest.mark.parametrize("name", _SHIPPED)
def test_the_shipped_steps_are_those_of_the_file(name: str) -> None:
    wanted = steps_table(name)

    assert table(section(_PAGE, f"`{name}`")) == wanted, (
        f"Put this table into {_PAGE}:\n\n{wanted}\n"
    )


@pytest.mark.parametrize("name", _SHIPPED)
def test_the_matrix_is_that_of_every_shipped_policy(name: str) -> None:
    path = ROOT / "policies" / f"{name}.toml"
    matrix = parse_policy(path.read_text(), path).relationship
    head = ("condition", *Tier)
    body = [
        (f"`{condition}`", *(matrix[condition].get(tier, Handling.SEND) for tier in Tier))
        for condition in Reason
        if condition in CONDITIONS
    ]

    assert table(section(_PAGE, "`[relationship.…]`")) == as_table(head, body)


def test_every_handling_is_explained() -> None:
    explained = section(_PAGE, "`[relationship.…]`").partition("| handling |")[2]
    listed = [words(line)[0] for line in explained.splitlines() if line.startswith("| `")]

    assert listed == [handling.value for handling in Handling]


def test_every_habit_is_explained_with_its_weight() -> None:
    explained = section(_PAGE, "`[behaviour]`").partition("The habit has")[2]
    listed = {words(row[0])[0]: row[-1] for row in rows(explained)}

    assert listed == {habit.value: str(risk(Tier.EARLY, habit, 0).normalize()) for habit in Habit}


def test_no_shipped_policy_is_left_out() -> None:
    files = {path.stem for path in (ROOT / "policies").glob("*.toml")}

    assert files == {*_SHIPPED, "segments", "exchange_rates", "cash"}


def test_the_examples_can_be_read() -> None:
    text = pages()[_PAGE]
    policy, segments, rates = (one.partition("\n```")[0] for one in text.split("```toml\n")[1:])

    assert parse_policy(policy, _PAGE).name == "small_claims"
    assert parse_segments(segments, _PAGE).rules
    assert parse_rates(rates, _PAGE, "USD").worth
