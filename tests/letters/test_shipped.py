"""The shipped letters serve the shipped policies."""

import time
import tomllib
from pathlib import Path

from integrations.letters import Letters, check_templates
from integrations.letters.check import named_templates
from integrations.letters.sample import sample_facts
from models.policy import Policy
from tests.letters.shipped import ABOUT_A_PLAN, GLAD

_FILES = sorted((Path(__file__).parents[2] / "policies").glob("*.toml"))
_TABLES = [(path.name, tomllib.loads(path.read_text())) for path in _FILES]
_POLICIES = [(name, Policy.model_validate(table)) for name, table in _TABLES if "steps" in table]


def test_every_letter_a_policy_names_exists_in_every_language_and_renders(templates: Path) -> None:
    assert _POLICIES
    assert check_templates(templates, _POLICIES) == ()


def test_every_language_has_the_same_letters(letters: Letters) -> None:
    assert letters.languages == ("de", "en", "fr")
    assert len({letters.names(language) for language in letters.languages}) == 1


def test_a_letter_that_no_policy_names_is_one_that_an_event_sends(letters: Letters) -> None:
    by_events = {*ABOUT_A_PLAN, *GLAD, "payment_failed", "service_suspended"}
    assert set(letters.names("en")) - set(named_templates(_POLICIES)) == by_events


def test_a_letter_takes_less_than_a_millisecond_and_a_half(letters: Letters) -> None:
    facts = sample_facts("second_notice", "de")
    letters.render(facts)

    def seconds() -> float:
        began = time.perf_counter()
        letters.render(facts)
        return time.perf_counter() - began

    assert min(seconds() for _ in range(50)) < 0.0015
