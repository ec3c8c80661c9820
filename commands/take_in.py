"""Taking a ledger in from a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlmodel import Session

from commands.office import AsJson, Office, in_office, print_json, say
from integrations.csv_ledger import (
    DisputeMark,
    Entry,
    Kind,
    LedgerFile,
    Mapping,
    Reject,
    read_mapping,
    write_rejects,
)
from models.errors import DunlinError, FollowUpClosed, TemporalUnavailable
from models.events import InvoiceChanged
from models.ledger import ContactRow, CustomerRow, InvoiceRow, PaymentRow
from store import register
from store.register import Taken

_BATCH = 1000

_UNKNOWN_INVOICE = (
    "names no invoice that is known, or a number that several have. Import the invoice first, or "
    "name it by its id."
)
_UNKNOWN_CUSTOMER = "is no customer that is known. Import the customer first, or correct it."
_MOVED = (
    "is another customer than the invoice came with, and its follow-up runs under that one. If "
    "this one is right, void the invoice under the first and import it here under a new id."
)

R = TypeVar("R", ContactRow, CustomerRow, DisputeMark, InvoiceRow, PaymentRow, Reject)


@dataclass
class Report:
    """What an import has done."""

    customers: Taken = field(default_factory=Taken)
    contacts: Taken = field(default_factory=Taken)
    invoices: Taken = field(default_factory=Taken)
    payments: Taken = field(default_factory=Taken)
    disputed: int = 0
    rejects: list[Reject] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    told: int = 0
    still_to_tell: int = 0

    @property
    def by_kind(self) -> dict[str, Taken]:
        return {
            "customers": self.customers,
            "contacts": self.contacts,
            "invoices": self.invoices,
            "payments": self.payments,
        }


def take_in(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file.")],
    mapping: Annotated[
        Path | None,
        typer.Option("--map", exists=True, dir_okay=False, help="Mapping file; docs/import.md."),
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="What it holds, if headers do not say.")] = None,
    currency: Annotated[str, typer.Option(help="For rows that name none, such as EUR.")] = "",
    country: Annotated[str, typer.Option(help="For customers without one, such as DE.")] = "",
    language: Annotated[str, typer.Option(help="For customers without one, such as de.")] = "",
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="How to read 4/6/2013 if nothing tells."),
    ] = None,
    rejects: Annotated[
        Path | None, typer.Option(help="Where refused rows go; beside FILE if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take customers, contacts, invoices and payments in. Safe to repeat.

    Rows that cannot be taken go to a reject file with line, column and reason; mend them there and
    import that file. Example: starter.py import invoices.csv --map mapping.toml
    """
    told = {"currency": currency, "country": country, "language": language}
    chosen = (read_mapping(mapping) if mapping else Mapping()).with_defaults(
        {key: text for key, text in told.items() if text}  # type: ignore[misc]
    )

    async def work(office: Office) -> Report:
        report = _read(office, file, chosen, kind, day_first, quiet=as_json)
        await _tell(office, report)
        return report

    report = in_office(work)
    place = rejects or file.with_suffix(".rejects.csv")
    _show(report, place, as_json)
    if report.rejects:
        _keep_rejects(place, report.rejects)


def _keep_rejects(place: Path, rejects: Sequence[Reject]) -> None:
    try:
        write_rejects(place, rejects)
    except OSError as error:
        raise DunlinError(
            f"The other rows were taken in, but the {len(rejects)} refused ones cannot be written "
            f"to {place} ({error.strerror}). Import again with --rejects and another file."
        ) from error


def _read(
    office: Office,
    path: Path,
    mapping: Mapping,
    kind: Kind | None,
    day_first: bool | None,
    *,
    quiet: bool,
) -> Report:
    report, now = Report(), datetime.now(UTC)
    bar = Progress(
        TextColumn("Reading {task.fields[name]}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )
    with bar:
        task = bar.add_task("read", total=None, name=path.name)
        ledger = LedgerFile(
            path,
            mapping=mapping,
            kind=kind,
            day_first=day_first,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
        # A file may say different things of one customer; only its last word is a change.
        customers: dict[str, CustomerRow] = {}
        added: set[str] = set()
        for batch in _batches(ledger.entries()):
            seen = {row.id: row for row in _rows(batch, CustomerRow)}
            customers |= seen
            with office.database.writing() as session:
                added |= register.add_customers(session, seen.values())
                late = _take(session, batch, report, now)
            report.rejects += _rows(batch, Reject)
            report.rejects += [ledger.refuse(entry, reason) for entry, reason in late]
        with office.database.writing() as session:
            report.customers = register.take_customers(session, customers.values(), added)
    report.rejects.sort(key=attrgetter("line"))
    report.notes = ledger.notes
    return report


def _batches(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    """Some entries at a time. None is torn apart: between an invoice and what settled it, its
    customer would be asked for money that has come."""
    while batch := list(islice(entries, _BATCH)):
        yield batch


def _rows(batch: Sequence[Entry], of: type[R]) -> list[R]:
    return [row for entry in batch for row in entry.rows if isinstance(row, of)]


def _take(
    session: Session, batch: Sequence[Entry], report: Report, now: datetime
) -> list[tuple[Entry, str]]:
    """Take the rows of the entries in; returns those that do not fit what is known, and why."""
    contacts = register.take_contacts(session, _rows(batch, ContactRow))
    invoices = register.take_invoices(session, _rows(batch, InvoiceRow))
    refused = {*invoices.orphans, *invoices.moved}
    money = [row for row in _rows(batch, PaymentRow) if row.invoice_id not in refused]
    payments = register.take_payments(session, money, now)
    marks = {mark.invoice_id for mark in _rows(batch, DisputeMark)}
    disputed = marks - refused
    register.mark_disputed(session, disputed)
    report.contacts += contacts
    report.invoices += invoices
    report.payments += payments
    report.disputed += len(disputed)
    return _misfits(batch, contacts, invoices, payments)


def _misfits(
    batch: Sequence[Entry], contacts: Taken, invoices: Taken, payments: Taken
) -> list[tuple[Entry, str]]:
    unknown = dict.fromkeys(invoices.orphans, _UNKNOWN_CUSTOMER)
    reasons = {
        ContactRow: dict.fromkeys(contacts.orphans, _UNKNOWN_CUSTOMER),
        InvoiceRow: unknown | dict.fromkeys(invoices.moved, _MOVED),
        PaymentRow: dict.fromkeys(payments.orphans, _UNKNOWN_INVOICE),
    }
    found = []
    for entry in batch if any(reasons.values()) else ():
        whys = (reasons[of].get(name) for of, name in _names(entry))
        if why := next(filter(None, whys), None):
            found.append((entry, why))
    return found


def _names(entry: Entry) -> Iterator[tuple[type, str]]:
    """The entry's rows, by the ids under which `Taken` names them."""
    for row in entry.rows:
        if isinstance(row, ContactRow):
            yield ContactRow, row.customer_id
        elif isinstance(row, InvoiceRow | PaymentRow):
            yield type(row), row.id


async def _tell(office: Office, report: Report) -> None:
    """Tell running follow-ups what changed; without a server the daily scan will."""
    with office.database.reading() as session:
        changed = [invoice for invoice, _ in register.untold(session, "", 1_000_000)]
    if not changed:
        return
    try:
        follow_ups = await office.follow_ups()
        for invoice in changed:
            change = InvoiceChanged(event_id=f"register/{invoice.id}/{invoice.revision}")
            try:
                await follow_ups.tell(invoice.id, change)
            except FollowUpClosed:
                continue
            report.told += 1
    except TemporalUnavailable:
        report.still_to_tell = len(changed) - report.told


def _show(report: Report, place: Path, as_json: bool) -> None:
    if as_json:
        print_json(_data(report, place))
        return
    for line in (*report.notes, *_counts(report), *_consequences(report)):
        say(line)
    if report.rejects:
        say(f"{len(report.rejects)} rows were refused, with the reasons in {place}; the first:")
        for reject in report.rejects[:3]:
            say(f"  line {reject.line}, {reject.column}: {reject.value!r} {reject.reason}")


def _counts(report: Report) -> Iterator[str]:
    for kind, taken in report.by_kind.items():
        if taken.new or taken.changed or taken.unchanged:
            yield f"{kind}: {taken.new} new, {taken.changed} changed, {taken.unchanged} unchanged."
        if taken.orphans:
            owner = "invoice" if kind == "payments" else "customer"
            yield f"{len(taken.orphans)} {kind} name an unknown {owner} and were left out."
        if taken.unplaced:
            yield (
                f"{len(taken.unplaced)} {kind} are more than was open, or in another currency than "
                f"their invoice. A person has to place the rest: {', '.join(taken.unplaced)}."
            )
        if taken.moved:
            yield (
                f"{len(taken.moved)} {kind} name another customer than before and were left as "
                "they are."
            )


def _consequences(report: Report) -> Iterator[str]:
    if report.disputed:
        yield f"{report.disputed} invoices are marked as disputed; open ones are held."
    if report.told:
        yield f"{report.told} running follow-ups were told of changes."
    if report.still_to_tell:
        yield (
            f"No Temporal server answers: the daily scan will tell {report.still_to_tell} "
            "follow-ups of changes."
        )


def _data(report: Report, place: Path) -> dict[str, object]:
    return {
        **{
            kind: {
                "new": taken.new,
                "changed": taken.changed,
                "unchanged": taken.unchanged,
                "left_out": [*taken.orphans, *taken.moved],
            }
            for kind, taken in report.by_kind.items()
        },
        "unplaced": report.payments.unplaced,
        "disputed": report.disputed,
        "rejected": len(report.rejects),
        "reject_file": str(place) if report.rejects else None,
        "notes": report.notes,
        "told": report.told,
        "still_to_tell": report.still_to_tell,
    }
