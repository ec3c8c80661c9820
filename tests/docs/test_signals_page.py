"""docs/signals.md lists every signal, field, word and search attribute there is."""

import ast
import json
import re
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter
from temporalio.api.enums.v1 import IndexedValueType

from models import events, search_attributes
from models.decision import HOLDING
from models.follow_up import FollowUpState
from models.vocabulary import Outcome, Reason, Status
from tests.docs.pages import blocks, rows, section, shell_lines, words
from workflows.invoice_follow_up import InvoiceFollowUp

_PAGE = "docs/signals.md"
_EVENT: TypeAdapter[Any] = TypeAdapter(events.Event)
_MODELS = {
    str(model.model_fields["kind"].default): model
    for model in vars(events).values()
    if isinstance(model, type) and issubclass(model, BaseModel) and "kind" in model.model_fields
}
_GIVEN_BY_ALL = {"kind", "event_id"}
_SIGNAL = re.compile(r"temporal workflow signal .*--name (\w+).*--input '([^']*)'")


def first_words(heading: str) -> list[str]:
    return [words(row[0])[0] for row in rows(section(_PAGE, heading))]


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
