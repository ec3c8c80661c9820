"""Whatever a body holds, it is translated, unknown, or malformed; nothing else comes out."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.billing import Arrived
from models.errors import WebhookMalformed
from tests.webhooks import examples, shared_files
from tests.webhooks.signing import PROVIDERS, as_body, source
from tests.webhooks.telling import GENERIC_HEADERS

SAMPLES = [
    *((name, said) for name, all_of in examples.BY_SOURCE.items() for said in all_of),
    *(shared_files.bodies() if shared_files.WEBHOOKS.is_dir() else []),
]
NAMES = st.sampled_from(sorted(PROVIDERS))
ODD: list[Any] = [
    *(None, True, False, 0, -1, 10**20, 10**400, 1.5, 1e300, "", "x", "\0", "\ud800", "é" * 5000),
    *([], {}, [[]], [{}], [None], {"id": None}, {"data": 1}, "2026-02-30", "2026-02-28T09:00:00"),
]


def read_or_malformed(name: str, body: bytes) -> None:
    provider = source(name)
    try:
        arrived = provider.take_apart(body, GENERIC_HEADERS)
    except WebhookMalformed:
        return
    for one in arrived:
        translated_or_malformed(one)


def translated_or_malformed(arrived: Arrived) -> None:
    arrived.body.encode()
    try:
        found = source(arrived.source).translate(arrived)
    except WebhookMalformed:
        return
    assert found is None or isinstance(found, list)
    for news in found or []:
        news.model_dump_json()


@given(NAMES, st.binary(max_size=200))
@example("stripe", b"\xff")
@example("stripe", b"\xef\xbb\xbf{}")
@example("gocardless", b'{"events": [NaN]}')
@example("generic", b"[" * 100_000)
@example("xero", b'{"events":' * 100_000)
@example("quickbooks", b"[" * 400 + b"]" * 400)
@example("chargebee", b'{"id": 1e999999999999999999999}')
@example("stripe", b'{"id": "x", "type": "invoice.paid", "created": ' + b"9" * 5000 + b"}")
def test_any_bytes(name: str, body: bytes) -> None:
    read_or_malformed(name, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


@given(NAMES, JSON)
def test_any_json(name: str, said: Any) -> None:
    read_or_malformed(name, json.dumps(said).encode())


@given(NAMES, st.sampled_from(sorted(examples.KINDS)), JSON)
def test_any_json_under_a_known_type(name: str, kind: str, said: Any) -> None:
    body = json.dumps({"data": {"object": said}, "content": said, "created": 1_700_000_000})
    translated_or_malformed(Arrived(source=name, event_id="e", kind=kind, body=body))


def paths(said: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every part of a body."""
    inner: list[tuple[Any, Any]] = []
    if isinstance(said, dict):
        inner = list(said.items())
    elif isinstance(said, list):
        inner = list(enumerate(said))
    return [above, *(path for key, value in inner for path in paths(value, (*above, key)))]


def changed(said: Any, path: tuple[Any, ...], value: Any, *, drop: bool = False) -> Any:
    """A copy with another value at a place, or without it."""
    if not path:
        return value
    whole = copy.deepcopy(said)
    inner = whole
    for key in path[:-1]:
        inner = inner[key]
    if drop:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return whole


@pytest.mark.parametrize("which", range(len(SAMPLES)))
def test_a_sample_without_any_one_of_its_parts(which: int) -> None:
    name, said = SAMPLES[which]
    for path in paths(said)[1:]:
        read_or_malformed(name, as_body(changed(said, path, None, drop=True)))
        read_or_malformed(name, as_body(changed(said, path, None)))


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_sample_with_anything_in_place_of_its_parts(data: st.DataObject) -> None:
    name, said = data.draw(st.sampled_from(SAMPLES))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(said)))
        said = changed(said, path, data.draw(st.sampled_from(ODD) | JSON))
    read_or_malformed(name, as_body(said))
