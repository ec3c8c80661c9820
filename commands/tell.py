"""Telling a follow-up what happened, and saying how it stands then."""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime

from pydantic import ValidationError
from sqlmodel import Session

from commands.office import Office, in_office, print_json, say
from models import events
from models.clock import Clock
from models.errors import FollowUpClosed, TemporalUnavailable, WrongUse
from models.follow_up import FollowUp, FollowUpState
from models.tables import Invoice
from models.vocabulary import Status
from store import policies, timeline
from store.lookup import Found
from store.policies import PolicyFiles

_PATIENCE_SECONDS = 10.0
# What of the timeline after an event says what came of it.
_TOLD = frozenset({"task", "promise", "dispute", "plan", "payment", "service"})

Make = Callable[[Found, Session, date, str], events.Event]


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
    files = PolicyFiles(office.settings.policies, office.settings.base_currency)
    with office.database.writing() as session:
        return policies.next_round(session, files, found.invoice, found.followed())


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
        for line in _followed(office, invoice, event):
            say(line)


def _followed(office: Office, invoice: Invoice, event: events.Event) -> list[str]:
    """What came of the event beside how the invoice stands: tasks, promises, disputes."""
    with office.database.reading() as session:
        entries = timeline.entries(session, invoice.id)
    [index] = [at for at, one in enumerate(entries) if one.event_id == event.event_id][:1]
    return [one.text for one in entries[index + 1 :] if one.kind in _TOLD]


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
