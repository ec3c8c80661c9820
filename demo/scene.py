"""What happens to one invoice on one day, given its customer's habit and what happened before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from demo.acts import Act, Dispute, InvoiceMemory, Pause, Pay, Promise, Resolve, Resume
from demo.habits import (
    NOTICE,
    Cue,
    Days,
    Disputes,
    Habit,
    IsPaused,
    PaysInParts,
    Percent,
    Promises,
    Tale,
)
from models.ledger import InvoiceRow
from models.vocabulary import Method, Status

_Kind = TypeVar("_Kind", bound=Act)
_Choice = TypeVar("_Choice")
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


@dataclass(frozen=True)
class Scene:
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
        return self.day >= next_workday(since + timedelta(days=self.lot(days, since, *key)))

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
                on for step, on in self.memory.letters if _URGENCY.get(step, NOTICE) >= cue.urgency
            ]
            return self._answers(min(urgent, default=None), cue.days)
        start = self.invoice.issued_on if cue.after == "issue" else self.invoice.due_on
        planned = next_workday(start + timedelta(days=self.lot(cue.days, cue.after)))
        if self.day > planned + _MISSED_AFTER:
            return self._came(_SLIPPED)
        return self.day >= planned

    def _answers(self, heard_on: date | None, days: Days) -> bool:
        if heard_on is None:
            return False
        # Drawn by customer and day, so that all invoices of one letter are paid in one run.
        wait = self._lots(self.invoice.customer_id, heard_on).randint(*days)
        return self.day >= next_workday(heard_on + timedelta(days=wait))


def _pays_in_parts(scene: Scene, tale: PaysInParts) -> Act | None:
    first = scene.last(Pay)
    if first is None:
        return scene.pay(scene.part(tale.share)) if scene.cued() else None
    return scene.pay() if scene.passed(first[0], tale.rest) else None


def _disputes(scene: Scene, tale: Disputes) -> Act | None:
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


def _dispute(scene: Scene, tale: Disputes) -> Dispute:
    code, note = scene.one_of(_DISPUTE_CODES, scene.invoice.id, "code")
    amount = scene.part(tale.share) if tale.share is not None else None
    return Dispute(amount, code, note)


def _resolve(scene: Scene, tale: Disputes, dispute: Dispute) -> Resolve:
    if scene.happens(tale.ours, "in our favour"):
        return Resolve("us")
    open_ = scene.memory.amount_open
    return Resolve("customer", open_ if dispute.amount is None else min(dispute.amount, open_))


def _promises(scene: Scene, tale: Promises) -> Act | None:
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


def _promise(scene: Scene, tale: Promises) -> Promise:
    pay_on = next_workday(scene.day + timedelta(days=scene.lot(tale.ahead, "ahead")))
    amount = scene.part((40, 60)) if scene.happens(tale.in_part, "in part") else None
    return Promise(pay_on, scene.method, amount)


def _is_paused(scene: Scene, tale: IsPaused) -> Act | None:
    paused, resumed = scene.last(Pause), scene.last(Resume)
    if paused is None:
        return _pause(scene, tale) if scene.cued() else None
    on, pause = paused
    if resumed is None and scene.day < pause.until and scene.happens(tale.cut_short, "cut short"):
        half = (pause.until - on).days // 2
        return Resume("They are ready to pay.") if scene.passed(on, (half, half)) else None
    ended = pause.until if resumed is None else resumed[0]
    return scene.pay() if scene.passed(ended, tale.pays) else None


def _pause(scene: Scene, tale: IsPaused) -> Pause:
    until = next_workday(scene.day + timedelta(days=scene.lot(tale.lasts, "lasts")))
    return Pause(until, scene.one_of(_PAUSE_NOTES, scene.invoice.customer_id, "pause"))


_TELLERS: dict[type[Tale], Callable[[Scene, Any], Act | None]] = {
    PaysInParts: _pays_in_parts,
    Disputes: _disputes,
    Promises: _promises,
    IsPaused: _is_paused,
}


def next_workday(day: date) -> date:
    """`day` itself, or the Monday after it at a weekend."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= _SATURDAY else day
