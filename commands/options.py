"""Options that several commands share."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from models import events

_POSITIVE: TypeAdapter[Decimal] = TypeAdapter(events.Positive)
_IN_THOUSANDS = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?")


def parse_amount(text: str) -> Decimal:
    """The amount that somebody wrote as 1234.56 or 1,234.56."""
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
    Decimal | None, typer.Option(parser=parse_amount, metavar="AMOUNT", help="In its currency.")
]
By = Annotated[str, typer.Option(help="Who says so.")]
NoteText = Annotated[str, typer.Option("--note", help="Why, for the timeline.")]
EventId = Annotated[
    str | None,
    typer.Option(help="Id of this event; the same id is applied once however often it is sent."),
]
