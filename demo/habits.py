"""How customers of the made-up firm pay: what moves them, and within how many days of it."""

from dataclasses import dataclass
from typing import Literal

Days = tuple[int, int]
Percent = int

_DUE_NOTICE, NOTICE, _SECOND, _LAST = 1, 2, 3, 5


@dataclass(frozen=True, slots=True)
class Cue:
    """What makes a customer move, and within how many days of it (fewest, most).

    A letter counts from `urgency` on. Whoever had long missed a day counted from issue or due
    date before the invoice was followed up takes the first letter that asks for money as the cue.
    """

    after: Literal["issue", "due", "letter", "call"]
    days: Days
    urgency: int = _DUE_NOTICE


@dataclass(frozen=True, slots=True)
class PaysInParts:
    """Pays a share (per cent) first, and the rest some days later."""

    share: Days = (35, 60)
    rest: Days = (14, 24)


@dataclass(frozen=True, slots=True)
class Disputes:
    """Contests the invoice, or a share (per cent) of it; some days later staff settle it.

    `ours` is in how many per cent of cases that is in our favour. What is not contested is paid
    meanwhile, the rest after a settlement in our favour.
    """

    share: Days | None = None
    ours: Percent = 50
    settled: Days = (9, 19)
    pays: Days = (2, 6)


@dataclass(frozen=True, slots=True)
class Promises:
    """Promises to pay so many days ahead, `in_part` per cent of the time about half at first.

    Who breaks a promise pays after the next letter or call.
    """

    keeps: bool
    ahead: Days = (6, 13)
    in_part: Percent = 30


@dataclass(frozen=True, slots=True)
class IsPaused:
    """Staff hold the chase for some days, `cut_short` per cent of the time for fewer; then the
    customer pays."""

    lasts: Days = (10, 18)
    cut_short: Percent = 35
    pays: Days = (3, 8)


Tale = PaysInParts | Disputes | Promises | IsPaused


@dataclass(frozen=True, slots=True)
class Habit:
    """How a customer behaves: on the first of `cues` they pay, or `tale` begins.

    `says` is that in a few words. The tale is told of so many per cent of the customer's
    invoices; the others are simply paid. `weight` is how common the habit is. A firm would not
    sell on account, and much, to a customer who is not `solid`.
    """

    name: str
    says: str
    weight: int
    cues: tuple[Cue, ...]
    tale: Tale | None = None
    of_invoices: Percent = 75
    solid: bool = True


_ON_NOTICE = (Cue("letter", (1, 4), NOTICE), Cue("call", (1, 3)))

NEVER = Habit("never", "never pays", 9, (), solid=False)
UNREACHED = Habit(
    "unreached",
    "pays once a letter or a call gets through",
    0,
    (Cue("letter", (2, 6)), Cue("call", (2, 5))),
)
WHEN_SUSPENDED = Habit(
    "when_suspended", "pays once the service is suspended", 0, (Cue("letter", (1, 2), 6),)
)
HABITS: tuple[Habit, ...] = (
    Habit("early", "pays before the due date", 10, (Cue("due", (-10, -2)),)),
    Habit("on_the_day", "pays on the due date", 12, (Cue("due", (0, 0)),)),
    Habit("when_due_noted", "pays soon after the due notice", 13, (Cue("letter", (1, 4)),)),
    Habit("when_reminded", "pays soon after the first notice", 11, _ON_NOTICE),
    Habit(
        "when_pressed",
        "pays soon after the second notice",
        7,
        (Cue("letter", (2, 5), _SECOND), Cue("call", (2, 6))),
    ),
    Habit("day_45", "always pays 45 days after issue", 8, (Cue("issue", (45, 45)),)),
    Habit("in_parts", "pays in part, then the rest", 8, _ON_NOTICE, PaysInParts()),
    Habit("contests", "disputes the invoice", 9, _ON_NOTICE, Disputes()),
    Habit("contests_part", "disputes a part of it", 9, _ON_NOTICE, Disputes(share=(15, 45))),
    Habit("keeps_word", "promises, and keeps it", 8, _ON_NOTICE, Promises(keeps=True)),
    Habit(
        "breaks_word",
        "promises, breaks it, pays when asked again",
        8,
        _ON_NOTICE,
        Promises(keeps=False),
        solid=False,
    ),
    Habit("is_paused", "is given time by staff, then pays", 7, _ON_NOTICE, IsPaused()),
    Habit(
        "awaits_call",
        "ignores letters until somebody calls, or until the last one where nobody does",
        6,
        (Cue("call", (1, 4)), Cue("letter", (6, 11), _LAST)),
    ),
    NEVER,
)
