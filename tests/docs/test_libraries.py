"""docs/decisions/0003 lists every package that we ask for, with its licence."""

import re
import tomllib
from importlib.metadata import metadata

import pytest

from tests.docs.pages import ROOT, pages

_PAGE = "docs/decisions/0003-libraries.md"
_ROW = re.compile(r"^\| `([\w-]+)` \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
_LISTED: dict[str, str] = dict(_ROW.findall(pages()[_PAGE]))


def asked_for() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    asked = [*project["project"]["dependencies"], *groups["embedded"], *groups["dev"]]
    return {re.split(r"[\[<>=]", one)[0] for one in asked}


def licence(package: str) -> str:
    """As the installed package states it, in the newest form that it uses."""
    said = metadata(package).json
    if stated := said.get("license_expression") or said.get("license"):
        return str(stated)
    return next(
        one.rpartition(" :: ")[2] for one in said["classifier"] if one.startswith("License")
    )


def test_every_package_we_ask_for_is_listed() -> None:
    assert set(_LISTED) == asked_for()


@pytest.mark.parametrize("package", _LISTED)
def test_its_licence_is_the_one_the_package_states(package: str) -> None:
    assert _LISTED[package] == licence(package)


def test_the_licence_is_the_whole_apache_licence() -> None:
    text = (ROOT / "LICENSE").read_text()

    assert "Copyright 2026 The Dunlin authors" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "APPENDIX: How to apply the Apache License to your work." in text
