"""Amounts in an edited letter that the ledger does not know."""

import re
from collections.abc import Iterator
from decimal import Decimal

from babel.numbers import get_currency_precision

from domain.ageing import tier
from integrations.letters.formats import formats_of
from integrations.letters.languages import fallbacks
from integrations.letters.ledger_text import several_lines, single_line
from integrations.letters.skeleton import edited_words
from models.letter import InstalmentLine, LetterFacts, LetterLine

# Digits with at most one separator between two, so that two figures in a row stay two.
_NUMBER = r"\d(?:[.,'\u2019\u00a0\u202f ]?\d)*"

_SPACE = r"[^\S\n]?"
_Parts = tuple[Decimal, ...]


def unknown_amounts(facts: LetterFacts, subject: str, source: str) -> tuple[str, ...]:
    """The amounts in the letter's currency that are neither one of `facts` nor a sum of them, as
    they are written; empty when there are none.

    An amount is a number beside the currency's sign or code. One inside a name or number from the
    ledger counts as part of that.
    """
    ways = formats_of(fallbacks(facts.language))
    signs = {facts.currency, *(each.sign(facts.currency) for each in ways)}
    sign = "|".join(re.escape(each) for each in sorted(signs, key=len, reverse=True))
    amount = re.compile(
        rf"(?:{sign}){_SPACE}(?P<before>{_NUMBER})|(?P<after>{_NUMBER}){_SPACE}(?:{sign})"
    )
    said = f"{single_line(subject)}\n{edited_words(several_lines(source))}"
    for name in _names(facts):
        if amount.search(name):
            said = said.replace(name, " ")
    known = {
        digits
        for each in _known_amounts(facts)
        for digits in _spellings(ways[0].money(each, facts.currency), facts.currency)
    }
    found = [match[0] for match in amount.finditer(said) if _digits(match[0]) not in known]
    return tuple(dict.fromkeys(found))


def _names(facts: LetterFacts) -> list[str]:
    firm = facts.firm
    told = [facts.customer_name, facts.contact_name, *facts.set_aside]
    told += [firm.name, firm.address, firm.sender_name, firm.phone, firm.reply_to]
    told += [text for line in facts.lines for text in (line.number, line.purchase_order)]
    return sorted(map(single_line, told), key=len, reverse=True)


def _known_amounts(facts: LetterFacts) -> Iterator[Decimal]:
    """The amounts of each invoice and instalment, and their sums by age and in all."""
    groups: dict[tuple[str, object], list[_Parts]] = {}
    own: tuple[str, object]
    for line in facts.lines:
        days = line.days_past_due
        for own in (
            ("invoice", line.invoice_id),
            ("late", days > 0),
            ("tier", tier(days)),
            ("all", ""),
        ):
            groups.setdefault(own, []).append(_of_invoice(line))
    for one in facts.instalments:
        for own in ("instalment", one.number), ("plan", ""):
            groups.setdefault(own, []).append(_of_instalment(one))
    for members in groups.values():
        yield from (sum(column, Decimal(0)) for column in zip(*members, strict=True))


def _of_invoice(line: LetterLine) -> _Parts:
    disputed, paid = line.amount_open - line.amount_asked, line.amount - line.amount_open
    return line.amount, line.amount_open, line.amount_asked, disputed, paid


def _of_instalment(one: InstalmentLine) -> _Parts:
    return one.amount, one.amount_open, one.amount - one.amount_open


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _spellings(amount: str, currency: str) -> Iterator[str]:
    """The digits of a formatted amount, with and without decimals that are all zero."""
    digits, decimals = _digits(amount), get_currency_precision(currency)
    yield digits
    if decimals and digits.endswith("0" * decimals):
        yield digits[:-decimals]
