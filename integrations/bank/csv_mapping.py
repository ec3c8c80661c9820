"""A mapping file for a bank's CSV: what its columns mean where they do not say so themselves."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, field_validator
from pydantic import Field as Setting

from integrations.bank.csv_columns import Column
from integrations.csv_ledger.currencies import meanings
from integrations.csv_ledger.mapping import AmountForm, DateForm
from models.errors import StatementUnreadable


def _as_names(given: object) -> object:
    if isinstance(given, str):
        return (given,) if given else ()
    return given


Headers = Annotated[tuple[str, ...], BeforeValidator(_as_names)]


class BankDefaults(BaseModel):
    """What holds where the file says nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account: str = ""
    currency: str = ""

    @field_validator("currency")
    @classmethod
    def _is_a_currency(cls, text: str) -> str:
        if text and not meanings(text):
            raise ValueError(f"{text!r} is no currency. Use an ISO 4217 code such as EUR.")
        return next(iter(meanings(text)), "")


class BankMapping(BaseModel):
    """What a mapping file says (docs/bank-files.md). An empty one changes nothing.

    `columns` gives the header of a column, several for those that may have several, "" when none is
    to be taken. `credit_words` and `debit_words` are what the column `sign` says, beside the words
    that are known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: dict[Column, Headers] = Setting(default_factory=dict)
    defaults: BankDefaults = BankDefaults()
    dates: DateForm = DateForm()
    amounts: AmountForm = AmountForm()
    credit_words: tuple[str, ...] = ()
    debit_words: tuple[str, ...] = ()


def read_bank_mapping(path: Path) -> BankMapping:
    """Read a mapping file.

    Raises:
        StatementUnreadable: there is no such file, it is no TOML, or a key is unknown or has a
            value that cannot be; the sentence names the key.
    """
    try:
        return BankMapping.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise StatementUnreadable(str(path), None, error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StatementUnreadable(str(path), None, f"is no TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"] if part != "[key]")
        told = first["msg"].removeprefix("Value error, ")
        raise StatementUnreadable(str(path), None, f"{key}: {told}") from error
