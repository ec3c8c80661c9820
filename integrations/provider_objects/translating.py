"""What every translator of an object has in common."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from pydantic import ValidationError

from integrations.provider_objects.json_part import JsonPart

_Given = ParamSpec("_Given")
_Told = TypeVar("_Told")


def translating(translate: Callable[_Given, _Told]) -> Callable[_Given, _Told]:
    """Marks what makes news of a part, its first argument: news that our words have no place for
    (an amount of nothing, a day too far off) are refused like a field that is wrong."""

    @wraps(translate)
    def told(*given: _Given.args, **named: _Given.kwargs) -> _Told:
        try:
            return translate(*given, **named)
        except ValidationError as wrong:
            said = next(one for one in given if isinstance(one, JsonPart))
            first = wrong.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in first["loc"]) or "the whole"
            raise said.senseless(f"{place} of {wrong.title}") from None

    return told
