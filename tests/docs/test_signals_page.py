"""docs/signals.md lists every signal, update, field, word and search attribute there is."""

import ast
import json
import re
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter
from temporalio.api.enums.v1 import IndexedValueType

from models import acts, events, search_attributes
from models.decision import HOLDING
from models.follow_up import FollowUpState
from models.vocabulary import CallResult, Disposition, Outcome, OwnerWord, Reason, Status
from tests.docs.pages import ROOT, blocks, rows, section, shell_lines, words
from workflows.invoice_follow_up import InvoiceFollowUp

_PAGE = "docs/signals.md"
_EVENT: TypeAdapter[Any] = TypeAdapter(events.Event)
_MODELS = {
    str(model.model_fields["kind"].default): model
    for model in vars(events).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and "kind" in model.model_fields
}
_ACT: TypeAdapter[Any] = TypeAdapter(acts.Act)
_ACTS = {
    str(model.model_fields["kind"].default): model
    for model in vars(acts).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and "kind" in model.model_fields
}
_GIVEN_BY_ALL = {"kind", "event_id"}
_UPDATES = "Decisions: updates"
_SIGNAL = re.compile(r"temporal workflow signal .*--name (\w+).*--input '([^']*)'")
_UPDATE = re.compile(r"temporal workflow update execute .*--name (\w+).*--input '([^']*)'")
_FIELD = re.compile(r"`(\w+)`( \*)?")
# Timeline entries that are made by a call that names no kind: events and updates.
_NOTED_AS_EVENTS = {"event"}


def first_words(heading: str) -> list[str]:
    return [words(row[0])[0] for row in rows(section(_PAGE, heading))]


def test_the_readme_names_every_signal_update_and_reason_once() -> None:
    named = words(section("README.md", "Signals, decisions, reasons, policy"))
    for code in (*_MODELS, *_ACTS, *Reason):
        assert named.count(code) == 1, code


def test_every_signal_of_the_workflow_has_its_section() -> None:
    listed = re.findall(r"^### `(\w+)`$", section(_PAGE, "The signals"), re.MULTILINE)
    taken = vars(InvoiceFollowUp)["__temporal_workflow_definition"].signals

    assert set(listed) == set(taken) == set(_MODELS)


@pytest.mark.parametrize("signal", _MODELS)
def test_every_field_is_listed_and_the_required_ones_are_marked(signal: str) -> None:
    fields = {
        name: field.is_required()
        for name, field in _MODELS[signal].model_fields.items()
        if name not in _GIVEN_BY_ALL
    }
    listed = {words(row[0])[0]: row[0].endswith("*") for row in rows(section(_PAGE, f"`{signal}`"))}

    assert listed == fields


def test_every_result_of_a_call_is_listed() -> None:
    [takes] = [
        row[1] for row in rows(section(_PAGE, "`call_logged`")) if words(row[0]) == ["result"]
    ]

    assert words(takes) == [result.value for result in CallResult]


def test_every_update_of_the_workflow_is_listed() -> None:
    taken = vars(InvoiceFollowUp)["__temporal_workflow_definition"].updates

    assert set(first_words(_UPDATES)) == set(taken) == set(_ACTS)


@pytest.mark.parametrize("update", _ACTS)
def test_every_field_of_an_update_is_listed_with_what_refuses_it(update: str) -> None:
    wanted = {
        name: field.is_required()
        for name, field in _ACTS[update].model_fields.items()
        if name not in {*_GIVEN_BY_ALL, "by"}
    }
    nested = acts.InstalmentTerm.model_fields if "instalments" in wanted else {}
    taken = {"choice": Disposition, "word": OwnerWord}
    values = {word.value for name, kind in taken.items() if name in wanted for word in kind}
    [row] = [row for row in rows(section(_PAGE, _UPDATES)) if words(row[0]) == [update]]
    listed = {name: bool(star) for name, star in _FIELD.findall(row[1])}

    assert values <= listed.keys()
    assert {name: star for name, star in listed.items() if name not in values} == (
        wanted | {name: field.is_required() for name, field in nested.items()}
    )
    assert row[2]
    assert row[3]


def test_every_field_of_the_state_is_listed() -> None:
    listed = [word for row in rows(section(_PAGE, "The query `state`")) for word in words(row[0])]

    assert sorted(listed) == sorted(FollowUpState.model_fields)


def test_the_search_attributes_are_listed_with_their_types() -> None:
    listed = {words(row[0])[0]: row[1] for row in rows(section(_PAGE, "Search attributes"))}

    assert listed == {
        key.name: IndexedValueType.Name(key.indexed_value_type)  # type: ignore[arg-type]  # the stubs know no plain int
        .removeprefix("INDEXED_VALUE_TYPE_")
        .capitalize()
        for key in search_attributes.ALL
    }


def test_every_status_is_explained() -> None:
    assert first_words("Statuses") == [status.value for status in Status]


def test_every_outcome_is_explained() -> None:
    assert first_words("Outcomes") == [outcome.value for outcome in Outcome]


def test_every_reason_is_explained_with_its_remedy() -> None:
    listed = rows(section(_PAGE, "Reasons"))

    assert [words(row[0])[0] for row in listed] == [reason.value for reason in Reason]
    assert all(row[2] and row[3] for row in listed)


def test_reasons_said_to_hold_are_those_that_hold() -> None:
    said = {words(row[0])[0] for row in rows(section(_PAGE, "Reasons")) if row[1] == "yes"}

    assert said == {reason.value for reason in HOLDING}


@pytest.mark.parametrize(
    ("page", "name", "payload"),
    [
        (page, name, payload)
        for page, line in shell_lines()
        for name, payload in _SIGNAL.findall(line)
    ],
)
def test_every_signal_sent_by_an_example_fits_its_model(page: str, name: str, payload: str) -> None:
    assert _EVENT.validate_python({"kind": name, **json.loads(payload)}), page


def test_every_signal_sent_by_a_python_example_fits_its_model() -> None:
    checked = 0
    for block in blocks("python"):
        for node in ast.walk(ast.parse(block.text)):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="signal"),
                    args=[ast.Constant(value=str() as name), ast.Dict() as payload],
                ):
                    _EVENT.validate_python({"kind": name, **ast.literal_eval(payload)})
                    checked += 1

    assert checked


@pytest.mark.parametrize(
    ("page", "name", "payload"),
    [
        (page, name, payload)
        for page, line in shell_lines()
        for name, payload in _UPDATE.findall(line)
    ],
)
def test_every_update_put_by_an_example_fits_its_model(page: str, name: str, payload: str) -> None:
    assert _ACT.validate_python({"kind": name, **json.loads(payload)}), page


def test_every_update_put_by_a_python_example_fits_its_model() -> None:
    checked = 0
    for block in blocks("python"):
        for node in ast.walk(ast.parse(block.text)):
            match node:
                case ast.Call(
                    func=ast.Attribute(attr="execute_update"),
                    args=[ast.Constant(value=str() as name), ast.Dict() as payload],
                ):
                    _ACT.validate_python({"kind": name, **ast.literal_eval(payload)})
                    checked += 1

    assert checked


def test_every_kind_of_timeline_entry_is_explained() -> None:
    noted = set(_NOTED_AS_EVENTS)
    for folder in ("activities", "store"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Call(
                        func=ast.Attribute(value=ast.Name(id="timeline"), attr="note"),
                        args=[_, _, _, ast.Constant(value=str() as kind), *_],
                    ):
                        noted.add(kind)

    assert set(first_words("What the timeline says")) == noted
