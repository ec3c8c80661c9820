"""Looking: status of one invoice or of all, and an invoice's timeline."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from commands.office import AsJson, Office, in_office, print_json, say
from commands.options import Invoiced
from commands.tell import standing
from models.errors import FollowUpClosed
from models.follow_up import FollowUpState
from models.tables import FollowUpRow, Invoice
from models.vocabulary import Reason, Status
from store import lookup, tasks, timeline


def status(
    invoice: Annotated[
        str | None, typer.Argument(metavar="[INVOICE]", help="An id or number; all if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show how an invoice's chase stands, or how many invoices stand where.

    Example: starter.py status INV-1042
    """
    in_office(lambda office: _one(office, invoice, as_json) if invoice else _all(office, as_json))


async def _one(office: Office, named: str, as_json: bool) -> None:
    found = office.find(named)
    row = found.followed()
    try:
        state = await (await office.follow_ups()).state(found.invoice.id)
    except FollowUpClosed:
        if row.status is not Status.CLOSED:
            raise
        state = _as_recorded(found.invoice, row)
    with office.database.reading() as session:
        waiting = tasks.of_invoice(session, found.invoice.id)
    if as_json:
        work = [task.model_dump(mode="json") for task in waiting]
        print_json(state.model_dump(mode="json", exclude={"clock"}) | {"tasks": work})
        return
    say(standing(state))
    for task in waiting:
        say(f"Waits for {task.owner or 'somebody'}: {task.kind.replace('_', ' ')}. {task.why}")


def _as_recorded(invoice: Invoice, row: FollowUpRow) -> FollowUpState:
    """How a follow-up ended, of which the Temporal server keeps nothing any more."""
    return FollowUpState(
        invoice_id=invoice.id,
        round=row.round,
        status=row.status,
        reason=Reason(row.reason) if row.reason else None,
        says=row.says,
        amount_open=invoice.amount_open,
        currency=invoice.currency,
        outcome=row.outcome,
    )


async def _all(office: Office, as_json: bool) -> None:
    with office.database.reading() as session:
        totals, waiting = lookup.totals(session), tasks.counted(session)
    if as_json:
        rows = [
            {
                "status": status or "not_followed_up",
                "currency": currency,
                "invoices": count,
                "open": str(amount),
            }
            for status, currency, count, amount in totals
        ]
        print_json({"open": rows, "tasks": waiting})
        return
    if not totals:
        say("No invoice is open. Import a ledger with: starter.py import FILE")
        return
    table = Table(title="Open invoices", title_justify="left")
    table.add_column("status")
    table.add_column("invoices", justify="right")
    table.add_column("open", justify="right")
    table.add_column("currency")
    for status_, currency, count, amount in totals:
        table.add_row(status_ or "not followed up", str(count), f"{amount:,.2f}", currency)
    Console().print(table)
    if waiting:
        work = ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in waiting.items())
        say(f"Tasks that wait for a person: {work}.")


def show_timeline(invoice: Invoiced, as_json: AsJson = False) -> None:
    """Show everything that happened to an invoice, oldest first.

    Example: starter.py timeline INV-1042
    """

    async def work(office: Office) -> None:
        found = office.find(invoice)
        with office.database.reading() as session:
            lines = timeline.entries(session, found.invoice.id)
        if as_json:
            print_json([line.model_dump(mode="json", exclude={"id"}) for line in lines])
            return
        if not lines:
            say(f"Nothing has happened to invoice {found.invoice.id} yet.")
            return
        table = Table(title=Text(f"Invoice {found.invoice.number}"), title_justify="left")
        for heading in ("when (UTC)", "round", "what", "why", "in words"):
            table.add_column(heading)
        for line in lines:
            when = f"{line.at:%Y-%m-%d %H:%M}"
            table.add_row(when, str(line.round), line.kind, line.code, Text(line.text))
        Console().print(table)

    in_office(work)
