"""Telling a follow-up what happened: pay, reverse, dispute, resolve, promise, pause, resume."""

import asyncio
import re
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

import typer
from pydantic import TypeAdapter, ValidationError
from sqlmodel import Session

from commands.office import AsJson, Day, Office, in_office, print_json, say
from models import events
from models.clock import Clock
from models.errors import AlreadySo, FollowUpClosed, TemporalUnavailable, WrongUse
from models.follow_up import FollowUp, FollowUpState
from models.tables import Invoice
from models.vocabulary import Method, Status
from store import disputes, lookup, policies, timeline
from store.lookup import Found
from store.policies import PolicyFiles

_PATIENCE_SECONDS = 10.0
# It may be yesterday already where we are, and not yet where the customer is.
_ELSEWHERE = timedelta(days=1)
_POSITIVE: TypeAdapter[Decimal] = TypeAdapter(events.Positive)
_IN_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")


def _amount(text: str) -> Decimal:
    # 12,50 is twelve and a half for half of the world: booking 1250 would be the worst of answers.
    if "," in text and not _IN_THOUSANDS.fullmatch(text.strip()):
        raise typer.BadParameter(f"{text!r} is no amount; write it as 1234.56 or 1,234.56")
    try:
        return _POSITIVE.validate_python(Decimal(text.replace(",", "")))
    except InvalidOperation:
        raise typer.BadParameter(
            f"{text!r} is no amount; write it as 1234.56 or 1,234.56"
        ) from None
    except ValidationError:
        raise typer.BadParameter(
            f"{text!r} is no amount that can be owed: more than 0, four decimals at most"
        ) from None


Invoiced = Annotated[str, typer.Argument(metavar="INVOICE", help="The invoice's id or number.")]
Amount = Annotated[
    Decimal | None, typer.Option(parser=_amount, metavar="AMOUNT", help="In its currency.")
]
By = Annotated[str, typer.Option(help="Who says so.")]
NoteText = Annotated[str, typer.Option("--note", help="Why, for the timeline.")]
EventId = Annotated[
    str | None,
    typer.Option(help="Id of this event; the same id is applied once however often it is sent."),
]

Make = Callable[[Found, Session, date, str], events.Event]


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
        known = [
            one
            for one in disputes.open_disputes(session, found.running())
            if line in ("", one.line)
        ]
        if not known:
            raise AlreadySo(found.invoice.id, "has no open dispute.")
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

    def make(_found: Found, _session: Session, today: date, event_id: str) -> events.Event:
        if on < today - _ELSEWHERE:
            raise WrongUse(f"--on {on} has gone by: a promise is for a day to come.")
        return events.PromiseMade(
            event_id=event_id,
            pay_on=on,
            amount=amount,
            method=method,
            confirmed=confirmed,
            by=by,
        )

    tell(invoice, make, event_id, as_json)


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

    def make(found: Found, _session: Session, _today: date, event_id: str) -> events.Event:
        row = found.running()
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
    """End a pause.

    Example: starter.py resume INV-1042
    """

    def make(found: Found, _session: Session, _today: date, event_id: str) -> events.Event:
        if not found.running().paused:
            raise AlreadySo(found.invoice.id, "is not paused.")
        return events.Resume(event_id=event_id, note=note, by=by)

    tell(invoice, make, event_id, as_json)


def _until(day: date | None) -> str:
    return f" until {day}" if day else ""


def tell(
    named: str,
    make: Make,
    event_id: str | None,
    as_json: bool,
    *,
    may_be_closed: bool = False,
) -> None:
    """Signal the event about the invoice of that id or number, and say how it stands then."""

    async def work(office: Office) -> None:
        follow_ups = await office.follow_ups()
        found = office.find(named)
        row = found.followed() if may_be_closed else found.running()
        clock = Clock()
        if row.status is not Status.CLOSED:
            with suppress(TemporalUnavailable):  # without a worker nobody can say
                clock = (await follow_ups.state(found.invoice.id)).clock
        today = clock.business(datetime.now(UTC)).date()
        with office.database.reading() as session:
            event = _made(make, found, session, today, event_id or f"starter/{uuid.uuid4()}")
        try:
            await follow_ups.tell(found.invoice.id, event)
        except FollowUpClosed:
            if not may_be_closed:
                raise
            await follow_ups.tell_or_start(_next_round(office, found), event)
        await _report(office, found.invoice, event, as_json)

    in_office(work)


def _made(make: Make, found: Found, session: Session, today: date, event_id: str) -> events.Event:
    try:
        return make(found, session, today, event_id)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        problem = first["msg"].removeprefix("Value error, ")
        option = f"--{str(first['loc'][0]).replace('_', '-')}: " if first["loc"] else ""
        raise WrongUse(f"{option}{problem}") from None


def _next_round(office: Office, found: Found) -> FollowUp:
    row = found.followed()
    files = PolicyFiles(office.settings.policies, office.settings.base_currency)
    if row.policy not in files.policies:
        raise WrongUse(
            f"Invoice {found.invoice.id} was followed up under policy {row.policy}, and its new "
            f"round would be too. Put {files.folder / row.policy}.toml back first."
        )
    with office.database.writing() as session:
        version = policies.pin(session, files, row.policy)
    return FollowUp(
        invoice_id=found.invoice.id,
        customer_id=found.invoice.customer_id,
        due_on=found.invoice.due_on,
        policy=row.policy,
        policy_version=version,
        round=row.round + 1,
    )


async def _report(office: Office, invoice: Invoice, event: events.Event, as_json: bool) -> None:
    """Wait a moment until a worker has applied the event, and say how the invoice stands."""
    if not await _applied(office, invoice.id, event.event_id):
        if as_json:
            print_json({"event_id": event.event_id, "applied": False, "state": None})
        else:
            say(f"Noted for invoice {invoice.id}; no worker has taken it up yet.")
        return
    state = await (await office.follow_ups()).state(invoice.id)
    if as_json:
        shown = state.model_dump(mode="json")
        print_json({"event_id": event.event_id, "applied": True, "state": shown})
    else:
        say(standing(state))


def standing(state: FollowUpState) -> str:
    """How a follow-up stands, in a sentence or two."""
    if state.outcome is not None:
        return f"Invoice {state.invoice_id} is closed: {state.outcome}. {state.says}"
    open_ = f", {state.amount_open:,.2f} {state.currency} open" if state.amount_open else ""
    when = f" Next look: {state.next_at:%Y-%m-%d %H:%M} UTC." if state.next_at else ""
    return f"Invoice {state.invoice_id} is {state.status}{open_}. {state.says}{when}"


async def _applied(office: Office, invoice_id: str, event_id: str) -> bool:
    deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        with office.database.reading() as session:
            entries = timeline.entries(session, invoice_id)
            if any(entry.event_id == event_id for entry in entries):
                return True
        await asyncio.sleep(0.1)
    return False
