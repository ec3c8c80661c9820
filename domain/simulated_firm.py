"""A firm that lives through a past ledger: the rules over facts in memory, letters into a list.

It decides, keeps decisions and claims siblings as the activities do over the database
(activities/correspondence.py, store/follow_ups.py). How a customer pays follows from what they have
settled so far (store/habits.py). A draft waits for a signature that nobody gives.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain import backlog
from domain.banking_days import BankingCalendar, Place
from domain.behaviour import payment_habit
from domain.case import Case
from domain.consolidation import carrying_first, joint_plan
from domain.decide import decide
from domain.exchange import Rates
from domain.past_ledger import PastInvoice
from domain.send_window import local_day
from models.decision import Decision, TouchPlan, Verb
from models.facts import (
    ContactHistory,
    CustomerFacts,
    DraftFacts,
    Facts,
    InvoiceFacts,
    PaymentHabit,
    Progress,
    StepDone,
)
from models.policy import Policy
from models.scan import Portions
from models.vocabulary import (
    Action,
    Channel,
    DraftState,
    InvoiceStatus,
    Reason,
    Stage,
    TouchOutcome,
)

_HISTORY = timedelta(days=31)
_CALLS = frozenset({Action.CALL_AP_CONTACT, Action.CALL_FINANCE})


@dataclass(frozen=True, slots=True)
class SentTouch:
    """One invoice's step in a letter."""

    invoice_id: str
    step: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter that left on `on`, the customer's day. `touches` begin with the carrying one."""

    on: date
    customer_id: str
    currency: str
    touches: tuple[SentTouch, ...]

    @property
    def stage(self) -> Stage:
        return self.touches[0].stage


@dataclass(frozen=True, slots=True)
class QueuedCall:
    """A call put before a person."""

    on: date
    customer_id: str
    invoice_id: str
    action: Action


@dataclass(slots=True)
class Chase:
    """One invoice's follow-up. `wakes_at` is when it decides again by itself; None once it waits
    for an event alone, or has `ended`."""

    invoice: InvoiceFacts
    customer: CustomerFacts
    calendar: BankingCalendar
    progress: Progress = field(default_factory=Progress)
    wakes_at: datetime | None = None
    ended: Reason | None = None
    contacted: bool = False
    held: set[Reason] = field(default_factory=set)

    @property
    def debtor(self) -> tuple[str, str]:
        """Customer and currency: what shares a letter."""
        return self.customer.id, self.invoice.currency


class SimulatedFirm:
    """The follow-ups of one firm under one policy."""

    def __init__(self, policy: Policy, home: Place, rates: Rates) -> None:
        self.policy, self.home, self.rates = policy, home, rates
        self.chases: dict[str, Chase] = {}
        self.letters: list[SentLetter] = []
        self.calls: list[QueuedCall] = []
        self.skipped_steps = 0
        self._open: dict[tuple[str, str], dict[str, Chase]] = defaultdict(dict)
        self._portions = Portions()
        self._scanned_on: date | None = None
        self._last: dict[tuple[str, str], date] = {}
        self._recent: dict[str, tuple[date, ...]] = {}
        self._days_late: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._habits: dict[tuple[str, str], PaymentHabit] = {}

    def remember(self, past: PastInvoice) -> None:
        """An invoice was settled: it says how its customer pays. Come in the order of settling."""
        if past.settled_on is not None:
            debtor = past.customer.id, past.invoice.currency
            self._days_late[debtor].append((past.settled_on - past.invoice.due_on).days)
            self._habits[debtor] = payment_habit(self._days_late[debtor])

    def enter(self, past: PastInvoice, paid_before: Decimal, now: datetime) -> Chase:
        """Begin to follow the invoice up, of which `paid_before` came earlier."""
        customer = past.customer
        chase = Chase(
            invoice=past.invoice,
            customer=customer,
            calendar=BankingCalendar(Place(customer.country, customer.subdivision), self.home),
        )
        self.chases[past.invoice.id] = chase
        self._open[chase.debtor][past.invoice.id] = chase
        self._book(chase, paid_before)
        chase.progress = Progress(not_before=self._turn(chase, now))
        self.wake(chase, now)
        return chase

    def _turn(self, chase: Chase, now: datetime) -> date | None:
        """The portion of a backlog that this invoice belongs to, as a scan would plan it."""
        if chase.invoice.amount_open <= 0:
            return None
        today = _today(chase, now)
        if today != self._scanned_on:
            self._scanned_on, self._portions.debtor = today, None
        case = Case.of(self._facts(chase), self.policy, chase.calendar, now)
        return backlog.first_day(case, self._portions)

    def receive(self, chase: Chase, amount: Decimal, now: datetime) -> None:
        """Book a payment of at most what is open; the follow-up looks at it at once."""
        self._book(chase, amount)
        self.wake(chase, now)

    def wake(self, chase: Chase, now: datetime) -> None:
        """Decide, act, and decide again until there is nothing to do but wait."""
        while (touch := self._check(chase, now)) is not None:
            if touch.channel is Channel.CALL:
                self._call(chase, touch, now)
            else:
                self._send(chase, touch, now)

    def _book(self, chase: Chase, amount: Decimal) -> None:
        invoice = chase.invoice
        left = invoice.amount_open - amount
        chase.progress = replace(chase.progress, draft=None)  # it states what is no longer so
        chase.invoice = replace(
            invoice,
            amount_open=left,
            base_open=self.rates.in_base(left, invoice.currency),
            status=InvoiceStatus.OPEN if left > 0 else InvoiceStatus.PAID,
        )

    def _facts(self, chase: Chase) -> Facts:
        contact = ContactHistory(
            last_message_on=self._last.get(chase.debtor),
            messages_30_days=self._recent.get(chase.customer.id, ()),
        )
        customer = chase.customer
        if habit := self._habits.get(chase.debtor):
            customer = replace(customer, habit=habit)
        return Facts(chase.invoice, customer, chase.progress, contact)

    def _decide(self, chase: Chase, now: datetime) -> Decision:
        return decide(self._facts(chase), self.policy, chase.calendar, now)

    def _check(self, chase: Chase, now: datetime) -> TouchPlan | None:
        decision = self._decide(chase, now)
        if decision.verb is Verb.DRAFT:
            draft = DraftFacts(step=decision.step or "", version=1, state=DraftState.OPEN)
            chase.progress = replace(chase.progress, draft=draft)
            decision = self._decide(chase, now)
        chase.wakes_at = None if _waits_for_ever(decision) else decision.at
        if decision.closes:
            chase.ended = decision.reason
            del self._open[chase.debtor][chase.invoice.id]
            return None
        if decision.acts:
            self._pass_over(chase, decision.skipped, _today(chase, now))
        elif decision.holds or decision.at is None:
            chase.held.add(decision.reason)
        self._keep(chase, decision)
        return decision.touch if decision.acts else None

    def _keep(self, chase: Chase, decision: Decision) -> None:
        held, shift = decision.held_step, decision.shift_days
        if (held, shift) != (chase.progress.held_step, chase.progress.shift_days):
            chase.progress = replace(chase.progress, held_step=held, shift_days=shift)

    def _pass_over(self, chase: Chase, steps: tuple[str, ...], today: date) -> None:
        taken = {done.step for done in chase.progress.done}
        for step in steps:
            if step not in taken:
                self.skipped_steps += 1
                self._take(chase, step, TouchOutcome.SKIPPED, today)

    def _take(self, chase: Chase, step: str, outcome: TouchOutcome, today: date) -> None:
        done = StepDone(step=step, outcome=outcome, on=today)
        chase.progress = replace(chase.progress, done=(*chase.progress.done, done))

    def _call(self, chase: Chase, touch: TouchPlan, now: datetime) -> None:
        """Take a step that is a call and nothing else."""
        today = _today(chase, now)
        self._queue(chase, touch, today)
        is_work = any(action.is_task for action in touch.actions)
        outcome = TouchOutcome.SENT if is_work else TouchOutcome.SKIPPED
        self._take(chase, touch.step, outcome, today)

    def _queue(self, chase: Chase, touch: TouchPlan, today: date) -> None:
        self.calls += [
            QueuedCall(today, chase.customer.id, touch.invoice_id, action)
            for action in touch.actions
            if action in _CALLS
        ]

    def _send(self, chase: Chase, touch: TouchPlan, now: datetime) -> None:
        """One letter about this invoice and every sibling that is due by mail."""
        today = _today(chase, now)
        due = [(self._facts(chase), touch)]
        for sibling in self._open[chase.debtor].values():
            # Whoever sleeps longer said so itself: deciding again would only say the same.
            if sibling is not chase and sibling.wakes_at is not None and sibling.wakes_at <= now:
                decision = self._decide(sibling, now)
                touch_too = decision.touch if decision.acts else None
                if touch_too is not None and touch_too.channel is Channel.MAIL:
                    due.append((self._facts(sibling), touch_too))
                    self._pass_over(sibling, decision.skipped, today)
        ordered = carrying_first(due)
        for place, (facts, member) in enumerate(ordered):
            covered = self.chases[facts.invoice.id]
            covered.contacted = True
            outcome = TouchOutcome.COVERED if place else TouchOutcome.SENT
            self._take(covered, member.step, outcome, today)
        touches = tuple(SentTouch(plan.invoice_id, plan.step, plan.stage) for _, plan in ordered)
        self.letters.append(SentLetter(today, *chase.debtor, touches))
        self._note_contact(chase, today)
        self._queue(chase, joint_plan(ordered), today)

    def _note_contact(self, chase: Chase, today: date) -> None:
        customer_id = chase.customer.id
        self._last[chase.debtor] = today
        lately = [day for day in self._recent.get(customer_id, ()) if day > today - _HISTORY]
        self._recent[customer_id] = (*lately, today)


def _waits_for_ever(decision: Decision) -> bool:
    """True for a letter that nobody will sign; a reminder is given up once the invoice is due."""
    return decision.reason is Reason.NEEDS_APPROVAL and decision.stage is not Stage.PRE_DUE


def _today(chase: Chase, now: datetime) -> date:
    return local_day(now, chase.customer.zone)
