"""Bank statements: read them, keep what came in, place what is certain."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from commands.office import AsJson, Office, in_office, print_json, say
from integrations.bank import BankMapping, read_bank_mapping, read_statements
from integrations.temporal.connection import connect
from integrations.temporal.intake import IntakeBell
from models.bank import BankEntry, BankStatement
from models.errors import StatementUnreadable, TemporalUnavailable
from store import cash_application, statements
from store.cash_application import Placed
from store.policies import PolicyFiles
from store.statements import Kept

NOT_TOLD = (
    "The intake cannot be told now: the follow-ups hear of it once Temporal and a worker are "
    "there. See: starter.py doctor"
)
_TOGETHER = 50
_AT_ONCE = 100_000
Files = Annotated[
    list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, help="Bank files.")
]


@dataclass
class Read:
    """A file and what stands in it, or why it was refused."""

    path: Path
    content: bytes = b""
    statements: Sequence[BankStatement] = ()
    problem: str = ""
    kept: Kept = field(default_factory=Kept)

    @property
    def entries(self) -> list[BankEntry]:
        return [entry for one in self.statements for entry in one.entries]

    @property
    def warnings(self) -> list[str]:
        """What a person should look at before it is applied."""
        return [
            f"The entries miss the closing balance by {one.difference} {one.currency}: something "
            "is missing or was changed. It is applied only with --accept-unbalanced."
            for one in self.statements
            if one.difference
        ]


def reconcile(
    files: Files,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what stands in them. Needs no database.")
    ] = False,
    mapping: Annotated[
        Path | None,
        typer.Option("--map", exists=True, dir_okay=False, help="What a CSV's columns mean."),
    ] = None,
    accept_unbalanced: Annotated[
        bool, typer.Option("--accept-unbalanced", help="Take files that miss their balance.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take bank statements in: CAMT, MT940, OFX, BAI2, CSV. Safe to repeat, and to overlap.

    What is certain is placed on invoices, and their follow-ups end; the rest waits in
    `starter.py review`. A file that cannot be read whole is refused whole.
    Example: starter.py reconcile march.xml --dry-run
    """
    chosen = read_bank_mapping(mapping) if mapping else None
    read = [_read(path, chosen, accept_unbalanced or dry_run) for path in files]
    if dry_run:
        _show_entries(read, as_json)
    else:
        placed, told = in_office(partial(_apply, read=read, quiet=as_json))
        _show_applied(read, placed, told, as_json)
    if any(one.problem for one in read):
        raise typer.Exit(1)


def _read(path: Path, mapping: BankMapping | None, accept_unbalanced: bool) -> Read:
    try:
        content = path.read_bytes()
        found = read_statements(
            content, path.name, mapping=mapping, accept_unbalanced=accept_unbalanced
        )
    except StatementUnreadable as refused:
        return Read(path, problem=str(refused))
    except OSError as error:
        return Read(path, problem=f"{path.name}: cannot be read ({error.strerror})")
    return Read(path, content, found)


async def _apply(office: Office, read: Sequence[Read], *, quiet: bool) -> tuple[Placed, bool]:
    """Keep what the files say, place what is certain, and have the follow-ups told."""
    now = datetime.now(UTC)
    rules = PolicyFiles(office.settings.policies, office.settings.base_currency).cash
    for one in read:
        if not one.problem:
            digest = statements.digest(one.content)
            with office.database.writing() as session:
                one.kept = statements.keep(session, one.statements, one.path.name, digest, now)
    with office.database.reading() as session:
        keys = cash_application.waiting(session, now, _AT_ONCE)
        items = cash_application.open_items(session, rules, now.date())
    total = Placed()
    bar = Progress(
        TextColumn("Placing money"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )
    with bar:
        task = bar.add_task("place", total=len(keys))
        for start in range(0, len(keys), _TOGETHER):
            chunk = keys[start : start + _TOGETHER]
            with office.database.writing() as session:
                total += cash_application.place_new(session, chunk, items, now)
            bar.advance(task, len(chunk))
    return total, await tell_follow_ups()


async def tell_follow_ups() -> bool:
    """Have the intake tell the follow-ups; False when it will find out by itself."""
    try:
        await IntakeBell(connect).ring_now()
    except TemporalUnavailable:
        return False
    return True


def _show_entries(read: Sequence[Read], as_json: bool) -> None:
    if as_json:
        print_json({"files": [_plain(one) for one in read]})
        return
    for one in read:
        if one.problem:
            say(f"Refused: {one.problem}")
            continue
        table = Table(title=one.path.name, title_justify="left")
        for name in ("date", "amount", "", "payer", "references", "text"):
            table.add_column(name, justify="right" if name == "amount" else "left", overflow="fold")
        for entry in one.entries:
            table.add_row(
                str(entry.day or ""),
                f"{entry.signed:,f}",
                entry.currency
                + (" reversal" if entry.is_reversal else "")
                + (" pending" if entry.is_pending else ""),
                Text(entry.payer_name),
                Text(" ".join(entry.references) or entry.end_to_end_id),
                Text(entry.remittance),
            )
        Console().print(table)
        for warning in one.warnings:
            say(warning)


def _plain(one: Read) -> dict[str, Any]:
    return {
        "name": one.path.name,
        "problem": one.problem or None,
        "warnings": one.warnings,
        "statements": [statement.model_dump(mode="json") for statement in one.statements],
    }


def _show_applied(read: Sequence[Read], placed: Placed, told: bool, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "files": [
                    {"name": one.path.name, "problem": one.problem or None, **vars(one.kept)}
                    for one in read
                ],
                "placed": vars(placed),
                "told": told,
            }
        )
        return
    for one in read:
        if one.problem:
            say(f"Refused: {one.problem}")
            continue
        kept = one.kept
        again = " This file was taken in before." if kept.is_known_file else ""
        say(
            f"{one.path.name}: {kept.entries} entries, {kept.new} new, {kept.known} known, "
            f"{kept.out} that went out, {kept.undone} that took a payment back.{again}"
        )
    if all(one.problem for one in read):
        return
    say(
        f"Placed: {placed.certain}. Waiting for a person: {placed.proposed} with a proposal, "
        f"{placed.unknown} without. Set aside: {placed.set_aside}."
    )
    if placed.proposed or placed.unknown:
        say("Next: starter.py review")
    if not told:
        say(NOT_TOLD)
