"""The short wordings of one language that all its letters share: `words.toml`."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from integrations.letters.formats import Formats
from integrations.letters.front_matter import explained, read_source
from models.errors import TemplateInvalid
from models.letter import LetterLine


def _only(*names: str) -> AfterValidator:
    """A wording may have these blanks and no others, so that a typo is found on loading."""

    def check(wording: str) -> str:
        try:
            wording.format(**dict.fromkeys(names, ""))
        except (LookupError, ValueError) as wrong:
            allowed = ", ".join(f"{{{name}}}" for name in names)
            raise ValueError(f"may hold only {allowed}") from wrong
        return wording

    return AfterValidator(check)


_Count = Annotated[str, _only("n")]
_Day = Annotated[str, _only("day")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Columns(_Part):
    """Heads of the invoice table."""

    number: str
    purchase_order: str
    issued: str
    due: str
    past_due: str
    open: str
    asked: str
    total: str


class FallsDue(_Part):
    """A predicate for an invoice: "falls due on …", "fell due on …"."""

    ahead: _Day
    today: _Day
    past: _Day


class Standing(_Part):
    """How far past due something is, before, on and after its day; after it, by number of days."""

    ahead: str
    today: str
    one: _Count
    other: _Count


class Ageing(_Part):
    """The ageing line under a table: its title and one name for each tier."""

    title: str
    current: str
    early: str
    late: str
    critical: str


class Invoices(_Part):
    """A letter's invoices in few words, by how many there are."""

    one: Annotated[str, _only("number")]
    two: Annotated[str, _only("number")]
    more: Annotated[str, _only("number", "n")]


class Instalments(_Part):
    """Heads of the table of a plan's instalments."""

    number: str
    due: str
    amount: str
    open: str
    total: str


class Elsewhere(_Part):
    """What is said of invoices left out, as contested or promised: of one, of several."""

    one: Annotated[str, _only("numbers")]
    other: Annotated[str, _only("numbers")]


class Account(_Part):
    """What stands above the table, with and without the customer's name."""

    named: Annotated[str, _only("customer", "day")]
    unnamed: _Day


class Words(_Part):
    """All shared wordings of a language."""

    columns: Columns
    falls_due: FallsDue
    standing: Standing
    cell: Standing
    ageing: Ageing
    invoices: Invoices
    account: Account
    instalments: Instalments
    elsewhere: Elsewhere


def read_words(path: Path) -> Words:
    """The wordings at `path`.

    Raises:
        TemplateInvalid: the file is unreadable, not TOML, or a wording is missing or unknown.
    """
    try:
        return Words.model_validate(tomllib.loads(read_source(path)))
    except tomllib.TOMLDecodeError as wrong:
        raise TemplateInvalid(path, str(wrong)) from wrong
    except ValidationError as wrong:
        raise TemplateInvalid(path, explained(wrong)) from wrong


def falls_due(line: LetterLine, words: Words) -> str:
    """The wording for when `line` falls or fell due, told from its `days_past_due`."""
    forms, days = words.falls_due, line.days_past_due
    return forms.ahead if days < 0 else forms.past if days else forms.today


def standing(line: LetterLine, forms: Standing, formats: Formats) -> str:
    """The wording for how far past due `line` is: not yet, today, 1 day, 12 days."""
    days = line.days_past_due
    if days <= 0:
        return forms.ahead if days < 0 else forms.today
    return forms.one if formats.is_one(days) else forms.other
