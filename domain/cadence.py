"""The cadence of one invoice: the chase date, the days of its steps, and which step is up."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.banking_days import BankingCalendar
from models.facts import Progress, PromiseFacts
from models.policy import Grace, Policy, Step
from models.vocabulary import Stage


def chase_date(due: date, calendar: BankingCalendar, grace: Grace) -> date:
    """The day from which offsets count: `due` moved to a banking day, plus the grace.

    Nobody is told they are late while their money is travelling.
    """
    return calendar.after(calendar.on_or_after(due), grace.banking_days)


def step_day(step: Step, chase: date, calendar: BankingCalendar, shift_days: int = 0) -> date:
    """The banking day on which `step` is up. A reminder moves to the day before a holiday, so
    that it still comes before the due date; every later step moves to the day after."""
    nominal = chase + timedelta(days=step.offset + shift_days)
    return calendar.on_or_before(nominal) if step.offset < 0 else calendar.on_or_after(nominal)


def promise_day(promise: PromiseFacts, calendar: BankingCalendar, grace: Grace) -> date:
    """The first day on which an unkept promise counts as broken.

    The promised date, the days the method needs to clear, and the grace in banking days.
    """
    cleared = promise.pay_on + timedelta(days=grace.clearing_days.get(promise.method, 0))
    return calendar.after(calendar.on_or_after(cleared), grace.banking_days)


class PromiseVerdict(StrEnum):
    """What has become of a promise."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"


def promise_verdict(
    promise: PromiseFacts, calendar: BankingCalendar, grace: Grace, today: date
) -> PromiseVerdict:
    """Kept once the promised amount has come in, broken from `promise_day` on.

    A promise without an amount is about all that is open: full payment keeps it, and that closes
    the invoice before anybody asks.
    """
    if promise.amount is not None and promise.paid_since >= promise.amount:
        return PromiseVerdict.KEPT
    if today >= promise_day(promise, calendar, grace):
        return PromiseVerdict.BROKEN
    return PromiseVerdict.OPEN


@dataclass(frozen=True, slots=True)
class Position:
    """Where an invoice stands in its cadence on one day.

    `due` is the step that is up and not yet taken, `next` the one after it in time (or the first
    still to come), `skipped` the steps that time has passed over.
    """

    due: Step | None
    next: Step | None
    next_day: date | None
    skipped: tuple[str, ...] = ()


def position(
    policy: Policy,
    due: date,
    chase: date,
    calendar: BankingCalendar,
    progress: Progress,
    today: date,
) -> Position:
    """Which step is up today, for an invoice due on `due`.

    Of several steps whose day has come only the last is taken: an invoice that enters late takes
    the step its age calls for, once. The step that a hold interrupted is up whatever day it is,
    and no reminder is sent once the due date has passed.
    """
    shift, resumed = resumption(policy, due, chase, calendar, progress, today)
    taken = max((policy.position(done.step) for done in progress.done), default=-1)
    up: Step | None = None
    skipped: list[str] = []
    too_late: list[str] = []
    for step in policy.steps[taken + 1 :]:
        day = step_day(step, chase, calendar, shift)
        if step.stage is Stage.PRE_DUE and day > due:
            # Holidays and grace may lie between the due date and the chase date.
            day = calendar.on_or_before(due)
        if step.stage is Stage.PRE_DUE and today > due:
            too_late.append(step.id)
        elif day > today and step.id != resumed:
            return Position(up, step, day, tuple(skipped if up else [*skipped, *too_late]))
        else:
            skipped += [*([up.id] if up else []), *too_late]
            up, too_late = step, []
    return Position(up, None, None, tuple(skipped if up else [*skipped, *too_late]))


def resumption(
    policy: Policy,
    due: date,
    chase: date,
    calendar: BankingCalendar,
    progress: Progress,
    today: date,
) -> tuple[int, str | None]:
    """How far the cadence has moved, and which step is up again, while or after a hold.

    The step that was up when the hold began is up again today, and those behind it keep their
    distance. A reminder that was held past the due date is not taken up again; the step after it
    is. Without a hold, or before the held step's day, nothing has moved.
    """
    index = policy.position(progress.held_step or "")
    if index < 0:
        return progress.shift_days, None
    later = policy.steps[index:]
    if today > due:
        later = tuple(step for step in later if step.stage is not Stage.PRE_DUE) or later[-1:]
    step = later[0]
    if today <= step_day(step, chase, calendar, progress.shift_days):
        return progress.shift_days, None
    return max(progress.shift_days, (today - chase).days - step.offset), step.id
