"""What a template sees of a letter's facts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from markupsafe import Markup

from domain.ageing import tier
from integrations.letters.formats import Formats
from integrations.letters.ledger_text import is_web_link, single_line, visible
from integrations.letters.slots import Slots
from integrations.letters.words import Words
from models.letter import LetterFacts, LetterLine
from models.vocabulary import Tier


@dataclass(frozen=True, slots=True)
class PaymentLink:
    """Where to pay, and the invoices that are paid there."""

    url: str
    numbers: str


@dataclass(frozen=True, slots=True)
class AgeingPart:
    """What is asked for in one tier."""

    name: str
    amount: Decimal


def view(facts: LetterFacts, words: Words, formats: Formats, slots: Slots) -> dict[str, object]:
    """The names that a template may use; docs/templates.md lists them.

    A payment link that is not http(s) is not shown, nor is a name that prints as nothing.
    """
    lines = tuple(_with_safe_link(line) for line in facts.lines)
    overdue = tuple(line for line in lines if line.days_past_due > 0)
    disputed = tuple(line for line in lines if line.partly_disputed)
    open_lines = tuple(line for line in lines if line.amount_open > 0)
    customer_name = _name(facts.customer_name)
    overdue_total = _asked(overdue)
    links = _payment_links(open_lines)
    one_for_all = len(links) == 1 and all(line.payment_link for line in open_lines)
    return {
        "firm": facts.firm,
        "language": facts.language,
        "stage": facts.stage,
        "tone": facts.tone,
        "written_on": facts.written_on,
        "customer_name": customer_name,
        "contact_name": _name(facts.contact_name),
        "currency": facts.currency,
        "lines": lines,
        "carrying": lines[0],
        "many": len(lines) > 1,
        "invoices": _invoices(lines, words, slots),
        "open_lines": open_lines,
        "settled": tuple(line for line in lines if line.amount_open <= 0),
        "overdue": overdue,
        "not_due": tuple(line for line in lines if line.days_past_due <= 0),
        "disputed": disputed,
        "total_asked": facts.total_asked,
        "total_open": sum((line.amount_open for line in lines), Decimal(0)),
        "total_overdue": overdue_total,
        "total_disputed": sum(
            (line.amount_open - line.amount_asked for line in disputed), Decimal(0)
        ),
        "pay_now": overdue_total if overdue else facts.total_asked,
        "has_orders": any(visible(line.purchase_order) for line in open_lines),
        "ageing": _ageing(open_lines, words),
        "payment_link": links[0].url if one_for_all else "",
        "payment_links": links,
        "numbers": formats.listed(_shown(line.number for line in lines)),
        "elsewhere": _elsewhere(facts.set_aside, words, formats, slots),
        "remarks": facts.remarks,
        "promised_on": facts.promised_on,
        "instalments": facts.instalments,
        "instalment": facts.instalment,
        "total_instalments": sum((one.amount for one in facts.instalments), Decimal(0)),
        "total_instalments_open": sum((one.amount_open for one in facts.instalments), Decimal(0)),
        "account": _account(customer_name, formats.day(facts.written_on), words, slots),
        "slots": slots,
        "formats": formats,
        "words": words,
    }


def _name(text: str) -> str:
    return single_line(text) if visible(text) else ""


def _shown(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(_name, texts)))


def _with_safe_link(line: LetterLine) -> LetterLine:
    if not line.payment_link or is_web_link(line.payment_link):
        return line
    return replace(line, payment_link="")


def _asked(lines: tuple[LetterLine, ...]) -> Decimal:
    return sum((line.amount_asked for line in lines), Decimal(0))


def _invoices(lines: tuple[LetterLine, ...], words: Words, slots: Slots) -> Markup:
    forms = words.invoices
    form = (forms.one, forms.two, forms.more)[min(len(lines), 3) - 1]
    return slots.phrase(form, number=lines[0].number, n=len(lines) - 1)


def _payment_links(lines: tuple[LetterLine, ...]) -> tuple[PaymentLink, ...]:
    numbers: dict[str, list[str]] = {}
    for line in lines:
        if line.payment_link:
            numbers.setdefault(line.payment_link, []).append(line.number)
    return tuple(PaymentLink(url, ", ".join(paid)) for url, paid in numbers.items())


def _ageing(lines: tuple[LetterLine, ...], words: Words) -> tuple[AgeingPart, ...]:
    amounts: dict[Tier, Decimal] = {}
    for line in lines:
        bucket = tier(line.days_past_due)
        amounts[bucket] = amounts.get(bucket, Decimal(0)) + line.amount_asked
    return tuple(
        AgeingPart(getattr(words.ageing, bucket.value), amounts[bucket])
        for bucket in Tier
        if bucket in amounts
    )


def _elsewhere(numbers: tuple[str, ...], words: Words, formats: Formats, slots: Slots) -> Markup:
    shown = _shown(numbers)
    if not shown:
        return Markup()
    form = words.elsewhere.one if len(shown) == 1 else words.elsewhere.other
    return slots.phrase(form, numbers=formats.listed(shown))


def _account(customer_name: str, day: str, words: Words, slots: Slots) -> Markup:
    if customer_name:
        return slots.phrase(words.account.named, customer=customer_name, day=day)
    return slots.phrase(words.account.unnamed, day=day)
