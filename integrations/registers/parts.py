"""One object of a billing system's, read field by field: what is needed is there and of its kind,
or the whole answer is refused with the field's name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pydantic import ValidationError

from integrations.crm import values
from integrations.registers import money
from models.errors import PeerRefused

_Given = ParamSpec("_Given")
_Told = TypeVar("_Told")
_Meaning = TypeVar("_Meaning")

_LONGEST_NAME = 150
_LARGEST = Decimal(10) ** 14
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LATEST = datetime(2199, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Part:
    """An object, or one within another; `kind` and `path` are how an error names it."""

    peer: str
    kind: str
    value: Mapping[str, Any]
    path: str = ""

    def wrong(self, name: str) -> PeerRefused:
        """The refusal for a field that is missing or is not what it should be."""
        return PeerRefused(self.peer, f"{self.path}{name} of its {self.kind} is missing or wrong")

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

    def said(self, name: str) -> str:
        """Words for people, on one line; "" when they are none. Nothing depends on them."""
        return values.text(self.value.get(name)) or ""

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

    def units(self, name: str, currency: str, table: Mapping[str, int] = money.ISO) -> Decimal:
        """An amount counted in the currency's smallest units."""
        return money.from_units(self.whole(name), currency, table)

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
        rounded = round(figure, money.decimals(currency))
        # Systems that compute with binary fractions write 0.30000000000000004 for 0.30.
        return rounded if abs(rounded - figure) < Decimal("0.00001") else round(figure, 4)

    def currency(self, name: str) -> str:
        """A currency's code, in capitals."""
        code = self.text(name).upper()
        if len(code) != 3 or not (code.isascii() and code.isalpha()):
            raise self.wrong(name)
        return code

    def seconds(self, name: str) -> datetime:
        """A moment in seconds since 1970."""
        return self._moment(name, lambda: datetime.fromtimestamp(self.whole(name), UTC))

    def milliseconds(self, name: str) -> datetime:
        """A moment in milliseconds since 1970."""
        return self._moment(name, lambda: datetime.fromtimestamp(self.whole(name) / 1000, UTC))

    def moment(self, name: str) -> datetime:
        """A moment by ISO 8601; without an offset it is UTC."""
        return self._moment(name, lambda: datetime.fromisoformat(self.text(name)))

    def day(self, name: str) -> date:
        """A day by ISO 8601, whatever time stands behind it."""
        try:
            day = date.fromisoformat(self.text(name)[:10])
        except ValueError:
            raise self.wrong(name) from None
        if not _EARLIEST.date() <= day <= _LATEST.date():
            raise self.wrong(name)
        return day

    def one_of(self, name: str, meanings: Mapping[str, _Meaning]) -> _Meaning:
        """What a word means that must be one of those known."""
        said = self.text(name)
        if said not in meanings:
            raise self.wrong(name)
        return meanings[said]

    def child(self, name: str) -> "Part":
        """An object in this one."""
        child = self.maybe(name)
        if child is None:
            raise self.wrong(name)
        return child

    def maybe(self, name: str) -> "Part | None":
        """The same, or None where there is none."""
        said = self.value.get(name)
        if said is None:
            return None
        if not isinstance(said, dict):
            raise self.wrong(name)
        return Part(self.peer, self.kind, said, f"{self.path}{name}.")

    def parts(self, name: str) -> list["Part"]:
        """The objects in a list; none where it is not said."""
        said = self.value.get(name)
        if said is None:
            return []
        if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
            raise self.wrong(name)
        return [Part(self.peer, self.kind, one, f"{self.path}{name}.") for one in said]

    def as_kind(self, kind: str) -> "Part":
        """This object under a name of its own."""
        return Part(self.peer, kind, self.value)

    def _moment(self, name: str, read: Callable[[], datetime]) -> datetime:
        try:
            moment = read()
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            if _EARLIEST <= aware <= _LATEST:
                return aware.astimezone(UTC)
        except (ValueError, OverflowError, OSError):
            pass
        raise self.wrong(name)


def translating(translate: Callable[_Given, _Told]) -> Callable[_Given, _Told]:
    """Marks what makes news of a part, its first argument: news that our words have no place for
    (an amount of nothing, a day too far off) are refused like a field that is wrong."""

    @wraps(translate)
    def told(*given: _Given.args, **named: _Given.kwargs) -> _Told:
        try:
            return translate(*given, **named)
        except ValidationError as wrong:
            said = next(one for one in given if isinstance(one, Part))
            first = wrong.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "the whole"
            problem = f"its {said.kind} makes no sense: {place} of {wrong.title}"
            raise PeerRefused(said.peer, problem) from None

    return told
