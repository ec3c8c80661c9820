"""What a backfill would do, without doing it."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from activities.entering import Entering, plan_entries
from activities.rulebook import Rulebook
from domain.decide import decide
from models.decision import Decision
from models.facts import Address, ContactHistory, DisputeFacts, Facts, Progress
from models.scan import Page
from models.tables import Contact, Message
from models.vocabulary import Channel, Reason
from store.database import Database

_PAGE = 1000
_HISTORY_DAYS = 61  # as far back as a policy's limits may reach


@dataclass
class Forecast:
    """What a backfill would do, if nobody paid or wrote meanwhile.

    Each invoice is asked about on the morning of its first turn. `letters` counts by day what
    would leave then: one per customer, day and currency. `calls` and `waits` are the invoices that
    get no letter then: their step is a call, or something holds them.
    """

    invoices: int = 0
    steps: Counter[str] = field(default_factory=Counter)
    letters: Counter[date] = field(default_factory=Counter)
    calls: int = 0
    waits: Counter[Reason] = field(default_factory=Counter)


def foresee(database: Database, rulebook: Rulebook, page: Page) -> Forecast:
    """Ask about every invoice that a backfill from `page` on would start; nothing is kept."""
    forecast, letters = Forecast(), _Letters()
    while True:
        # Planning pins policies, hence the lock; a page at a time, workers hardly notice it.
        with database.writing() as session:
            planned = plan_entries(session, rulebook, page, _PAGE)
            known = _Known(session, planned, page.now)
            for entering in planned:
                _count(forecast, letters, entering, _first_decision(entering, known))
            if planned:
                page = page.model_copy(update={"after": planned[-1].entry.cursor})
            session.rollback()
        if len(planned) < _PAGE:
            forecast.letters = letters.by_day
            return forecast


class _Letters:
    """Letters by day. One covers all that a customer owes in a currency, and whoever owes comes
    with all invoices in a row, so that a single debtor's days are remembered at a time."""

    def __init__(self) -> None:
        self.by_day: Counter[date] = Counter()
        self._debtor: tuple[str, str] = "", ""
        self._days: set[date] = set()

    def add(self, facts: Facts, day: date) -> None:
        debtor = facts.customer.id, facts.invoice.currency
        if debtor != self._debtor:
            self._debtor, self._days = debtor, set()
        if day not in self._days:
            self._days.add(day)
            self.by_day[day] += 1


class _Known:
    """What the database knows of a page's customers beside their own rows."""

    def __init__(self, session: Session, planned: Collection[Entering], now: datetime) -> None:
        customers = {entering.entry.customer.id for entering in planned}
        self._addresses: dict[str, list[Address]] = defaultdict(list)
        self._messages: dict[str, list[tuple[str, date]]] = defaultdict(list)
        contacts = select(Contact).where(col(Contact.customer_id).in_(customers))
        for one in session.exec(contacts.order_by(col(Contact.id))):
            address = Address(one.email, one.name, one.role, one.rejected_at is not None)
            self._addresses[one.customer_id].append(address)
        messages = select(col(Message.customer_id), col(Message.currency), col(Message.day)).where(
            col(Message.customer_id).in_(customers),
            col(Message.day) > now.date() - timedelta(days=_HISTORY_DAYS),
        )
        for customer_id, currency, day in session.exec(messages):
            self._messages[customer_id].append((currency, day))

    def facts(self, entering: Entering) -> Facts:
        """The facts as the follow-up's first look would find them."""
        entry, facts = entering.entry, entering.entry.facts
        customer_id, currency = entry.customer.id, entry.invoice.currency
        written = self._messages[customer_id]
        # The first round takes a mark in the register over as a dispute of that day.
        contested = entry.invoice.disputed and entry.round == 1
        return replace(
            facts,
            customer=replace(facts.customer, addresses=tuple(self._addresses[customer_id])),
            progress=Progress(
                round=entry.round,
                not_before=entering.follow_up.not_before,
                dispute=DisputeFacts(opened_on=entering.case.today) if contested else None,
            ),
            contact=ContactHistory(
                last_message_on=max((day for of, day in written if of == currency), default=None),
                messages_30_days=tuple(day for _, day in written),
            ),
        )


@dataclass(frozen=True, slots=True)
class _Turn:
    """A decision, and the customer's day on which it is made."""

    decision: Decision
    day: date


def _first_decision(entering: Entering, known: _Known) -> _Turn:
    case = entering.case
    day = entering.follow_up.not_before or case.position.next_day or case.today
    moment = max(case.now, case.morning_of(day))
    decision = decide(known.facts(entering), case.policy, case.calendar, moment)
    return _Turn(decision, case.calendar.on_or_after(day))


def _count(forecast: Forecast, letters: _Letters, entering: Entering, turn: _Turn) -> None:
    case, decision = entering.case, turn.decision
    touch = decision.touch if decision.acts else None
    forecast.invoices += 1
    forecast.steps[case.step.id if case.step else "cadence over"] += 1
    if touch is None:
        forecast.waits[decision.reason] += 1
    elif touch.channel is Channel.MAIL:
        letters.add(case.facts, turn.day)
    else:
        forecast.calls += 1
