"""Policy, segment and rate files: the shipped ones are read, broken ones say where and why."""

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.policy_text import line_of, parse_policy, parse_rates, parse_segments
from models.errors import PolicyInvalid, WrongUse
from models.vocabulary import Action, Channel, Method, Stage, Tier, Tone
from tests.domain.one_invoice import POLICY_FILES, SHIPPED

POLICY = """\
name = "plain"
version = 1

[window]  # in the customer's zone
start = "09:00"
end = "11:30"

[limits]
min_days_between_messages = 3

[grace]
banking_days = 1
clearing_days = { card = 0, cheque = 14 }

[thresholds]
high_value = 50_000

[approval]
stages = ["final"]

[relationship.paused_by_sales]
early = "hold"
late = "hold"

[[steps]]
id = "reminder"
offset = -3
stage = "pre_due"
template = "pre_due_reminder"

[[steps]]
id = "notice"
offset = 7
stage = "early"
tone = "firm"
template = "first_notice"
actions = ["cc_owner"]
"""
SEGMENTS = """\
[[rules]]
policy = "key_account"
amount_from = 50_000

[[rules]]
policy = "standard"
"""
RATES = """\
[rates]
EUR = 1.10
GBP = 1.30
"""
_NOTICE = ('id = "notice"', 'id = "reminder"')
_STAGES = "'pre_due', 'due', 'early', 'late', 'final' or 'critical'"
_METHODS = "'card', 'ach', 'wire', 'sepa', 'cheque' or 'other'"


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_shipped_policy_is_read_under_its_own_name(name: str) -> None:
    assert SHIPPED[name].name == name


def test_all_policy_files_are_among_them() -> None:
    others = {"segments", "exchange_rates", "cash"}

    assert {path.stem for path in POLICY_FILES.glob("*.toml")} == {*SHIPPED, *others}


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_a_shipped_policy_begins_friendly_and_grows_firmer(name: str) -> None:
    steps, tones = SHIPPED[name].steps, list(Tone)

    assert steps[0].stage is Stage.PRE_DUE
    firmness = [tones.index(step.tone) for step in steps if step.channel is Channel.MAIL]
    assert firmness == sorted(firmness)
    assert all((step.offset < 0) == (step.stage is Stage.PRE_DUE) for step in steps)


def test_in_the_long_tail_nobody_calls_and_nobody_is_alerted() -> None:
    assert all(
        step.channel is Channel.MAIL and not step.actions for step in SHIPPED["long_tail"].steps
    )


def test_a_key_account_is_called_before_any_firm_letter() -> None:
    steps = SHIPPED["key_account"].steps
    called = next(step.offset for step in steps if step.channel is Channel.CALL)
    firm = next(s.offset for s in steps if s.channel is Channel.MAIL and s.tone is Tone.FIRM)

    assert called < firm
    assert SHIPPED["key_account"].approval.every_message


def test_a_service_is_paused_only_under_a_clause() -> None:
    for policy in SHIPPED.values():
        for step in policy.steps:
            assert Action.SUSPEND_SERVICE not in step.actions or step.clause == "suspension"


def test_a_file_says_what_it_says() -> None:
    policy = parse_policy(POLICY, "plain.toml")

    assert policy.thresholds.high_value == Decimal(50_000)
    assert policy.grace.clearing_days == {Method.CARD: 0, Method.CHEQUE: 14}
    assert [step.offset for step in policy.steps] == [-3, 7]
    assert policy.step("notice").actions == (Action.CC_OWNER,)
    assert {tier for matrix in policy.relationship.values() for tier in matrix} == {
        Tier.EARLY,
        Tier.LATE,
    }
    assert (policy.position("notice"), policy.position("dropped")) == (1, -1)
    with pytest.raises(KeyError):
        policy.step("dropped")


def test_fractions_are_read_as_they_are_written() -> None:
    rates = parse_rates("[rates]\nNOK = 0.095\n", "rates.toml", "USD")

    assert rates.worth == {"NOK": Decimal("0.095")}


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        # TOML
        ("version = 1", "version = ", "2: TOML", "Invalid value"),
        ("version = 1", "version = 1\nversion = 2", "3: TOML", "Cannot overwrite a value"),
        ("[limits]", "[limits", "8: TOML", "Expected ']' at the end of a table declaration"),
        ('["cc_owner"]', '["cc_owner"', "38: TOML", "Unclosed array"),
        # Keys that are missing, misspelt or misplaced
        ('name = "plain"\n', "", "1: name", "Field required"),
        ("version = 1", "version = 1\ncolour = 3", "3: colour", "there is no such key"),
        ("[limits]", "[limit]", "8: limit", "there is no such key"),
        ("start =", "begin =", "5: window.begin", "there is no such key"),
        ("banking_days = 1", "window = 1", "12: grace.window", "there is no such key"),
        ("offset = 7\n", "", "31: steps[notice].offset", "Field required"),
        ("offset = 7", "ofset = 7", "31: steps[notice].offset", "Field required"),
        ('id = "notice"\n', "", "31: steps[2].id", "Field required"),
        ("late =", "latest =", "23: relationship.paused_by_sales.latest", "Input should be"),
        ("paused_by_sales", "paused_by_sale", "21: relationship.paused_by_sale", "Input should be"),
        ("cheque = 14", "check = 14", "13: grace.clearing_days.check", _METHODS),
        # Values
        ('"plain"', '"Plain policy"', "1: name", "String should match pattern"),
        ("version = 1", "version = 0", "2: version", "greater than or equal to 1"),
        ('"09:00"', '"24:00"', "5: window.start", "hour value"),
        ('"09:00"', '"11:30"', "4: window", "start must be earlier than end"),
        ("messages = 3", "messages = 0", "9: limits.min_days_between_messages", "greater than"),
        ("messages = 3", "messages = 2.5", "9: limits.min_days_between_messages", "valid integer"),
        ("cheque = 14", "cheque = 400", "13: grace.clearing_days.cheque", "less than"),
        ("50_000", "-1", "16: thresholds.high_value", "greater than or equal to 0"),
        ("50_000", "nan", "16: thresholds.high_value", "finite"),
        ('["final"]', '["last"]', "19: approval.stages[1]", _STAGES),
        ('late = "hold"', 'late = "wait"', "23: relationship.paused_by_sales.late", "or 'hold'"),
        ("offset = 7", 'offset = "a week"', "33: steps[notice].offset", "valid integer"),
        ("offset = 7", "offset = 366", "33: steps[notice].offset", "less than or equal to 365"),
        ('stage = "early"', 'stage = "soon"', "34: steps[notice].stage", _STAGES),
        ('"firm"', '"rude"', "35: steps[notice].tone", "'friendly', 'neutral', 'firm' or 'final'"),
        ('"first_notice"', '"First"', "36: steps[notice].template", "String should match"),
        # What belongs together
        ('template = "first_notice"\n', "", "31: steps[notice]", "a step by mail needs a template"),
        ('"firm"', '"firm"\nclause = "x"', "31: steps[notice]", "go together"),
        (*_NOTICE, "1: the file", "every step needs an id of its own"),
        ("offset = 7", "offset = -3", "1: the file", "in the order of their offsets"),
        ('"pre_due"', '"late"', "1: the file", "may not fall back to an earlier stage"),
    ],
)
def test_a_broken_policy_says_where_and_why(old: str, new: str, place: str, problem: str) -> None:
    assert old in POLICY

    _is_refused(lambda text: parse_policy(text, "plain.toml"), POLICY, old, new, place, problem)


def _is_refused(
    parse: Callable[[str], object], text: str, old: str, new: str, place: str, problem: str
) -> None:
    with pytest.raises(PolicyInvalid, match=re.escape(problem)) as refused:
        parse(text.replace(old, new, 1))

    says = str(refused.value)
    assert says.startswith(f"plain.toml:{place}: "), says
    assert "\n" not in says
    assert isinstance(refused.value, WrongUse)
    line, _, key = place.partition(": ")
    assert (refused.value.line, refused.value.key) == (int(line), key)


def test_a_policy_without_steps_is_none() -> None:
    text = POLICY.partition("[[steps]]")[0]

    _is_refused(lambda text: parse_policy(text, "plain.toml"), text, "", "", "1: steps", "required")


def test_an_empty_list_of_steps_is_none() -> None:
    text = f"steps = []\n{POLICY.partition('[[steps]]')[0]}"

    _is_refused(lambda text: parse_policy(text, "plain.toml"), text, "", "", "1: steps", "at least")


def test_steps_written_in_one_line_are_found_there() -> None:
    text = """\
name = "plain"
version = 1
steps = [{ id = "a", offset = 400, stage = "late", template = "t" }]
"""

    _is_refused(
        lambda text: parse_policy(text, "plain.toml"), text, "", "", "3: steps[a].offset", "365"
    )


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ("50_000", '"many"', "3: rules[1].amount_from", "valid decimal"),
        ("50_000", "-1", "3: rules[1].amount_from", "greater than or equal to 0"),
        ("amount_from", "amount", "3: rules[1].amount", "there is no such key"),
        ('policy = "standard"', 'policy = "The Standard"', "6: rules[2].policy", "match pattern"),
        ('policy = "standard"', 'country = "DE"', "5: rules[2].policy", "Field required"),
        ('"standard"', '"standard"\ntag = "x"', "1: the file", "the last rule must be without"),
    ],
)
def test_a_broken_list_of_rules_says_where_and_why(
    old: str, new: str, place: str, problem: str
) -> None:
    assert old in SEGMENTS

    _is_refused(lambda text: parse_segments(text, "plain.toml"), SEGMENTS, old, new, place, problem)


@pytest.mark.parametrize(
    ("old", "new", "place", "problem"),
    [
        ("1.30", "0", "3: rates.GBP", "greater than 0"),
        ("1.30", '"much"', "3: rates.GBP", "valid decimal"),
        ("GBP", "gbp", "3: rates.gbp", "String should match pattern"),
        ("[rates]", "[rate]", "1: rate", "there is no such key"),
        ("1.30", "1,30", "3: TOML", "Expected newline"),
    ],
)
def test_a_broken_list_of_rates_says_where_and_why(
    old: str, new: str, place: str, problem: str
) -> None:
    assert old in RATES

    def parse(text: str) -> object:
        return parse_rates(text, "plain.toml", "USD")

    _is_refused(parse, RATES, old, new, place, problem)


def test_no_rates_are_no_problem() -> None:
    assert parse_rates("", "rates.toml", "EUR").worth == {}


def test_a_line_is_found_by_its_table() -> None:
    assert line_of(POLICY, ("steps", 1, "offset")) == 33
    assert line_of(POLICY, ("steps", 0, "offset")) == 27
    assert line_of(POLICY, ("window",)) == 4
    assert line_of(POLICY, ("nothing",)) == 1
    assert line_of("", ("nothing",)) == 1
