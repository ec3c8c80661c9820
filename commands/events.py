"""Telling a follow-up what happened: pay, reverse, dispute, resolve, promise, pause, resume."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal

import typer
from sqlmodel import Session

from commands.office import AsJson, Day
from commands.options import Amount, By, EventId, Invoiced, NoteText
from commands.tell import tell
from models import events
from models.errors import AlreadySo, WrongUse
from models.tables import Invoice
from models.vocabulary import Method, Status
from store import disputes, lookup
from store.lookup import Found

# It may be yesterday already where we are, and not yet where the customer is.
_ELSEWHERE = timedelta(days=1)
_FAR = timedelta(days=366)


def pay(
    invoice: Invoiced,
    amount: Amount = None,
    on: Day = None,
    method: Annotated[Method, typer.Option(help="By what it came.")] = Method.WIRE,
    payment_id: Annotated[str | None, typer.Option(help="The payment's own id.")] = None,
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Report a payment: all that is open, or --amount of it.

    Example: starter.py pay INV-1042 --amount 250.00 --method sepa
    """

    def make(found: Found, _session: Session, today: date, event_id: str) -> events.Event:
        if amount is None and found.invoice.amount_open <= 0:
            raise AlreadySo(found.invoice.id, "has nothing open any more.")
        if on is not None and on > today + _ELSEWHERE:
            raise WrongUse(f"--on {on} is still to come: report a payment once the money is there.")
        return events.PaymentReceived(
            event_id=event_id,
            payment_id=payment_id or event_id,
            amount=amount or found.invoice.amount_open,
            currency=found.invoice.currency,
            received_on=on or today,
            method=method,
            source="starter",
        )

    tell(invoice, make, event_id, as_json)


def reverse(
    invoice: Invoiced,
    payment_id: Annotated[
        str | None, typer.Option(help="Which payment; its last if left out.")
    ] = None,
    on: Day = None,
    note: NoteText = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Report that a payment was taken back. A closed invoice is chased again, in a new round.

    Example: starter.py reverse INV-1042 --note "returned debit"
    """

    def make(found: Found, session: Session, today: date, event_id: str) -> events.Event:
        booked = [one for one in lookup.payments(session, found.invoice.id) if not one.reversed_on]
        chosen = [one for one in booked if payment_id in (None, one.id)]
        if not chosen:
            raise AlreadySo(found.invoice.id, "has no such payment that could be taken back.")
        return events.PaymentReversed(
            event_id=event_id, payment_id=chosen[-1].id, reversed_on=on or today, note=note
        )

    tell(invoice, make, event_id, as_json, may_be_closed=True)


def dispute(
    invoice: Invoiced,
    amount: Amount = None,
    code: Annotated[str, typer.Option(help="Reason code, such as price or quality.")] = "",
    line: Annotated[str, typer.Option(help="The line that is contested.")] = "",
    owner: Annotated[str, typer.Option(help="Who is to settle it (mail address).")] = "",
    note: NoteText = "",
    by: By = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Report that the customer contests the invoice: whole, or --amount of it.

    Example: starter.py dispute INV-1042 --amount 80.00 --code price
    """

    def make(found: Found, session: Session, _today: date, event_id: str) -> events.Event:
        check_amount(found.invoice, amount)
        for known in disputes.open_disputes(session, found.running()):
            if known.line == line or known.amount is None:
                raise AlreadySo(found.invoice.id, f"is disputed already, since {known.opened_on}.")
        return events.DisputeOpened(
            event_id=event_id,
            amount=amount,
            code=code,
            line=line,
            owner=owner,
            note=note,
            by=by,
        )

    tell(invoice, make, event_id, as_json)


def resolve(
    invoice: Invoiced,
    favour: Annotated[
        Literal["us", "customer"],
        typer.Option(help="Who was right: us, or the customer (a credit note follows)."),
    ] = "us",
    line: Annotated[str, typer.Option(help="Only the dispute about that line.")] = "",
    note: NoteText = "",
    by: By = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Settle the open dispute.

    Example: starter.py resolve INV-1042 --favour us
    """

    def make(found: Found, session: Session, _today: date, event_id: str) -> events.Event:
        row = found.running()
        known = [one for one in disputes.open_disputes(session, row) if line in ("", one.line)]
        if not known:
            lines = [one.line or "all of it" for one in disputes.open_disputes(session, row)]
            which = f" about line {line}; open are: {', '.join(lines)}" if line and lines else ""
            raise AlreadySo(found.invoice.id, f"has no open dispute{which}.")
        if all(one.in_favour_of == favour for one in known):
            raise AlreadySo(
                found.invoice.id, f"is settled for the {favour} already; a credit note is due."
            )
        return events.DisputeResolved(
            event_id=event_id, in_favour_of=favour, line=line, note=note, by=by
        )

    tell(invoice, make, event_id, as_json)


def promise(
    invoice: Invoiced,
    on: Day = None,
    amount: Amount = None,
    method: Annotated[Method, typer.Option(help="By what they will pay.")] = Method.WIRE,
    confirmed: Annotated[
        bool, typer.Option("--confirmed", help="Accept it although earlier ones were broken.")
    ] = False,
    by: By = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Note that the customer promised to pay on a day.

    Example: starter.py promise INV-1042 --on 2026-03-06 --method cheque
    """
    if on is None:
        raise typer.BadParameter("say for which day: --on 2026-03-06")

    def make(found: Found, _session: Session, today: date, event_id: str) -> events.Event:
        check_promise(found.invoice, on, amount, today)
        return events.PromiseMade(
            event_id=event_id,
            pay_on=on,
            amount=amount,
            method=method,
            confirmed=confirmed,
            by=by,
        )

    tell(invoice, make, event_id, as_json)


def check_promise(invoice: Invoice, on: date, amount: Decimal | None, today: date) -> None:
    """Raise WrongUse for a promise that nobody can have made."""
    if on < today - _ELSEWHERE:
        raise WrongUse(f"--on {on} has gone by: a promise is for a day to come.")
    if on > today + _FAR:
        raise WrongUse(f"--on {on} is more than a year off: agree a plan, or pause the chase.")
    check_amount(invoice, amount)


def check_amount(invoice: Invoice, amount: Decimal | None) -> None:
    """Raise WrongUse for more than is open."""
    if amount is not None and amount > invoice.amount_open:
        open_ = f"{invoice.amount_open:,.2f} {invoice.currency}"
        raise WrongUse(f"--amount {amount:,.2f} is more than the {open_} that are open.")


def pause(
    invoice: Invoiced,
    until: Day = None,
    note: NoteText = "",
    by: By = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """Hold the chase: to a day, on which it goes on, or until `resume`.

    Example: starter.py pause INV-1042 --until 2026-03-16 --note "CFO asked for a week"
    """

    def make(found: Found, _session: Session, today: date, event_id: str) -> events.Event:
        row = found.running()
        if until is not None and until <= today - _ELSEWHERE:
            raise WrongUse(f"--until {until} has gone by: the chase would go on at once.")
        if row.status is Status.PAUSED and row.paused_until == until:
            raise AlreadySo(found.invoice.id, f"is paused already{_until(until)}.")
        return events.Pause(event_id=event_id, until=until, note=note, by=by)

    tell(invoice, make, event_id, as_json)


def resume(
    invoice: Invoiced,
    note: NoteText = "",
    by: By = "",
    event_id: EventId = None,
    as_json: AsJson = False,
) -> None:
    """End a pause; where nothing is paused, take back a promise that was noted.

    Example: starter.py resume INV-1042
    """

    def make(found: Found, _session: Session, _today: date, event_id: str) -> events.Event:
        row = found.running()
        if not row.paused and row.promise_id is None:
            raise AlreadySo(found.invoice.id, "is not paused, and no promise holds it.")
        return events.Resume(event_id=event_id, note=note, by=by)

    tell(invoice, make, event_id, as_json)


def _until(day: date | None) -> str:
    return f" until {day}" if day else ""
