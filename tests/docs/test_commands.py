"""What the pages tell people to run is there: commands, options, make targets."""

import re
import shlex
from functools import cache

import pytest
import typer
from typer.testing import CliRunner

import starter
from tests.docs.pages import ROOT, pages, rows, section, shell_lines, words

_COMMAND = re.compile(r"starter\.py ([a-z][\w-]*)([^`|\n]*)")
_OF_A_GROUP = re.compile(r"starter\.py (customer) ([a-z]+)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
_TARGET = re.compile(r"\bmake ([a-z]+)\b")
_WITHOUT_JSON = {"demo", "prepare"}


@cache
def commands_of(command: str) -> tuple[str, ...]:
    """The commands of a group such as `customer`; none of a plain one."""
    found = typer.main.get_command(starter.build_app(command))
    return tuple(getattr(getattr(found, "commands", {})[command], "commands", ()))


@cache
def options_of(command: str) -> frozenset[str]:
    """The options that the command's help shows; of a group, those of its commands."""
    ways = [[command, one] for one in commands_of(command)] or [[command]]
    return frozenset().union(*(_shown(tuple(way)) for way in ways))


@cache
def _shown(way: tuple[str, ...]) -> frozenset[str]:
    helped = CliRunner().invoke(starter.build_app(way[0]), [*way, "--help"])
    assert helped.exit_code == 0, helped.output
    return frozenset(_OPTION.findall(helped.output))


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))


def told() -> list[tuple[str, str, str]]:
    """Page, command and what follows it, wherever a page names a command of `starter.py`."""
    return [
        (page, command, rest)
        for page, text in pages().items()
        for command, rest in _COMMAND.findall(text.replace("\\\n", " "))
    ]


def code() -> list[tuple[str, str]]:
    """Page and text of everything set as code: shell lines, and what stands in backquotes."""
    inline = [(page, word) for page, text in pages().items() for word in words(text)]
    return [*shell_lines(), *inline]


@pytest.mark.parametrize("command", starter.COMMANDS)
def test_every_command_has_help(command: str) -> None:
    assert "--help" in options_of(command)


@pytest.mark.parametrize(("page", "command", "rest"), told())
def test_every_command_named_exists_with_its_options(page: str, command: str, rest: str) -> None:
    assert command in starter.COMMANDS, page
    assert set(_OPTION.findall(rest)) <= options_of(command), page


def test_every_command_of_a_group_named_exists_with_its_options() -> None:
    named = {
        (page, group, one, frozenset(_OPTION.findall(line)))
        for page, line in code()
        if "\n" not in line
        for group, one in _OF_A_GROUP.findall(line)
    }

    assert named
    for page, group, one, options in named:
        assert one in commands_of(group), page
        assert options <= _shown((group, one)), page


def test_the_readme_lists_every_command() -> None:
    listed = [word for row in rows(section("README.md", "Commands")) for word in words(row[0])]

    assert listed == list(starter.COMMANDS)


def test_the_commands_that_take_json_are_as_the_readme_says() -> None:
    said = section("README.md", "Commands")
    ways: list[tuple[str, ...]] = []
    for name in starter.COMMANDS:
        ways += [(name, one) for one in commands_of(name)] or [(name,)]

    assert {" ".join(way) for way in ways if "--json" not in _shown(way)} == _WITHOUT_JSON
    assert "All but `demo` and `prepare` take `--json`" in said


def test_every_make_target_named_exists() -> None:
    named = {
        (page, target)
        for page, text in code()
        if text.startswith("make ")
        for target in _TARGET.findall(text)
    }

    assert named
    assert {(page, target) for page, target in named if target not in targets()} == set()


def test_the_demo_takes_what_the_pages_give_it() -> None:
    given = {
        option
        for _, text in code()
        if text.startswith("make demo")
        for option in _OPTION.findall(text)
    }

    assert given <= options_of("demo")


def test_shell_lines_can_be_split() -> None:
    for page, line in shell_lines():
        if "<<" not in line and not line.startswith(("for ", "do", "--")):
            assert shlex.split(line, comments=True), page
