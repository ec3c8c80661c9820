"""A whole chase of one invoice: what `decide` says is done, and it is asked again at its time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from domain import cadence, plans
from domain.after_letter import after_letter
from domain.banking_days import BankingCalendar
from domain.decide import decide
from domain.send_window import local_day
from models.decision import Decision, TouchPlan, Verb
from models.facts import ContextFreshness, DraftFacts, Facts, OwnerQuestion, StepDone
from models.policy import Policy
from models.vocabulary import Action, Channel, DraftState, OwnerWord, Reason, TouchOutcome
from tests.domain.one_invoice import with_progress
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
        Reason.NEEDS_APPROVAL,
    }
)
# And these for as long as a connected system does not answer.
ASKS_OUTSIDE = frozenset({Reason.GATHER_CONTEXT, Reason.CONTEXT_UNAVAILABLE})
_PATIENCE = 80  # days apart: longer than any tier of a relationship's matrix lasts
_BEFORE_PROMISES = frozenset(
    {
        Reason.INSOLVENCY,
        Reason.LEGAL_HOLD,
        Reason.DO_NOT_CONTACT,
        Reason.LEGAL_ACTION,
        Reason.PAUSED,
        Reason.DISPUTED,
    }
)

_MOST_HOLDS = 20

News = tuple[datetime, Callable[[Facts], Facts]]


@dataclass(frozen=True, slots=True)
class People:
    """What people and systems do when they are asked.

    A draft is `read` at once as approved or rejected, or by nobody (None). The account owner gives
    their `word` at once, or lets the time pass (None); to hold they say twenty times at most. A
    connected system `answers`, or is away.
    """

    read: DraftState | None = DraftState.APPROVED
    word: OwnerWord | None = None
    answers: bool = True


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken, and what was the case then."""

    step: str
    at: datetime
    on: date
    touch: TouchPlan
    facts: Facts

    @property
    def by_mail(self) -> bool:
        return self.touch.channel is Channel.MAIL


@dataclass
class Chase:
    """The life of a chase from `now` on. `news` change the facts at their moments (ascending).

    `asked` are the moments and answers; `taken` the steps.
    """

    facts: Facts
    policy: Policy
    calendar: BankingCalendar
    now: datetime
    news: Sequence[News] = ()
    people: People = field(default_factory=People)
    # Follow from the rest, and would make pages of a failing example.
    asked: list[tuple[datetime, Decision]] = field(default_factory=list, repr=False)
    taken: list[Taken] = field(default_factory=list, repr=False)
    holds: int = 0

    def live(self, most_questions: int = 2_000) -> Decision:
        """The last answer: one that closes, waits for an event alone, or only ever looks again.

        Raises:
            AssertionError: it is still asking after `most_questions`.
        """
        news = list(self.news)
        again = 0
        for _ in range(most_questions):
            while news and news[0][0] <= self.now:
                self._hear(news.pop(0)[1])
            decision = decide(self.facts, self.policy, self.calendar, self.now)
            self.asked.append((self.now, decision))
            if decision.closes:
                return decision
            self._settle(decision)
            self._progress(held_step=decision.held_step, shift_days=decision.shift_days)
            again = self._again(decision, again)
            if self._does(decision):
                continue
            if not self._sleep(decision, news) or (again > _PATIENCE and not news):
                return decision
        raise AssertionError(f"still asking after {most_questions} questions: {self.asked[-3:]}")

    def _again(self, decision: Decision, again: int) -> int:
        """How often it has been looked at again, with nothing else in between."""
        if decision.reason in LOOKS_AGAIN and decision.verb is Verb.WAIT:
            return again + 1
        return again if decision.reason in ASKS_OUTSIDE else 0

    def _sleep(self, decision: Decision, news: list[News]) -> bool:
        """Go on to when the decision says, or to the next news; False when neither comes."""
        wakes = [at for at in (decision.at, news[0][0] if news else None) if at is not None]
        if not wakes:
            return False
        self.now = min(wakes)
        return True

    def _hear(self, change: Callable[[Facts], Facts]) -> None:
        """Something happened; if it changed anything, a draft from before states it no longer."""
        before, self.facts = self.facts, change(self.facts)
        if self.facts != before and self.facts.progress.draft is not None:
            self._progress(draft=replace(self.facts.progress.draft, is_current=False))

    def _settle(self, decision: Decision) -> None:
        """Note a promise that was kept or broken, and a plan that has ended."""
        progress = self.facts.progress
        promise, plan = progress.promise, progress.plan
        if promise is not None and decision.reason not in _BEFORE_PROMISES:
            verdict = cadence.promise_verdict(promise, self.calendar, self.policy.grace, self.today)
            if verdict is cadence.PromiseVerdict.KEPT:
                self._progress(promise=None)
            elif verdict is cadence.PromiseVerdict.BROKEN:
                broken = progress.broken_promises + 1
                self._progress(promise=None, broken_on=promise.pay_on, broken_promises=broken)
        is_held = decision.reason in {*_BEFORE_PROMISES, Reason.PROMISED}
        if (
            plan is not None
            and not is_held
            and plans.is_broken(plan, progress, self.calendar, self.policy, self.today)
        ):
            self._progress(plan=None, plan_broken=True)

    @property
    def today(self) -> date:
        return local_day(self.now, self.facts.customer.zone)

    def _does(self, decision: Decision) -> bool:
        """Do what was decided, or what people do about it; False when there is only to wait."""
        if decision.restores_service:
            self._progress(suspended=False)
        elif decision.verb is Verb.GATHER:
            self._gather()
        elif decision.verb is Verb.DRAFT:
            self._draft(decision)
        elif decision.touch is not None:
            self._take(decision, decision.touch)
        elif decision.ask_owner_by is not None:
            return self._ask_owner(decision, decision.ask_owner_by)
        elif decision.reason is Reason.NEEDS_APPROVAL:
            return self._read_draft()
        elif decision.reason is Reason.COVERED:
            return self._send_with_sibling()
        else:
            return False
        return True

    def _gather(self) -> None:
        known = self.facts.customer.context
        assert known.tried_at != self.now, "it was just asked"
        told = (
            ContextFreshness(known.connected, self.now, self.now)
            if self.people.answers
            else replace(known, tried_at=self.now, failing_since=known.failing_since or self.now)
        )
        self.facts = replace(self.facts, customer=replace(self.facts.customer, context=told))

    def _draft(self, decision: Decision) -> None:
        before = self.facts.progress.draft
        version = 1 + (before.version if before else 0)
        self._progress(draft=DraftFacts(decision.step or "", version, DraftState.OPEN))

    def _read_draft(self) -> bool:
        draft, read = self.facts.progress.draft, self.people.read
        assert draft is not None
        if read is DraftState.APPROVED:
            self._progress(draft=replace(draft, state=read))
        elif read is DraftState.REJECTED:
            rejected = StepDone(draft.step, TouchOutcome.REJECTED, self.today)
            self._progress(draft=None, done=(*self.facts.progress.done, rejected))
        return read is not None

    def _send_with_sibling(self) -> bool:
        """The letter that a sibling carries leaves, where it is signed."""
        draft = self.facts.progress.draft
        if draft is None or draft.own or draft.state is not DraftState.APPROVED:
            return False
        covered = StepDone(draft.step, TouchOutcome.COVERED, self.today)
        self._progress(draft=None, done=(*self.facts.progress.done, covered))
        return True

    def _ask_owner(self, decision: Decision, answer_by: datetime) -> bool:
        word, self.holds = self.people.word, self.holds + (self.people.word is OwnerWord.HOLD)
        if self.holds > _MOST_HOLDS:
            word = None
        by = self.now if word is OwnerWord.HOLD else answer_by
        self._progress(
            question=OwnerQuestion(decision.task.step if decision.task else "", by, word)
        )
        return word is not None

    def _take(self, decision: Decision, touch: TouchPlan) -> None:
        self.taken.append(Taken(touch.step, self.now, self.today, touch, self.facts))
        if touch.channel is Channel.MAIL:
            self.facts = after_letter(self.facts, decision, TouchOutcome.SENT, self.today)
        else:
            taken = {done.step for done in self.facts.progress.done}
            passed = [
                StepDone(step, TouchOutcome.SKIPPED, self.today)
                for step in decision.skipped
                if step not in taken
            ]
            called = StepDone(touch.step, TouchOutcome.SENT, self.today)
            self._progress(done=(*self.facts.progress.done, *passed, called))
        if Action.SUSPEND_SERVICE in touch.actions:
            self._progress(suspended=True)

    def _progress(self, **changes: object) -> None:
        self.facts = with_progress(self.facts, **changes)


def chase(
    facts: Facts,
    policy: Policy,
    calendar: BankingCalendar,
    now: datetime,
    *news: News,
    people: People | None = None,
) -> Chase:
    """A chase that has been lived through."""
    lived = Chase(facts, policy, calendar, now, news, people or People())
    lived.live()
    return lived
