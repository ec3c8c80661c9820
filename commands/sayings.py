"""Things that may be said of a customer: how each is written, and what it comes to."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from babel import Locale, UnknownLocaleError

from integrations.mail.address import on_the_wire
from models.context import CustomerContext
from models.errors import AddressRejected, WrongUse
from models.vocabulary import Channel

_MOST_LETTERS = 300
_CLAUSE = re.compile(r"[a-z][a-z0-9_-]*")
UNSAY = ("unsaid", "clear")
_YES_NO = {
    **dict.fromkeys(("yes", "y", "true", "1", "on"), True),
    **dict.fromkeys(("no", "n", "false", "0", "off"), False),
}


def _yes_no(text: str) -> bool:
    return _YES_NO[text.casefold()]


def _address(text: str) -> str:
    on_the_wire(text)
    return text


def _amount(text: str) -> Decimal:
    amount = Decimal(text)
    if not 0 <= amount < 10**14:
        raise ValueError(text)
    return amount


def _count(text: str) -> int:
    if (count := int(text)) < 0:
        raise ValueError(text)
    return count


def _score(text: str) -> int:
    if not -100 <= (score := int(text)) <= 100:
        raise ValueError(text)
    return score


def _language(text: str) -> str:
    Locale.parse(text.replace("-", "_"))
    return text


def _clauses(text: str) -> tuple[str, ...]:
    if text.casefold() == "none":
        return ()
    clauses = tuple(part.strip() for part in text.split(","))
    if not all(_CLAUSE.fullmatch(one) for one in clauses):
        raise ValueError(text)
    return clauses


def _words(text: str) -> str:
    if not 0 < len(text) <= _MOST_LETTERS:
        raise ValueError(text)
    return text


_WRONG_VALUES = (AddressRejected, InvalidOperation, KeyError, UnknownLocaleError, ValueError)


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something to be said of a customer: how its value is read, and what is expected."""

    read: Callable[[str], Any]
    expects: str


_FLAG = _Thing(_yes_no, "yes or no")
_MAIL = _Thing(_address, "a mail address")
_TEXT = _Thing(_words, f"some words, {_MOST_LETTERS} letters at most")
THINGS = {
    "paused_by_sales": _FLAG,
    "renewal_under_way": _FLAG,
    "expansion_under_way": _FLAG,
    "health_at_risk": _FLAG,
    "severe_tickets": _Thing(_count, "how many are open, such as 2"),
    "do_not_contact": _FLAG,
    "insolvent": _FLAG,
    "legal_hold": _FLAG,
    "strategic": _FLAG,
    "owner_name": _TEXT,
    "owner_email": _MAIL,
    "backup_email": _MAIL,
    "manager_email": _MAIL,
    "csm_name": _TEXT,
    "csm_email": _MAIL,
    "segment": _TEXT,
    "language": _Thing(_language, "a language such as de or pt-BR"),
    "channel": _Thing(Channel, " or ".join(Channel)),
    "contract_clauses": _Thing(
        _clauses, "what the contract allows, such as suspension,late_fee, or none"
    ),
    "renewal_on": _Thing(date.fromisoformat, "a day such as 2026-03-31"),
    "arr": _Thing(_amount, "an amount such as 120000.00"),
    "health": _TEXT,
    "nps": _Thing(_score, "a whole number from -100 to 100"),
}


def spaced(name: str) -> str:
    return name.replace("_", " ")


def until_words(day: date | None) -> str:
    return f" until {day}" if day else ""


def known_name(what: str) -> str:
    name = what.strip().casefold().replace("-", "_").replace(" ", "_")
    if name in THINGS:
        return name
    near = get_close_matches(name, THINGS, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise WrongUse(
        f"{what} is nothing to be said of a customer.{meant} There are: {', '.join(THINGS)}"
    )


def value_of(name: str, text: str | None) -> Any:
    """What was said, as it counts; a flag alone means yes."""
    thing = THINGS[name]
    if text is None and thing is _FLAG:
        return True
    try:
        return thing.read((text or "").strip())
    except _WRONG_VALUES:
        wrong = "needs a value" if not (text or "").strip() else f"{text!r} is none"
        raise WrongUse(f"{name}: {wrong}; expected {thing.expects}") from None


def told_from_now(
    known: CustomerContext, said: Mapping[str, Any], until: date | None
) -> CustomerContext:
    """What our people say from now on: `said` instead of what they said of these things before,
    up to `until`; None takes it back."""
    kept = {name: value for name, value in known if name not in said and value is not None}
    kept["until"] = {name: day for name, day in known.until.items() if name not in said}
    for name, value in said.items():
        if value is not None:
            kept[name] = value
            if until is not None:
                kept["until"][name] = until
    return CustomerContext.model_validate(kept)


def word(value: object) -> str:
    if value is None:
        return "unsaid"
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
