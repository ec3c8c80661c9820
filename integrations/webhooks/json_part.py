"""An object of JSON from outside, read by name. Whatever is not as it should be is
`WebhookMalformed`: the sentence names the part that is wrong and quotes nothing."""

import re
from datetime import datetime
from typing import NoReturn, Self

from integrations.webhooks.json_body import moment_of
from models.errors import WebhookMalformed

LONGEST_ID = 200
# What the database can hold: 18 digits, four of them behind the point.
_LARGEST = 10**14 - 1
_LONGEST_TEXT = 500
_LONGEST_LINK = 2000
_COUNTRY = re.compile(r"[A-Za-z]{2}")
_EMAIL = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}")
_LINK = re.compile(r"https://[^\s<>\"]+")
_CURRENCY = re.compile(r"[A-Za-z]{3}")


class Part:
    """A JSON object and where it stands. Names that are absent and names that are null are one."""

    def __init__(self, value: object, place: str) -> None:
        if not isinstance(value, dict):
            raise WebhookMalformed(f"{place}: expected an object")
        self._value: dict[str, object] = value
        self.place = place

    def __contains__(self, name: str) -> bool:
        return self._value.get(name) is not None

    @property
    def whole_value(self) -> object:
        """The object itself."""
        return self._value

    def has_name(self, name: str) -> bool:
        """Whether the name is there at all, null or not."""
        return name in self._value

    def plain(self, name: str) -> object:
        """Whatever stands there."""
        return self._value.get(name)

    def id(self, name: str) -> str:
        """An identifier that must be there."""
        return self.maybe_id(name) or self._wrong(name)

    def maybe_id(self, name: str) -> str:
        """An identifier, also where the whole object stands in its place; else empty."""
        said = self._value.get(name)
        if isinstance(said, dict):
            said = said.get("id")
        if said is None or said == "":
            return ""
        if not isinstance(said, str) or not said.strip() or len(said) > LONGEST_ID:
            self._wrong(name)
        if not _is_clean(said):
            self._wrong(name)
        return said

    def said(self, name: str, longest: int = _LONGEST_TEXT) -> str:
        """A text without what no database holds, cut to `longest`; empty where there is none."""
        said = self._value.get(name)
        if said is None:
            return ""
        if not isinstance(said, str):
            self._wrong(name)
        clean = said.replace("\0", "").encode("utf-8", "replace").decode()
        return clean.strip()[:longest]

    def whole(self, name: str) -> int:
        """A whole number that must be there."""
        number = self.maybe_whole(name)
        return self._wrong(name) if number is None else number

    def maybe_whole(self, name: str) -> int | None:
        """A whole number, or None."""
        said = self._value.get(name)
        if said is None:
            return None
        if isinstance(said, bool) or not isinstance(said, int) or abs(said) > _LARGEST:
            self._wrong(name)
        return said

    def yes(self, name: str) -> bool:
        """A boolean; False where there is none."""
        said = self._value.get(name)
        if said is not None and not isinstance(said, bool):
            self._wrong(name)
        return bool(said)

    def moment(self, name: str) -> datetime:
        """A moment that must be there, in UTC."""
        return self.maybe_moment(name) or self._wrong(name)

    def maybe_moment(self, name: str) -> datetime | None:
        """A moment in UTC, or None."""
        said = self._value.get(name)
        if said is None:
            return None
        return moment_of(said) or self._wrong(name)

    def currency(self, name: str) -> str:
        """A currency that must be there, as ISO 4217 writes it."""
        said = self.said(name)
        return said.upper() if _CURRENCY.fullmatch(said) else self._wrong(name)

    def country(self, name: str) -> str:
        """A country by its two letters; empty where it is not so told."""
        said = self.said(name)
        return said.upper() if _COUNTRY.fullmatch(said) else ""

    def email(self, name: str) -> str:
        """A mail address; empty where there is none that could be one."""
        said = self.said(name)
        return said if _EMAIL.fullmatch(said) else ""

    def link(self, name: str) -> str:
        """A web address. It goes into letters, so nothing else is taken."""
        said = self.said(name, _LONGEST_LINK)
        return said if _LINK.fullmatch(said) else ""

    def part(self, name: str) -> Self:
        """An object that must be there."""
        return self.maybe_part(name) or self._wrong(name)

    def maybe_part(self, name: str) -> Self | None:
        """An object, or None."""
        said = self._value.get(name)
        return None if said is None else type(self)(said, f"{self.place}.{name}")

    def expanded(self, name: str) -> Self | None:
        """The object where it stands in place of its id, else None."""
        said = self._value.get(name)
        return self.maybe_part(name) if isinstance(said, dict) else None

    def parts(self, name: str) -> list[Self]:
        """The objects of a list; none where there is no list."""
        said = self._value.get(name)
        if said is None:
            return []
        if not isinstance(said, list):
            self._wrong(name)
        return [type(self)(one, f"{self.place}.{name}") for one in said]

    def needed_parts(self, name: str) -> list[Self]:
        """The objects of a list that must be there; it may be empty."""
        return self.parts(name) if name in self else self._wrong(name)

    def words(self, name: str) -> list[str]:
        """The texts of a list; none where there is no list."""
        said = self._value.get(name)
        if said is None:
            return []
        if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
            self._wrong(name)
        return [one for one in said if _is_clean(one)]

    def _wrong(self, name: str) -> NoReturn:
        raise WebhookMalformed(f"{self.place}.{name} is missing, or not what it should be")


def _is_clean(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
