"""Drafts that wait for a signature: list them, read one, approve, edit, reject."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlmodel import Session

from commands.office import AsJson, Office, in_office, print_json, say
from commands.options import EventId, Invoiced, NoteText
from commands.verdicts import Who, Why, put
from models.acts import ApproveMessage, RejectMessage
from models.errors import AlreadySo, Refused, WrongUse
from models.tables import Customer, Draft, Invoice
from models.vocabulary import DraftState
from store import drafts
from store.lookup import Found

Version = Annotated[
    int | None,
    typer.Option(min=1, help="Which version you have read; the one that waits if left out."),
]
# What only the follow-up needs to know of a draft.
_INTERNAL = frozenset({"id", "seen"})


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

    Example: starter.py approvals INV-1042 --source > letter.md
    """
    if source and invoice is None:
        raise WrongUse("--source shows one draft: name its invoice.")

    async def work(office: Office) -> None:
        with office.database.reading() as session:
            if invoice is None:
                _list(session, as_json)
                return
            found = office.find(invoice)
            found.running()
            draft = _draft(session, found)
            if as_json:
                print_json(_plain(session, draft))
            elif source:
                typer.echo(draft.source)
            else:
                _show(draft, _numbers(session, draft))

    in_office(work)


def _list(session: Session, as_json: bool) -> None:
    waiting = drafts.waiting(session)
    if as_json:
        print_json([_plain(session, one.draft) for one in waiting])
        return
    if not waiting:
        say("No draft waits for a signature.")
        return
    table = Table(title="Drafts that wait for a signature, the oldest first", title_justify="left")
    for heading in ("invoice", "version, since", "customer", "asks for", "why"):
        table.add_column(heading, overflow="fold")
    for one in waiting:
        draft = one.draft
        customer = session.get_one(Customer, draft.customer_id)
        row = (
            one.number if one.invoices == 1 else f"{one.number} +{one.invoices - 1}",
            f"{draft.version}\n{draft.requested_at:%Y-%m-%d}",
            f"{customer.name}\n{draft.recipient}",
            f"{draft.total:,.2f} {draft.currency}",
            draft.reason,
        )
        table.add_row(*map(Text, row))
    Console().print(table)


def _draft(session: Session, found: Found) -> Draft:
    """The draft that the invoice is part of.

    Raises:
        AlreadySo: there is none.
    """
    draft = drafts.current(session, found.invoice.id)
    if draft is None:
        raise AlreadySo(found.invoice.id, "has no draft that waits for a signature.")
    return draft


def _numbers(session: Session, draft: Draft) -> list[str]:
    """The numbers of the invoices that the draft is about, the carrying one first."""
    ids = sorted(drafts.members(session, draft), key=lambda one: (one != draft.invoice_id, one))
    return [session.get_one(Invoice, one).number for one in ids]


def _plain(session: Session, draft: Draft) -> dict[str, Any]:
    """The draft in the order of its fields, and the numbers of its invoices."""
    said = draft.model_dump(mode="json", exclude=set(_INTERNAL))
    return {
        "numbers": _numbers(session, draft),
        **{name: said[name] for name in Draft.model_fields if name in said},
    }


def _show(draft: Draft, numbers: list[str]) -> None:
    lines = [f"To:      {draft.recipient}"]
    if draft.cc:
        lines.append(f"Copies:  {', '.join(draft.cc)}")
    lines += [f"Subject: {draft.subject}", "", draft.body.rstrip(), "", "—"]
    lines.append(f"{draft.reason} It is about {', '.join(numbers)}.")
    if draft.state is DraftState.OPEN:
        lines.append(
            f"Version {draft.version} waits since {draft.requested_at:%Y-%m-%d %H:%M} UTC. Sign "
            f"it: starter.py approve {draft.invoice_id} --version {draft.version} --by …"
        )
    else:
        by = f" by {draft.decided_by}" if draft.decided_by else ""
        lines.append(f"Version {draft.version} is {draft.state}{by} and about to leave.")
    typer.echo("\n".join(lines))


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
    """Sign a draft: as it is, or with --letter and --subject as you edited it. It leaves on the
    customer's next banking day in the morning. An edited letter must state the same invoices and
    amounts, its subject the invoice: begin with what `approvals INVOICE --source` prints.

    Example: starter.py approve INV-1042 --version 1 --by "Robin Vale"
    """
    written = _read(letter) if letter else ""

    def make(found: Found, session: Session, event_id: str) -> ApproveMessage:
        return ApproveMessage(
            event_id=event_id,
            by=by,
            version=_version(session, found, version),
            subject=subject,
            source=written,
            note=note,
        )

    put(invoice, make, event_id, as_json)


def _version(session: Session, found: Found, told: int | None) -> int:
    """The version to decide about: that which was told, or the one that waits.

    Raises:
        AlreadySo: there is none.
        Refused: another invoice's letter covers it.
    """
    draft = drafts.current(session, found.invoice.id)
    if draft is not None and draft.invoice_id != found.invoice.id:
        problem = f"is part of the draft of invoice {draft.invoice_id}: decide about that one."
        raise Refused(found.invoice.id, problem)
    return told or _draft(session, found).version


def _read(letter: Path) -> str:
    try:
        written = letter.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as unreadable:
        raise WrongUse(
            f"{letter}: cannot be read as UTF-8 text ({unreadable}). Save it as UTF-8."
        ) from None
    if not written.strip():
        raise WrongUse(f"{letter}: is empty. Without --letter the draft is signed as it is.")
    return written


def reject(
    invoice: Invoiced,
    by: Who,
    why: Why,
    version: Version = None,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Refuse a draft: its step is not taken, and the chase goes on with the next one.

    Example: starter.py reject INV-1042 --by "Robin Vale" --why "I spoke with their CFO"
    """

    def make(found: Found, session: Session, event_id: str) -> RejectMessage:
        chosen = _version(session, found, version)
        return RejectMessage(event_id=event_id, by=by, version=chosen, why=why)

    put(invoice, make, event_id, as_json)
