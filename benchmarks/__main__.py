"""python -m benchmarks        measures the product beside a bare workflow, on servers of its own"""

import asyncio
import json
import sys
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import report
from benchmarks.ground import ground
from benchmarks.measures import QUICK, Measured, Plan, measure
from benchmarks.programs import MeasuringFailed


async def _run(plan: Plan) -> Measured:
    begun = monotonic()

    def tell(what: str) -> None:
        print(f"{monotonic() - begun:6.1f} s  {what}", file=sys.stderr, flush=True)

    async with ground() as stage:
        try:
            return await measure(stage, plan, tell)
        except MeasuringFailed:
            for program in (stage.product, stage.bare, stage.sink):
                tell(f"{program.name} said last: {program.last_words()}")
            raise


def bench(
    to: Annotated[
        Path | None, typer.Option("--json", help="Write the data to this file, not to the screen.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Less of everything: shows that it works, no figures.")
    ] = False,
) -> None:
    """Measure the product beside a bare workflow: docs/performance.md says how."""
    try:
        found = asyncio.run(_run(QUICK if quick else Plan()))
    except MeasuringFailed as failed:
        print(failed, file=sys.stderr)
        raise typer.Exit(1) from failed
    console = Console()
    for table in report.tables(found):
        console.print(table)
    data = json.dumps(report.as_data(found, quick=quick), indent=2)
    if to is None:
        print(data)
    else:
        to.write_text(data + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(bench)
