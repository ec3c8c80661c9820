"""A whole chase of one invoice: what `decide` says is done, and it is asked again at its time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from domain.banking_days import BankingCalendar
from domain.case import Case
from domain.decide import decide
from domain.send_window import local_day
from models.decision import Decision
from models.facts import ContactHistory, Facts, StepDone
from models.policy import Policy
from models.vocabulary import Channel, Reason, TouchOutcome
from tests.domain.strategies import RELATIONSHIP

# These ask again every few days for as long as the facts stay as they are.
LOOKS_AGAIN = frozenset(
    {
        *RELATIONSHIP,
        Reason.INSOLVENCY,
        Reason.LEGAL_HOLD,
        Reason.DO_NOT_CONTACT,
        Reason.UNAPPLIED_CASH,
        Reason.PAYMENT_IN_TRANSIT,
        Reason.NO_ADDRESS,
    }
)
_PATIENCE = 80  # days apart: longer than any tier of a relationship's matrix lasts
_HISTORY = timedelta(days=31)

News = tuple[datetime, Callable[[Facts], Facts]]


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken."""

    step: str
    at: datetime
    on: date
    by_mail: bool


@dataclass
class Chase:
    """The life of a chase from `now` on. `news` change the facts at their moments (ascending).

    A draft that waits for a signature is signed at once when `signs`. `asked` are the moments and
    answers; `taken` the steps.
    """

    facts: Facts
    policy: Policy
    calendar: BankingCalendar
    now: datetime
    news: Sequence[News] = ()
    signs: bool = True
    asked: list[tuple[datetime, Decision]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)

    def live(self, most_questions: int = 2_000) -> Decision:
        """The last answer: one that closes, waits for an event alone, or only ever looks again.

        Raises:
            AssertionError: it is still asking after `most_questions`.
        """
        news = list(self.news)
        again = 0
        for _ in range(most_questions):
            while news and news[0][0] <= self.now:
                self.facts = news.pop(0)[1](self.facts)
            decision = decide(self.facts, self.policy, self.calendar, self.now)
            self.asked.append((self.now, decision))
            if decision.closes:
                return decision
            signed = self._draft() if decision.reason is Reason.NEEDS_APPROVAL else None
            self._keep(decision)
            if decision.touch is not None:
                self._take(decision)
                again = 0
            elif signed is not None and self.signs:
                assert signed != self.facts.progress.approved_step
                self._progress(approved_step=signed)
            elif not self._sleep(decision, news):
                return decision
            else:
                again = again + 1 if decision.reason in LOOKS_AGAIN else 0
                if again > _PATIENCE and not news:
                    return decision
        raise AssertionError(f"still asking after {most_questions} questions: {self.asked[-3:]}")

    def _sleep(self, decision: Decision, news: list[News]) -> bool:
        """Go on to when the decision says, or to the next news; False when neither comes."""
        wakes = [at for at in (decision.at, news[0][0] if news else None) if at is not None]
        if not wakes:
            return False
        self.now = min(wakes)
        return True

    def _draft(self) -> str | None:
        """The step whose draft is to be signed."""
        due = Case.of(self.facts, self.policy, self.calendar, self.now).position.due
        return due.id if due else None

    def _keep(self, decision: Decision) -> None:
        self._progress(held_step=decision.held_step, shift_days=decision.shift_days)

    def _take(self, decision: Decision) -> None:
        touch = decision.touch
        assert touch is not None
        today = local_day(self.now, self.facts.customer.zone)
        by_mail = touch.channel is Channel.MAIL
        skipped = tuple(
            StepDone(step, TouchOutcome.SKIPPED, today)
            for step in decision.skipped
            if step not in {done.step for done in self.facts.progress.done}
        )
        step = StepDone(touch.step, TouchOutcome.SENT, today)
        self._progress(done=(*self.facts.progress.done, *skipped, step))
        if by_mail:
            lately = self.facts.contact.messages_30_days
            kept = tuple(day for day in lately if day > today - _HISTORY)
            self.facts = replace(self.facts, contact=ContactHistory(today, (*kept, today)))
        self.taken.append(Taken(touch.step, self.now, today, by_mail))

    def _progress(self, **changes: object) -> None:
        progress = replace(self.facts.progress, **changes)  # type: ignore[arg-type]  # field names
        self.facts = replace(self.facts, progress=progress)


def chase(
    facts: Facts,
    policy: Policy,
    calendar: BankingCalendar,
    now: datetime,
    *news: News,
    signs: bool = True,
) -> Chase:
    """A chase that has been lived through."""
    lived = Chase(facts, policy, calendar, now, news, signs)
    lived.live()
    return lived
