"""How the made-up firm's customers behave, and what staff do about it.

Every customer has a habit. What they do on a day follows from that habit, the invoice and what has
happened to it so far, and from nothing else: the same seed and the same memory give the same act.
Nobody acts at a weekend, nobody does more than one thing a day about one invoice, nobody pays more
than is open, and nothing happens to a closed invoice.
"""

from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Any, Literal, TypeVar

from demo.portfolio import Portfolio
from models.ledger import InvoiceRow
from models.vocabulary import Method, Status


@dataclass(frozen=True, slots=True)
class Pay:
    """The customer's money arrives."""

    amount: Decimal
    method: Method


@dataclass(frozen=True, slots=True)
class Dispute:
    """The customer contests the invoice, whole (`amount` None) or in part."""

    amount: Decimal | None
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class Resolve:
    """Staff settle the open dispute. In the customer's favour they credit `credit`, else 0."""

    in_favour_of: Literal["us", "customer"]
    credit: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Promise:
    """The customer says when they will pay and how; `amount` None means all that is open."""

    pay_on: date
    method: Method
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Staff hold the chase; `until` is the first day on which it may go on."""

    until: date
    note: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Staff end a pause before its time."""

    note: str


Act = Pay | Dispute | Resolve | Promise | Pause | Resume
STAFF_ACTS = (Resolve, Pause, Resume)
_Kind = TypeVar("_Kind", bound=Act)
_Choice = TypeVar("_Choice")


@dataclass(frozen=True, slots=True)
class InvoiceMemory:
    """What has happened to one invoice so far, in any order.

    `letters` are those in which the invoice stood and that were delivered, as (step, day); `calls`
    the days on which somebody spoke with the customer; `acts` what `acts_on` answered before.
    """

    amount_open: Decimal
    letters: tuple[tuple[str, date], ...] = ()
    calls: tuple[date, ...] = ()
    acts: tuple[tuple[date, Act], ...] = ()
    status: Status = Status.ACTIVE

    @property
    def closed(self) -> bool:
        return self.status is Status.CLOSED or self.amount_open <= 0


Days = tuple[int, int]
Percent = int

# How urgent a letter sounds to who receives it; a step that is not listed counts as a notice.
_URGENCY = {
    "reminder": 0,
    "due-notice": 1,
    "first-notice": 2,
    "second-notice": 3,
    "firm-notice": 4,
    "pause-warning": 5,
    "final-notice": 5,
    "service-pause": 6,
}
_DUE_NOTICE, _NOTICE, _SECOND, _LAST = 1, 2, 3, 5


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


_ON_NOTICE = (Cue("letter", (1, 4), _NOTICE), Cue("call", (1, 3)))

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

_DISPUTE_CODES = (
    ("short_delivery", "Part of the delivery was missing."),
    ("wrong_price", "The price is not the one agreed."),
    ("damaged_goods", "Some of the goods arrived damaged."),
    ("missing_order", "The purchase order is not named on the invoice."),
)
_PAUSE_NOTES = (
    "Their bookkeeping moves to a new system.",
    "The account owner is talking with them about a larger order.",
    "Their clerk is on leave.",
)
_METHODS = {"USD": (Method.ACH, Method.WIRE, Method.CHEQUE), "EUR": (Method.SEPA,)}
_OTHER_METHODS = (Method.WIRE, Method.CARD)
# Shorter than what a policy grants for clearing: a promise that is kept is kept in time.
_TRANSIT_DAYS = {Method.ACH: 2, Method.WIRE: 1, Method.SEPA: 1, Method.CHEQUE: 7}
_MISSED_AFTER = timedelta(days=7)
_SLIPPED = Cue("letter", (2, 6))
_SATURDAY = 5
_CENT = Decimal("0.01")
_GOLDEN = (5**0.5 - 1) / 2
_LARGE = "enterprise"
_WAIT_FOR_IT = 2


class People:
    """The customers of one ledger, each with a habit."""

    def __init__(self, habits: Mapping[str, Habit], seed: int = 7) -> None:
        """`habits` by customer id."""
        self._habits = habits
        self._seed = seed

    def habit_of(self, customer_id: str) -> Habit:
        """The customer's habit.

        Raises:
            KeyError: nobody of that id is among these people.
        """
        return self._habits[customer_id]

    def acts_on(self, day: date, invoice: InvoiceRow, memory: InvoiceMemory) -> list[Act]:
        """What happens to `invoice` on `day`, given what happened before: one act, or none.

        Letters, calls and acts of `day` itself count as not known yet, but for this: after an act
        of that day there is no second one. So it does not matter when on the day this is asked.

        Raises:
            KeyError: the invoice's customer is not among these people.
        """
        habit = self.habit_of(invoice.customer_id)
        acted_today = any(on >= day for on, _ in memory.acts)
        if memory.closed or acted_today or day < invoice.issued_on or _next_workday(day) != day:
            return []
        scene = _Scene(day, invoice, memory, habit, self._seed)
        act = scene.act()
        return [] if act is None else [act]


def people_of(portfolio: Portfolio, seed: int = 7) -> People:
    """The people of the made-up firm's ledger. Who is insolvent never pays; two whose contract
    allows a suspension wait for it."""
    fixed = {flags.customer_id: NEVER for flags in portfolio.flags if flags.insolvent}
    fixed |= {flags.customer_id: UNREACHED for flags in portfolio.flags if flags.bounces}
    free = [customer for customer in portfolio.customers if customer.id not in fixed]
    large = [c.id for c in free if c.segment == _LARGE or c.strategic]
    others = [c.id for c in free if c.id not in large]
    solid = [habit for habit in HABITS if habit.solid]
    cast = {**_cast(large, solid, seed), **_cast(others, HABITS, seed), **fixed}
    simple = [
        flags.customer_id
        for flags in portfolio.flags
        if flags.contract_clauses and cast[flags.customer_id].tale is None
    ]
    return People({**cast, **dict.fromkeys(simple[:_WAIT_FOR_IT], WHEN_SUSPENDED)}, seed)


def people_for(customer_ids: Iterable[str], seed: int = 7) -> People:
    """People for any ledger, of which no more is known than its customers' ids."""
    return People(_cast(sorted(set(customer_ids)), HABITS, seed), seed)


def _cast(customer_ids: Sequence[str], habits: Sequence[Habit], seed: int) -> dict[str, Habit]:
    # Multiples of the golden ratio fall evenly whatever their number: a few customers already
    # show habits in the proportion of their weights, which lots drawn one by one would not.
    start = Random(f"{seed}/habits").random()
    bounds = list(accumulate(habit.weight for habit in habits))
    return {
        customer_id: habits[bisect(bounds, (start + i * _GOLDEN) % 1 * bounds[-1])]
        for i, customer_id in enumerate(customer_ids)
    }


@dataclass(frozen=True)
class _Scene:
    """One invoice on one day, seen by the one who is to act."""

    day: date
    invoice: InvoiceRow
    memory: InvoiceMemory
    habit: Habit
    seed: int

    def act(self) -> Act | None:
        tale = self.habit.tale
        disputed = self.last(Dispute) is not None and self.last(Resolve) is None
        if self.memory.status is Status.DISPUTED and not disputed:
            return None  # Contested by somebody else, who must settle it first.
        if tale is None or not self.happens(self.habit.of_invoices, "tale"):
            return self.pay() if self.cued() else None
        # Each teller knows the tale it stands beside.
        return _TELLERS[type(tale)](self, tale)

    def last(self, kind: type[_Kind]) -> tuple[date, _Kind] | None:
        """The latest act of that kind so far, and its day."""
        found = [(on, act) for on, act in self.memory.acts if isinstance(act, kind)]
        return max(found, key=lambda done: done[0], default=None)

    def lot(self, days: Days, *key: object) -> int:
        """A number within `days`, always the same for this invoice and `key`."""
        return self._lots(self.invoice.id, *key).randint(*days)

    def happens(self, percent: Percent, *key: object) -> bool:
        return self._lots(self.invoice.id, *key).random() * 100 < percent

    def one_of(self, choices: Sequence[_Choice], *key: object) -> _Choice:
        return self._lots(*key).choice(choices)

    def _lots(self, *key: object) -> Random:
        return Random("/".join(map(str, (self.seed, *key))))

    @property
    def method(self) -> Method:
        """How the customer pays: always the same way in one currency."""
        ways = _METHODS.get(self.invoice.currency, _OTHER_METHODS)
        return self.one_of(ways, self.invoice.customer_id, "method")

    def pay(self, amount: Decimal | None = None) -> Pay | None:
        """The payment of `amount` or all that is open, whichever is less."""
        open_ = self.memory.amount_open
        paid = open_ if amount is None else min(amount, open_)
        return Pay(paid, self.method) if paid > 0 else None

    def part(self, share: Days, *key: object) -> Decimal | None:
        """A share of what is open; None when it is too little to be split."""
        open_ = self.memory.amount_open
        part = (open_ * self.lot(share, "share", *key) / 100).quantize(_CENT)
        return part if 0 < part < open_ else None

    def passed(self, since: date, days: Days, *key: object) -> bool:
        """Whether so many days, and what is left of a weekend then, have passed since."""
        return self.day >= _next_workday(since + timedelta(days=self.lot(days, since, *key)))

    def cued(self) -> bool:
        """Whether one of the habit's cues has come."""
        return any(self._came(cue) for cue in self.habit.cues)

    def heard_since(self, since: date) -> bool:
        """Whether some days have passed since a letter or call that came after `since`."""
        heard = [on for _, on in self.memory.letters] + list(self.memory.calls)
        return self._answers(min((on for on in heard if on > since), default=None), (2, 4))

    def _came(self, cue: Cue) -> bool:
        if cue.after == "call":
            return self._answers(min(self.memory.calls, default=None), cue.days)
        if cue.after == "letter":
            urgent = [
                on for step, on in self.memory.letters if _URGENCY.get(step, _NOTICE) >= cue.urgency
            ]
            return self._answers(min(urgent, default=None), cue.days)
        start = self.invoice.issued_on if cue.after == "issue" else self.invoice.due_on
        planned = _next_workday(start + timedelta(days=self.lot(cue.days, cue.after)))
        if self.day > planned + _MISSED_AFTER:
            return self._came(_SLIPPED)
        return self.day >= planned

    def _answers(self, heard_on: date | None, days: Days) -> bool:
        if heard_on is None:
            return False
        # Drawn by customer and day, so that all invoices of one letter are paid in one run.
        wait = self._lots(self.invoice.customer_id, heard_on).randint(*days)
        return self.day >= _next_workday(heard_on + timedelta(days=wait))


def _pays_in_parts(scene: _Scene, tale: PaysInParts) -> Act | None:
    first = scene.last(Pay)
    if first is None:
        return scene.pay(scene.part(tale.share)) if scene.cued() else None
    return scene.pay() if scene.passed(first[0], tale.rest) else None


def _disputes(scene: _Scene, tale: Disputes) -> Act | None:
    opened, resolved = scene.last(Dispute), scene.last(Resolve)
    if opened is None:
        return _dispute(scene, tale) if scene.cued() else None
    on, dispute = opened
    if resolved is not None and resolved[1].in_favour_of == "us":
        return scene.pay() if scene.passed(resolved[0], tale.pays) else None
    if dispute.amount is not None and scene.last(Pay) is None and scene.passed(on, tale.pays):
        return scene.pay(scene.invoice.amount - dispute.amount)
    if resolved is None and scene.passed(on, tale.settled, "settled"):
        return _resolve(scene, tale, dispute)
    return None


def _dispute(scene: _Scene, tale: Disputes) -> Dispute:
    code, note = scene.one_of(_DISPUTE_CODES, scene.invoice.id, "code")
    amount = scene.part(tale.share) if tale.share is not None else None
    return Dispute(amount, code, note)


def _resolve(scene: _Scene, tale: Disputes, dispute: Dispute) -> Resolve:
    if scene.happens(tale.ours, "in our favour"):
        return Resolve("us")
    open_ = scene.memory.amount_open
    return Resolve("customer", open_ if dispute.amount is None else min(dispute.amount, open_))


def _promises(scene: _Scene, tale: Promises) -> Act | None:
    promised = scene.last(Promise)
    if promised is None:
        return _promise(scene, tale) if scene.cued() else None
    promise = promised[1]
    if not tale.keeps:
        return scene.pay() if scene.heard_since(promise.pay_on) else None
    transit = _TRANSIT_DAYS.get(promise.method, 0)
    paid = scene.last(Pay)
    if paid is None:
        arrived = scene.passed(promise.pay_on, (transit, transit))
        return scene.pay(promise.amount) if arrived else None
    return scene.pay() if scene.passed(paid[0], tale.ahead, "rest") else None


def _promise(scene: _Scene, tale: Promises) -> Promise:
    pay_on = _next_workday(scene.day + timedelta(days=scene.lot(tale.ahead, "ahead")))
    amount = scene.part((40, 60)) if scene.happens(tale.in_part, "in part") else None
    return Promise(pay_on, scene.method, amount)


def _is_paused(scene: _Scene, tale: IsPaused) -> Act | None:
    paused, resumed = scene.last(Pause), scene.last(Resume)
    if paused is None:
        return _pause(scene, tale) if scene.cued() else None
    on, pause = paused
    if resumed is None and scene.day < pause.until and scene.happens(tale.cut_short, "cut short"):
        half = (pause.until - on).days // 2
        return Resume("They are ready to pay.") if scene.passed(on, (half, half)) else None
    ended = pause.until if resumed is None else resumed[0]
    return scene.pay() if scene.passed(ended, tale.pays) else None


def _pause(scene: _Scene, tale: IsPaused) -> Pause:
    until = _next_workday(scene.day + timedelta(days=scene.lot(tale.lasts, "lasts")))
    return Pause(until, scene.one_of(_PAUSE_NOTES, scene.invoice.customer_id, "pause"))


_TELLERS: dict[type[Tale], Callable[[_Scene, Any], Act | None]] = {
    PaysInParts: _pays_in_parts,
    Disputes: _disputes,
    Promises: _promises,
    IsPaused: _is_paused,
}


def _next_workday(day: date) -> date:
    """`day` itself, or the Monday after it at a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day
