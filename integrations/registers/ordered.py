"""Paging by what a list is ordered by, where a provider knows page numbers only.

By page numbers alone, an object that leaves the list between two pages moves the first of the next
page into the one that was read already, and it is lost. So the next page starts at the value that
the last one ended with.
"""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from integrations.registers.places import Place
from models.errors import PeerRefused


class Mark(BaseModel):
    """How far an ordered list was read: up to `value`, of whose objects those `seen` are known.

    `page` counts the pages of objects that all have this value. Values are ordered as texts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: str = ""
    page: int = 1
    seen: tuple[str, ...] = ()


def mark_of(place: Place, peer: str) -> Mark:
    """How far the list at a place was read, from its `since` on.

    Raises:
        PeerRefused: the place was made by another version.
    """
    if not place.at:
        return Mark(value=place.since.isoformat(timespec="seconds") if place.since else "")
    try:
        return Mark.model_validate_json(place.at)
    except ValueError:
        problem = "this place is none that it was read up to. Read it from its start."
        raise PeerRefused(peer, problem) from None


def is_new(mark: Mark, value: str, name: str) -> bool:
    """True for an object that no page before had."""
    return value > mark.value or (value == mark.value and name not in mark.seen)


def following(mark: Mark, read: Sequence[tuple[str, str]], size: int) -> str:
    """Where the list goes on after a page of (value, id), of `size` at most; "" at its end."""
    if len(read) < size:
        return ""
    last = read[-1][0]
    if last <= mark.value:
        return mark.model_copy(update={"page": mark.page + 1}).model_dump_json()
    seen = tuple(name for value, name in read if value == last)
    return Mark(value=last, seen=seen).model_dump_json()
