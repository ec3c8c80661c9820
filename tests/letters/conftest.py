from pathlib import Path

import pytest

from integrations.letters import Letters


@pytest.fixture(scope="session")
def templates() -> Path:
    return Path(__file__).parents[2] / "templates"


@pytest.fixture(scope="session")
def letters(templates: Path) -> Letters:
    return Letters(templates)
