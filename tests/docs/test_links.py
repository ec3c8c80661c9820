"""Links between pages lead somewhere, and no page names a place that only one machine has."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks, pages, rows, section, words

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_PERSONAL = re.compile(r"(?<![\w.:/])/(?:home|root|Users|work)/")
_REGISTRY = re.compile(r"\b(?:pypi|docker\.io|ghcr|quay\.io|npmjs|index-url|devpi|artifactory)\b")
_PLACE = re.compile(
    r"(?:domain|store|activities|workflows|models|commands|integrations|policies|templates|tests"
    r"|migrations|demo)/[\w./-]*"
)


def links() -> Iterator[tuple[str, str]]:
    for page, text in pages().items():
        for target in _LINK.findall(_FENCED.sub("", text)):
            if "://" not in target and not target.startswith("mailto:"):
                yield page, target


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as a viewer makes them."""
    headings = _HEADING.findall(_FENCED.sub("", path.read_text(encoding="utf-8")))
    plain = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


@pytest.mark.parametrize(("page", "target"), sorted(set(links())))
def test_every_link_leads_to_a_page_and_a_heading(page: str, target: str) -> None:
    name, _, anchor = target.partition("#")
    path = (ROOT / page).parent / name if name else ROOT / page

    assert path.exists()
    assert not anchor or anchor in anchors(path)


@pytest.mark.parametrize("page", pages())
def test_no_page_names_a_path_of_one_machine_or_a_registry(page: str) -> None:
    assert not _PERSONAL.search(pages()[page])
    assert not _REGISTRY.search(pages()[page])


def test_every_file_the_readme_sends_to_exists() -> None:
    table = rows(section("README.md", "Where to find a rule"))

    assert table
    for row in table:
        assert all((ROOT / place).is_file() for place in words(row[1])), row


@pytest.mark.parametrize("page", [page for page in pages() if not page.startswith("CHANGELOG")])
def test_every_file_named_exists(page: str) -> None:
    for word in words(_FENCED.sub("", pages()[page])):
        if _PLACE.fullmatch(word) and "NAME" not in word:
            assert (ROOT / word).exists(), word


def test_every_decision_has_its_three_parts_and_a_number_of_its_own() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [path.name[:4] for path in decisions] == [f"{n + 1:04}" for n in range(len(decisions))]
    for path in decisions:
        text = path.read_text()
        assert text.startswith(f"# {path.name[:4]} · ")
        assert [
            word for word in ("**Context.**", "**Decision.**", "**Consequences.**") if word in text
        ] == ["**Context.**", "**Decision.**", "**Consequences.**"]


def test_every_python_example_compiles() -> None:
    for block in blocks("python"):
        compile(block.text, block.page, "exec")
