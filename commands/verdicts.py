"""Putting a person's decision to a follow-up, and saying what came of it."""

import uuid
from collections.abc import Callable
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlmodel import Session

from commands.office import Office, in_office, print_json, say
from models.acts import Act
from models.errors import WrongUse
from store.lookup import Found

Who = Annotated[str, typer.Option("--by", help="Who decides, by name or mail address.")]
Make = Callable[[Found, Session, str], Act]


def put(named: str, make: Make, event_id: str | None, as_json: bool) -> None:
    """Make the decision about the invoice of that id or number, and wait for its answer."""

    async def work(office: Office) -> None:
        follow_ups = await office.follow_ups()
        found = office.find(named)
        found.running()
        with office.database.reading() as session:
            try:
                act = make(found, session, event_id or f"starter/{uuid.uuid4()}")
            except ValidationError as wrong:
                first = wrong.errors()[0]
                option = "-".join(str(part) for part in first["loc"]).replace("_", "-")
                raise WrongUse(f"--{option}: {first['msg']}") from None
        answer = await follow_ups.decide(found.invoice.id, act)
        if as_json:
            print_json({"event_id": act.event_id, "says": answer.says})
        else:
            say(answer.says)

    in_office(work)
