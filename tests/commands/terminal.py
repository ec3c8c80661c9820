"""The command line as a person has it: a folder, an environment, words typed and words answered."""

import contextlib
import csv
import io
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import starter
from commands.office import Office

ROOT = Path(starter.__file__).parent


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Its JSON."""
        return json.loads(self.out)

    @property
    def facts(self) -> dict[str, list[str]]:
        """Its lines by the headings before them."""
        assert self.status == 0, self.err
        found: dict[str, list[str]] = {}
        heading = ""
        for line in self.out.splitlines():
            heading = line[1:10].strip() or heading
            found.setdefault(heading, []).append(line[10:].strip())
        return found

    def refused(self, status: int) -> str:
        """What it said on refusing with that status: 1 for now, 2 for good."""
        assert (self.status, self.out) == (status, ""), self.err
        assert "Traceback" not in self.err
        return self.err


class Terminal:
    """A folder of the test's own, with a database in it; `told` are further variables."""

    def __init__(self, folder: Path, **told: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "COLUMNS": "250",
            "DUNLIN_DATABASE_URL": f"sqlite:///{folder}/dunlin.db",
            "DUNLIN_OUTBOX": str(folder / "outbox"),
            "DUNLIN_POLICIES": str(ROOT / "policies"),
            "DUNLIN_TEMPLATES": str(ROOT / "templates"),
            **told,
        }

    def but(self, **told: str) -> "Terminal":
        """The same with other variables."""
        return Terminal(self.folder, **(self.env | told))

    def __call__(self, *words: object) -> Said:
        """Run a command in this process, which saves it a second."""
        typed = [str(word) for word in words]
        out, err = io.StringIO(), io.StringIO()
        with (
            self.inside(),
            mock.patch.object(sys, "argv", ["starter.py", *typed]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            status = _status_of_main()
        return Said(status, out.getvalue(), err.getvalue())

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """This process with the folder and the variables of the terminal."""
        with (
            mock.patch.dict(os.environ, self.env, clear=True),
            mock.patch.object(Office, "__aexit__", _leave),
            contextlib.chdir(self.folder),
        ):
            yield

    def program(self, *words: object, name: str = "starter.py") -> Said:
        """Run the program itself."""
        done = subprocess.run(
            [sys.executable, ROOT / name, *map(str, words)],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def write(self, name: str, rows: Sequence[Mapping[str, object]]) -> Path:
        """A CSV file in the folder."""
        path = self.folder / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        return path


async def _leave(office: Office, *_error: object) -> None:
    """Leave the office without the wait for the SDK's threads: this process does not end here."""
    if office._database is not None:
        office._database.close()


def _status_of_main() -> int:
    try:
        return starter.main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # noqa: BLE001  (what Python itself does with an error that nobody expected)
        traceback.print_exc()
        return 1


@contextlib.contextmanager
def at_work(terminal: Terminal) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of this terminal's settings, until the block ends."""
    log = terminal.folder / "worker.log"
    with log.open("ab") as file:
        worker = subprocess.Popen(
            [sys.executable, ROOT / "worker.py"],
            cwd=terminal.folder,
            env=terminal.env,
            stdout=file,
            stderr=file,
        )
    try:
        yield worker
    finally:
        worker.terminate()
        status = worker.wait(timeout=40)
    assert status == 0, log.read_text()
