"""The slow way to live through a ledger: ask about every invoice, every day, by `decide`."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from domain import send_window
from domain.banking_days import BankingCalendar, Place
from domain.consolidation import carrying_first
from domain.decide import decide
from domain.past_ledger import PastInvoice
from models.decision import Decision
from models.facts import ContactHistory, Facts, Progress, StepDone
from models.policy import Policy
from models.vocabulary import Channel, InvoiceStatus, TouchOutcome
from tests.domain.past import HOME, RATES

Told = tuple[date, str, tuple[tuple[str, str], ...]]


@dataclass
class _Kept:
    past: PastInvoice
    progress: Progress = field(default_factory=Progress)


class DailyFirm:
    """`letters` are (day, customer, ((invoice, step), …)) in the order of days."""

    def __init__(self, invoices: Sequence[PastInvoice], policy: Policy) -> None:
        self.policy = policy
        self.kept = [_Kept(past) for past in sorted(invoices, key=_debtor)]
        self.letters: list[Told] = []
        self.contacts: list[tuple[str, str, date]] = []

    def live(self, first: date, last: date) -> None:
        """From `first` to `last`, both included."""
        for n in range((last - first).days + 1):
            day = first + timedelta(days=n)
            for kept in self.kept:
                if kept.past.invoice.issued_on <= day:
                    self._ask(kept, day)

    def _ask(self, kept: _Kept, day: date) -> None:
        customer = kept.past.customer
        now = send_window.opens(day, customer.zone, self.policy.window, customer.id)
        while True:
            decision = self._decide(kept, day, now)
            if decision.closes:
                return
            self._keep(kept, decision, day)
            if not decision.acts or decision.touch is None:
                return
            if decision.touch.channel is Channel.CALL:
                self._take(kept, decision.touch.step, day)
            else:
                self._send(kept, day, now)

    def _facts(self, kept: _Kept, day: date) -> Facts:
        past = kept.past
        paid = sum((r.amount for r in past.receipts if r.on <= day), Decimal(0))
        left = past.invoice.amount - paid
        mine = [c for c in self.contacts if c[0] == past.customer.id]
        return Facts(
            invoice=replace(
                past.invoice,
                amount_open=left,
                base_open=RATES.in_base(left, past.invoice.currency),
                status=InvoiceStatus.OPEN if left > 0 else InvoiceStatus.PAID,
            ),
            customer=past.customer,
            progress=kept.progress,
            contact=ContactHistory(
                max((c[2] for c in mine if c[1] == past.invoice.currency), default=None),
                tuple(c[2] for c in mine),
            ),
        )

    def _decide(self, kept: _Kept, day: date, now: datetime) -> Decision:
        calendar = BankingCalendar(Place(kept.past.customer.country), HOME)
        return decide(self._facts(kept, day), self.policy, calendar, now)

    def _keep(self, kept: _Kept, decision: Decision, day: date) -> None:
        held, shift = decision.held_step, decision.shift_days
        kept.progress = replace(kept.progress, held_step=held, shift_days=shift)
        for skipped in decision.skipped:
            self._take(kept, skipped, day)

    def _take(self, kept: _Kept, step: str, day: date) -> None:
        done = StepDone(step, TouchOutcome.SENT, day)
        kept.progress = replace(kept.progress, done=(*kept.progress.done, done))

    def _send(self, kept: _Kept, day: date, now: datetime) -> None:
        invoice, customer = kept.past.invoice, kept.past.customer
        due = []
        for other in self.kept:
            theirs = other.past.invoice
            same = other.past.customer.id == customer.id and theirs.currency == invoice.currency
            if not same or theirs.issued_on > day:
                continue
            decision = self._decide(other, day, now)
            touch = decision.touch
            if decision.acts and touch is not None and touch.channel is Channel.MAIL:
                due.append((self._facts(other, day), touch))
                self._take(other, touch.step, day)
        covered = tuple((f.invoice.id, touch.step) for f, touch in carrying_first(due))
        self.letters.append((day, customer.id, covered))
        self.contacts.append((customer.id, invoice.currency, day))


def _debtor(past: PastInvoice) -> tuple[str, str, str]:
    """Where the cap leaves room for one letter only, the order of asking tells whose it is."""
    return past.customer.id, past.invoice.currency, past.invoice.id
