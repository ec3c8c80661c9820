"""Imports go one way, the rules are pure, and files are about one thing."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]

# Who may import whom, beside itself: `models ← domain ← activities → store, integrations`.
# Store and integrations know the pure rules too; only what composes knows the wiring.
_PARTS = {"models", "domain", "store", "integrations", "activities", "workflows", "logs"}
_PROGRAMS = {"worker", "starter", "commands", "web", "demo", "benchmarks"}
ALLOWED: dict[str, set[str]] = {
    "models": set(),
    "logs": set(),
    "domain": {"models"},
    "store": {"models", "domain"},
    "integrations": {"models", "domain"},
    "activities": {"models", "domain", "store", "integrations"},
    "workflows": {"models", "activities"},
    "migrations": {"models"},
    "web": {"models", "domain", "store", "integrations"},
    "web/app.py": _PARTS,
    "worker": _PARTS,
    "commands": {*_PARTS, "worker", "web"},
    "starter": {*_PARTS, "commands", "demo"},
    "demo": _PARTS | _PROGRAMS,
    "benchmarks": _PARTS | _PROGRAMS,
    "tests": _PARTS | _PROGRAMS,
}

# What the innermost layers may import from outside, and where alone.
_PURE = {
    *("bisect", "calendar", "collections", "dataclasses", "datetime", "decimal", "enum"),
    *("functools", "hashlib", "heapq", "itertools", "math", "re", "statistics", "tomllib"),
    "typing",
    *("urllib.parse", "zoneinfo", "babel", "holidays", "pydantic", "rapidfuzz", "stdnum"),
    "unicodedata",
    "warnings",  # to let that of a year without a holiday table go by
    "pathlib",  # to name a file in an error; touching one is looked for below
}
PURE: dict[str, set[str]] = {
    "domain": _PURE,
    "models": _PURE,
    "models/settings.py": _PURE | {"pydantic_settings"},
    "models/tables": _PURE | {"sqlalchemy", "sqlmodel"},
    "models/column_types.py": _PURE | {"sqlalchemy"},
    "models/search_attributes.py": {"temporalio.common"},
}
_CLOCKS = {"now", "today", "utcnow"}
_FILES = {
    *("cwd", "exists", "expanduser", "glob", "home", "is_dir", "is_file", "iterdir", "mkdir"),
    *("open", "read_bytes", "read_text", "resolve", "rglob", "stat", "touch", "unlink"),
    *("write_bytes", "write_text"),
}
_VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc", "tools"}
_MOST_LINES = 200


@cache
def _trees() -> dict[str, ast.Module]:
    """Every source file by its path from the root."""
    paths = (path.relative_to(_ROOT) for path in _ROOT.rglob("*.py"))
    ours = (
        path for path in paths if not path.parts[0].startswith(".") and path.parts[0] != "build"
    )
    return {path.as_posix(): ast.parse((_ROOT / path).read_text("utf-8")) for path in sorted(ours)}


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that is imported, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _layer(path: str) -> str:
    return path.partition("/")[0].removesuffix(".py")


def _layers() -> set[str]:
    return {_layer(path) for path in _trees()}


def _rule(path: str, table: dict[str, set[str]]) -> set[str] | None:
    folders = (parent.as_posix() for parent in Path(path).parents)
    return next((table[one] for one in (path, *folders, _layer(path)) if one in table), None)


def test_every_folder_with_code_has_its_place_in_the_table() -> None:
    assert _layers() <= set(ALLOWED)


def test_imports_go_one_way() -> None:
    wrong = [
        f"{path}:{line} imports {name}"
        for path, tree in _trees().items()
        for line, name in _imports(tree)
        if (layer := name.partition(".")[0]) in _layers()
        and layer != _layer(path)
        and layer not in (_rule(path, ALLOWED) or set())
    ]

    assert wrong == []


def test_no_import_is_relative() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert wrong == []


def test_no_two_modules_need_each_other() -> None:
    names = {_module(path): path for path in _trees()}
    needs: dict[str, set[str]] = {}
    for path, tree in _trees().items():
        # An import inside a function runs when everything is there.
        top = ast.Module([node for node in tree.body if not _is_definition(node)], [])
        found = (_known(name, names) for _, name in _imports(top))
        needs[_module(path)] = {name for name in found if name and name != _module(path)}
    try:
        list(TopologicalSorter(needs).static_order())
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def _is_definition(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _known(name: str, modules: dict[str, str]) -> str | None:
    return next((one for one in (name, name.rpartition(".")[0]) if one in modules), None)


def test_a_workflow_passes_our_code_through_its_sandbox() -> None:
    wrong = []
    for path, tree in _trees().items():
        if _layer(path) == "workflows":
            through = {
                line
                for node in ast.walk(tree)
                if isinstance(node, ast.With) and _passes_through(node)
                for line, _ in _imports(node)
            }
            wrong += [
                f"{path}:{line} imports {name}"
                for line, name in _imports(tree)
                if name.partition(".")[0] in _layers() and line not in through
            ]

    assert wrong == []


def _passes_through(node: ast.With) -> bool:
    return any(
        ast.unparse(item.context_expr) == "workflow.unsafe.imports_passed_through()"
        for item in node.items
    )


def test_rules_and_models_import_nothing_that_acts() -> None:
    wrong = [
        f"{path}:{line} imports {name}"
        for path, tree in _trees().items()
        if (allowed := _rule(path, PURE)) is not None
        for line, name in _imports(tree)
        if name.partition(".")[0] not in allowed | _layers()
        and not any(name.startswith(f"{one}.") for one in allowed)
    ]

    assert wrong == []


def test_rules_and_models_read_no_clock_and_touch_no_file() -> None:
    wrong = [
        f"{path} uses {ast.unparse(node)}"
        for path, tree in _trees().items()
        if _rule(path, PURE) is not None
        for node in ast.walk(tree)
        if _reads_a_clock(node) or _touches_a_file(node)
    ]

    assert wrong == []


def _reads_a_clock(node: ast.AST) -> bool:
    """`datetime.now` in any spelling, called or handed on."""
    if not isinstance(node, ast.Attribute) or node.attr not in _CLOCKS:
        return False
    return ast.unparse(node.value).rpartition(".")[2] in {"datetime", "date"}


def _touches_a_file(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id in {"open", "print", "input"}
    return isinstance(node.func, ast.Attribute) and node.func.attr in _FILES


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "field(default_factory=date.today)",
        "Path('x').read_text()",
        "open('x')",
    ],
)
def test_an_impure_line_would_be_found(source: str) -> None:
    assert any(
        _reads_a_clock(node) or _touches_a_file(node) for node in ast.walk(ast.parse(source))
    )


@pytest.mark.parametrize("source", ["case.now", "self.now()", "promise.today", "date(2026, 1, 1)"])
def test_a_pure_line_is_left_alone(source: str) -> None:
    nodes = list(ast.walk(ast.parse(source)))

    assert not any(_reads_a_clock(node) or _touches_a_file(node) for node in nodes)


def test_no_file_is_about_everything() -> None:
    names = {path: {*path.removesuffix(".py").split("/")} for path in _trees()}

    assert [path for path, parts in names.items() if parts & _VAGUE] == []


def test_a_workflow_stays_short() -> None:
    lengths = {
        path: len((_ROOT / path).read_text("utf-8").splitlines())
        for path in _trees()
        if _layer(path) == "workflows"
    }

    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines >= _MOST_LINES} == {}


def test_a_file_holds_one_workflow() -> None:
    for path, tree in _trees().items():
        workflows = [
            node.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef)
            and any("workflow.defn" in ast.unparse(mark) for mark in node.decorator_list)
        ]
        if _layer(path) == "workflows":
            assert len(workflows) <= 1, path
        elif _layer(path) not in {"tests", "benchmarks"}:
            assert workflows == [], path
