"""The call queue: what to call about first, with its brief, and taking it up."""

from datetime import datetime
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlmodel import Session

from activities.rulebook import Rulebook
from commands.call_page import brief_lines, call_state
from commands.office import (
    AsJson,
    Office,
    business_now,
    in_office,
    print_facts,
    print_json,
    say,
)
from commands.options import EventId, Invoiced
from commands.verdicts import Who, put
from domain.banking_days import Place
from domain.brief import Brief, brief
from models.acts import AcknowledgeCall, Act
from models.decision import NOT_TO_BE_CALLED
from models.errors import AlreadySo
from models.tables import Customer, FollowUpRow, Invoice, Task
from models.vocabulary import TaskKind
from store import briefs, tasks
from store.lookup import Found
from store.policies import PolicyFiles

_MOST = 50
_BRIEF: TypeAdapter[Brief] = TypeAdapter(Brief)


def calls(
    invoice: Annotated[
        str | None, typer.Argument(metavar="[INVOICE]", help="Show the brief of its call.")
    ] = None,
    owner: Annotated[
        str | None, typer.Option(help="Only those of this owner (mail address), or of 'staff'.")
    ] = None,
    most: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = _MOST,
    as_json: AsJson = False,
) -> None:
    """List the calls to make, the most pressing first, or show the brief of one.

    Example: starter.py calls INV-1042
    """

    async def work(office: Office) -> None:
        if invoice is None:
            await _list(office, owner, most, as_json)
        else:
            await _show(office, invoice, as_json)

    in_office(work)


async def _list(office: Office, named: str | None, most: int, as_json: bool) -> None:
    owner = "" if named == "staff" else named
    with office.database.reading() as session:
        queue = tasks.queue(session, TaskKind.CALL, owner=owner, most=most + 1)
        held = tasks.calls_held(session, owner)
    queue, is_cut = queue[:most], len(queue) > most
    if as_json:
        now = await business_now(office, [one.invoice_id for one in queue])
        rulebook = _rulebook(office)
        with office.database.reading() as session:
            print_json([_plain(session, rulebook, one, now) for one in queue])
        return
    if not queue:
        say(f"No call waits for {named}." if named else "No call waits.")
        _say_held(held)
        return
    table = Table(title="Calls to make, the most pressing first", title_justify="left")
    for heading in ("invoice", "customer", "whose (UTC)", "why"):
        table.add_column(heading, overflow="fold")
    table.add_column("priority", justify="right", overflow="fold")
    with office.database.reading() as session:
        for task in queue:
            customer = session.get_one(Customer, task.customer_id)
            number = session.get_one(Invoice, task.invoice_id).number
            whose = f"{task.owner or 'staff'}\n{call_state(task)}"
            row = (number, customer.name, whose, task.why)
            table.add_row(*(Text(one) for one in row), f"{task.priority:,.0f}")
    Console().print(table)
    if is_cut:
        say(f"There are more than these {most}: --most shows them.")
    _say_held(held)


def _say_held(held: int) -> None:
    if held:
        many = "1 call is" if held == 1 else f"{held} calls are"
        say(f"{many} not to be made while the invoice is paused, contested, promised or the like.")


async def _show(office: Office, named: str, as_json: bool) -> None:
    found = office.find(named)
    found.running()
    now = await business_now(office, [found.invoice.id])
    with office.database.reading() as session:
        waiting = [
            one for one in tasks.of_invoice(session, found.invoice.id) if one.kind is TaskKind.CALL
        ]
        if not waiting:
            raise AlreadySo(found.invoice.id, "has no call that waits.")
        task, *others = sorted(waiting, key=lambda one: -one.priority)
        if as_json:
            print_json(_plain(session, _rulebook(office), task, now))
            return
        told = _brief(session, _rulebook(office), task, now)
        lines = list(brief_lines(task, told, now)) if told else [("Why", task.why)]
        row = session.get_one(FollowUpRow, found.invoice.id)
        if row.reason in NOT_TO_BE_CALLED:
            lines.insert(0, ("Not now", row.says))
    print_facts([*lines, *(("Others", other.key) for other in others)])


def _rulebook(office: Office) -> Rulebook:
    settings = office.settings
    return Rulebook(
        PolicyFiles(settings.policies, settings.base_currency),
        Place(settings.firm_country),
        zone=settings.firm_zone,
        staff=settings.staff_email,
        connected=settings.crm,
    )


def _brief(session: Session, rulebook: Rulebook, task: Task, now: datetime) -> Brief | None:
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


def _plain(session: Session, rulebook: Rulebook, task: Task, now: datetime) -> dict[str, Any]:
    """The task in the order of its fields, and its brief."""
    said, told = task.model_dump(mode="json"), _brief(session, rulebook, task, now)
    number = session.get_one(Invoice, task.invoice_id).number
    return {
        "number": number,
        **{name: said[name] for name in Task.model_fields},
        "brief": _BRIEF.dump_python(told, mode="json") if told else None,
    }


def acknowledge(
    invoice: Invoiced,
    by: Who,
    task: Annotated[
        str | None, typer.Option(help="Which task, by its key; the most pressing if left out.")
    ] = None,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Take a task up, so that nobody else is told of it: a call first, then by priority.

    Example: starter.py acknowledge INV-1042 --by robin@harbour.example
    """

    def make(found: Found, session: Session, event_id: str) -> AcknowledgeCall:
        waiting = tasks.of_invoice(session, found.invoice.id)
        if task is not None:
            if task not in {one.key for one in waiting}:
                open_ones = ", ".join(one.key for one in waiting) or "none"
                problem = f"has no open task {task}. Open are: {open_ones}."
                raise AlreadySo(found.invoice.id, problem)
            return AcknowledgeCall(event_id=event_id, by=by, task_key=task)
        untouched = [one for one in waiting if one.acknowledged_at is None]
        if not untouched:
            raise AlreadySo(found.invoice.id, "has no task that nobody has taken up.")
        first = min(untouched, key=lambda one: (one.kind is not TaskKind.CALL, -one.priority))
        return AcknowledgeCall(event_id=event_id, by=by, task_key=first.key)

    def more(found: Found, session: Session, act: Act) -> list[str]:
        taken = session.get(Task, act.task_key) if isinstance(act, AcknowledgeCall) else None
        if taken is None:
            return []
        is_call = taken.kind is TaskKind.CALL
        brief_of = [f"Its brief: starter.py calls {found.invoice.id}"] if is_call else []
        return [taken.why, *brief_of]

    put(invoice, make, event_id, as_json, more)
