"""Drafts that wait for a signature: list them, read one, approve, edit, reject."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from commands.events import EventId, Invoiced, NoteText
from commands.office import AsJson, Office, in_office, print_json, say
from commands.verdicts import Who, put
from models.acts import ApproveMessage, RejectMessage
from models.errors import AlreadySo, WrongUse
from models.tables import Draft
from store import drafts
from store.lookup import Found

Version = Annotated[
    int | None,
    typer.Option(min=1, help="Which version you have read; the one that waits if left out."),
]


def approvals(
    invoice: Annotated[
        str | None, typer.Argument(metavar="[INVOICE]", help="Show its draft as it would leave.")
    ] = None,
    source: Annotated[
        bool, typer.Option("--source", help="Show it as Markdown, to edit it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the drafts that wait for a signature, or show one as the customer would see it.

    Example: starter.py approvals INV-1042
    """

    async def work(office: Office) -> None:
        with office.database.reading() as session:
            if invoice is not None:
                _one(_draft(session, office.find(invoice)), source=source, as_json=as_json)
                return
            waiting = drafts.waiting(session)
        if as_json:
            print_json([one.draft.model_dump(mode="json") for one in waiting])
            return
        if not waiting:
            say("No draft waits for a signature.")
            return
        table = Table(title="Drafts that wait for a signature", title_justify="left")
        for heading in ("invoice", "version", "since", "to", "asks for", "why"):
            table.add_column(heading)
        for one in waiting:
            draft = one.draft
            number = one.number if one.invoices == 1 else f"{one.number} +{one.invoices - 1}"
            row = (
                number,
                str(draft.version),
                f"{draft.requested_at:%Y-%m-%d}",
                draft.recipient,
                f"{draft.total:,.2f} {draft.currency}",
                draft.reason,
            )
            table.add_row(*(escape(part) for part in row))
        Console().print(table)

    in_office(work)


def _draft(session: Session, found: Found) -> Draft:
    draft = drafts.current(session, found.invoice.id)
    if draft is None:
        raise AlreadySo(found.invoice.id, "has no draft that waits for a signature.")
    return draft


def _one(draft: Draft, *, source: bool, as_json: bool) -> None:
    if as_json:
        print_json(draft.model_dump(mode="json"))
        return
    if source:
        typer.echo(draft.source)
        return
    copies = f"\nCopies:  {', '.join(draft.cc)}" if draft.cc else ""
    typer.echo(f"To:      {draft.recipient}{copies}\nSubject: {draft.subject}\n\n{draft.body}")
    say(f"— {draft.reason} Version {draft.version}, {draft.state}.")


def approve(
    invoice: Invoiced,
    by: Who,
    version: Version = None,
    subject: Annotated[str, typer.Option(help="Another subject.")] = "",
    letter: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="The letter as you edited it (Markdown)."),
    ] = None,
    note: NoteText = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Sign a draft: as it is, or with --letter and --subject as you edited it. It leaves in the
    customer's next window. An edited letter must state the same invoices and amounts.

    Example: starter.py approve INV-1042 --version 1 --by "Robin Vale"
    """
    written = _read(letter) if letter else ""

    def make(found: Found, session: Session, event_id: str) -> ApproveMessage:
        return ApproveMessage(
            event_id=event_id,
            by=by,
            version=version or _draft(session, found).version,
            subject=subject,
            source=written,
            note=note,
        )

    put(invoice, make, event_id, as_json)


def _read(letter: Path) -> str:
    try:
        return letter.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise WrongUse(f"{letter}: cannot be read as UTF-8 text ({unreadable}).") from None


def reject(
    invoice: Invoiced,
    by: Who,
    why: Annotated[str, typer.Option(help="Why it is not to leave.")],
    version: Version = None,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Refuse a draft: its step is not taken, and the chase goes on with the next one.

    Example: starter.py reject INV-1042 --by "Robin Vale" --why "I spoke with their CFO"
    """

    def make(found: Found, session: Session, event_id: str) -> RejectMessage:
        chosen = version or _draft(session, found).version
        return RejectMessage(event_id=event_id, by=by, version=chosen, why=why)

    put(invoice, make, event_id, as_json)
