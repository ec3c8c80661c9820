"""The Dockerfile as the tests read it."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
_CONTINUED = re.compile(r"\\\n\s*")


def instructions() -> list[tuple[str, str]]:
    """Every instruction with its arguments, in order."""
    text = (ROOT / "Dockerfile").read_text()
    lines = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return [
        (word.upper(), rest.strip())
        for line in _CONTINUED.sub("", lines).splitlines()
        if line.strip()
        for word, _, rest in [line.partition(" ")]
    ]


def last_stage() -> list[tuple[str, str]]:
    """The instructions that make the image that runs."""
    found = instructions()
    start = max(at for at, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def copied() -> dict[str, str]:
    """What comes into the image from this folder, and its place below the working directory."""
    places = {}
    for word, rest in last_stage():
        if word == "COPY" and not rest.startswith("--from"):
            *sources, target = shlex.split(rest)
            for source in sources:
                places[source] = target if len(sources) == 1 else f"{target}{source}"
    return places


def environment() -> dict[str, str]:
    """What the image tells its process."""
    pairs = [
        pair.partition("=")
        for word, rest in last_stage()
        if word == "ENV"
        for pair in shlex.split(rest)
    ]
    return {name: value for name, _, value in pairs}


def healthcheck() -> str:
    """The shell command that says whether the worker lives."""
    [check] = [rest for word, rest in last_stage() if word == "HEALTHCHECK"]
    return check.partition("CMD ")[2]
