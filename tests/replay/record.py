"""Records the histories and the fingerprint anew: `python -m tests.replay.record`.

Run it when a workflow's commands change on purpose, add what was recorded, and keep the histories
of versions that may still run.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from store import migrate
from store.database import Database
from tests.harness import a_firm
from tests.replay.fingerprint import FINGERPRINTS, fingerprint
from tests.replay.scenarios import BEGINS, LEFT_TO_CHANCE, SCENARIOS, Scenario
from tests.servers import time_skipping

HISTORIES = Path(__file__).parent / "histories"


async def live(env: WorkflowEnvironment, scenario: Scenario, folder: Path) -> WorkflowHistory:
    """Live one scenario in a firm of its own; returns the history of its invoice's last run."""
    database = Database(f"sqlite:///{folder / 'dunlin.db'}")
    migrate.upgrade(database)
    try:
        async with a_firm(env, database, BEGINS) as firm:
            invoice_id = await scenario(firm)
            return await firm.client.get_workflow_handle(f"invoice/{invoice_id}").fetch_history()
    finally:
        database.close()


async def main() -> None:
    """Record every scenario."""
    prints = {}
    for scenario in SCENARIOS:
        name = scenario.__name__
        with tempfile.TemporaryDirectory() as folder:
            async with time_skipping() as env:
                history = await live(env, scenario, Path(folder))
        (HISTORIES / f"{name}.json").write_text(history.to_json() + "\n", encoding="utf-8")
        if scenario not in LEFT_TO_CHANCE:
            prints[name] = fingerprint(history)
        sys.stderr.write(f"{name}: {len(history.events)} events\n")
    FINGERPRINTS.write_text(json.dumps(prints, indent=1) + "\n", encoding="utf-8")
    await asyncio.sleep(0.5)


if __name__ == "__main__":
    asyncio.run(main())
