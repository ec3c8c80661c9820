"""The image: small, nobody's, and enough to run."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from tests.deployment.dockerfile import (
    ROOT,
    copied,
    environment,
    healthcheck,
    instructions,
    last_stage,
)

STAYS_OUT = {"tests", "demo", "benchmarks", "docs", ".env", ".venv", ".git", "."}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def told(word: str) -> list[str]:
    return [rest for found, rest in last_stage() if found == word]


def packages(lock: str) -> set[str]:
    return {line.partition("==")[0] for line in lock.splitlines() if re.match(r"[a-z0-9]", line)}


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~!; ]", one)[0] for one in requirements}


def test_everything_copied_exists() -> None:
    assert [source for source in copied() if not (ROOT / source).exists()] == []


def test_only_what_runs_is_copied() -> None:
    assert not copied().keys() & STAYS_OUT
    assert all(place in (source, f"./{source}") for source, place in copied().items())


def test_nothing_else_reaches_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}

    assert rules[0] == "*"
    assert let_in == copied().keys() | {"requirements-worker.lock"}


@pytest.mark.parametrize(
    "words", ["-c 'import worker'", "-c 'import web.__main__'", "starter.py prepare --help"]
)
def test_what_is_copied_is_enough_to_run(words: str, tmp_path: Path) -> None:
    for source in copied():
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, tmp_path / source)
        else:
            shutil.copy(ROOT / source, tmp_path / source)

    run = subprocess.run(
        [sys.executable, *shlex.split(words)],
        cwd=tmp_path,
        env={"HOME": "/", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr


def test_every_stage_starts_from_a_pinned_image() -> None:
    stages: set[str] = set()
    for word, rest in instructions():
        if word == "FROM":
            image, _, stage = re.split(r"\s+", rest)
            assert image in stages or re.fullmatch(r"python:3\.\d+-slim-[a-z]+", image)
            stages.add(stage)


def test_the_process_is_nobody_in_particular() -> None:
    assert told("USER") == ["10001:10001"]
    after = [word for word, _ in last_stage()]
    assert "RUN" not in after[after.index("USER") :]


def test_the_process_is_told_to_stop_itself_not_a_shell() -> None:
    [command] = told("CMD")

    assert json.loads(command) == ["python", "worker.py"]
    assert told("STOPSIGNAL") == ["SIGTERM"]
    assert not told("ENTRYPOINT")


def test_packages_are_wheels_checked_against_their_hashes() -> None:
    [install] = [rest for word, rest in instructions() if word == "RUN" and "pip" in rest]

    for option in ("--require-hashes", "--only-binary :all:", "requirements-worker.lock"):
        assert option in install


def test_the_lock_has_what_runs_and_nothing_that_tests() -> None:
    lock = (ROOT / "requirements-worker.lock").read_text()
    groups = PROJECT["dependency-groups"]

    assert names(PROJECT["project"]["dependencies"]) <= packages(lock)
    assert not packages(lock) & names(groups["dev"] + groups["embedded"])


def test_the_label_says_the_version() -> None:
    assert f"VERSION={PROJECT['project']['version']}" in told("ARG")
    for label in ("title", "description", "licenses", "version", "revision"):
        assert f"org.opencontainers.image.{label}=" in told("LABEL")[0]


@pytest.mark.parametrize(("age", "status"), [(0, 0), (45, 0), (90, 1), (None, 1)])
def test_a_worker_lives_while_it_touches_its_file(
    age: int | None, status: int, tmp_path: Path
) -> None:
    alive = tmp_path / "alive"
    if age is not None:
        alive.touch()
        os.utime(alive, (time.time() - age,) * 2)

    run = subprocess.run(
        ["/bin/sh", "-c", healthcheck()],
        env={"DUNLIN_ALIVE_FILE": str(alive), "PATH": os.environ["PATH"]},
        capture_output=True,
        check=False,
    )

    assert run.returncode == status


def test_the_file_can_be_written_on_a_read_only_disk() -> None:
    assert environment()["DUNLIN_ALIVE_FILE"].startswith("/tmp/")
