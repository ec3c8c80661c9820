"""Every published event is known, and tells what stands here."""

from pathlib import Path

import pytest

from tests.webhooks.published import TOLD
from tests.webhooks.shared_files import content, names, needed
from tests.webhooks.signing import source

pytestmark = needed


def test_every_file_has_its_line() -> None:
    assert {name: sorted(lines) for name, lines in TOLD.items()} == {
        name: [Path(file).stem for file in names(name)] for name in TOLD
    }


@pytest.mark.parametrize(
    ("provider", "name"), [(provider, name) for provider in TOLD for name in TOLD[provider]]
)
def test_a_published_event_tells_this(provider: str, name: str) -> None:
    (arrived,) = source(provider).take_apart(content(provider, f"{name}.json"), {})

    assert arrived.event_id.startswith(("evt_", "ev_"))
    assert arrived.occurred_at
    found = source(provider).translate(arrived)
    assert found is not None
    assert [news.kind for news in found] == TOLD[provider][name].split()
