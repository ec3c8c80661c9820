"""The benchmark itself: it runs, and its data holds what the targets are about."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_quick_run_measures_every_target_beside_its_bound(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"

    run = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--json", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert "full / bare" in run.stdout
    found = json.loads(file.read_text())
    assert found["quick"] is True
    assert set(found["targets"]) == {
        "touches_ratio",
        "starts_ratio",
        "payment_p99_ratio",
        "history_events",
        "regular_activities",
        "cached_kb",
    }
    assert all(target["value"] > 0 for target in found["targets"].values())
    assert found["measured"]["touches"]["bare"]["a_second"]["median"] > 0
    assert found["measured"]["payments"]["full"]["count"] == 10
    # What does not depend on how busy the machine is must hold in any run.
    assert found["targets"]["history_events"]["met"]
    assert found["targets"]["regular_activities"]["met"]
