"""An object of JSON from outside, read by name: what is needed is there and of its kind, or the
road by which it came says that it is not, naming the field and quoting nothing."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Self, TypeVar

from integrations.crm import values
from integrations.provider_objects.moments import FIRST, LAST, moment_of
from integrations.provider_objects.units import ISO, decimals, from_units

_Meaning = TypeVar("_Meaning")

_LONGEST_NAME = 150
_LONGEST_LINK = 2000
# What the database can hold: 18 digits, four of them behind the point.
_LARGEST = 10**14
_LINK = re.compile(r"https://[^\s<>\"]+")


class JsonPart(ABC):
    """A JSON object, or one within another. Names that are absent and that are null are one."""

    __slots__ = ("value",)

    value: Mapping[str, Any]

    @abstractmethod
    def wrong(self, name: str) -> Exception:
        """The complaint about a field that is missing or is not what it should be."""

    @abstractmethod
    def senseless(self, problem: str) -> Exception:
        """The complaint about an object whose fields are right and that our words cannot tell."""

    @abstractmethod
    def within(self, name: str, value: Mapping[str, Any]) -> Self:
        """An object that stands in this one under a name."""

    def has(self, name: str) -> bool:
        """True when the field is there and not null."""
        return self.value.get(name) is not None

    def text(self, name: str) -> str:
        """A name, an id or a code: short and of signs that can be seen."""
        said = self.value.get(name)
        if not isinstance(said, str) or not 0 < len(said) <= _LONGEST_NAME:
            raise self.wrong(name)
        if not said.isprintable() or not said.strip():
            raise self.wrong(name)
        return said

    def optional(self, name: str) -> str:
        """The same, or "" where it is not said."""
        return self.text(name) if self.value.get(name) not in (None, "") else ""

    def id(self, name: str) -> str:
        """The id of another object, which is there by its id or as a whole."""
        return self.maybe_id(name) or self.text(name)

    def maybe_id(self, name: str) -> str:
        """The same, or "" where there is none."""
        is_whole = isinstance(self.value.get(name), dict)
        return self.child(name).text("id") if is_whole else self.optional(name)

    def said(self, name: str) -> str:
        """Words for people, on one line; "" when they are none. Nothing depends on them."""
        return values.text(self.value.get(name)) or ""

    def link(self, name: str) -> str:
        """A web address, else "". It goes into letters, so nothing else is taken."""
        said = self.value.get(name)
        if not isinstance(said, str) or len(said) > _LONGEST_LINK or not said.isprintable():
            return ""
        return said if _LINK.fullmatch(said) else ""

    def flag(self, name: str) -> bool:
        """Yes or no; not said is no."""
        said = self.value.get(name)
        if said is not None and not isinstance(said, bool):
            raise self.wrong(name)
        return bool(said)

    def whole(self, name: str) -> int:
        """A whole number."""
        said = self.value.get(name)
        if isinstance(said, bool) or not isinstance(said, int) or abs(said) >= _LARGEST:
            raise self.wrong(name)
        return said

    def units(self, name: str, currency: str, table: Mapping[str, int] = ISO) -> Decimal:
        """An amount counted in the currency's smallest units."""
        return from_units(self.whole(name), currency, table)

    def maybe_units(self, name: str, currency: str, table: Mapping[str, int] = ISO) -> Decimal:
        """The same, or nothing where it is not said."""
        return self.units(name, currency, table) if self.has(name) else Decimal(0)

    def amount(self, name: str, currency: str) -> Decimal:
        """An amount as a number, or as text with a point, in the currency's decimals at least."""
        said = self.value.get(name)
        if isinstance(said, bool) or not isinstance(said, int | Decimal | str):
            raise self.wrong(name)
        try:
            figure = Decimal(said)
        except InvalidOperation:
            raise self.wrong(name) from None
        if not figure.is_finite() or abs(figure) >= _LARGEST:
            raise self.wrong(name)
        rounded = round(figure, decimals(currency))
        # Systems that compute with binary fractions write 0.30000000000000004 for 0.30.
        return rounded if abs(rounded - figure) < Decimal("0.00001") else round(figure, 4)

    def currency(self, name: str) -> str:
        """A currency's code, in capitals."""
        code = self.text(name).upper()
        if len(code) != 3 or not (code.isascii() and code.isalpha()):
            raise self.wrong(name)
        return code

    def moment(self, name: str) -> datetime:
        """A moment in seconds since 1970 or by ISO 8601, which is UTC without an offset."""
        said = self.value.get(name)
        moment = moment_of(said) if isinstance(said, int | str) else None
        if moment is None:
            raise self.wrong(name)
        return moment

    def maybe_moment(self, name: str) -> datetime | None:
        """The same, or None where it is not said."""
        return self.moment(name) if self.has(name) else None

    def milliseconds(self, name: str) -> datetime:
        """A moment in milliseconds since 1970."""
        moment = moment_of(self.whole(name) / 1000)
        if moment is None:
            raise self.wrong(name)
        return moment

    def day(self, name: str) -> date:
        """A day by ISO 8601, whatever time stands behind it."""
        try:
            day = date.fromisoformat(self.text(name)[:10])
        except ValueError:
            raise self.wrong(name) from None
        if not FIRST.date() <= day <= LAST.date():
            raise self.wrong(name)
        return day

    def one_of(self, name: str, meanings: Mapping[str, _Meaning]) -> _Meaning:
        """What a word means that must be one of those known."""
        said = self.text(name)
        if said not in meanings:
            raise self.wrong(name)
        return meanings[said]

    def child(self, name: str) -> Self:
        """An object in this one."""
        child = self.maybe(name)
        if child is None:
            raise self.wrong(name)
        return child

    def maybe(self, name: str) -> Self | None:
        """The same, or None where there is none."""
        said = self.value.get(name)
        if said is None:
            return None
        if not isinstance(said, dict):
            raise self.wrong(name)
        return self.within(name, said)

    def expanded(self, name: str) -> Self | None:
        """Another object where it is there as a whole and was not deleted, else None."""
        said = self.value.get(name)
        found = self.within(name, said) if isinstance(said, dict) else None
        return None if found is None or found.flag("deleted") else found

    def parts(self, name: str) -> list[Self]:
        """The objects in a list; none where it is not said."""
        said = self.value.get(name)
        if said is None:
            return []
        if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
            raise self.wrong(name)
        return [self.within(name, one) for one in said]

    def words(self, name: str) -> list[str]:
        """The texts in a list, as words for people; none where there is no list."""
        said = self.value.get(name)
        found = (values.text(one) for one in said) if isinstance(said, list) else ()
        return [one for one in found if one]
