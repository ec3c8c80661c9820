"""The kinds of field in our own webhooks, with their bounds (docs/webhooks.md)."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"\d{1,18}(\.\d{1,4})?")
_LARGEST = 10**14


def _written_day(said: Any) -> Any:
    """A day is text: a number would be taken for seconds since 1970."""
    if not isinstance(said, date) and not (isinstance(said, str) and _DAY.fullmatch(said)):
        raise ValueError("expected a day, YYYY-MM-DD")
    return said


def _number(said: Any) -> Any:
    """An amount as text or as a number, whose digits are kept; no float ever."""
    if isinstance(said, bool | float) or (isinstance(said, str) and not _NUMBER.fullmatch(said)):
        raise ValueError("expected an amount")
    return said


def _clean(said: str) -> str:
    if "\0" in said or any("\ud800" <= letter <= "\udfff" for letter in said):
        raise ValueError("holds what no database keeps")
    return said.strip()


def _not_blank(said: str) -> str:
    if not said:
        raise ValueError("is blank")
    return said


_Clean = AfterValidator(_clean)
Id = Annotated[str, _Clean, AfterValidator(_not_blank), Field(max_length=200)]
Text = Annotated[str, _Clean, Field(max_length=500)]
LongText = Annotated[str, _Clean, Field(max_length=2000)]
_Number = BeforeValidator(_number)
Positive = Annotated[Decimal, _Number, Field(gt=0, lt=_LARGEST, max_digits=18, decimal_places=4)]
NotNegative = Annotated[Decimal, _Number, Field(ge=0, lt=_LARGEST, max_digits=18, decimal_places=4)]
Day = Annotated[
    date, BeforeValidator(_written_day), Field(ge=date(1990, 1, 1), le=date(2199, 12, 31))
]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
MaybeCurrency = Annotated[str, Field(pattern=r"^([A-Z]{3})?$")]
Language = Annotated[str, Field(pattern=r"^([a-z]{2})?$")]
Country = Annotated[str, Field(pattern=r"^([A-Z]{2})?$")]
Email = Annotated[str, Field(pattern=r"^[^\s@<>,;]{1,64}@[^\s@<>,;]{1,255}$")]
Link = Annotated[str, Field(pattern=r'^(https://[^\s<>"]+)?$', max_length=2000)]
Flag = Annotated[bool, Field(strict=True)]
