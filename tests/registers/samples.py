"""Published objects of the providers in the shared folder beside the project."""

from pathlib import Path
from typing import Any

import pytest

from integrations.registers.answers import parsed

WEBHOOKS = Path(__file__).parents[3] / "shared" / "data" / "webhooks"

needed = pytest.mark.skipif(
    not WEBHOOKS.is_dir(), reason="The samples are not in the shared folder beside the project."
)


def names(provider: str) -> list[str]:
    """The files of a provider; none where the folder is missing."""
    return sorted(path.name for path in (WEBHOOKS / provider).glob("*.json"))


def content(provider: str, name: str) -> Any:
    """A file's JSON, with exact figures."""
    return parsed((WEBHOOKS / provider / name).read_bytes())
