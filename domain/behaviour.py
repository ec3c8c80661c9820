"""How a customer pays: what their settled invoices say, and the name a policy gives it."""

from collections.abc import Sequence
from enum import StrEnum
from statistics import median, quantiles

from models.facts import PaymentHabit
from models.policy import Behaviour

MOST_REMEMBERED = 36
_LATEST = 4  # the latest quarter of what is remembered is compared with the rest


class Habit(StrEnum):
    """A way of paying, as a policy's thresholds name it."""

    UNKNOWN = "unknown"
    PROMPT = "prompt"
    RELIABLY_LATE = "reliably_late"
    FIRST_TIME_LATE = "first_time_late"
    WORSENING = "worsening"
    CHRONIC = "chronic"


def payment_habit(
    days_late: Sequence[int], *, promises: int = 0, promises_kept: int = 0
) -> PaymentHabit:
    """The habit that settled invoices show: calendar days after the due date on which the last of
    each was paid, oldest first, of which the latest 36 count.

    Median and quartiles are rounded half to even. With fewer than 8 invoices there is no trend.
    """
    days = list(days_late)[-MOST_REMEMBERED:]
    if not days:
        return PaymentHabit(promises=promises, promises_kept=_percent(promises_kept, promises))
    recent = max(1, len(days) // _LATEST)
    has_trend = len(days) >= 2 * _LATEST
    return PaymentHabit(
        settled=len(days),
        median_days_late=round(median(days)),
        spread_days=_spread(days),
        trend_days=round(median(days[-recent:]) - median(days[:-recent])) if has_trend else 0,
        late_share=_percent(sum(one > 0 for one in days), len(days)),
        promises=promises,
        promises_kept=_percent(promises_kept, promises),
    )


def _spread(days: list[int]) -> int:
    if len(days) < 2:
        return 0
    lower, _, upper = quantiles(days, n=4, method="inclusive")
    return round(upper - lower)


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def habit_name(habit: PaymentHabit, terms: Behaviour, days_late: int = 0) -> Habit:
    """What `terms` call this habit; `days_late` is how late the invoice in question is.

    Until `min_invoices` are settled nothing is said. Worsening comes first: it asks for somebody's
    attention however sure the customer was before. Who is surely late is not called chronic.
    """
    if habit.settled < terms.min_invoices:
        return Habit.UNKNOWN
    if habit.trend_days >= terms.worsening_days:
        return Habit.WORSENING
    if habit.median_days_late > 0 and habit.spread_days <= terms.max_spread_days:
        return Habit.RELIABLY_LATE
    if habit.late_share >= terms.chronic_share:
        return Habit.CHRONIC
    if habit.late_share <= terms.first_time_share and days_late > 0:
        return Habit.FIRST_TIME_LATE
    return Habit.PROMPT


def in_words(habit: PaymentHabit, terms: Behaviour, days_late: int = 0) -> str:
    """The habit in a sentence for the timeline and for whoever makes the call."""
    name = habit_name(habit, terms, days_late)
    if name is Habit.UNKNOWN:
        return f"Too few settled invoices ({habit.settled}) to know how they pay."
    usually = _usually(habit)
    return {
        Habit.RELIABLY_LATE: f"Surely late: {usually}.",
        Habit.WORSENING: f"Paying later and later: {usually}, lately {habit.trend_days} days more.",
        Habit.CHRONIC: f"Late with {habit.late_share} % of invoices: {usually}.",
        Habit.FIRST_TIME_LATE: f"Late for the first time in a long while: {usually}.",
        Habit.PROMPT: f"Pays well: {usually}.",
    }[name]


def _usually(habit: PaymentHabit) -> str:
    days = habit.median_days_late
    when = "on the due date" if days == 0 else f"about {_days(days)} the due date"
    return f"pays {when}, give or take {habit.spread_days}, over {habit.settled} invoices"


def _days(days: int) -> str:
    many = f"{abs(days)} day" if abs(days) == 1 else f"{abs(days)} days"
    return f"{many} after" if days > 0 else f"{many} before"
