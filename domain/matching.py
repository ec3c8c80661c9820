"""Cash application: which invoices money is for, how sure that is, and why.

Asked in order: what the payer says (numbers in any spelling, creditor references with check
digits), then who paid and how much (account, name, one invoice or several, discounts, fees), then
the amount alone. What is certain may be applied without a person; everything else is offered to
one, the best first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from domain import combinations, references, shortfalls
from domain.match_reasons import CERTAIN, SCORES, sentence
from domain.open_items import OpenItems
from models.matching import (
    Candidate,
    CashRules,
    Incoming,
    Match,
    MatchReason,
    OpenItem,
    Part,
)

_ZERO = Decimal(0)
_MOST_CANDIDATES = 5
_BY_ACCOUNT = (
    MatchReason.ACCOUNT_AMOUNT,
    MatchReason.ACCOUNT_ALL,
    MatchReason.ACCOUNT_SOME,
    MatchReason.ACCOUNT_SHORT,
)
_BY_NAME = (
    MatchReason.NAME_AMOUNT,
    MatchReason.NAME_ALL,
    MatchReason.NAME_SOME,
    MatchReason.NAME_SHORT,
)
_LOOSE = (MatchReason.REFERENCE_PART, MatchReason.REFERENCE_OVER)


def match(money: Incoming, items: OpenItems) -> Match:
    """What the money may be for, the best first; the first may be certain."""
    found = [*_by_reference(money, items), *_by_payer(money, items)]
    if not found:
        found = _by_amount(money, items)
    ranked = _ranked(found)
    best = ranked[0] if ranked else None
    # Two ways that are as good as each other are none that is certain.
    rivals = [one for one in ranked[1:] if best is not None and one.score == best.score]
    is_certain = best is not None and best.score >= CERTAIN and not rivals
    return Match(money.key, tuple(ranked[:_MOST_CANDIDATES]), is_certain)


def _ranked(found: Iterable[Candidate]) -> list[Candidate]:
    """The best way to each placing, the best first."""
    best: dict[tuple[Part, ...], Candidate] = {}
    for one in found:
        known = best.get(one.parts)
        if known is None or one.score > known.score:
            best[one.parts] = one
    return sorted(best.values(), key=lambda one: (-one.score, len(one.parts)))


def _by_reference(money: Incoming, items: OpenItems) -> list[Candidate]:
    """What the payer names: strongly where meeting the number cannot be chance."""
    texts = [*money.texts, *money.references]
    inside = set(references.creditor_references(texts))
    given = {references.spelled(one) for one in money.references}
    met = references.spellings(texts)
    strong = inside | given | {one for one in met if references.is_telling(one)}
    named = items.named(strong)
    weak = [one for one in items.named(met - strong) if one.open > 0]
    return [*_named(money, items, named), *_weakly(money, items, weak)]


def _named(money: Incoming, items: OpenItems, named: Sequence[OpenItem]) -> list[Candidate]:
    """Invoices that the payer names for sure."""
    foreign = [one for one in named if one.open > 0 and one.currency != money.currency]
    settled = [one for one in named if one.open <= 0]
    usable = [one for one in named if one.open > 0 and one.currency == money.currency]
    if not usable:
        return [
            *(_only(money, one, MatchReason.WRONG_CURRENCY) for one in foreign[:1]),
            *(_only(money, one, MatchReason.SETTLED_BEFORE) for one in settled[:1]),
        ]
    customers = {one.customer_id for one in usable}
    sure = items.payers.by_account(money)
    found = []
    for customer in sorted(customers):
        theirs = [one for one in usable if one.customer_id == customer]
        candidate = _paying(money, items, theirs)
        # Somebody else's account, numbers of two customers, digits that may be met by chance and
        # no amount that agrees: a person has to look.
        by_chance = candidate.reason in _LOOSE and sure != customer and _is_all_digits(theirs)
        doubts = len(customers) > 1 or sure not in ("", customer) or by_chance
        found.append(_doubted(candidate) if doubts else candidate)
    return found


def _is_all_digits(items: Sequence[OpenItem]) -> bool:
    return any(references.spelled(one.number).isdigit() for one in items)


def _paying(money: Incoming, items: OpenItems, named: Sequence[OpenItem]) -> Candidate:
    total = sum((one.open for one in named), _ZERO)
    parts = shortfalls.parts_for(named, money.amount, money.received_on, items.rules)
    if parts is not None:
        left = money.amount - sum((part.amount for part in parts), _ZERO)
        if left > items.rules.small_surplus.get(money.currency, _ZERO):
            reason = MatchReason.REFERENCE_OVER
        elif money.amount < total:
            reason = MatchReason.REFERENCE_SHORT
        else:
            reason = MatchReason.REFERENCE if len(named) == 1 else MatchReason.REFERENCES
        return _candidate(money, parts, named, reason)
    if len(named) == 1:
        part = Part(named[0].invoice_id, money.amount)
        return _candidate(money, (part,), named, MatchReason.REFERENCE_PART)
    exact = combinations.adding_up(named, money.amount, most=2)
    alone = [one for one in named if one.open == money.amount]
    if len(exact) + len(alone) == 1:
        chosen = exact[0] if exact else tuple(alone)
        return _whole(money, chosen, MatchReason.REFERENCES)
    return _doubted(_candidate(money, _oldest(money, named), named, MatchReason.REFERENCE_PART))


def _weakly(money: Incoming, items: OpenItems, named: Sequence[OpenItem]) -> list[Candidate]:
    """Short numbers may be met by chance: they count where the amount agrees."""
    agreeing = [one for one in named if (one.currency, one.open) == (money.currency, money.amount)]
    return [_whole(money, (one,), MatchReason.WEAK_REFERENCE) for one in agreeing[:3]]


def _by_payer(money: Incoming, items: OpenItems) -> list[Candidate]:
    """Who paid, and which of what they owe it may be."""
    sure = items.payers.by_account(money)
    if sure:
        return _of_customer(money, items, sure, _BY_ACCOUNT, 100)
    like = items.payers.by_name(money.payer_name)
    found: list[Candidate] = []
    for customer, likeness in like[:3]:
        found += _of_customer(money, items, customer, _BY_NAME, likeness)
    return found


def _of_customer(
    money: Incoming,
    items: OpenItems,
    customer: str,
    reasons: Sequence[MatchReason],
    likeness: int,
) -> list[Candidate]:
    one_amount, all_of_it, some, short = reasons
    owed = items.of_customer(customer, money.currency)
    near = [one for one in owed if _is_near(money, one, items.rules)]
    found = [_whole(money, (one,), one_amount) for one in near if one.open == money.amount]
    if len(owed) > 1 and sum((one.open for one in owed), _ZERO) == money.amount:
        found.append(_whole(money, tuple(owed), all_of_it))
    else:
        sets = combinations.adding_up(near, money.amount)
        found += [_whole(money, one, some) for one in sets]
    if not found:
        for one in near:
            if (parts := _short(money, items, one)) is not None:
                found.append(_candidate(money, parts, (one,), short))
    if not found:
        says = f"{'Known account of' if likeness == 100 else 'Name like that of'} {customer}"
        found.append(
            Candidate(
                customer,
                (),
                SCORES[MatchReason.CUSTOMER_ALONE],
                MatchReason.CUSTOMER_ALONE,
                f"{says}, who owes nothing that fits.",
                money.amount,
            )
        )
    doubt = 0 if likeness >= items.rules.sure_name else items.rules.sure_name - likeness
    return [_less_sure(one, doubt) for one in found]


def _short(money: Incoming, items: OpenItems, item: OpenItem) -> tuple[Part, ...] | None:
    if money.amount >= item.open:
        return None
    return shortfalls.parts_for((item,), money.amount, money.received_on, items.rules)


def _by_amount(money: Incoming, items: OpenItems) -> list[Candidate]:
    near = [
        one for one in items.over(money.currency, money.amount) if _is_near(money, one, items.rules)
    ]
    return [_whole(money, (one,), MatchReason.AMOUNT_ALONE) for one in near[:_MOST_CANDIDATES]]


def _is_near(money: Incoming, item: OpenItem, rules: CashRules) -> bool:
    """True when money of that day may well be for an invoice that nobody has named."""
    earliest = item.issued_on - timedelta(days=rules.days_early)
    return earliest <= money.received_on <= item.due_on + timedelta(days=rules.days_late)


def _whole(money: Incoming, items: Sequence[OpenItem], reason: MatchReason) -> Candidate:
    parts = tuple(Part(one.invoice_id, one.open) for one in items)
    return _candidate(money, parts, items, reason)


def _oldest(money: Incoming, items: Sequence[OpenItem]) -> tuple[Part, ...]:
    """As far as it goes, the oldest first."""
    left, parts = money.amount, []
    for one in items:
        if left > 0:
            parts.append(Part(one.invoice_id, min(left, one.open)))
            left -= min(left, one.open)
    return tuple(parts)


def _only(money: Incoming, item: OpenItem, reason: MatchReason) -> Candidate:
    """Nothing can be placed, but it is known whose money it is."""
    why = (
        f"names {item.number}, which is in {item.currency}"
        if reason is MatchReason.WRONG_CURRENCY
        else f"names {item.number}, of which nothing is open any more"
    )
    return Candidate(item.customer_id, (), SCORES[reason], reason, f"It {why}.", money.amount)


def _candidate(
    money: Incoming, parts: Sequence[Part], items: Sequence[OpenItem], reason: MatchReason
) -> Candidate:
    left = money.amount - sum((part.amount for part in parts), _ZERO)
    return Candidate(
        customer_id=items[0].customer_id,
        parts=tuple(parts),
        score=SCORES[reason],
        reason=reason,
        says=sentence(reason, items),
        left=left,
    )


def _doubted(candidate: Candidate) -> Candidate:
    return _less_sure(candidate, max(1, candidate.score - CERTAIN + 1))


def _less_sure(candidate: Candidate, by: int) -> Candidate:
    if by <= 0:
        return candidate
    return replace(candidate, score=max(1, candidate.score - by))
