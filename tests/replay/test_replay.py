"""A change to a workflow must not break the invoices that are being followed up."""

import asyncio
import json
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from tests.replay.fingerprint import FINGERPRINTS, fingerprint
from tests.replay.record import HISTORIES, live
from tests.replay.scenarios import LEFT_TO_CHANCE, SCENARIOS, Scenario
from worker import WORKFLOWS, workflow_runner

CERTAIN = [one for one in SCENARIOS if one not in LEFT_TO_CHANCE]
RECORDED = sorted(HISTORIES.glob("*.json"))
REMEDY = (
    "The commands of InvoiceFollowUp have changed. Follow-ups that run would stop at their next "
    "step unless the change is guarded by workflow.patched(). If it is safe, or guarded, announce "
    "it: python -m tests.replay.record, and a line in CHANGELOG.md."
)


@pytest.mark.parametrize("path", RECORDED, ids=[path.stem for path in RECORDED])
async def test_a_recorded_life_replays(path: Path) -> None:
    replayer = Replayer(
        workflows=list(WORKFLOWS),
        workflow_runner=workflow_runner(),
        data_converter=pydantic_data_converter,
    )
    recorded = await asyncio.to_thread(path.read_text, encoding="utf-8")
    history = WorkflowHistory.from_json("invoice/INV-1", recorded)

    await replayer.replay_workflow(history)


def test_every_scenario_has_been_recorded() -> None:
    assert {path.stem for path in RECORDED} >= {one.__name__ for one in SCENARIOS}


@pytest.mark.parametrize("scenario", CERTAIN, ids=[one.__name__ for one in CERTAIN])
async def test_the_commands_have_not_changed_unannounced(
    skipping: WorkflowEnvironment, tmp_path: Path, scenario: Scenario
) -> None:
    announced = json.loads(await asyncio.to_thread(FINGERPRINTS.read_text))[scenario.__name__]

    assert fingerprint(await live(skipping, scenario, tmp_path)) == announced, REMEDY
