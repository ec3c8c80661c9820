"""Putting a person's decision to a follow-up, and saying what came of it."""

import uuid
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlmodel import Session

from commands.office import Office, in_office, print_json, say
from models.acts import Act
from models.errors import TemporalUnavailable, WrongUse
from store.lookup import Found


def _not_empty(text: str) -> str:
    if not text.strip():
        raise typer.BadParameter("it must not be empty")
    return text.strip()


Who = Annotated[
    str,
    typer.Option(
        "--by", parser=_not_empty, metavar="WHO", help="Who decides, by name or mail address."
    ),
]
Why = Annotated[
    str,
    typer.Option(
        "--why", parser=_not_empty, metavar="TEXT", help="Why; it stands on the timeline."
    ),
]
Make = Callable[[Found, Session, str], Act]
More = Callable[[Found, Session, Act], Sequence[str]]

# The option behind an act's field, where it is not the field's own name.
_OPTIONS = {"source": "letter", "instalments": "instalment", "due_on": "first", "task_key": "task"}
_PROBLEMS = {
    "string_too_long": "is longer than {max_length} characters",
    "string_pattern_mismatch": "has a character that cannot be kept",
    "greater_than_equal": "lies before {ge}",
    "less_than_equal": "lies after {le}",
    "too_long": "is given more than {max_length} times",
}


def put(
    named: str, make: Make, event_id: str | None, as_json: bool, more: More | None = None
) -> None:
    """Make the decision about the invoice of that id or number, and wait for its answer.

    `more` has further lines for the person who decided, read after it.
    """

    async def work(office: Office) -> None:
        found = office.find(named)
        found.running()
        with office.database.reading() as session:
            act = _made(make, found, session, event_id or f"starter/{uuid.uuid4()}")
        follow_ups = await office.follow_ups()
        try:
            answer = await follow_ups.decide(found.invoice.id, act)
        except TemporalUnavailable as away:
            # The server may hand it on to the next worker, or may not.
            raise TemporalUnavailable(
                f"{away}. Once one runs, see with `starter.py timeline {found.invoice.id}` whether "
                "the decision counts; if not, say it again."
            ) from away
        if as_json:
            done = {"event_id": act.event_id, "says": answer.says}
            print_json(done | {"act": act.model_dump(mode="json", exclude={"event_id"})})
            return
        say(answer.says)
        with office.database.reading() as session:
            for line in more(found, session, act) if more else ():
                say(line)

    in_office(work)


def _made(make: Make, found: Found, session: Session, event_id: str) -> Act:
    try:
        return make(found, session, event_id)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        told = _PROBLEMS.get(first["type"])
        problem = told.format(**first["ctx"]) if told else first["msg"]
        raise WrongUse(f"--{_OPTIONS.get(name, name).replace('_', '-')}: {problem}") from None
