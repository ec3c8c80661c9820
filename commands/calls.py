"""The call queue: what to call about first, with its brief; taking it up, and how it went."""

from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlmodel import Session

from activities.rulebook import Rulebook
from commands.events import Amount, By, EventId, Invoiced, NoteText, tell
from commands.office import AsJson, Day, Office, in_office, print_json, say
from commands.verdicts import Who, put
from domain.banking_days import Place
from domain.brief import Brief, brief
from models import events
from models.acts import AcknowledgeCall
from models.errors import AlreadySo
from models.tables import Customer, Invoice, Task
from models.vocabulary import CallResult, Method, TaskKind
from store import briefs, tasks
from store.lookup import Found
from store.policies import PolicyFiles

_MOST = 50


def calls(
    invoice: Annotated[
        str | None, typer.Argument(metavar="[INVOICE]", help="Show the brief of its call.")
    ] = None,
    owner: Annotated[str, typer.Option(help="Only those of this owner (mail address).")] = "",
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = _MOST,
    as_json: AsJson = False,
) -> None:
    """List the calls to make, the most pressing first, or show the brief of one.

    Example: starter.py calls INV-1042
    """

    async def work(office: Office) -> None:
        with office.database.reading() as session:
            queue = tasks.queue(session, TaskKind.CALL, owner=owner, most=most)
            if invoice is not None:
                found = office.find(invoice)
                queue = [one for one in queue if one.invoice_id == found.invoice.id] or [
                    one
                    for one in tasks.of_invoice(session, found.invoice.id)
                    if one.kind is TaskKind.CALL
                ]
                if not queue:
                    raise AlreadySo(found.invoice.id, "has no call that waits.")
                told = _brief(session, office, queue[0])
                print_json(_plain(queue[0], told)) if as_json else _show(queue[0], told)
                return
            if as_json:
                print_json([_plain(one, _brief(session, office, one)) for one in queue])
                return
            _list(session, queue)

    in_office(work)


def _brief(session: Session, office: Office, task: Task) -> Brief | None:
    settings = office.settings
    rulebook = Rulebook(
        PolicyFiles(settings.policies, settings.base_currency),
        Place(settings.firm_country),
        zone=settings.firm_zone,
        staff=settings.staff_email,
        connected=settings.crm,
    )
    now = datetime.now(UTC)
    followed = rulebook.find(session, task.invoice_id, now)
    if followed is None:
        return None
    return brief(
        followed.facts,
        rulebook.terms(session, followed),
        now,
        known=briefs.callees(session, task.customer_id),
        invoices=briefs.open_invoices(session, task.customer_id),
        story=briefs.story(session, task.invoice_id),
        what=task.what,
        broken_promises=followed.row.broken_promises,
    )


def _plain(task: Task, told: Brief | None) -> dict[str, object]:
    return task.model_dump(mode="json") | {"brief": asdict(told) if told else None}


def _list(session: Session, queue: list[Task]) -> None:
    if not queue:
        say("No call waits.")
        return
    table = Table(title="Calls to make, the most pressing first", title_justify="left")
    for heading in ("invoice", "customer", "owner", "take up by (UTC)", "why"):
        table.add_column(heading)
    table.add_column("priority", justify="right")
    for task in queue:
        customer = session.get_one(Customer, task.customer_id)
        number = session.get_one(Invoice, task.invoice_id).number
        by = f"{task.escalate_at:%Y-%m-%d %H:%M}" if task.escalate_at else "taken up"
        row = (number, customer.name, task.owner or "staff", by, task.why)
        table.add_row(*(escape(one) for one in row), f"{task.priority:,.0f}")
    Console().print(table)


def _show(task: Task, told: Brief | None) -> None:
    if told is None:
        say(task.why)
        return
    opens, closes = told.hours
    lines = [
        ("Call", f"{told.customer} about invoice {told.number}"),
        ("Why", task.why),
        *(
            ("Whom" if not index else "", f"{one.name or one.email} ({one.role}) {one.phone}")
            for index, one in enumerate(told.callees)
        ),
        ("When", f"{opens:%H:%M} to {closes:%H:%M} UTC, their office hours ({told.zone})"),
        *(
            (
                "Owed" if not index else "",
                f"{amount:,.2f} {currency} {bucket} on {many} invoices",
            )
            for index, (currency, bucket, amount, many) in enumerate(told.owed)
        ),
        ("They", told.behaviour),
        *(("Promises", one) for one in told.promises),
        *(("Disputes", one) for one in told.disputes),
        *(("Careful", one) for one in told.relationship),
        ("Ask", told.ask),
        *(("Offer", one) for one in told.offers),
        *(("So far" if not index else "", one) for index, one in enumerate(told.story)),
        ("Task", task.key),
    ]
    table = Table(show_header=False, box=None)
    for name, text in lines:
        table.add_row(f"[bold]{name}[/bold]", escape(text))
    Console().print(table)


def acknowledge(
    invoice: Invoiced,
    by: Who,
    task: Annotated[
        str | None, typer.Option(help="Which task, by its key; the most pressing if left out.")
    ] = None,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Take a task up, so that nobody else is told of it.

    Example: starter.py acknowledge INV-1042 --by robin@harbour.example
    """

    def make(found: Found, session: Session, event_id: str) -> AcknowledgeCall:
        key = task
        if key is None:
            waiting = [
                one
                for one in tasks.of_invoice(session, found.invoice.id)
                if one.acknowledged_at is None
            ]
            if not waiting:
                raise AlreadySo(found.invoice.id, "has no task that nobody has taken up.")
            first = min(waiting, key=lambda one: (one.kind is not TaskKind.CALL, -one.priority))
            key = first.key
        return AcknowledgeCall(event_id=event_id, by=by, task_key=key)

    put(invoice, make, event_id, as_json)


def log_call(
    invoice: Invoiced,
    result: Annotated[CallResult, typer.Option(help="How it went.")],
    on: Day = None,
    amount: Amount = None,
    method: Annotated[Method, typer.Option(help="By what they will pay.")] = Method.WIRE,
    code: Annotated[str, typer.Option(help="Why they contest it, such as price.")] = "",
    task: Annotated[str, typer.Option(help="Which call, by its task's key.")] = "",
    note: NoteText = "",
    by: By = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Note how a call went. A promise needs --on.

    Example: starter.py log-call INV-1042 --result promised --on 2026-03-06 --by "Robin Vale"
    """

    def make(_found: Found, _session: Session, _today: object, event_id: str) -> events.Event:
        return events.CallLogged(
            event_id=event_id,
            task_key=task,
            result=result,
            pay_on=on,
            amount=Decimal(amount) if amount is not None else None,
            method=method,
            code=code,
            note=note,
            by=by,
        )

    tell(invoice, make, event_id, as_json)
