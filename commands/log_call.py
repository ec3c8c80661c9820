"""How a call went, as it is noted."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import typer
from sqlmodel import Session

from commands.events import check_amount, check_promise
from commands.office import AsJson, parse_day
from commands.options import Amount, By, EventId, Invoiced, NoteText
from commands.tell import tell
from models import events
from models.errors import AlreadySo, WrongUse
from models.vocabulary import CallResult, Method, TaskKind
from store import tasks
from store.lookup import Found

# Which results of a call each option of `log-call` tells more about.
_TELLS_MORE = {
    "on": (CallResult.PROMISED,),
    "method": (CallResult.PROMISED,),
    "amount": (CallResult.PROMISED, CallResult.DISPUTED),
    "code": (CallResult.DISPUTED,),
}


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
        str,
        typer.Option(
            help="Which call, by its task's key; else all, or the oldest without an answer."
        ),
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
        if on is not None:
            check_promise(found.invoice, on, Decimal(amount) if amount else None, today)
        check_amount(found.invoice, Decimal(amount) if amount else None)
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
