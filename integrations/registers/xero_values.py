"""Single values as Xero writes them in JSON."""

import re
from datetime import date, datetime

from integrations.registers.parts import Part

_MOMENT = re.compile(r"/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)/")


def moment(said: Part, name: str) -> datetime:
    """A moment: milliseconds since 1970, in UTC whatever stands behind them."""
    found = _MOMENT.fullmatch(said.text(name))
    if found is None:
        raise said.wrong(name)
    return Part(said.peer, said.kind, {name: int(found[1])}, said.path).milliseconds(name)


def day(said: Part, name: str) -> date:
    """A day: from its ISO text where it has one, else from the moment at which it starts."""
    text = f"{name}String"
    return said.day(text) if said.has(text) else moment(said, name).date()


def changed_at(said: Part) -> datetime:
    """When an object was changed last."""
    return moment(said, "UpdatedDateUTC")
