"""docs/webhooks.md tells the truth: its examples are read, its tables are those of the code."""

import json
import subprocess
from datetime import UTC, datetime

import pytest

from integrations.provider_objects.stripe_events import MEANINGS
from integrations.webhooks import Generic
from integrations.webhooks.chargebee_news import meaning_of
from integrations.webhooks.generic_news import TYPES
from integrations.webhooks.gocardless_news import ACTIONS
from tests.docs.pages import blocks, pages, rows, section, words
from tests.webhooks.signing import PROVIDERS, as_body
from tests.webhooks.telling import told

_PAGE = "docs/webhooks.md"
_SECRET = "whsec_ZXhhbXBsZS1zZWNyZXQtb2YtMzItb2N0ZXRzLWhlcmU="
_KINDS = [
    heading.removeprefix("#### ")
    for heading in section(_PAGE, "The types").splitlines()
    if heading.startswith("#### ")
]


def first_cells(heading: str) -> set[str]:
    return {word for row in rows(section(_PAGE, heading)) for word in words(row[0])}


def examples() -> list[str]:
    return [block.text for block in blocks("json") if block.page == _PAGE]


def test_every_source_has_its_variable() -> None:
    table = rows(pages()[_PAGE])

    assert {words(row[1])[0] for row in table} == set(PROVIDERS)
    for row in table:
        name = words(row[1])[0].upper()
        wanted = f"DUNLIN_{name}_WEBHOOK_SECRETS".replace("_GENERIC", "")
        assert words(row[2]) == [wanted]


def test_stripes_table_names_every_event_that_tells_something() -> None:
    assert first_cells("Stripe") == set(MEANINGS)


def test_gocardless_table_names_every_action() -> None:
    told_of = {
        (words(row[0])[0], action)
        for row in rows(section(_PAGE, "GoCardless"))
        for action in words(row[0])[1:]
    }

    assert told_of == {(name, action) for name, actions in ACTIONS.items() for action in actions}


def test_chargebees_events_are_known() -> None:
    assert all(meaning_of(kind) for kind in first_cells("Chargebee"))


def test_every_type_of_our_own_stands_under_a_heading() -> None:
    assert {kind for heading in _KINDS for kind in first_cells(heading)} == set(TYPES)


@pytest.mark.parametrize("heading", _KINDS)
def test_the_fields_of_a_type_are_those_that_are_read(heading: str) -> None:
    text = section(_PAGE, heading)
    fields = rows(text.partition("| field |")[1] + text.partition("| field |")[2])
    for kind in words("".join(row[0] for row in rows(text))):
        model = TYPES[kind].model.model_fields
        assert [words(row[0])[0] for row in fields] == list(model)
        assert [row[1] == "yes" for row in fields] == [one.is_required() for one in model.values()]


@pytest.mark.parametrize("example", examples())
def test_an_example_is_read(example: str) -> None:
    assert told("generic", json.loads(example))


def test_every_type_but_those_told_like_another_has_an_example() -> None:
    shown = {json.loads(example)["type"] for example in examples()}

    assert set(TYPES) - shown == {"invoice.changed", "invoice.voided", "invoice.uncollectible"}


@pytest.mark.parametrize("page", [_PAGE, "README.md"])
def test_the_lines_for_a_shell_send_what_is_taken(page: str) -> None:
    (script,) = (
        one.text for one in blocks("sh") if one.page == page and "openssl dgst" in one.text
    )
    # What curl would send, part by part.
    listening = "curl() { printf '%s\\0' \"$@\"; }\n"
    done = subprocess.run(
        ["bash", "-euc", listening + script], capture_output=True, text=True, check=True
    )
    sent = done.stdout.split("\0")
    headers = dict(
        sent[place + 1].split(": ", 1) for place, said in enumerate(sent) if said == "-H"
    )
    body = sent[sent.index("--data-raw") + 1].encode()
    generic = Generic([_SECRET])

    generic.verify(body, headers, datetime.now(UTC))
    (arrived,) = generic.take_apart(body, headers)
    assert generic.translate(arrived)
    assert body == as_body(json.loads(body)).replace(b", ", b",").replace(b": ", b":")
