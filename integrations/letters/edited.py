"""Whether a letter that a person edited still says what the ledger does."""

import re
from collections.abc import Iterator
from decimal import Decimal

from integrations.letters.formats import Formats, formats_of
from integrations.letters.languages import fallbacks
from integrations.letters.ledger_text import several_lines, single_line, visible
from integrations.letters.skeleton import edited_words
from models.letter import LetterFacts

# What these ask for is an instalment, and never the whole of an invoice.
_ABOUT_A_PLAN = frozenset({"instalment_reminder", "instalment_missed", "plan_confirmation"})
# A figure may be typed with or without a space where it has one, or after its sign.
_GAP = re.compile(r"\s+|(?<=[^\w\s.,'/-])(?=\d)")
_SPACE = r"[^\S\n]*"
_NOT_WITHIN = r"(?<!\w)(?<!\w[-/])(?<!\d[.,'\u2019\u00a0\u202f])"
_NOT_GOING_ON = r"(?!\w|[-/]\w|[.,]\d)"


def missing_facts(facts: LetterFacts, subject: str, source: str) -> tuple[str, ...]:
    """What an edited letter no longer says, as the customer's language writes it; empty when all
    is there.

    In the text: the number of every open invoice, what is asked for on each and in all. Of a
    letter about a plan: the amount and day of the instalment that it is about, or of all. In the
    subject: the number of the carrying invoice. Spaces and Markdown's escapes make no difference,
    nor does an amount or day in English; an address of a link says nothing.
    """
    said = edited_words(several_lines(source))
    missing = [
        spellings[0]
        for spellings in _due_in_the_text(facts)
        if not any(_is_said(spelling, said) for spelling in spellings)
    ]
    carrying = single_line(facts.carrying.number)
    if visible(carrying) and not _is_said(carrying, single_line(subject)):
        missing.append(f"{carrying} in the subject")
    return tuple(dict.fromkeys(missing))


def _due_in_the_text(facts: LetterFacts) -> Iterator[tuple[str, ...]]:
    """Each thing that must be said, in its spellings."""
    ways = formats_of(fallbacks(facts.language))
    lines = [line for line in facts.lines if line.amount_open > 0]
    for line in lines or facts.lines:
        if visible(line.number):
            yield (single_line(line.number),)
    if facts.template in _ABOUT_A_PLAN:
        instalments = [facts.instalment] if facts.instalment else facts.instalments
        for one in instalments:
            amount = one.amount_open if facts.instalment else one.amount
            yield _money(amount, facts.currency, ways)
            yield tuple(
                form for each in ways for form in (each.day(one.due_on), each.short_day(one.due_on))
            )
    elif lines:
        for asked in (*(line.amount_asked for line in lines), facts.total_asked):
            yield _money(asked, facts.currency, ways)


def _money(amount: Decimal, currency: str, ways: tuple[Formats, ...]) -> tuple[str, ...]:
    return tuple(each.money(amount, currency) for each in ways)


def _is_said(figure: str, said: str) -> bool:
    """Whether `figure` stands in `said` by itself, and is not the end or beginning of another."""
    words = _SPACE.join(map(re.escape, _GAP.split(figure)))
    return bool(re.search(f"{_NOT_WITHIN}{words}{_NOT_GOING_ON}", said))
