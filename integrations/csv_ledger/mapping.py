"""A mapping file: what a ledger's columns and values mean where they do not say so themselves."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator
from pydantic import Field as Setting

from integrations.csv_ledger import places, words
from integrations.csv_ledger.currencies import meanings
from integrations.csv_ledger.dates import DAY_FIRST, ISO, MONTH_FIRST
from integrations.csv_ledger.fields import AMOUNTS, DATES, Field, Kind
from integrations.csv_ledger.terms import days_of
from models.errors import LedgerUnreadable

_OF_ITS_OWN = {
    *DATES,
    *AMOUNTS,
    Field.INVOICE_ID,
    Field.NUMBER,
    Field.PAYMENT_ID,
    Field.CUSTOMER_ID,
    Field.CUSTOMER_NAME,
    Field.EMAIL,
}
"""Fields of which every row needs its own, so that a default would only hide a gap."""


def _is_yes_or_no(text: str) -> bool:
    words.yes_or_no(text)
    return True


_CHECKS: dict[Field, Callable[[str], object]] = {
    Field.CURRENCY: meanings,
    Field.COUNTRY: places.country_code,
    Field.LANGUAGE: places.language_code,
    Field.ZONE: places.zone_name,
    Field.STATUS: words.invoice_status,
    Field.METHOD: words.method_of,
    Field.ROLE: words.role_of,
    Field.IS_OPEN: _is_yes_or_no,
    Field.DISPUTED: _is_yes_or_no,
    Field.STRATEGIC: _is_yes_or_no,
    Field.TERMS: lambda text: days_of(text) is not None,
}


def _check(field: Field, text: str) -> None:
    check = _CHECKS.get(field)
    if check is None or not text:
        return
    try:
        known = check(text)
    except ValueError as reason:
        raise ValueError(f"{field}: {text!r} {reason}") from reason
    if not known:
        raise ValueError(f"{field}: {text!r} is not known")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DateForm(_Part):
    """How dates are written; decided from the file when absent."""

    format: str = ""

    @field_validator("format")
    @classmethod
    def _is_a_form(cls, form: str) -> str:
        if form and form not in {DAY_FIRST, MONTH_FIRST, ISO} and "%" not in form:
            raise ValueError(
                f"{form!r} is neither {DAY_FIRST}, {MONTH_FIRST}, {ISO} nor a form like %Y%m%d"
            )
        return form


class AmountForm(_Part):
    """How amounts are written; decided from the file when absent."""

    decimal: Literal[".", ","] | None = None


class IdForm(_Part):
    """What is cut off the end of every id and number, such as the `.0` of a spreadsheet."""

    strip: str = ""


class Mapping(_Part):
    """What a mapping file says (docs/import.md). An empty one changes nothing.

    `columns` gives a field's header, "" when no column is to be taken for it. `defaults` fills
    empty cells and missing columns. `values` translates a field's cells, capitals aside, before
    they are read.
    """

    kind: Kind | None = None
    columns: dict[Field, str] = Setting(default_factory=dict)
    defaults: dict[Field, Annotated[str, Setting(min_length=1)]] = Setting(default_factory=dict)
    values: dict[Field, dict[str, str]] = Setting(default_factory=dict)
    dates: DateForm = DateForm()
    amounts: AmountForm = AmountForm()
    ids: IdForm = IdForm()

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        for field, text in self.defaults.items():
            if field in _OF_ITS_OWN:
                raise ValueError(f"{field} differs in every row and can have no default")
            _check(field, text)
        for field, translations in self.values.items():
            for text in translations.values():
                _check(field, text)
        return self

    def with_defaults(self, defaults: dict[Field, str]) -> "Mapping":
        """The same with these defaults, which go before its own.

        Raises:
            LedgerUnreadable: a default is unknown; the sentence names its field.
        """
        try:
            return Mapping(**{**dict(self), "defaults": self.defaults | defaults})
        except ValidationError as error:
            raise LedgerUnreadable(_explained(error)) from error


def _explained(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"] if part != "[key]")
    told = first["msg"].removeprefix("Value error, ")
    return f"{key}: {told}" if key else told


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        LedgerUnreadable: there is no such file, it is no TOML, or a key is unknown or has a value
            that cannot be; the sentence names the key.
    """
    try:
        return Mapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise LedgerUnreadable(f"{path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LedgerUnreadable(f"{path}: is no TOML: {error}") from error
    except ValidationError as error:
        raise LedgerUnreadable(f"{path}: {_explained(error)}") from error
