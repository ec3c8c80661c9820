"""The processes that are measured, each with a Python of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # its types are a package of their own

ROOT = Path(__file__).parent.parent
_LAST_WORDS = 2000


class MeasuringFailed(Exception):
    """What was to be measured did not happen; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Program:
    """A running process."""

    name: str
    process: asyncio.subprocess.Process
    log: Path

    @property
    def memory(self) -> int:
        """Resident bytes."""
        return int(psutil.Process(self.process.pid).memory_info().rss)

    @property
    def busy(self) -> float:
        """Seconds of CPU it has used."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    async def says(self) -> str:
        """Its next line on standard output.

        Raises:
            MeasuringFailed: it has ended instead.
        """
        line = await self.process.stdout.readline() if self.process.stdout else b""
        if not line:
            raise MeasuringFailed(f"{self.name} ended: {self.last_words()}")
        return line.decode().strip()

    def last_words(self) -> str:
        """The end of what it wrote to standard error."""
        return self.log.read_text(errors="replace")[-_LAST_WORDS:].strip() or "without a word"


@asynccontextmanager
async def running(
    name: str, *arguments: str, told: Mapping[str, str], folder: Path
) -> AsyncIterator[Program]:
    """`python *arguments` in `folder`, knowing of this machine's settings only what it is told."""
    environment = {
        variable: value
        for variable, value in os.environ.items()
        if not variable.startswith(("TEMPORAL_", "DUNLIN_"))
    }
    log = folder / f"{name}.log"
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            cwd=folder,
            env={**environment, "PYTHONPATH": str(ROOT), **told},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=errors,
        )
    try:
        yield Program(name, process, log)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def server_busy() -> float:
    """Seconds of CPU that the dev server, a child of this process, has used."""
    seconds = 0.0
    for child in psutil.Process().children():
        if child.name() == "temporal":
            times = child.cpu_times()
            seconds += times.user + times.system
    return seconds
