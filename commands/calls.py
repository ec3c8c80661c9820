"""The call queue: what to call about first, with its brief; taking it up, and how it went."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlmodel import Session

from activities.rulebook import Rulebook
from commands.events import Amount, By, EventId, Invoiced, NoteText, tell
from commands.office import (
    AsJson,
    Office,
    business_now,
    in_office,
    parse_day,
    print_facts,
    print_json,
    say,
)
from commands.verdicts import Who, put
from domain.banking_days import Place
from domain.brief import AGES, Brief, Callee, brief
from domain.send_window import zone_of
from models import events
from models.acts import AcknowledgeCall, Act
from models.errors import AlreadySo, WrongUse
from models.tables import Customer, Invoice, Task
from models.vocabulary import CallResult, Method, Role, TaskKind
from store import briefs, tasks
from store.lookup import Found
from store.policies import PolicyFiles

_MOST = 50
_BRIEF: TypeAdapter[Brief] = TypeAdapter(Brief)
_ROLES = {
    Role.AP: "accounts payable",
    Role.FINANCE_LEAD: "finance lead",
    Role.CFO: "CFO",
    Role.ESCALATION: "for escalations",
}
# Which results of a call each option of `log-call` tells more about.
_TELLS_MORE = {
    "on": (CallResult.PROMISED,),
    "method": (CallResult.PROMISED,),
    "amount": (CallResult.PROMISED, CallResult.DISPUTED),
    "code": (CallResult.DISPUTED,),
}
# It may be yesterday already where we are, and not yet where the customer is.
_ELSEWHERE = timedelta(days=1)


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
        if invoice is None:
            await _list(office, owner, most, as_json)
        else:
            await _show(office, invoice, as_json)

    in_office(work)


async def _list(office: Office, owner: str, most: int, as_json: bool) -> None:
    with office.database.reading() as session:
        queue = tasks.queue(session, TaskKind.CALL, owner=owner, most=most + 1)
    queue, is_cut = queue[:most], len(queue) > most
    if as_json:
        now = await business_now(office, [one.invoice_id for one in queue])
        rulebook = _rulebook(office)
        with office.database.reading() as session:
            print_json([_plain(session, rulebook, one, now) for one in queue])
        return
    if not queue:
        say(f"No call waits for {owner}." if owner else "No call waits.")
        return
    table = Table(title="Calls to make, the most pressing first", title_justify="left")
    for heading in ("invoice", "customer", "whose (UTC)", "why"):
        table.add_column(heading, overflow="fold")
    table.add_column("priority", justify="right", overflow="fold")
    with office.database.reading() as session:
        for task in queue:
            customer = session.get_one(Customer, task.customer_id)
            number = session.get_one(Invoice, task.invoice_id).number
            whose = f"{task.owner or 'staff'}\n{_state(task)}"
            row = (number, customer.name, whose, task.why)
            table.add_row(*(Text(one) for one in row), f"{task.priority:,.0f}")
    Console().print(table)
    if is_cut:
        say(f"There are more than these {most}: --most shows them.")


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
        lines = list(_lines(task, told, now)) if told else [("Why", task.why)]
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


def _state(task: Task) -> str:
    """Who has taken the call up, or by when somebody must."""
    if task.attempts and task.not_before is not None:
        tries = "1 try" if task.attempts == 1 else f"{task.attempts} tries"
        return f"no answer in {tries}; again from {task.not_before:%Y-%m-%d %H:%M}"
    if task.acknowledged_at is not None:
        return f"taken up by {task.acknowledged_by}"
    if task.escalate_at is None:
        return "not taken up"
    by = f"{task.escalate_at:%Y-%m-%d %H:%M}"
    return f"overdue; the next one is told on {by}" if task.escalated else f"take it up by {by}"


def _lines(task: Task, told: Brief, now: datetime) -> Iterator[tuple[str, str]]:
    """The brief in the order of a call: what to beware of, whom to dial, what to ask and offer,
    what to know, and the task itself."""
    yield "Call", f"{told.customer} about invoice {told.number}"
    yield "Why", task.why
    for one in (*told.relationship, *told.disputes):
        yield "Careful", one
    for one in map(_callee, told.callees):
        yield "Whom", one
    if not told.callees:
        yield "Whom", f"nobody is known; add: starter.py customer contacts {task.customer_id} --add"
    yield "When", _when(told, now)
    yield "Ask", told.ask
    for one in told.offers:
        yield "Offer", one
    for currency, bucket, amount, many in told.owed:
        invoices = "1 invoice" if many == 1 else f"{many} invoices"
        yield "They owe", f"{amount:,.2f} {currency} {AGES[bucket]}, {invoices}"
    yield "They pay", told.behaviour
    for one in told.promises:
        yield "Promises", one
    for one in told.story:
        yield "So far", one
    yield "Whose", f"{task.owner or 'staff'}: {_state(task)} (UTC)"
    yield "Task", task.key


def _callee(one: Callee) -> str:
    known = (one.name, _ROLES[one.role], one.phone or "no number known", one.email)
    return ", ".join(part for part in known if part)


def _when(told: Brief, now: datetime) -> str:
    """Their hours as they read them and in UTC, as everything else here is, and their time now."""
    zone = zone_of(told.zone)
    opens, closes = told.hours
    there, here = opens.astimezone(zone), now.astimezone(zone)
    until = closes.astimezone(zone)
    return (
        f"{there:%A %Y-%m-%d, %H:%M} to {until:%H:%M} in {told.zone} ({opens:%H:%M} to "
        f"{closes:%H:%M} UTC); there it is {here:%A, %H:%M} now"
    )


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


def log_call(
    invoice: Invoiced,
    result: Annotated[CallResult, typer.Option(help="How it went.")],
    on: Annotated[
        date | None,
        typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="The day they promised."),
    ] = None,
    amount: Amount = None,
    method: Annotated[
        Method | None, typer.Option(help="By what they will pay; wire if left out.")
    ] = None,
    code: Annotated[str, typer.Option(help="Why they contest it, such as price.")] = "",
    task: Annotated[
        str, typer.Option(help="Which call, by its task's key; all that wait if left out.")
    ] = "",
    note: NoteText = "",
    by: By = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Note how a call went. A promise needs --on, and may have --amount and --method; a dispute
    may have --amount and --code.

    Example: starter.py log-call INV-1042 --result promised --on 2026-03-06 --by "Robin Vale"
    """
    _check({"on": on, "amount": amount, "method": method, "code": code}, result)

    def make(found: Found, session: Session, today: date, event_id: str) -> events.Event:
        if on is not None and on < today - _ELSEWHERE:
            raise WrongUse(f"--on {on} has passed; a promise is for a day to come.")
        if task and task not in _open_calls(session, found):
            raise AlreadySo(found.invoice.id, f"has no call {task} that waits.")
        return events.CallLogged(
            event_id=event_id,
            task_key=task,
            result=result,
            pay_on=on,
            amount=Decimal(amount) if amount is not None else None,
            method=method or Method.WIRE,
            code=code,
            note=note,
            by=by,
        )

    tell(invoice, make, event_id, as_json)


def _check(told: dict[str, object], result: CallResult) -> None:
    """Raise where an option and the result do not go together: nothing is lost in silence."""
    if result is CallResult.PROMISED and told["on"] is None:
        raise WrongUse("A promise needs the day it is for: --on 2026-03-06")
    for option, results in _TELLS_MORE.items():
        if told[option] and result not in results:
            raise WrongUse(f"--{option} goes with --result {' or '.join(results)}, not {result}.")


def _open_calls(session: Session, found: Found) -> set[str]:
    waiting = tasks.of_invoice(session, found.invoice.id)
    return {one.key for one in waiting if one.kind is TaskKind.CALL}
