"""Jinja as letters may use it: sandboxed, strict about names, printing only through slots."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from jinja2 import BaseLoader, StrictUndefined, UndefinedError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from integrations.letters.formats import Formats
from integrations.letters.slots import Slots
from integrations.letters.words import Standing, Words, falls_due, standing
from models.letter import LetterLine

_KEPT_FILTERS = ("default", "first", "join", "last", "length", "upper", "lower")


def letter_environment(loader: BaseLoader) -> ImmutableSandboxedEnvironment:
    """An environment for one language's letters.

    Templates are rendered with `slots`, `formats`, `words` and `currency` in their context. What
    they print must be text or a whole number: amounts and days go through a filter.
    """
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        # Not for HTML: it is how finished parts of a letter are told from values to set aside.
        autoescape=True,
        finalize=_set_aside,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    # `safe` and its kind would let a value past the slots.
    kept: dict[str, Callable[..., object]] = {
        name: environment.filters[name] for name in _KEPT_FILTERS
    }
    environment.filters.clear()
    environment.filters.update(kept, money=_money, day=_day, short_day=_short_day)
    environment.filters.update(falls_due=_falls_due, standing=_standing, days_cell=_days_cell)
    environment.globals.clear()
    return environment


@pass_context
def _set_aside(context: Context, value: object) -> Markup:
    if isinstance(value, Markup):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | StrictUndefined):
        raise UndefinedError(
            f"a {type(value).__name__} was printed bare; amounts and days need money or day"
        )
    slots: Slots = context["slots"]
    return slots.put(str(value))


@pass_context
def _money(context: Context, amount: Decimal) -> str:
    formats: Formats = context["formats"]
    return formats.money(amount, context["currency"])


@pass_context
def _day(context: Context, day: date) -> str:
    formats: Formats = context["formats"]
    return formats.day(day)


@pass_context
def _short_day(context: Context, day: date) -> str:
    formats: Formats = context["formats"]
    return formats.short_day(day)


@pass_context
def _falls_due(context: Context, line: LetterLine) -> Markup:
    slots: Slots = context["slots"]
    formats: Formats = context["formats"]
    return slots.phrase(falls_due(line, context["words"]), day=formats.day(line.due_on))


@pass_context
def _standing(context: Context, line: LetterLine) -> Markup:
    words: Words = context["words"]
    return _worded(context, line, words.standing)


@pass_context
def _days_cell(context: Context, line: LetterLine) -> Markup:
    words: Words = context["words"]
    return _worded(context, line, words.cell)


def _worded(context: Context, line: LetterLine, forms: Standing) -> Markup:
    slots: Slots = context["slots"]
    return slots.phrase(standing(line, forms, context["formats"]), n=line.days_past_due)
