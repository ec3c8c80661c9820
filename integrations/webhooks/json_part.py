"""A part of what a request brought: what is wrong with it is `WebhookMalformed`."""

from collections.abc import Mapping
from typing import Any, Self

from integrations.provider_objects.json_part import JsonPart
from models.errors import WebhookMalformed


class Part(JsonPart):
    """A JSON object and where it stands."""

    __slots__ = ("place",)

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise WebhookMalformed(f"{place}: expected an object")
        self.value, self.place = value, place

    def wrong(self, name: str) -> WebhookMalformed:
        """The complaint about a field that is missing or is not what it should be."""
        return WebhookMalformed(f"{self.place}.{name} is missing, or not what it should be")

    def senseless(self, problem: str) -> WebhookMalformed:
        """The complaint about an object whose fields are right and that our words cannot tell."""
        return WebhookMalformed(f"{self.place} makes no sense: {problem}")

    def within(self, name: str, value: Mapping[str, Any]) -> Self:
        """An object that stands in this one under a name."""
        return type(self)(value, f"{self.place}.{name}")

    def needed_parts(self, name: str) -> list[Self]:
        """The objects in a list that must be there; it may be empty."""
        if not self.has(name):
            raise self.wrong(name)
        return self.parts(name)
