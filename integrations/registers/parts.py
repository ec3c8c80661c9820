"""One object of a billing system's as it answered: what is wrong with it makes the whole answer
refused, with the field's name."""

from collections.abc import Mapping
from typing import Any, Self

from integrations.provider_objects.json_part import JsonPart
from models.errors import PeerRefused


class Part(JsonPart):
    """An object, or one within another; `kind` and `path` are how an error names it."""

    __slots__ = ("kind", "path", "peer")

    def __init__(self, peer: str, kind: str, value: Mapping[str, Any], path: str = "") -> None:
        self.peer, self.kind, self.value, self.path = peer, kind, value, path

    def wrong(self, name: str) -> PeerRefused:
        """The refusal for a field that is missing or is not what it should be."""
        return PeerRefused(self.peer, f"{self.path}{name} of its {self.kind} is missing or wrong")

    def senseless(self, problem: str) -> PeerRefused:
        """The refusal for an object whose fields are right and that our words cannot tell."""
        return PeerRefused(self.peer, f"its {self.kind} makes no sense: {problem}")

    def within(self, name: str, value: Mapping[str, Any]) -> Self:
        """An object that stands in this one under a name."""
        return type(self)(self.peer, self.kind, value, f"{self.path}{name}.")

    def as_kind(self, kind: str) -> "Part":
        """This object under a name of its own."""
        return Part(self.peer, kind, self.value)
