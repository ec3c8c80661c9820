"""What a simulation found as tables for a terminal."""

from collections.abc import Iterator
from decimal import Decimal

from babel.numbers import format_currency
from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table

from commands.simulation_report import Findings
from models.vocabulary import Tier

_CHART = 24
_PARTS = " ▏▎▍▌▋▊▉█"


def tables(findings: Findings) -> Group:
    """What came of it, letters by stage and by month, then each currency's month ends."""
    return Group(*_parts(findings))


def _parts(findings: Findings) -> Iterator[RenderableType]:
    yield _summary(findings)
    yield _stages(findings)
    yield _months(findings)
    for currency in findings.currencies:
        yield _dso(findings, currency)
        yield _ageing(findings, currency)


def _summary(findings: Findings) -> Table:
    course, policy = findings.course, findings.policy
    table = _table(f"{policy.name} {policy.version}, {course.first} to {course.last}", "")
    table.add_column(justify="right")
    rows = [
        ("Invoices", len(course.chases)),
        ("paid before any letter", course.paid_before_contact),
        ("still open at the end", sum(chase.ended is None for chase in course.chases)),
        ("Letters, had each invoice its own", course.letters_alone),
        ("Letters sent", len(course.letters)),
        ("most a day to one customer in one currency", course.most_a_day),
        ("Calls", len(course.calls)),
        ("Steps passed over", course.skipped_steps),
    ]
    if findings.undated:
        rows.append(("Left out: ended, nobody knows when", findings.undated))
    rows += [(f"Held: {reason.replace('_', ' ')}", n) for reason, n in sorted(course.held.items())]
    for what, count in rows:
        table.add_row(what, f"{count:,}")
    return table


def _stages(findings: Findings) -> Table:
    table = _table("Letters by stage", "Stage")
    table.add_column("Letters", justify="right")
    table.add_column("", min_width=_CHART)
    most = max(findings.letters_by_stage.values(), default=0)
    for stage, count in findings.letters_by_stage.items():
        table.add_row(stage.replace("_", " "), f"{count:,}", _bar(count, most))
    return table


def _months(findings: Findings) -> Table:
    table = _table("Letters and calls by month", "Month")
    table.add_column("Letters", justify="right")
    table.add_column("Calls", justify="right")
    table.add_column("", min_width=_CHART)
    most = max(findings.letters_by_month.values(), default=0)
    for month, count in findings.letters_by_month.items():
        calls = findings.calls_by_month[month]
        table.add_row(month, f"{count:,}", f"{calls:,}", _bar(count, most))
    return table


def _dso(findings: Findings, currency: str) -> Table:
    table = _table(f"DSO at month ends, {currency}", "Month end")
    table.add_column("Days", justify="right")
    table.add_column("", min_width=_CHART)
    dso = {day: standing[currency].dso for day, standing in findings.standings.items()}
    most = max((days or 0 for days in dso.values()), default=0)
    for day, days in dso.items():
        shown = "-" if days is None else f"{days:.1f}"
        table.add_row(day.isoformat(), shown, _bar(days or 0, most))
    return table


def _ageing(findings: Findings, currency: str) -> Table:
    table = _table(f"Open amounts by age at month ends, {currency}", "Month end")
    for tier in Tier:
        table.add_column(tier.value, justify="right")
    for day, standing in findings.standings.items():
        by_tier = standing[currency].by_tier
        amounts = (
            format_currency(by_tier[tier], currency, format="#,##0.00", locale="en_US")
            for tier in Tier
        )
        table.add_row(day.isoformat(), *amounts)
    return table


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", box=SIMPLE_HEAD)


def _bar(value: Decimal | int, most: Decimal | int, width: int = _CHART) -> str:
    """A bar of eighths of a character, `width` characters long at `most`."""
    if not most:
        return ""
    eighths = round(value * width * 8 / most)
    return _PARTS[-1] * (eighths // 8) + _PARTS[eighths % 8].strip()
