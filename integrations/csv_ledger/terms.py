"""How many days payment terms give, from the way they are written on invoices."""

import re

_AT_ONCE = frozenset(
    {
        "due on receipt",
        "due upon receipt",
        "upon receipt",
        "on receipt",
        "immediate",
        "immediately",
        "cod",
        "sofort",
        "sofort fällig",
        "zahlbar sofort",
        "à réception",
        "comptant",
    }
)
_NET = re.compile(r"(?:.*\s)?(?:net(?:to)?|n)[\s./-]*([0-9]{1,3})(?:\s*(?:days?|d|tagen?|jours?))?")
_DAYS = re.compile(
    r"(?:.*\s)?([0-9]{1,3})\s*(?:days?|d|tagen?|jours?|días|dias|giorni|dagen)(?:\snett?o?)?"
)
_BARE = re.compile(r"([0-9]{1,3})(?:\.0)?")
_LONGEST = 100
_OTHER_START = re.compile(r"\b(?:eom|month|fin de mois|monatsende|prox)\b")


def days_of(terms: str) -> int | None:
    """Days from issue to due date: `net 30`, `2/10 net 30`, `14 Tage`, `Due on receipt` …

    None when the terms are a firm's own code or count from another day, such as the month's end.
    """
    words = " ".join(terms.casefold().split())
    if words in _AT_ONCE:
        return 0
    if len(words) > _LONGEST or _OTHER_START.search(words):
        return None
    found = _BARE.fullmatch(words) or _NET.fullmatch(words) or _DAYS.fullmatch(words)
    return int(found[1]) if found else None
