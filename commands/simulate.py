"""What a policy would have sent over a past ledger."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from commands.office import AsJson, print_json, say
from commands.simulation_report import Findings
from commands.simulation_tables import tables
from domain.banking_days import Place
from domain.exchange import Rates
from domain.past_ledger import PastLedger, past_ledger
from domain.policy_text import parse_policy, parse_rates
from domain.simulation import live_through
from integrations.csv_ledger.fields import Field, Kind
from integrations.csv_ledger.ledger import Ledger
from integrations.csv_ledger.mapping import Mapping, read_mapping
from integrations.csv_ledger.reader import read_ledger
from models.errors import PolicyInvalid, WrongUse
from models.policy import Policy
from models.settings import Settings, load_settings

_RATES = "exchange_rates.toml"
_DAYS = ["%Y-%m-%d"]

Report = Callable[[int, int], None]


def simulate(
    ledger: Annotated[
        Path, typer.Argument(metavar="LEDGER.csv", help="Invoices with the days of their payment.")
    ],
    policy: Annotated[
        Path, typer.Option(metavar="FILE", help="The policy to try, for every invoice.")
    ] = Path("policies/standard.toml"),
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from",
            formats=_DAYS,
            metavar="YYYY-MM-DD",
            help="First day; the earliest issue date if left out.",
        ),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option(
            "--to",
            formats=_DAYS,
            metavar="YYYY-MM-DD",
            help="Last day; if left out, the one after which nothing more would happen.",
        ),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="What the columns mean (docs/import.md)."),
    ] = None,
    currency: Annotated[
        str, typer.Option(metavar="CODE", help="Of rows that name none; else our base currency.")
    ] = "",
    country: Annotated[
        str, typer.Option(metavar="CODE", help="Of customers without one; else our own.")
    ] = "",
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="How to read a date such as 3/4/2026."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Live a past ledger through under a policy, day by day, sending nothing.

    Counts letters and calls, what was paid before any letter and what consolidation saves, and
    shows DSO and ageing at month ends.
    Example: starter.py simulate ledger.csv --policy policies/saas.toml --from 2025-01-01
    """
    settings = load_settings()
    rules, rates = _rules(policy, settings)
    period = _period(first, last)
    defaults = {Field.CURRENCY: currency, Field.COUNTRY: country}
    told = _told(mapping, {field: text for field, text in defaults.items() if text}, settings)
    with _bars() as bars:
        read = _read(ledger, told, day_first, _bar(bars, "Reading the ledger"))
        past = _past(read, settings, rates)
        course = live_through(
            past.invoices,
            rules,
            Place(settings.firm_country),
            rates,
            first=period[0],
            last=period[1],
            progress=_bar(bars, "Living through it"),
        )
    findings = Findings.of(course, rules, past)
    if as_json:
        print_json(findings.as_json() | {"rejected_rows": len(read.rejects)})
    else:
        Console().print(tables(findings))
        _tell_about(read)


def _rules(path: Path, settings: Settings) -> tuple[Policy, Rates]:
    """The policy, and the exchange rates beside it; without that file no rate is known."""
    beside = path.parent / _RATES
    rates = _text(beside) if beside.exists() else ""
    return parse_policy(_text(path), path), parse_rates(rates, beside, settings.base_currency)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise PolicyInvalid(path, 0, "the file", f"cannot be read ({unreadable})") from None


def _period(first: datetime | None, last: datetime | None) -> tuple[date | None, date | None]:
    if first and last and last < first:
        raise WrongUse(f"--to {last:%Y-%m-%d} is before --from {first:%Y-%m-%d}: swap the two")
    return first and first.date(), last and last.date()


def _told(path: Path | None, defaults: dict[Field, str], settings: Settings) -> Mapping:
    mapping = (read_mapping(path) if path else Mapping()).with_defaults(defaults)
    if Field.CURRENCY in mapping.defaults:
        return mapping
    return mapping.with_defaults({Field.CURRENCY: settings.base_currency})


def _read(path: Path, mapping: Mapping, day_first: bool | None, progress: Report) -> Ledger:
    read = read_ledger(
        path, mapping=mapping, kind=Kind.INVOICES, day_first=day_first, progress=progress
    )
    if not read.invoices:
        why = f", {read.rejects[0]}" if read.rejects else ""
        raise WrongUse(f"{path}: no row of it can be followed up{why}")
    return read


def _past(read: Ledger, settings: Settings, rates: Rates) -> PastLedger:
    return past_ledger(
        read.customers,
        read.contacts,
        read.invoices,
        read.payments,
        country=settings.firm_country,
        rates=rates,
    )


def _bars() -> Progress:
    """Bars on standard error, when a person is looking."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def _bar(bars: Progress, what: str) -> Report:
    task = bars.add_task(what, total=None)
    return lambda done, total: bars.update(task, completed=done, total=total)


def _tell_about(read: Ledger) -> None:
    for note in read.notes:
        say(note)
    if read.disputed:
        say(
            f"Marked as disputed: {len(read.disputed)}. As nothing says from when to when, they "
            f"are followed up like the others."
        )
    if read.rejects:
        say(f"Rows that could not be taken: {len(read.rejects)}. The first, {read.rejects[0]}")
