"""Living through a settled ledger: what a policy would have sent, on which day, for whom.

Nothing is decided between the times that `decide` itself names, so that a chase is looked at when
its last decision said, and when money comes: the same as asking every day, only faster.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import IntEnum
from heapq import heapify, heappop, heappush

from domain.banking_days import Place
from domain.exchange import Rates
from domain.past_ledger import PastInvoice
from domain.send_window import local_day, zone_of
from domain.simulated_firm import Chase, QueuedCall, SentLetter, SimulatedFirm
from models.policy import Policy
from models.vocabulary import Reason

Report = Callable[[int, int], None]


class _Kind(IntEnum):
    """What happens at one moment, in this order: money comes before anybody is written to."""

    PAYMENT = 0
    ENTRY = 1
    WAKE = 2


# When, what, customer, currency, invoice, and which of the invoice's payments.
_Event = tuple[datetime, _Kind, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Course:
    """How it went from `first` to `last`; letters and calls come in the order of time."""

    first: date
    last: date
    letters: tuple[SentLetter, ...]
    calls: tuple[QueuedCall, ...]
    chases: tuple[Chase, ...]
    skipped_steps: int

    @property
    def letters_alone(self) -> int:
        """How many letters it had been, had each invoice been written about on its own."""
        return sum(len(letter.touches) for letter in self.letters)

    @property
    def most_a_day(self) -> int:
        """The most letters that one customer had on one day in one currency."""
        return _most((letter.customer_id, letter.currency, letter.on) for letter in self.letters)

    @property
    def paid_before_contact(self) -> int:
        """Invoices that were paid before any letter covered them."""
        return sum(chase.ended is Reason.PAID and not chase.contacted for chase in self.chases)

    @property
    def held(self) -> Counter[Reason]:
        """Invoices whose chase stood still at least once, by what it waited for."""
        return Counter(reason for chase in self.chases for reason in chase.held)


def live_through(
    invoices: Sequence[PastInvoice],
    policy: Policy,
    home: Place,
    rates: Rates,
    *,
    first: date | None = None,
    last: date | None = None,
    progress: Report | None = None,
) -> Course:
    """Chase every invoice that was open at any time from `first` to `last`, both included.

    An invoice enters on its issue date, or on `first` if it is open then. Without `first` it
    begins with the earliest issue date, without `last` it ends when nothing more would happen.
    Days are the customers' own. `progress` hears of `(invoices entered, of how many)`.
    """
    return _Passage(invoices, SimulatedFirm(policy, home, rates), first, last, progress).run()


class _Passage:
    def __init__(
        self,
        invoices: Sequence[PastInvoice],
        firm: SimulatedFirm,
        first: date | None,
        last: date | None,
        progress: Report | None,
    ) -> None:
        earliest = min((past.invoice.issued_on for past in invoices), default=date.min)
        self._first = earliest if first is None else first
        self._last = date.max if last is None else last
        self._latest = self._first
        self._is_open_ended = last is None
        self._firm = firm
        self._report = progress
        self._past = {past.invoice.id: past for past in invoices if self._is_open_within(past)}
        before = [past for past in invoices if past.settled_on and past.settled_on < self._first]
        for past in sorted(before, key=lambda past: past.settled_on or date.min):
            firm.remember(past)
        self._events = [self._entry(past) for past in self._past.values()]
        heapify(self._events)
        self._entered = 0

    def run(self) -> Course:
        firm = self._firm
        while self._events:
            now, kind, _, _, invoice_id, number = heappop(self._events)
            past = self._past[invoice_id]
            if kind is _Kind.ENTRY:
                chase = self._enter(past, now)
                if chase.ended is not None:  # it was paid in advance
                    firm.remember(past)
            else:
                chase = firm.chases[invoice_id]
                if kind is _Kind.PAYMENT:
                    firm.receive(chase, past.receipts[number].amount, now)
                    if chase.ended is not None:
                        firm.remember(past)
                elif chase.wakes_at == now:
                    firm.wake(chase, now)
                else:
                    continue
            self._latest = max(self._latest, local_day(now, past.customer.zone))
            self._plan_wake(past, chase)
        return Course(
            first=self._first,
            last=self._latest if self._is_open_ended else self._last,
            letters=tuple(firm.letters),
            calls=tuple(firm.calls),
            chases=tuple(firm.chases.values()),
            skipped_steps=firm.skipped_steps,
        )

    def _is_open_within(self, past: PastInvoice) -> bool:
        issued, settled = past.invoice.issued_on, past.settled_on
        if issued >= self._first:
            return issued <= self._last
        return settled is None or settled >= self._first

    def _entry(self, past: PastInvoice) -> _Event:
        day = max(past.invoice.issued_on, self._first)
        return self._event(past, _morning(day, past.customer.zone), _Kind.ENTRY)

    def _enter(self, past: PastInvoice, now: datetime) -> Chase:
        today = local_day(now, past.customer.zone)
        before = Decimal(0)
        for number, receipt in enumerate(past.receipts):
            if receipt.on <= today:
                before += receipt.amount
            elif receipt.on <= self._last:
                at = _morning(receipt.on, past.customer.zone)
                heappush(self._events, self._event(past, at, _Kind.PAYMENT, number))
        self._entered += 1
        if self._report is not None:
            self._report(self._entered, len(self._past))
        return self._firm.enter(past, before, now)

    def _plan_wake(self, past: PastInvoice, chase: Chase) -> None:
        at = chase.wakes_at
        if at is not None and local_day(at, past.customer.zone) <= self._last:
            heappush(self._events, self._event(past, at, _Kind.WAKE))

    def _event(self, past: PastInvoice, at: datetime, kind: _Kind, number: int = 0) -> _Event:
        invoice = past.invoice
        return at, kind, past.customer.id, invoice.currency, invoice.id, number


def _morning(day: date, zone: str) -> datetime:
    """The beginning of the customer's day, in UTC: before any window."""
    return datetime.combine(day, time(), tzinfo=zone_of(zone)).astimezone(UTC)


def _most(things: Iterable[Hashable]) -> int:
    return max(Counter(things).values(), default=0)
