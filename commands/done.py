"""Finishing a task that nothing else finishes."""

from typing import Annotated

import typer
from sqlmodel import Session

from commands.office import AsJson, Office, business_now, in_office, print_json, say
from commands.options import Invoiced, NoteText
from commands.verdicts import Who
from models.errors import AlreadySo, WrongUse
from models.tables import FollowUpRow
from models.vocabulary import TaskKind
from store import tasks

_ENDED_BY = {
    TaskKind.CALL: "log-call",
    TaskKind.OWNER_FIRST: "owner",
    TaskKind.APPROVE: "approve or reject",
    TaskKind.AGREE_PLAN: "plan",
    TaskKind.DISPOSITION: "decide",
    TaskKind.RESOLVE_DISPUTE: "resolve",
}


def done(
    invoice: Invoiced,
    by: Who,
    task: Annotated[
        str | None, typer.Option(help="Which task, by its key; the only one if left out.")
    ] = None,
    note: NoteText = "",
    as_json: AsJson = False,
) -> None:
    """Note that a task is done which nothing else ends: a reply read, money placed, a letter
    mended, a service restored. Calls, drafts, decisions and disputes have commands of their own.

    Example: starter.py done INV-1042 --by "Robin Vale" --note "placed on INV-1043"
    """

    async def work(office: Office) -> None:
        found = office.find(invoice)
        now = await business_now(office, [found.invoice.id])
        with office.database.writing() as session:
            waiting = [
                one
                for one in tasks.of_invoice(session, found.invoice.id)
                if one.kind in tasks.BY_HAND and task in (None, one.key)
            ]
            if not waiting:
                raise AlreadySo(found.invoice.id, _nothing_by_hand(session, found.invoice.id))
            if len(waiting) > 1:
                keys = "\n".join(f"  {one.key}: {one.why}" for one in waiting)
                raise WrongUse(f"Invoice {found.invoice.id} has several; name one --task:\n{keys}")
            row = session.get_one(FollowUpRow, found.invoice.id)
            tasks.finish(session, row, waiting[0], now, by, note)
            kind, key = waiting[0].kind, waiting[0].key
        if as_json:
            print_json({"task": key, "kind": kind, "closed": True})
        else:
            say(f"Done: {kind.replace('_', ' ')} of invoice {found.invoice.id}.")

    in_office(work)


def _nothing_by_hand(session: Session, invoice_id: str) -> str:
    """What waits instead, and which command ends it."""
    others = [
        f"{one.key} ({_ENDED_BY[one.kind]})"
        for one in tasks.of_invoice(session, invoice_id)
        if one.kind in _ENDED_BY
    ]
    instead = f" What waits is ended otherwise: {', '.join(others)}." if others else ""
    return f"has no such task to finish by hand.{instead}"
