"""A payment plan's own cadence: a letter before each instalment, and one after a missed one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from domain.banking_days import BankingCalendar
from domain.cadence import Position
from models.facts import InstalmentFacts, PlanFacts, Progress
from models.policy import Plans, Policy, Step
from models.vocabulary import Stage, Tone

PREFIX = "plan-"
_CONFIRMATION = "plan_confirmation"
_REMINDER = "instalment_reminder"
_MISSED = "instalment_missed"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One letter of a plan: up from `opens` on, and until `closes` where that is a day."""

    step: Step
    instalment: InstalmentFacts | None
    opens: date
    closes: date | None


def open_amounts(
    plan: PlanFacts, most: Decimal | None = None
) -> list[tuple[InstalmentFacts, Decimal]]:
    """Each instalment with what is still to be paid of it: money fills them in their order.

    Where no more than `most` may be asked for, as while a part is contested, the last ones are
    asked for less.
    """
    left, room = plan.paid_since, most
    rest = []
    for instalment in plan.instalments:
        paid = min(left, instalment.amount)
        left -= paid
        due = instalment.amount - paid
        if room is not None:
            due = min(due, room)
            room -= due
        rest.append((instalment, due))
    return rest


def is_paid(plan: PlanFacts) -> bool:
    """True when every instalment is paid, whatever else is open by now."""
    return all(rest <= 0 for _, rest in open_amounts(plan))


def late_on(instalment: InstalmentFacts, calendar: BankingCalendar, policy: Policy) -> date:
    """The first day on which an unpaid instalment counts as missed."""
    return calendar.after(calendar.on_or_after(instalment.due_on), policy.grace.banking_days)


def missed(
    plan: PlanFacts, progress: Progress, calendar: BankingCalendar, policy: Policy, today: date
) -> int:
    """How many instalments were missed so far, those paid late included."""
    late = {
        instalment.number
        for instalment, rest in open_amounts(plan)
        if rest > 0 and today >= late_on(instalment, calendar, policy)
    }
    warned = {
        instalment.number
        for instalment in plan.instalments
        if any(done.step == _step_id(plan, f"{instalment.number}-missed") for done in progress.done)
    }
    return len(late | warned)


def is_broken(
    plan: PlanFacts, progress: Progress, calendar: BankingCalendar, policy: Policy, today: date
) -> bool:
    """True once so many instalments were missed that the plan has ended, or something is still
    open `decision_after_days` after the last one counted as missed."""
    if missed(plan, progress, calendar, policy, today) >= policy.plans.break_after:
        return True
    is_open = any(rest > 0 for _, rest in open_amounts(plan))
    return is_open and today >= last_day(plan, calendar, policy)


def last_day(plan: PlanFacts, calendar: BankingCalendar, policy: Policy) -> date:
    """The day on which a plan ends that was not paid to its end."""
    late = late_on(plan.instalments[-1], calendar, policy)
    return late + timedelta(days=policy.limits.decision_after_days)


def plan_position(
    plan: PlanFacts, progress: Progress, calendar: BankingCalendar, policy: Policy, today: date
) -> Position:
    """Which of the plan's letters is up today, and which comes next."""
    taken = {done.step for done in progress.done}
    coming = [
        one
        for one in _letters(plan, calendar, policy)
        if one.step.id not in taken and (one.closes is None or one.closes >= today)
    ]
    up = next((one for one in coming if one.opens <= today), None)
    later = next((one for one in coming if one.opens > today), None)
    return Position(
        due=up.step if up else None,
        next=later.step if later else None,
        next_day=later.opens if later else None,
    )


def instalment_of(plan: PlanFacts, step_id: str) -> InstalmentFacts | None:
    """The instalment that the plan's letter `step_id` is about; None for the confirmation."""
    for instalment in plan.instalments:
        if step_id.startswith(_step_id(plan, f"{instalment.number}-")):
            return instalment
    return None


def is_plan_step(step_id: str) -> bool:
    """True for a letter of a payment plan, which stands for itself and covers nothing else."""
    return step_id.startswith(PREFIX)


def _letters(plan: PlanFacts, calendar: BankingCalendar, policy: Policy) -> list[PlanStep]:
    letters = [_letter(plan, "confirmation", None, plan.agreed_on, None)]
    for instalment, rest in open_amounts(plan):
        if rest > 0:
            due = instalment.due_on
            reminder = calendar.on_or_before(due - timedelta(days=policy.plans.reminder_days))
            number = instalment.number
            letters.append(_letter(plan, f"{number}-reminder", instalment, reminder, due))
            late = late_on(instalment, calendar, policy)
            letters.append(_letter(plan, f"{number}-missed", instalment, late, None))
    # What would have been up before the plan was agreed comes after its confirmation.
    return sorted(letters, key=lambda one: max(one.opens, plan.agreed_on))


def _letter(
    plan: PlanFacts,
    what: str,
    instalment: InstalmentFacts | None,
    opens: date,
    closes: date | None,
) -> PlanStep:
    is_late = what.endswith("missed")
    step = Step(
        id=_step_id(plan, what),
        offset=0,
        stage=Stage.EARLY if is_late else Stage.PRE_DUE,
        tone=Tone.NEUTRAL if is_late else Tone.FRIENDLY,
        template=_MISSED if is_late else _REMINDER if instalment else _CONFIRMATION,
        soft_template=_MISSED if is_late else _REMINDER if instalment else _CONFIRMATION,
    )
    return PlanStep(step, instalment, opens, closes)


def _step_id(plan: PlanFacts, what: str) -> str:
    return f"{PREFIX}{plan.id}-{what}"


def refusal(
    instalments: Sequence[InstalmentFacts], debt: Decimal, terms: Plans, today: date
) -> str:
    """Why this plan cannot be agreed, in a sentence; empty when it can.

    Its amounts must add up to `debt`, its dates rise, begin today or later, and end within the
    policy's bounds.
    """
    days = [one.due_on for one in instalments]
    total = sum((one.amount for one in instalments), Decimal(0))
    if not 2 <= len(days) <= terms.most_instalments:
        return f"A plan has 2 to {terms.most_instalments} instalments; these are {len(days)}."
    problems = (
        (any(one.amount <= 0 for one in instalments), "Every instalment needs an amount above 0."),
        (total != debt, f"The instalments add up to {total:,.2f}; {debt:,.2f} is open."),
        (days[0] < today, f"The first instalment is due on {days[0]}, which has passed."),
        (
            any(earlier >= later for earlier, later in pairwise(days)),
            "Each instalment must be due after the one before it.",
        ),
        (
            (days[-1] - today).days > terms.longest_days,
            f"The last instalment is due on {days[-1]}, more than {terms.longest_days} days off.",
        ),
    )
    return next((problem for applies, problem in problems if applies), "")
